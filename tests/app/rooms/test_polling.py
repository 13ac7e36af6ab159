"""A room over HTTP, for those whose network lets no socket through."""

import asyncio
import itertools
import time
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest

from tests.app.routes.test_training import SHORT, begin, connected, until
from tests.client import frames
from tests.conftest import Served
from tests.room import Person, answers_of, applied, open_room
from unrolled.app.settings import Settings

pytestmark = pytest.mark.anyio
NUMBER = {"kind": "number", "words": "log10?", "low": -10, "high": 10}


class Poster:
    """One who posts to a room."""

    def __init__(self, url, room, client, token=""):
        self.url, self.client, self.token = f"{url}/api/rooms/{room['code']}", client, token
        self.seq = self.run = None
        self.state, self.types = {}, []
        self.trained, self.steps, self.runs = {}, [], {}

    async def post(self, **message):
        sent = {"id": 1, "join": self.token, **message}
        answer = await self.client.post(self.url, json=sent, timeout=30)
        assert answer.status_code == 200, answer.text
        found = [*frames(answer.content)]
        self.types = [frame.type for frame in found]
        return found

    async def poll(self):
        """Ask for what is new, and keep it."""
        for frame in await self.post(seen=self.seq, run=self.run, trained=self.trained):
            if frame.type == "welcome":
                self.token, self.seq = frame.header["token"], frame.header["seq"]
                self.state = frame.header["room"]
            elif frame.type == "moved":
                self.seq, strip = frame.header["seq"], frame.arrays.get("strip")
                bars = None if strip is None else [None if v == -np.inf else v for v in strip]
                self.state = applied(self.state, frame.header["changes"], bars)
            elif frame.type == "begin" and "training" not in frame.header:
                self.run = frame.header["id"]
            else:
                self.watch(frame)
        return self

    def watch(self, frame):
        """Keep how far a training is known, as the page does."""
        header = frame.header
        if frame.type == "begin":
            self.runs[header["id"]] = header["run"]
        if name := self.runs.get(header["id"]):
            to = {"begin": 0, "steps": header.get("to"), "end": header.get("step", 0) + 1}
            self.trained[name] = to[frame.type] + 1
            self.steps += [frame] if frame.type == "steps" else []


@pytest.fixture
async def client():
    async with httpx.AsyncClient() as client:
        yield client


async def test_a_move_is_answered_at_once_and_the_run_follows(server, client):
    room = open_room(server)
    async with Person(server, room["code"], room["token"]) as teacher:
        student = await Poster(server, room, client).poll()
        while student.run is None:
            await student.poll()
        waits = asyncio.create_task(student.poll())
        await teacher.send("drive", address={"cell": "gru"}, strip=[-0.5, None])
        await asyncio.wait_for(waits, 5)
        assert student.state["address"] == {"cell": "gru"}
        assert student.state["strip"] == [-0.5, None]
        assert "welcome" not in student.types
        await teacher.send("drive", address={"cell": "gru"})
        before = student.run
        while student.run == before or student.state["strip"]:
            await student.poll()
        assert student.types[-1] == "end"
        await teacher.until(lambda: teacher.attendance.get("students") == 1)
        student.seq = 0  # which no server keeps
        assert (await student.poll()).types[0] == "welcome"
        assert student.state["address"] == {"cell": "gru"}


async def test_a_teacher_leads_and_a_student_answers_and_another_cannot(server, client):
    room = open_room(server)
    teacher = await Poster(server, room, client, room["token"]).poll()
    assert "attendance" in teacher.types
    await teacher.post(do="drive", page="lessons/gates", step="gru")
    await teacher.post(do="ask", **NUMBER)
    student = await Poster(server, room, client).poll()
    assert (student.state["page"], student.state["step"]) == ("lessons/gates", "gru")
    asked = {"question": 1, "round": 1}
    for value in (3, -4):
        await student.post(do="answer", answer=[value], **asked)
        assert student.types == ["recorded"]
    for message in ({"do": "end"}, {"do": "drive", "trying": True}):
        (refused,) = await student.post(**message)
        assert refused.header["code"] == "room_teacher"
    forged = await client.post(student.url, json={"id": 1, "join": "x", "do": "end"})
    assert (forged.status_code, forged.json()["code"]) == (403, "room_token")
    assert [row[4] for row in answers_of(server, room)] == ["-4"]
    await teacher.poll()
    assert not teacher.state["over"]


async def test_a_class_watches_the_training_of_its_teacher(server, client):
    room = open_room(server)
    teacher = await Poster(server, room, client, room["token"]).poll()
    student = await Poster(server, room, client).poll()
    async with connected(server) as training:
        await begin(training, 1, {**SHORT, "steps": 300})
        run = (await until(training, 1, "steps"))[0][0]["run"]
        await teacher.post(do="drive", page="train", address={"networks": run})
        rest = await until(training, 1, "end")
    while student.trained.get(run) != 302:  # 300 steps, and the end
        await student.poll()
    assert rest[-1][0]["step"] == 300
    assert student.state["page"] == "train"
    first, last = student.steps[0].header, student.steps[-1].header
    assert (first["from"], last["to"]) == (1, 300)
    for before, after in itertools.pairwise(frame.header for frame in student.steps):
        assert before["to"] < after["from"] <= before["to"] + after["every"]


async def test_students_who_read_no_answer_delay_no_other(serve, client):
    url = serve(room_messages=10_000, room_students=10_000)
    room = open_room(url)
    address, path = urlsplit(url), f"/api/rooms/{room['code']}"
    body = b'{"id": 1, "join": ""}'
    head = f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
    silent = []
    async with Person(url, room["code"], room["token"]) as teacher:
        await teacher.send("drive", address={"target": "x" * 15_000})
        await teacher.until(lambda: teacher.frames[-1].type == "end")
        for _ in range(20):
            silent.append(await asyncio.open_connection(address.hostname, address.port, limit=1))
            silent[-1][1].write((head.encode() + body) * 50)
        student = await Poster(url, room, client).poll()
        async with Person(url, room["code"]) as quick:
            for n in range(1, 50):
                await teacher.send("drive", address={"target": f"{n}" + "x" * 15_000}, strip=[n])
                async with asyncio.timeout(5):
                    while student.state["strip"] != [n]:
                        await student.poll()
                    while quick.state["strip"] != [n]:
                        await quick.receive()
    for _, writer in silent:
        writer.transport.abort()


async def test_a_server_that_ends_answers_those_who_wait_for_news(client):
    served = Served(Settings())
    room = open_room(served.url)
    student = await Poster(served.url, room, client).poll()
    while "end" not in student.types:
        await student.poll()
    waits = asyncio.create_task(student.poll())
    await asyncio.sleep(0.2)
    begun = time.monotonic()
    await asyncio.gather(asyncio.to_thread(served.stop), asyncio.wait_for(waits, 10))
    assert time.monotonic() - begun < 3


async def test_messages_that_come_too_often_are_refused(serve, client):
    url = serve(room_messages=3)
    room = open_room(url)
    student = await Poster(url, room, client).poll()
    sent = [{"id": 1, "join": student.token, "do": "offer"} for _ in range(6)]
    answers = [await client.post(student.url, json=each) for each in sent]
    assert "room_hasty" in {each.json().get("code") for each in answers if each.status_code != 200}
