"""Two thousand messages that no page sends: nothing is shown, changed or lost by them."""

import json
import random
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.client import frames
from tests.room import Person, answers_of, open_room

pytestmark = pytest.mark.anyio
MESSAGES, SEEDS, POSTS = 2000, 4, 400
MARKUP = "<img src=x onerror=alert(1)>"
ODD = (
    None, True, [], {}, "", "x", -1, 0, 1, 2**63, 10**300, 0.5, 1e308, float("nan"), float("inf"),
    [[]], {"a": {}}, MARKUP, "\ud800", "a" * 3_000, [float("nan")], ["x"], [10**300], [0, 1], [-1],
    [0.5], "../../etc", "javascript:alert(1)", "\u202e", "=1+1",
)  # fmt: skip
DO = ("drive", "ask", "show", "again", "hide", "take", "invite", "end", "answer", "offer", "nope")
NAMES = (
    "page", "address", "step", "playhead", "parts", "point", "strip", "trying", "kind", "words",
    "choices", "low", "size", "truth", "question", "round", "answer", "name", "join", "__class__",
)  # fmt: skip


def hostile(rng):
    """A message of a student who is up to no good."""
    if rng.random() < 0.1:
        return rng.choice(("", "{", "[" * 5_000, '"x"', "nope", b"\x00", "null", '{"id": 1e999}'))
    message = {"id": rng.choice((1, rng.choice(ODD))), "do": rng.choice(DO)}
    for _ in range(rng.randint(0, 4)):
        message[rng.choice(NAMES)] = rng.choice(ODD)
    if message["do"] == "answer":  # of the round that is open, and no answer to it
        message |= {"id": 1, "question": 1, "round": 1}
        message["answer"] = rng.choice([each for each in ODD if each not in ([0], [1], [2])])
    if message["do"] == "offer":
        message |= {"page": rng.choice((MARKUP, "//evil.test", "javascript:x", 5))}
    return json.dumps(message)


@asynccontextmanager
async def unharmed(url):
    """A room in the middle of a vote, which goes on as if nothing had been sent meanwhile."""
    room = open_room(url)
    async with (
        Person(url, room["code"], room["token"]) as teacher,
        Person(url, room["code"]) as honest,
    ):
        await teacher.send("drive", address={"cell": "gru"}, step="forget")
        await teacher.send("ask", kind="choice", words="?", choices=["a", "b", "c"])
        while not honest.state["question"]:
            await honest.receive()
        await honest.asks("answer", question=1, round=1, answer=[1])
        before = honest.state
        yield room
        await teacher.send("show")
        await teacher.until(lambda: teacher.state["shown"])
        await honest.until(lambda: honest.state["shown"])
        assert teacher.state["shown"][0]["counts"] == [0, 1, 0]
        assert not teacher.attendance["offers"]
        kept = {**honest.state, "shown": [], "question": before["question"]}
        assert kept == before
        assert len(answers_of(url, room)) == 1


async def test_a_hostile_student_shows_changes_and_loses_nothing(serve):
    url = serve(room_messages=100_000)
    async with unharmed(url) as room:
        for seed in range(SEEDS):
            rng = random.Random(seed)
            async with Person(url, room["code"]) as student:
                for _ in range(MESSAGES // SEEDS):
                    await student.socket.send(hostile(rng))
                last = await student.asks("take")
                assert last.header["code"] in ("room_teacher", "room_hasty")
                assert {frame.type for frame in student.frames} <= {
                    *("welcome", "error", "moved"),
                    *("begin", "forward", "loss", "backward", "end"),
                }
                assert "internal" not in student.errors


async def test_hostile_messages_over_http_do_no_more(serve):
    url = serve(room_messages=100_000, room_tries=100_000)
    rng = random.Random(SEEDS)
    async with unharmed(url) as room, httpx.AsyncClient() as client:
        address = f"{url}/api/rooms/{room['code']}"
        welcome = (await client.post(address, json={"id": 1, "join": ""})).content
        token = next(frames(welcome)).header["token"]
        for _ in range(POSTS):
            text = hostile(rng)
            if isinstance(text, str) and text.endswith("}"):
                text = f'{text[:-1]}, "join": {json.dumps(rng.choice((token, token, "x")))}}}'
            answer = await client.post(address, content=text)
            assert answer.status_code < 500, text
            if answer.status_code == 200:
                kinds = [frame.type for frame in frames(answer.content)]
                assert set(kinds) <= {"error"} or kinds[0] == "welcome", text
