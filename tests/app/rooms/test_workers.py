"""Two workers and Redis, as the command starts them."""

import asyncio
import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from bench.rooms.crash import crash
from bench.rooms.labs import labs, settle
from tests.app.routes.test_found_training import find
from tests.app.routes.test_training import begin, connected, until
from tests.client import frames
from tests.redis_server import missing
from tests.room import Person, open_room

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.delivery,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]


@pytest.fixture(scope="module")
def lab():
    with labs(2) as served:
        yield served


async def test_a_class_on_two_workers_is_one_class(lab):
    url = lab.url
    room = open_room(url)
    async with Person(url, room["code"], room["token"]) as teacher:
        students = [Person(url, room["code"]) for _ in range(12)]
        await asyncio.gather(*(student.__aenter__() for student in students))
        await teacher.send("drive", address={"recurrent_scale": 1.5}, step="forget")
        await teacher.send("ask", kind="choice", choices=["yes", "no"])
        for number, student in enumerate(students):
            while not student.state["question"]:
                await student.receive()
            assert student.state["address"] == {"recurrent_scale": 1.5}
            await student.asks("answer", question=1, round=1, answer=[int(number % 3 == 0)])
        await teacher.until(lambda: teacher.attendance.get("students") == 12)
        await teacher.until(lambda: teacher.attendance["answers"] == 12)
        await teacher.send("show")
        await teacher.until(lambda: teacher.state["shown"])
        assert teacher.state["shown"][0]["counts"] == [8, 4]
        await asyncio.gather(*(student.socket.close() for student in students))


async def test_a_network_that_one_worker_trained_is_known_to_all_and_survives_them(lab):
    async with connected(lab.url) as socket:
        await begin(socket, 1, {"cell": "gru", "hidden_size": 6, "steps": 3})
        frames = await until(socket, 1, "end")
    name = f"{frames[0][0]['run']}-3"

    def known():
        return httpx.get(f"{lab.url}/api/checkpoint", params={"name": name}).status_code

    assert {known() for _ in range(20)} == {200}
    for worker in lab.workers:
        os.kill(worker, signal.SIGKILL)
        settle(lab.process, 2)
    assert {known() for _ in range(20)} == {200}
    room = open_room(lab.url)
    async with Person(lab.url, room["code"], room["token"]) as teacher:
        await teacher.send("drive", address={"checkpoint": name})

        async def opens() -> None:
            async with Person(lab.url, room["code"]) as student:
                await student.until(lambda: student.state["address"] == {"checkpoint": name})
                await student.until(lambda: student.frames[-1].header["id"] == student.seq)
                await student.until(lambda: student.frames[-1].type in ("end", "error"))
                assert not student.errors

        await asyncio.gather(*(opens() for _ in range(8)))


async def test_a_class_on_two_workers_watches_a_training_and_a_colleague_goes_on_with_it(lab):
    room = open_room(lab.url)
    async with (
        Person(lab.url, room["code"], room["token"]) as teacher,
        connected(lab.url) as training,
    ):
        students = [Person(lab.url, room["code"]) for _ in range(8)]
        await asyncio.gather(*(student.__aenter__() for student in students))
        await begin(training, 1)
        (first, _), *_ = await until(training, 1, "steps")
        drive = {"page": "train", "address": {"networks": first["run"]}}
        await teacher.send("drive", **drive, keys={"rnn": first["key"]})

        async def sees(student: Person, step: int) -> None:
            await student.until(lambda: student.frames[-1].header.get("to", 0) > step)

        async def see(step: int) -> None:
            await asyncio.gather(*(sees(student, step) for student in students))

        await see(0)
        invited = await teacher.asks("invite")
        async with Person(lab.url, room["code"], invited.header["token"]) as colleague:
            handed = await colleague.asks("take")
            assert handed.header["keys"] == {"rnn": first["key"]}
        for number in range(1, 7):  # some reach the worker that has the run, the others do not
            async with connected(lab.url) as anew:
                await find(anew, number, first["key"])
                assert (await until(anew, number, "begin"))[-1][0]["run"] == first["run"]
                (shown, _) = (await until(anew, number, "steps"))[-1]
                await anew.send(json.dumps({"id": number, "do": "pause"}))
                await until(anew, number, "paused")
                await anew.send(json.dumps({"id": number, "do": "resume"}))
                await until(anew, number, "steps")
                await see(shown["to"])
        async with Person(lab.url, room["code"]) as late:
            await late.until(lambda: late.frames[-1].type == "steps")
            assert late.frames[-1].header["from"] == 1
        for student in students:
            begun = [each for each in student.frames if each.header.get("run") == first["run"]]
            assert [each.header["key"] for each in begun] == [""]
        await asyncio.gather(*(student.socket.close() for student in students))


async def test_a_training_goes_on_over_http_on_any_worker_and_its_end_is_told(lab):
    async with connected(lab.url) as training:
        await begin(training, 1)
        (first, _), *_ = await until(training, 1, "steps")
        key = first["key"]
    async with httpx.AsyncClient(base_url=lab.url) as client:
        for number in range(2, 10):
            body = {"id": number, "do": "resume", "key": key}
            answer = await client.post("/api/train", json=body)
            assert answer.status_code == 200, answer.text
            assert {each.type for each in frames(answer.content)} == {"steps"}
        refused = await client.post("/api/train", json={"id": 1, "do": "x", "key": key})
        assert refused.status_code == 422
    for worker in lab.workers:
        os.kill(worker, signal.SIGKILL)
        settle(lab.process, 2)
    async with connected(lab.url) as anew:
        await find(anew, 1, key)
        assert (await until(anew, 1, "error"))[-1][0]["code"] == "training_gone"


async def test_a_shown_distribution_stays_when_every_worker_is_killed(lab):
    room = open_room(lab.url)
    async with (
        Person(lab.url, room["code"], room["token"]) as teacher,
        Person(lab.url, room["code"]) as student,
    ):
        await teacher.send("ask", kind="choice", choices=["yes", "no"])
        await student.until(lambda: student.state["question"])
        await student.asks("answer", question=1, round=1, answer=[1])
        await teacher.send("show", truth=[0])
        await student.until(lambda: student.state["shown"])
        shown = student.state["shown"]
    for worker in lab.workers:
        os.kill(worker, signal.SIGKILL)
        settle(lab.process, 2)
    async with Person(lab.url, room["code"]) as late:
        assert late.state["shown"] == shown
        assert late.state["truth"] == [0]
        assert shown[0]["counts"] == [0, 1]


async def test_no_vote_is_lost_or_doubled_when_a_worker_and_redis_are_killed(lab):
    found = await crash(lab, 40)
    assert found["counts"] == found["ledger"]
    assert found["rejoined"] and found["back"] < 3


def test_several_workers_without_redis_are_refused():
    command = [sys.executable, "-m", "unrolled", "serve", "--workers", "2"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.returncode != 0
    assert "UNROLLED_REDIS=redis://" in ran.stderr
