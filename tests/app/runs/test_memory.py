"""The bytes of all runs together."""

import os
import subprocess
import sys
import tracemalloc

import pytest

from unrolled.app.errors import MessageError
from unrolled.app.middleware.long_bodies import PIECE, InPieces
from unrolled.app.runs.cancellation import trace_of
from unrolled.app.runs.limits import BYTES_A_NUMBER, trace_bytes
from unrolled.app.runs.memory import Memory
from unrolled.app.web.bodies import HeldResponse
from unrolled.engine import Experiment

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


@pytest.mark.parametrize("cell", ["lstm", "gru", "ln-lstm"])
def test_a_run_takes_no_more_than_is_reserved_for_it(cell):
    experiment = Experiment(sequence="ab" * 200, hidden_size=128, cell=cell)
    trace_of(experiment)  # what is made once
    tracemalloc.start()
    trace_of(experiment)
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
from unrolled.app.web.bodies import HeldResponse
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
