"""The stream, over a real uvicorn."""

import asyncio
import json
import threading
import time
from contextlib import asynccontextmanager

import httpx
import numpy as np
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from unrolled.app.runs.frames import decode
from unrolled.engine.cells.gru import GRU

pytestmark = pytest.mark.anyio

LARGEST = {"sequence": "ab" * 1000, "hidden_size": 512, "cell": "lstm", "recurrent_scale": 10}


@asynccontextmanager
async def connected(url, **options):
    address = url.replace("http", "ws") + "/api/stream"
    async with connect(address, max_size=None, **options) as socket:
        yield socket


async def ask(socket, number, **fields):
    await socket.send(json.dumps({"id": number, "experiment": fields}))


async def receive(socket):
    return decode(await asyncio.wait_for(socket.recv(), 20))


async def until_end(socket, number):
    """The headers up to the end of a run."""
    headers = []
    while not headers or headers[-1]["id"] != number or headers[-1]["type"] not in ("end", "error"):
        headers.append((await receive(socket))[0])
    return headers


async def test_the_frames_of_a_run_come_in_order(server):
    async with connected(server) as socket:
        await ask(socket, 3)
        headers = await until_end(socket, 3)
    assert [h["type"] for h in headers] == ["begin", "forward", "loss", "backward", "end"]


async def test_the_latest_request_wins_and_the_older_ones_frames_stop(server):
    async with connected(server) as socket:
        await ask(socket, 1, **LARGEST)
        assert (await receive(socket))[0]["type"] == "begin"
        start = time.perf_counter()
        await ask(socket, 2, sequence="short")
        headers = await until_end(socket, 2)
        assert time.perf_counter() - start < 5
    numbers = [h["id"] for h in headers]
    assert numbers == sorted(numbers)
    assert ("end", 1) not in [(h["type"], h["id"]) for h in headers]


async def test_a_burst_ends_with_the_whole_of_its_last_request(server):
    async with connected(server) as socket:
        for number in range(50):
            await ask(socket, number, recurrent_scale=number / 10)
        headers = await until_end(socket, 49)
    last = [h["type"] for h in headers if h["id"] == 49]
    assert last == ["begin", "forward", "loss", "backward", "end"]
    numbers = [h["id"] for h in headers]
    assert numbers == sorted(numbers)


async def test_requests_that_come_faster_than_answers_are_answered_all_the_while(serve):
    async with connected(url := serve(workers=1)) as long, connected(url) as dragging:
        await ask(long, 1, **LARGEST)
        await receive(long)
        for number in range(60):
            await ask(dragging, number, recurrent_scale=number / 20)
            await asyncio.sleep(0.015)
        await ask(dragging, 60)
        ends = [h["id"] for h in await until_end(dragging, 60) if h["type"] == "end"]
    assert ends == sorted(set(ends))
    assert len(ends) > 5


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", "json_ends"),
        ("[" * 100_000, "json_deep"),
        (b"\x00\x01", "binary"),
        ('"words"', "object"),
        ('{"id": 1}', "key_missing"),
        ('{"id": 1, "experiment": {"sequence": ""}}', "empty"),
        ('{"id": 1, "experiment": {"sequence": "a"}}', "too_short"),
        ('{"id": 1, "experiment": {"sequence": "ab\\ud800"}}', "surrogate"),
        ('{"id": 1, "experiment": {"recurrent_scale": NaN}}', "number"),
        ('{"id": 1, "experiment": {"recurrent_scale": 1e999}}', "number"),
        ('{"id": 1, "experiment": {"hidden_size": null}}', "integer"),
        ('{"id": 1, "experiment": {"seed": 1' + "0" * 4000 + "}}", "integer"),
        ('{"id": 1, "experiment": {"cell": "perceptron"}}', "choice"),
        ('{"id": 1, "experiment": {"colour": "red"}}', "unknown"),
    ],
)
async def test_a_bad_message_gets_one_error_and_the_connection_lives(server, message, code):
    async with connected(server) as socket:
        await socket.send(message)
        header, _ = await receive(socket)
        assert (header["type"], header["code"]) == ("error", code)
        assert "Traceback" not in header["message"]
        await ask(socket, 2)
        headers = await until_end(socket, 2)
        assert {header["id"] for header in headers} == {2}
        assert headers[-1]["type"] == "end"


async def test_a_message_past_the_limit_closes_its_connection_and_no_other(server):
    async with connected(server) as socket, connected(server) as other:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.send("x" * 10_000_000)
            await socket.recv()
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
        await ask(other, 1)
        assert (await until_end(other, 1))[-1]["type"] == "end"


async def test_a_message_past_the_limit_in_the_midst_of_an_answer_is_no_failure(serve, caplog):
    async with connected(serve()) as socket:
        await ask(socket, 1, **LARGEST)
        await receive(socket)
        await socket.send("x" * 300_000)
        with pytest.raises(ConnectionClosed):
            await until_end(socket, 1)
    assert [each.message for each in caplog.records if each.exc_info] == []


async def test_a_page_of_another_host_is_refused(server):
    with pytest.raises(InvalidStatus) as refused:
        async with connected(server, origin="http://elsewhere.example"):
            pass
    assert refused.value.response.status_code == 403
    async with connected(server, origin=server) as socket:
        await ask(socket, 1)
        assert (await until_end(socket, 1))[-1]["type"] == "end"


async def test_an_origin_can_be_allowed(serve):
    url = serve(origins=("class.example",))
    async with connected(url, origin="https://class.example") as socket:
        await ask(socket, 1)
        assert (await until_end(socket, 1))[-1]["type"] == "end"


async def test_leaving_cancels_the_work_and_makes_room_within_half_a_second(serve):
    async with connected(url := serve(runs=1, patience=0.5)) as other:
        async with connected(url) as leaving:
            await ask(leaving, 1, **LARGEST)
            await receive(leaving)
            await ask(other, 1)
            assert (await until_end(other, 1))[-1]["code"] == "busy"
        await ask(other, 2)
        assert (await until_end(other, 2))[-1]["type"] == "end"


async def test_a_long_run_outlives_the_keepalive(serve):
    def impatient(config):
        config.ws_ping_interval = 0.2
        config.ws_ping_timeout = 0.8

    async with connected(serve(impatient)) as socket:
        await ask(socket, 1, **LARGEST | {"hidden_size": 384})
        start = time.perf_counter()
        headers = await until_end(socket, 1)
        assert time.perf_counter() - start > 1
    assert headers[-1]["type"] == "end"


async def test_a_long_run_leaves_the_event_loop_free(server):
    async with connected(server) as long, connected(server) as short:
        await ask(long, 1, **LARGEST)
        await receive(long)
        await ask(short, 2)
        assert (await until_end(short, 2))[-1]["type"] == "end"
        header, _ = await receive(long)
        assert header["type"] != "end"


async def test_a_whole_trace_under_way_does_not_hold_up_a_stream(server, monkeypatch):
    under_way, done = threading.Event(), threading.Event()

    def slow(wanted):
        under_way.set()
        done.wait(20)
        return b"{}"

    monkeypatch.setattr("unrolled.app.routes.lab.answer", slow)
    async with connected(server) as socket, httpx.AsyncClient(timeout=30) as client:
        posts = [asyncio.create_task(client.post(f"{server}/api/trace", json={})) for _ in "123"]
        await asyncio.to_thread(under_way.wait, 10)
        await ask(socket, 1)
        assert (await until_end(socket, 1))[-1]["type"] == "end"
        assert under_way.is_set()
        done.set()
        assert [(await post).status_code for post in posts] == [200] * 3


async def test_an_error_carries_the_id_of_its_message_where_it_has_one(server):
    async with connected(server) as socket:
        await socket.send('{"id": 7, "experiment": []}')
        assert (await receive(socket))[0]["id"] == 7
        await socket.send("{")
        assert (await receive(socket))[0]["id"] is None


async def test_too_many_runs_at_once_are_told_to_wait(serve):
    url = serve(runs=1, patience=0.1)
    async with connected(url) as first, connected(url) as second:
        await ask(first, 1, **LARGEST)
        await receive(first)
        await ask(second, 2)
        header, _ = await receive(second)
        assert (header["id"], header["code"]) == (2, "busy")
        await ask(first, 3)
        await until_end(first, 3)
        await ask(second, 4)
        assert (await until_end(second, 4))[-1]["type"] == "end"


async def test_a_server_error_is_one_error_without_a_traceback(serve, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError("secret path")

    monkeypatch.setattr(GRU, "step", broken)
    async with connected(serve()) as socket:
        await ask(socket, 1, cell="gru")
        headers = await until_end(socket, 1)
        assert (headers[-1]["code"], "secret" in headers[-1]["message"]) == ("internal", False)
        await ask(socket, 2)
        assert (await until_end(socket, 2))[-1]["type"] == "end"


async def test_frames_are_not_compressed(server):
    async with connected(server) as socket:
        assert "permessage-deflate" not in socket.response.headers.get(
            "Sec-WebSocket-Extensions", ""
        )


async def test_connections_leave_no_threads_behind(server):
    async def visit(number):
        async with connected(server) as socket:
            await ask(socket, number)
            await until_end(socket, number)

    await visit(0)
    before = threading.active_count()
    await asyncio.gather(*(visit(number) for number in range(20)))
    assert threading.active_count() <= before + 2


def frames_of(body):
    """Frames that stand one after another, each decoded."""
    frames = []
    while body:
        header, arrays = decode(body)
        frames.append((header, arrays))
        ends = [each["offset"] + arrays[each["name"]].nbytes for each in header["arrays"]]
        body = body[4 + int.from_bytes(body[:4], "little") + max(ends, default=0) :]
    return frames


def joined(frames):
    """Frames of each kind as one: how many timesteps one holds, the clock decides."""
    found = {}
    for header, arrays in sorted(frames, key=lambda frame: frame[0].get("from", 0)):
        said, parts = found.setdefault(header["type"], ({}, {}))
        for name, value in header.items():
            if isinstance(value, list):
                said.setdefault(name, []).extend(value)
            elif name not in ("from", "to", "engine_seconds"):
                assert said.setdefault(name, value) == value
        said.pop("arrays", None)
        for name, array in arrays.items():
            parts.setdefault(name, []).append(array)
    return found


async def post(url, body):
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.post(f"{url}/api/stream", content=body)


@pytest.mark.parametrize(
    "fields", [{}, {"cell": "lstm", "hidden_size": 3, "architecture": "many-to-many"}]
)
async def test_a_post_brings_the_frames_that_the_socket_does(server, fields):
    answer = await post(server, json.dumps({"id": 3, "experiment": fields}))
    assert answer.headers["content-type"] == "application/octet-stream"
    async with connected(server) as socket:
        await ask(socket, 3, **fields)
        theirs = [await receive(socket)]
        while theirs[-1][0]["type"] != "end":
            theirs.append(await receive(socket))
    ours = joined(frames_of(answer.content))
    assert ours.keys() == joined(theirs).keys() >= {"begin", "forward", "backward", "end"}
    for kind, (header, arrays) in joined(theirs).items():
        assert ours[kind][0] == header
        assert ours[kind][1].keys() == arrays.keys()
        for name, parts in arrays.items():
            np.testing.assert_array_equal(
                np.concatenate(ours[kind][1][name]), np.concatenate(parts)
            )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 422, "json_ends"),
        (b"\xff", 422, "utf8"),
        ('{"id": 1}', 422, "key_missing"),
        ('{"id": 1, "experiment": {"sequence": "a"}}', 422, "too_short"),
        ('{"id": 1, "experiment": {"checkpoint": "none-1"}}', 404, "forgotten"),
        ("x" * 10_000_000, 413, "too_big"),
    ],
)
async def test_a_post_is_refused_as_the_api_refuses(server, body, status, code):
    answer = await post(server, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_post_is_one_of_the_runs_under_way(serve):
    url = serve(runs=1, patience=0.1)
    async with connected(url) as first:
        await ask(first, 1, **LARGEST)
        await receive(first)
        answer = await post(url, json.dumps({"id": 1, "experiment": {}}))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_a_long_post_comes_as_it_is_computed_and_ends_with_its_client(serve):
    url = serve(runs=1, patience=2)
    body = json.dumps({"id": 1, "experiment": LARGEST})
    async with (
        httpx.AsyncClient(timeout=30) as client,
        client.stream("POST", f"{url}/api/stream", content=body) as answer,
    ):
        async for piece in answer.aiter_raw():
            assert decode(piece)[0]["type"] == "begin"
            break
    answer = await post(url, json.dumps({"id": 2, "experiment": {}}))
    assert frames_of(answer.content)[-1][0]["type"] == "end"
