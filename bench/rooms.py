"""A class in one room: how soon a drag reaches everyone, and what a crash loses.

``python -m bench.rooms`` serves the lab on the loopback, with one worker and no Redis and with two
workers and a Redis of its own, and prints what students get of their teacher's drag, 20 moves a
second of 50 bars. The students are clients in this process, on the same processors.

    drag    delays from the teacher's send to a student's receipt, and the traffic of each
    crash   a worker is killed, and Redis too, in the middle of a vote: votes lost and doubled
"""

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bench.load import header_of, quantile
from bench.serving import computed, served
from tests.redis_server import RedisServer

MOVES, BARS = 20, 50
DESCRIPTORS = 8192
AGAIN = 0.5
"""Seconds after which a lost connection is looked for again, at most."""
CHOICES = ("all", "half", "nothing")


class Follower:
    """A page in a room: it joins again when it is lost, and sends a vote until it is recorded."""

    def __init__(self, url: str, code: str, number: int, token: str = "") -> None:
        self._address = f"{url.replace('http', 'ws', 1)}/api/rooms/{code}"
        self._rng = random.Random(number)
        self._token = token
        self._socket: ClientConnection | None = None
        self._votes = 1
        self.joined = asyncio.Event()
        self.recorded = asyncio.Event()
        self.back: list[float] = []
        """When it has joined, each time."""
        self.bytes = 0
        self.strips: list[tuple[int, float]] = []
        """The number of each move, and when it came."""
        self.room: dict[str, Any] = {}

    async def follow(self) -> None:
        """Stay in the room until this is cancelled."""
        options: dict[str, Any] = {"compression": None, "max_size": None, "open_timeout": 60}
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self._address, **options) as self._socket:
                    await self.send(1, join=self._token)
                    async for data in self._socket:
                        self._take(bytes(data))
            self.joined.clear()
            await asyncio.sleep(self._rng.uniform(AGAIN / 5, AGAIN))

    async def send(self, number: int, **message: Any) -> None:
        with suppress(WebSocketException):
            assert self._socket
            await self._socket.send(json.dumps({"id": number, **message}))

    async def vote(self, choice: int) -> None:
        """Vote, again and again until the vote is recorded."""
        self._votes += 1
        self.recorded.clear()
        while not self.recorded.is_set():
            await self.joined.wait()
            await self.send(self._votes, do="answer", question=1, round=1, answer=[choice])
            with suppress(TimeoutError):
                await asyncio.wait_for(self.recorded.wait(), 1)

    async def until(self, name: str, **message: Any) -> Any:
        """Send a teacher's command until the room has an entry; return that."""
        while not self.room.get(name):
            await self.joined.wait()
            await self.send(2, **message)
            await asyncio.sleep(0.5)
        return self.room[name]

    def _take(self, data: bytes) -> None:
        self.bytes += len(data)
        header = header_of(data)
        match header["type"]:
            case "welcome":
                self._token, self.room = header["token"], header["room"]
                self.back.append(time.perf_counter())
                self.joined.set()
            case "moved":
                self.room |= header["changes"]
                if header["arrays"]:
                    moved = int(header["changes"]["address"]["recurrent_scale"])
                    self.strips.append((moved, time.perf_counter()))
            case "recorded" if header["id"] == self._votes:
                self.recorded.set()


@contextmanager
def labs(workers: int, **settings: object) -> Iterator[tuple[str, Any, RedisServer | None]]:
    """Serve a lab with so many workers; yield its address, its process, and its Redis."""
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer()) if workers > 1 else None
        shared = {"UNROLLED_PROCESSES": workers, "UNROLLED_REDIS": redis.url} if redis else {}
        url, process = stack.enter_context(served(**shared, **settings))
        if workers > 1:
            _settle(process, workers)
        yield url, process, redis


def _settle(process: Any, workers: int) -> None:
    """Wait until all workers have started: the first one answers before the others do."""
    before: list[float] = []
    while True:
        now = [computed(pid) for pid in children(process)]
        if len(now) == workers and now == before:
            return
        before = now
        time.sleep(0.3)


@asynccontextmanager
async def following(everyone: list[Follower]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(each.follow()) for each in everyone]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def drag(url: str, students: int, seconds: float) -> str:
    """Return what a class gets of a drag."""
    room = httpx.post(f"{url}/api/rooms", json={}).json()
    everyone = [Follower(url, room["code"], number) for number in range(students)]
    async with following(everyone):
        await asyncio.gather(*(each.joined.wait() for each in everyone))
        await asyncio.sleep(1)
        for each in everyone:
            each.bytes = 0
        sent = await _moves(url, room, seconds)
        await asyncio.sleep(1)
    delays = [came - sent[move] for each in everyone for move, came in each.strips]
    got = len(delays) / (len(sent) * students)
    kbits = [each.bytes * 8 / 1000 / seconds for each in everyone]
    last = sum(bool(each.strips) and each.strips[-1][0] == len(sent) - 1 for each in everyone)
    return (
        f"{students} students: p50 {1000 * quantile(delays, 0.5):.0f} ms, "
        f"p95 {1000 * quantile(delays, 0.95):.0f} ms, {quantile(kbits, 0.5):.0f} kbit/s each; "
        f"{100 * got:.0f} % of the moves were drawn, the last one by {last} of {students}"
    )


async def _moves(url: str, room: dict[str, Any], seconds: float) -> list[float]:
    """Drag as a teacher; return when each move was sent."""
    sent: list[float] = []
    address = f"{url.replace('http', 'ws', 1)}/api/rooms/{room['code']}"
    async with connect(address, compression=None, max_size=None) as teacher:
        await teacher.send(json.dumps({"id": 1, "join": room["token"]}))
        reading = asyncio.ensure_future(_read(teacher))
        begun = time.perf_counter()
        while (now := time.perf_counter()) - begun < seconds:
            move = {"address": {"recurrent_scale": len(sent) + 0.25}, "strip": [-0.123] * BARS}
            sent.append(now)
            await teacher.send(json.dumps({"id": 2, "do": "drive", **move}))
            await asyncio.sleep(len(sent) / MOVES - (time.perf_counter() - begun))
        reading.cancel()
    return sent


async def _read(socket: ClientConnection) -> None:
    async for _ in socket:
        pass


def children(process: Any) -> list[int]:
    """Return the workers of a server."""
    found = []
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        found += [int(each) for each in (task / "children").read_text().split()]
    named = {each: Path(f"/proc/{each}/cmdline").read_text() for each in found}
    return [each for each, line in named.items() if "spawn_main" in line]


async def crash(url: str, process: Any, redis: RedisServer, students: int) -> dict[str, Any]:
    """Kill a worker and Redis in the middle of a vote; return what became of the votes."""
    room = httpx.post(f"{url}/api/rooms", json={}, timeout=30).json()
    rng = random.Random(0)
    ledger = [rng.randrange(len(CHOICES)) for _ in range(students)]
    everyone = [Follower(url, room["code"], number) for number in range(students)]
    teacher = Follower(url, room["code"], -1, room["token"])
    async with following([teacher, *everyone]):
        await asyncio.gather(*(each.joined.wait() for each in everyone))
        await teacher.until("question", do="ask", kind="choice", choices=CHOICES)
        while not all(each.room["question"] for each in everyone):
            await asyncio.sleep(0.05)

        async def votes(student: Follower, choice: int) -> None:
            await asyncio.sleep(rng.random())
            await student.vote((choice + 1) % len(CHOICES))
            await student.vote(choice)

        voting = asyncio.gather(*(map(votes, everyone, ledger)))
        await asyncio.sleep(0.3)
        killed = time.perf_counter()
        os.kill(children(process)[-1], signal.SIGKILL)
        await asyncio.sleep(0.2)
        redis.kill()
        await asyncio.sleep(0.5)
        redis.start()
        returned = time.perf_counter()
        await asyncio.wait_for(voting, 60)
        recorded = time.perf_counter() - returned
        (shown,) = await teacher.until("shown", do="show")
    return {
        "counts": shown["counts"],
        "ledger": [Counter(ledger)[choice] for choice in range(len(CHOICES))],
        "rejoined": sum(each.back[-1] > killed for each in everyone),
        "back": max(each.back[-1] for each in everyone) - returned,
        "recorded": recorded,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", choices=("drag", "crash", []), default=[])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--students", type=int, nargs="*", default=[300, 1000])
    chosen = parser.parse_args()
    what = chosen.what or ["drag", "crash"]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, hard), hard))
    most = {"UNROLLED_ROOM_STUDENTS": max(chosen.students)}
    for workers in (1, 2):
        with labs(workers, **most) as (url, process, redis):
            print(f"{workers} worker{'s and Redis' if redis else ', no Redis'}", flush=True)
            for students in chosen.students if "drag" in what else ():
                print(" ", uvloop.run(drag(url, students, chosen.seconds)), flush=True)
            if redis and "crash" in what:
                print("  a worker and Redis killed:", uvloop.run(crash(url, process, redis, 300)))


if __name__ == "__main__":
    main()
