"""The training run's WebSocket, over a real uvicorn."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import numpy as np
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from unrolled.app.runs.frames import decode, encode
from unrolled.app.training.trainer import Trainer
from unrolled.engine import Training, TrainingRun

pytestmark = pytest.mark.anyio

LONG = {"task": "recall", "length": 10, "hidden_size": 8, "steps": 100_000}
VARIED = "".join(chr(0x4E00 + number) for number in range(3000))
"""A text of 3,000 characters, no two alike."""
SHORT = LONG | {"steps": 30}


@asynccontextmanager
async def connected(url, path="/api/train", **options):
    async with connect(url.replace("http", "ws") + path, max_size=None, **options) as socket:
        yield socket


async def begin(socket, number, fields=LONG, **more):
    await socket.send(json.dumps({"id": number, "train": fields, **more}))


async def do(socket, number, what, **fields):
    await socket.send(json.dumps({"id": number, "do": what, **fields}))


async def receive(socket, seconds=20):
    return decode(await asyncio.wait_for(socket.recv(), seconds))


async def until(socket, number, *types):
    """The frames up to the first of these types of a run."""
    frames = []
    while not frames or frames[-1][0]["id"] != number or frames[-1][0]["type"] not in types:
        frames.append(await receive(socket))
    return frames


async def quiet(socket, seconds=0.3):
    """Return the messages that still arrive, until none has for a while."""
    frames = []
    while True:
        try:
            frames.append(await receive(socket, seconds))
        except TimeoutError:
            return frames


def steps_of(frames):
    return [
        step for h, _ in frames if h["type"] == "steps" for step in range(h["from"], h["to"] + 1)
    ]


async def test_a_run_is_its_beginning_its_steps_and_its_end_with_the_engines_numbers(server):
    async with connected(server) as socket:
        await begin(socket, 3, SHORT)
        frames = await until(socket, 3, "end")
    header, *_, end = (h for h, _ in frames)
    records = list(TrainingRun(Training(**SHORT)).steps())
    assert header["type"] == "begin"
    assert header["training"] == {**header["training"], **SHORT}
    assert (header["timesteps"], header["baseline"]) == (10, pytest.approx(np.log(8)))
    assert [probe["targets"][-1] for probe in header["probes"]] == [
        probe["reads"][0] for probe in header["probes"]
    ]
    assert steps_of(frames) == list(range(1, 31))
    for name in ("loss", "accuracy", "log10_gradient_norm", "log10_norm_by_distance"):
        sent = np.concatenate([arrays[name] for h, arrays in frames if h["type"] == "steps"])
        expected = np.array([getattr(record, name) for record in records])
        np.testing.assert_allclose(sent, expected, rtol=1e-6)
    last = [h for h, _ in frames if h["type"] == "steps"][-1]
    assert [answer["predictions"] for answer in last["answers"]] == [
        [answer.predictions[-1]] for answer in records[-1].answers
    ]
    assert (end["result"], end["step"], end["diverged"]) == ("finished", 30, None)
    assert end["steps_per_second"] == pytest.approx(30 / end["seconds"])


@pytest.mark.parametrize(
    ("fields", "last"),
    [(SHORT, "end"), ({"hidden_size": 0}, "error"), (LONG | {"task": 1}, "error")],
)
async def test_a_run_ends_where_the_next_begins_or_is_refused(server, fields, last):
    async with connected(server) as socket:
        await begin(socket, 1)
        await until(socket, 1, "steps")
        await begin(socket, 2, fields)
        frames = await until(socket, 2, last)
        frames += await quiet(socket)
    numbers = [h["id"] for h, _ in frames]
    assert numbers == sorted(numbers)
    older = [h for h, _ in frames if h["id"] == 1]
    assert (older[-1]["type"], older[-1]["result"]) == ("end", "stopped")
    assert [h["type"] for h in older].count("end") == 1


async def test_a_paused_run_waits_takes_single_steps_and_goes_on(server):
    async with connected(server) as socket:
        await begin(socket, 1)
        await until(socket, 1, "steps")
        await do(socket, 1, "pause")
        at = (await until(socket, 1, "paused"))[-1][0]["step"]
        await do(socket, 1, "step")
        await do(socket, 1, "step")
        stepped = await quiet(socket)
        assert steps_of(stepped) == [at + 1, at + 2]
        assert (stepped[-1][0]["type"], stepped[-1][0]["step"]) == ("paused", at + 2)
        await do(socket, 1, "resume")
        assert (await until(socket, 1, "steps"))[0][0]["from"] == at + 3


async def test_a_run_can_begin_with_one_step_and_wait(server):
    async with connected(server) as socket:
        await begin(socket, 1, do="step")
        assert [h["type"] for h, _ in await quiet(socket)] == ["begin", "steps", "paused"]
        await do(socket, 1, "step")
        assert steps_of(await quiet(socket)) == [2]


async def test_a_run_that_is_stopped_ends_and_cannot_go_on(server):
    async with connected(server) as socket:
        await begin(socket, 1)
        await until(socket, 1, "steps")
        await do(socket, 1, "stop")
        end, _ = (await until(socket, 1, "end"))[-1]
        assert end["result"] == "stopped"
        await do(socket, 1, "resume")
        assert await quiet(socket) == []


async def test_the_learning_rate_changes_from_the_next_step_on(server):
    async with connected(server) as socket:
        await begin(socket, 1, do="step")
        await quiet(socket)
        await do(socket, 1, "change", learning_rate=0)
        await do(socket, 1, "step")
        frozen, _ = (await until(socket, 1, "steps"))[-1]
        await do(socket, 1, "step")
        again, _ = (await until(socket, 1, "steps"))[-1]
        assert frozen["answers"] != again["answers"] or frozen["to"] == 2
        await do(socket, 1, "step")
        third, _ = (await until(socket, 1, "steps"))[-1]
        assert third["answers"] == again["answers"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"learning_rate": -1}, "number"),
        ({"clip_norm": "much"}, "number"),
        ({"hidden_size": 4}, "fixed"),
        ({"colour": "red"}, "fixed"),
        ({"self": 1}, "fixed"),
        ({"\ud800": 1}, "fixed"),
        ({f"name-{number}": number for number in range(3000)}, "fixed"),
    ],
)
async def test_an_invalid_change_is_refused_and_the_run_continues(server, changes, code):
    async with connected(server) as socket:
        await begin(socket, 1)
        await until(socket, 1, "steps")
        await do(socket, 1, "change", **changes)
        error, _ = (await until(socket, 1, "error"))[-1]
        assert error["code"] == code
        await until(socket, 1, "steps")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "json_ends"),
        (b"\x00", "binary"),
        ("[1]", "object"),
        ('{"id": 1}', "key_missing"),
        ('{"id": "1", "train": {}}', "key_whole"),
        ('{"id": true, "train": {}}', "key_whole"),
        ('{"id": 1, "train": []}', "key_object"),
        ('{"id": 1, "train": {}, "do": "stop"}', "key_choice"),
        ('{"id": 1, "train": {}, "experiment": {}}', "key_unknown"),
        ('{"id": 1, "do": "dance"}', "key_choice"),
        ('{"id": 1, "do": ["pause"]}', "key_choice"),
        ('{"id": 1, "do": "pause", "learning_rate": 1}', "key_unknown"),
        ('{"id": 1, "find": 7}', "key_text"),
        ('{"id": 1, "do": "pause"}', "no_run"),
        ('{"id": 1, "train": {"task": "chess"}}', "choice"),
        ('{"id": 1, "train": {"colour": "red"}}', "unknown"),
        ('{"id": 1, "train": {"learning_rate": NaN}}', "number"),
        ('{"id": 1, "train": {"learning_rate": 1e10}}', "number"),
        ('{"id": 1, "train": {"length": 3000}}', "integer"),
        (
            '{"id": 1, "train": {"task": "copying", "length": 494, "hidden_size": 256}}',
            "training_too_big",
        ),
        (
            json.dumps({"id": 1, "train": {"task": "text", "batch_size": 256, "examples": VARIED}}),
            "training_too_big",
        ),
        (
            '{"id": 1, "train": {"cell": "lstm", "length": 2, "batch_size": 1, "hidden_size": 256, '
            '"constraint": "orthogonal"}}',
            "training_too_big",
        ),
        ('{"id": 1, "train": {"attention": "dot"}}', "no_encoder_in_task"),
        (
            '{"id": 1, "train": {"task": "reverse", "length": 20, "batch_size": 256, '
            '"hidden_size": 128, "attention": "additive"}}',
            "training_too_big",
        ),
        ('{"id": 1, "train": {"task": "examples", "examples": "one line"}}', "few_lines"),
        ('{"id": 1, "train": {"task": "examples", "examples": "a => b\\nc"}}', "no_arrow"),
        ('{"id": 1, "train": {"task": "text", "examples": "short"}}', "short_text"),
    ],
)
async def test_a_bad_message_gets_one_error_and_the_connection_lives(server, message, code):
    async with connected(server) as socket:
        await socket.send(message)
        header, _ = await receive(socket)
        assert (header["type"], header["code"]) == ("error", code)
        await begin(socket, 2, SHORT)
        assert (await until(socket, 2, "end"))[-1][0]["result"] == "finished"


@pytest.mark.parametrize(
    "examples",
    [
        "\n".join(f"word{i} => {i % 2}" for i in range(10_000)),
        "a" * 200_000 + " => b\nc => d",
        "\n" * 1000,
        "=> =>\n=> =>",
    ],
    ids=["10,000 lines", "a long line", "empty lines", "arrows"],
)
async def test_bad_pasted_examples_are_refused_by_name(server, examples):
    async with connected(server) as socket:
        await begin(socket, 1, {"task": "examples", "examples": examples})
        header, _ = await receive(socket)
        assert (header["type"], header["field"]) == ("error", "examples")


async def test_a_megabyte_closes_its_connection_and_no_other(server):
    async with connected(server) as socket, connected(server) as other:
        with pytest.raises(ConnectionClosed):
            await begin(socket, 1, {"task": "text", "examples": "x" * 1_000_000})
            await socket.recv()
        await begin(other, 1, SHORT)
        await until(other, 1, "end")


async def test_a_learning_rate_of_1e9_diverges_at_a_step_that_is_named(server):
    fields = {"task": "adding", "optimizer": "sgd", "learning_rate": 1e9, "clip_norm": 0}
    async with connected(server) as socket:
        await begin(socket, 1, fields | {"activation": "relu", "steps": 200})
        frames = await until(socket, 1, "end")
    end = frames[-1][0]
    assert end["result"] == "diverged"
    assert end["diverged"] in ("loss", "weights")
    assert end["step"] == steps_of(frames)[-1] < 200
    assert end["checkpoints"][-1] == end["step"] - 1


async def test_a_learning_rate_of_0_learns_nothing_and_ends(server):
    async with connected(server) as socket:
        await begin(socket, 1, SHORT | {"learning_rate": 0})
        frames = await until(socket, 1, "end")
    answers = [h["answers"] for h, _ in frames if h["type"] == "steps"]
    assert frames[-1][0]["result"] == "finished"
    assert all(each == answers[0] for each in answers)


async def test_two_runs_at_once_both_go_on_and_the_lab_answers(server):
    async with (
        connected(server) as first,
        connected(server) as second,
        connected(server, "/api/stream") as lab,
    ):
        await begin(first, 1)
        await begin(second, 1)
        await asyncio.gather(until(first, 1, "steps"), until(second, 1, "steps"))
        start = time.perf_counter()
        await lab.send('{"id": 1, "experiment": {}}')
        await until(lab, 1, "end")
        assert time.perf_counter() - start < 1
        for socket in (first, second):
            before = (await receive(socket))[0]["to"]
            for _ in range(3):
                assert before < (before := (await receive(socket))[0]["to"])


async def test_leaving_ends_the_run_and_frees_its_slot(serve):
    async with connected(url := serve(trainings=1)) as other:
        async with connected(url) as leaving:
            await begin(leaving, 1)
            await until(leaving, 1, "steps")
            await begin(other, 1, SHORT)
            assert (await until(other, 1, "waiting", "begin"))[-1][0]["type"] == "waiting"
        assert (await until(other, 1, "end", "error"))[-1][0]["type"] == "end"


async def test_a_client_that_does_not_read_holds_its_run_up(server, monkeypatch):
    chunks = []
    follow = Trainer.follow

    def bulky(self, order):
        work = follow(self, order)
        if order.id != 1:
            return work
        chunks.append(work.steps)
        large = encode({"id": 1, "type": "steps"}, {"x": np.zeros(500_000, "<f4")})
        return work._replace(frames=[large, *work.frames])

    monkeypatch.setattr(Trainer, "follow", bulky)
    unread = {"max_queue": 1, "close_timeout": 0.1}
    async with connected(server, **unread) as idle, connected(server) as other:
        await begin(idle, 1)
        seen = []
        for number in range(2, 40):
            await begin(other, number, SHORT)
            await until(other, number, "end")
            seen.append(len(chunks))
            if seen[0] and len(seen) > 3 and seen[-1] == seen[-4]:
                break
        held_up = len(chunks)
        assert seen[-4:] == [held_up] * 4
        assert held_up < 20
        while len(chunks) == held_up:
            await receive(idle)


async def test_too_many_runs_are_told_to_wait_and_a_paused_one_makes_room(serve):
    async with (
        connected(url := serve(trainings=1)) as first,
        connected(url) as second,
    ):
        await begin(first, 1)
        await until(first, 1, "steps")
        await begin(second, 1, SHORT)
        header, _ = await receive(second)
        assert (header["type"], header["before"]) == ("waiting", 0)
        await do(first, 1, "pause")
        assert (await until(second, 1, "end"))[-1][0]["result"] == "finished"
        await do(first, 1, "resume")
        await until(first, 1, "steps")


async def test_a_server_error_is_one_error_without_a_traceback(server, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError("secret path")

    async with connected(server) as socket:
        with monkeypatch.context() as patch:
            patch.setattr(TrainingRun, "_train", broken)
            await begin(socket, 1)
            error, _ = (await until(socket, 1, "error"))[-1]
        assert (error["code"], "secret" in error["message"]) == ("internal", False)
        await begin(socket, 2, SHORT)
        await until(socket, 2, "end")


async def test_a_page_of_another_host_is_refused(server):
    with pytest.raises(InvalidStatus) as refused:
        async with connected(server, origin="http://elsewhere.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_client_without_a_slot_learns_its_place_in_the_queue_and_trains_in_turn(serve):
    url = serve(trainings=1)
    async with connected(url) as first, connected(url) as second, connected(url) as third:
        await begin(first, 1)
        await until(first, 1, "steps")
        await begin(second, 1, SHORT)
        assert (await until(second, 1, "waiting"))[-1][0]["before"] == 0
        await begin(third, 1, SHORT)
        assert (await until(third, 1, "waiting"))[-1][0]["before"] == 1
        await do(third, 1, "stop")
        await do(first, 1, "stop")
        assert (await until(second, 1, "end"))[-1][0]["step"] == 30
