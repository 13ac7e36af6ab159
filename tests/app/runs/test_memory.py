"""The bytes of all runs together."""

import os
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from starlette.requests import Request

from unrolled.app.errors import MessageError
from unrolled.app.middleware.long_bodies import PIECE, InPieces
from unrolled.app.runs.cancellation import any_trace_of
from unrolled.app.runs.limits import BYTES_A_NUMBER, trace_bytes
from unrolled.app.runs.memory import Memory
from unrolled.app.web.bodies import HeldResponse, read
from unrolled.engine import CELLS, Experiment

SMALL, LARGE = Experiment(), Experiment(sequence="ab" * 200, hidden_size=256)


def test_a_run_waits_for_room():
    memory = Memory(BYTES_A_NUMBER * 400 * 3000)
    with memory.room(LARGE), pytest.raises(MessageError) as refused, memory.room(LARGE):
        pass
    assert refused.value.code == "busy"
    with memory.room(LARGE):
        pass


def test_a_run_that_is_larger_than_the_budget_has_it_to_itself():
    memory = Memory(1)
    with memory.room(LARGE), pytest.raises(MessageError), memory.room(SMALL):
        pass


def test_a_growing_reservation_is_refused_beside_others_and_given_back():
    memory = Memory(1000)
    with memory.growing() as more, memory.growing() as other:
        more(400)
        more(400)
        with pytest.raises(MessageError) as refused:
            other(300)
        assert (refused.value.code, refused.value.details["limit"]) == ("busy", 1)
        other(200)
        with pytest.raises(MessageError):
            more(1)
    with memory.growing() as more:
        more(900)
        more(900)  # larger than the budget, and alone
    with memory.hold(1000):
        pass


@pytest.mark.anyio
async def test_an_upload_counts_against_the_memory_as_it_arrives():
    memory, pieces, left = Memory(1000), [b"x" * 200] * 3, []

    async def receive():
        with memory.growing() as other:  # what another may still take
            for size in (600, 200, 200):
                with suppress(MessageError):
                    other(size)
                    left.append(size)
        return {"type": "http.request", "body": pieces.pop(), "more_body": bool(pieces)}

    with memory.growing() as more:
        body = await read(Request({"type": "http"}, receive), 600, more)
        assert len(body) == 600
    assert left == [600, 200, 200, 600, 200]


SHAPES: list[Any] = [
    {"sequence": "ab" * 5, "hidden_size": 4},
    {"sequence": "ab" * 100, "hidden_size": 128},
    {"sequence": "ab" * 40, "hidden_size": 24, "architecture": "many-to-many"},
    {"sequence": "ab" * 20, "hidden_size": 16, "architecture": "encoder-decoder"},
    {"sequence": "ab" * 15, "hidden_size": 16, "layers": 2, "architecture": "many-to-many"},
]
LARGER: list[Any] = [
    {"cell": "gru", "sequence": "ab" * 100, "hidden_size": 384},
    {"cell": "lstm", "sequence": "ab" * 60, "layers": 4, "directions": 2, "hidden_size": 16}
    | {"architecture": "many-to-many"},
    *(
        {"architecture": "encoder-decoder", "attention": attention, "sequence": "ab" * half}
        | {"hidden_size": 32}
        for attention in ("dot", "additive")
        for half in (10, 30)
    ),
]


@pytest.mark.parametrize(
    "fields", [*({"cell": cell} | shape for cell in CELLS for shape in SHAPES), *LARGER]
)
def test_a_run_takes_no_more_than_is_reserved_for_it(fields):
    experiment = Experiment(**fields)
    any_trace_of(experiment)  # what is made once
    tracemalloc.start()
    any_trace_of(experiment)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < trace_bytes(experiment)


MEASURE = """
import numpy as np
from pathlib import Path
from unrolled.app.runs.memory import Memory
from unrolled.engine import Experiment

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def run():
    pieces = [np.ones(12_000) for _ in range(2_000)]  # too small to be mapped
    pinned.append(np.ones(12_000))  # above them all, so that they cannot be cut off

pinned, memory = [], Memory(2**30)
run()
before = resident()
with memory.room(Experiment(sequence="ab" * 300, hidden_size=256)):
    run()
print(before - resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_free_memory_goes_back_to_the_system():
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) > 50_000_000, ran.stdout


ANSWER = """
import anyio
import numpy as np
from pathlib import Path
from unrolled.app.json import as_json
from unrolled.app.web.bodies import HeldResponse, read
from unrolled.app.runs.memory import Memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

async def sent(message):
    pass

table = np.ones((3_000, 3_000))
answer = HeldResponse(as_json(table), Memory(2**30), "application/json")
before = resident()
anyio.run(answer, {"type": "http"}, None, sent)
print(before - resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_memory_of_a_large_answer_goes_back_once_it_is_sent():
    ran = subprocess.run([sys.executable, "-c", ANSWER], capture_output=True, text=True, check=True)
    assert int(ran.stdout) > 20_000_000, ran.stdout


async def sent_by(app):
    sent = []

    async def send(message):
        sent.append(message)

    await InPieces(app)({"type": "http"}, None, send)
    return sent


@pytest.mark.anyio
@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
async def test_a_long_answer_is_sent_whole_piece_by_piece(size):
    body = os.urandom(size)

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    start, *pieces = await sent_by(app)
    assert start["status"] == 200
    assert b"".join(piece["body"] for piece in pieces) == body
    assert max(len(piece["body"]) for piece in pieces) <= PIECE
    assert [piece.get("more_body", False) for piece in pieces] == [True] * (len(pieces) - 1) + [
        False
    ]


@pytest.mark.anyio
async def test_an_answer_counts_against_the_memory_until_it_is_sent():
    memory = Memory(1000)
    seen = []

    async def send(message):
        with pytest.raises(MessageError), memory.hold(600):
            seen.append(message)
        seen.append(message["type"])

    await HeldResponse(b"x" * 600, memory, "text/plain")({"type": "http"}, None, send)
    assert seen == ["http.response.start", "http.response.body"]
    with memory.hold(1000):
        pass
