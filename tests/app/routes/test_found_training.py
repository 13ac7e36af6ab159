"""A training run outlives its socket, over a real uvicorn."""

import asyncio
import tracemalloc
from contextlib import suppress

import httpx
import numpy as np
import pytest

from tests.app.routes.test_stream import frames_of
from tests.app.routes.test_training import (
    LONG,
    SHORT,
    begin,
    connected,
    do,
    quiet,
    receive,
    steps_of,
    until,
)
from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.runs.limits import training_bytes
from unrolled.app.settings import Settings
from unrolled.app.training.history import MOST, History, columns
from unrolled.app.training.registry import Trainings
from unrolled.engine import CELLS, Training, TrainingRun

pytestmark = pytest.mark.anyio


async def find(socket, number, key):
    await socket.send(f'{{"id": {number}, "find": "{key}"}}')


async def left(url, fields=LONG):
    """The frames of a run whose page has gone."""
    async with connected(url) as socket:
        await begin(socket, 1, fields)
        return await until(socket, 1, "steps") + [await receive(socket)]


async def test_a_run_whose_page_comes_back_shows_what_it_showed_and_goes_on(server):
    before = await left(server)
    async with connected(server) as socket:
        await find(socket, 7, before[0][0]["key"])
        (again, _), (shown, numbers) = await receive(socket), await receive(socket)
        after = await until(socket, 7, "steps")
    names = set(before[0][0]) - {"id", "checkpoints"}
    assert {name: again[name] for name in names} == {name: before[0][0][name] for name in names}
    assert again["paused"] is False
    assert (shown["from"], shown["every"]) == (1, 1)
    assert steps_of(before)[-1] <= shown["to"]
    for name in ("loss", "mean_loss", "log10_norm_by_distance"):
        sent = np.concatenate([array[name] for h, array in before if h["type"] == "steps"])
        np.testing.assert_array_equal(numbers[name][: len(sent)], sent)
    assert after[0][0]["from"] == shown["to"] + 1


async def test_a_run_that_waits_for_its_page_does_not_train(server, monkeypatch):
    await left(server)
    taken = []
    train = TrainingRun._train

    def counted(*args):
        taken.append(1)
        return train(*args)

    monkeypatch.setattr(TrainingRun, "_train", counted)
    await asyncio.sleep(0.5)
    taken.clear()
    await asyncio.sleep(0.5)
    assert not taken


async def test_a_paused_run_is_found_paused_and_an_ended_one_with_its_end(server):
    async with connected(server) as socket:
        await begin(socket, 1, do="step")
        paused = (await until(socket, 1, "paused"))[0][0]["key"]
    async with connected(server) as socket:
        await begin(socket, 1, SHORT)
        *_, (end, _) = frames = await until(socket, 1, "end")
    async with connected(server) as socket:
        await find(socket, 1, paused)
        (again, _), (shown, _) = await quiet(socket)
        assert (again["paused"], shown["to"]) == (True, 1)
        await do(socket, 1, "step")
        assert steps_of(await quiet(socket)) == [2]
        await find(socket, 2, frames[0][0]["key"])
        _, (shown, _), (ended, _) = await quiet(socket)
        assert (shown["from"], shown["to"]) == (1, 30)
        assert ended == end | {"id": 2}


async def test_a_run_goes_to_the_page_that_asks_last(server):
    async with connected(server) as first, connected(server) as second:
        await begin(first, 1)
        key = (await until(first, 1, "steps"))[0][0]["key"]
        await find(second, 1, key)
        error, _ = (await until(first, 1, "error"))[-1]
        assert error["code"] == "training_elsewhere"
        assert steps_of(await until(second, 1, "steps"))[0] == 1
        assert await quiet(first) == []


@pytest.mark.parametrize("left_open", [True, False])
async def test_a_run_that_waits_is_found_waiting_while_its_old_socket_is_open(server, left_open):
    async with connected(server) as first, connected(server) as other:
        await begin(first, 1)
        key = (await until(first, 1, "steps"))[0][0]["key"]
        await do(first, 1, "pause")
        await quiet(first)
        socket = other if left_open else first
        await find(socket, 7, key)
        (again, _), *shown = await quiet(socket)
        assert (again["type"], again["paused"]) == ("begin", True)
        assert [header["type"] for header, _ in shown] == ["steps"]


async def test_a_run_that_is_found_on_its_own_socket_goes_on_there_and_is_not_elsewhere(server):
    async with connected(server) as socket:
        await begin(socket, 1)
        key = (await until(socket, 1, "steps"))[0][0]["key"]
        await find(socket, 7, key)
        frames = await until(socket, 7, "steps") + await until(socket, 7, "steps")
    assert "error" not in [header["type"] for header, _ in frames]
    (again,) = [header for header, _ in frames if header["type"] == "begin"]
    assert (again["id"], again["paused"]) == (7, False)


@pytest.mark.parametrize("known", [True, False])
async def test_a_run_whose_socket_finds_another_waits_to_be_found_itself(server, known):
    (other, _), *_ = await left(server)
    async with connected(server) as socket:
        await begin(socket, 1)
        own = (await until(socket, 1, "steps"))[0][0]["key"]
        await find(socket, 2, other["key"] if known else "none")
        await until(socket, 2, "steps" if known else "error")
        await find(socket, 3, own)
        again = [header for header, _ in await until(socket, 3, "steps") if header["id"] == 3]
        assert [header["type"] for header in again] == ["begin", "steps"]


async def test_a_run_that_is_not_kept_is_told_and_the_connection_lives(server):
    (header, _), *_ = await left(server)
    async with connected(server) as socket:
        for key in (header["run"], "", "0" * 32):
            await find(socket, 1, key)
            error, _ = await receive(socket)
            assert (error["type"], error["code"]) == ("error", "training_gone")
        await begin(socket, 2, SHORT)
        await until(socket, 2, "end")


async def posted(url, **message):
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.post(f"{url}/api/train", json=message)


async def test_without_a_socket_each_post_trains_for_a_moment(server):
    first = await posted(server, id=1, train=LONG)
    (begun, _), *before = frames_of(first.content)
    assert first.headers["content-type"] == "application/octet-stream"
    shown = steps_of(before)
    for what in ("resume", "step"):
        answer = await posted(server, id=2, key=begun["key"], do=what)
        frames = frames_of(answer.content)
        assert {header["id"] for header, _ in frames} == {2}
        shown += steps_of(frames)
    assert shown == list(range(1, len(shown) + 1))
    assert steps_of(frames) == [shown[-1]]
    assert (frames[-1][0]["type"], frames[-1][0]["step"]) == ("paused", shown[-1])
    await posted(server, id=3, key=begun["key"], do="change", learning_rate=0)
    ((end, _),) = frames_of((await posted(server, id=4, key=begun["key"], do="stop")).content)
    assert (end["type"], end["result"]) == ("end", "stopped")
    again = frames_of((await posted(server, id=5, find=begun["key"])).content)
    assert [header["type"] for header, _ in again] == ["begin", "steps", "end"]
    assert again[1][0]["to"] == shown[-1]


async def test_a_post_is_sent_again_until_a_place_is_free(serve):
    url = serve(trainings=1)
    async with connected(url) as socket:
        await begin(socket, 1)
        await until(socket, 1, "steps")
        answer = await posted(url, id=1, train=SHORT)
        assert {header["type"] for header, _ in frames_of(answer.content)} == {"waiting"}
        await do(socket, 1, "stop")
        await until(socket, 1, "end")
    found = frames_of((await posted(url, id=1, train=SHORT)).content)
    assert (found[0][0]["type"], found[-1][0]["type"]) == ("begin", "end")


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ({"id": 1, "key": "none", "do": "resume"}, 404, "training_gone"),
        ({"id": 1, "do": "resume"}, 422, "key_missing"),
        ({"id": 1, "find": "none"}, 404, "training_gone"),
        ({"id": 1, "train": {"hidden_size": 0}}, 422, "integer"),
        ({"id": 1, "train": {"steps": 2.5}}, 422, "integer"),
        ({"id": 1}, 422, "key_missing"),
        ({"id": 1, "key": 7, "do": "resume"}, 422, "key_text"),
        ({"train": {}, "more": "x" * 500_000}, 413, "too_big"),
    ],
)
async def test_a_post_that_cannot_be_followed_is_refused(server, message, status, code):
    answer = await posted(server, **message)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_post_to_a_run_that_is_refused_is_an_error_of_http(server):
    ((begun, _), *_) = frames_of((await posted(server, id=1, train=LONG)).content)
    own = {"id": 2, "key": begun["key"]}
    for fields, code in (({"learning_rate": -1}, "number"), ({"hidden_size": 8}, "fixed")):
        answer = await posted(server, **own, do="change", **fields)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    ((paused, _),) = frames_of((await posted(server, **own, do="pause")).content)
    assert (paused["type"], paused["id"]) == ("paused", 2)
    assert (await posted(server, **own, do="change", learning_rate=0)).content == b""


class Waiting:
    nbytes = 100

    def __init__(self, key):
        self.key = key


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({}, ["a", "b", "c"]),
        ({"training_bytes": 250}, ["b", "c"]),
        ({"training_bytes": 99}, []),
        ({"training_keep": 0}, []),
    ],
)
def test_runs_that_have_waited_too_long_or_are_too_large_are_removed(settings, kept):
    trainings = Trainings(Settings(**settings))
    for key in "abc":
        trainings.keep(Waiting(key))
    found = []
    for key in "abc":
        with suppress(MessageError):
            found.append(trainings.take(key).key)
    assert found == kept


class Paged:
    """Return the references to a run that has a page."""

    def __init__(self, client):
        self.client = client


def test_connected_runs_share_the_memory_and_one_client_takes_at_most_half():
    trainings = Trainings(Settings(training_run_bytes=1000))
    trainings.begin("a", Paged("one"), 900)
    with pytest.raises(MessageError, match="lower hidden_size") as refused:
        trainings.begin("b", Paged("two"), 200)
    assert refused.value.code == "trainings_full"
    trainings.over("a")
    trainings.begin("c", Paged("one"), 300)
    with pytest.raises(MessageError):
        trainings.begin("d", Paged("one"), 300)
    trainings.begin("e", Paged("two"), 300)
    trainings.end("c")
    trainings.begin("f", Paged("three"), 700)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("task", ["recall", "copying", "adding"])
def test_a_run_keeps_no_more_than_it_is_said_to_take(cell, task):
    training = Training(task=task, length=50, cell=cell, hidden_size=32, batch_size=64, steps=3)
    engine.task(training.task, training.length, training.examples)  # kept for all
    tracemalloc.start()
    run = TrainingRun(training)
    for _ in run.steps():
        pass
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < training_bytes(training) < 3 * kept


def translated(length):
    """Examples whose encoder and decoder have about that many timesteps."""
    return "\n".join(
        f"{'abcde'[i % 5] * length} => {'vwxyz'[i % 5] * (length - 1 - i)}" for i in range(30)
    )


LOOKING = [
    ("dot", {"task": "reverse", "length": 20, "hidden_size": 32}),
    ("additive", {"task": "reverse", "length": 20, "hidden_size": 64, "cell": "lstm"}),
    ("dot", {"task": "examples", "examples": translated(150), "hidden_size": 2}),
    ("additive", {"task": "examples", "examples": translated(60), "hidden_size": 16}),
]


@pytest.mark.parametrize(("attention", "fields"), LOOKING)
def test_a_run_with_attention_takes_no_more_while_it_computes_than_it_is_said_to(attention, fields):
    training = Training(**fields, attention=attention, batch_size=64, steps=2)
    engine.task(training.task, training.length, training.examples)
    tracemalloc.start()
    for _ in TrainingRun(training).steps():
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < training_bytes(training) < 3 * most


async def test_a_training_without_free_memory_is_refused_and_starts_once_there_is_some(serve):
    url = serve(training_run_bytes=0)
    async with connected(url) as first, connected(url) as second:
        await begin(first, 1)
        await until(first, 1, "steps")
        await begin(second, 1)
        ((error, _),) = await until(second, 1, "error")
        assert error["code"] == "trainings_full"
        await do(first, 1, "stop")
        await until(first, 1, "end")
        await begin(second, 2, SHORT)
        await until(second, 2, "end")


async def test_a_run_that_is_found_without_free_memory_keeps_waiting(serve):
    url = serve(training_run_bytes=0)
    key = (await left(url))[0][0]["key"]
    async with connected(url) as first, connected(url) as second:
        for number in range(1, 100):  # until the run that was left waits
            await begin(first, number)
            if (await until(first, number, "begin", "error"))[-1][0]["type"] == "begin":
                break
        await find(second, 1, key)
        ((error, _),) = await until(second, 1, "error")
        assert error["code"] == "trainings_full"
        await do(first, number, "stop")
        await until(first, number, "end")
        await find(second, 2, key)
        await until(second, 2, "steps")


def test_of_more_steps_than_a_picture_shows_every_k_th_is_kept():
    run = TrainingRun(Training(**LONG | {"steps": 3 * MOST, "hidden_size": 1, "batch_size": 1}))
    history = History()
    losses = [history.add(record).loss for record in run.steps()]
    assert history.every == 4
    assert [row.step for row in history.rows] == list(range(1, 3 * MOST + 1, 4))
    np.testing.assert_array_equal(columns(history.rows)["loss"], losses[::4])
    assert history.rows[-1].mean_loss == pytest.approx(np.mean(losses[-28:-3]))
