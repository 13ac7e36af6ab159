"""Pages in a room: over a socket, or over HTTP where a proxy lets none through."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bench.browser import Browser
from bench.load import header_of
from tests.client import frames

AGAIN = 0.5
"""Seconds after which a lost connection is looked for again, at most."""


def new_room(url: str) -> dict[str, Any]:
    """Open a room; return its code and its teacher's token."""
    opened: dict[str, Any] = httpx.post(f"{url}/api/rooms", json={}, timeout=30).json()
    return opened


class Follower:
    """A page in a room: it joins again when it is lost, and sends a vote until it is recorded."""

    def __init__(self, url: str, code: str, number: int, token: str = "") -> None:
        self._url, self._path = url, f"/api/rooms/{code}"
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
        self.runs = 0
        """Runs that were drawn."""

    async def follow(self) -> None:
        """Stay in the room until this is cancelled."""
        address = self._url.replace("http", "ws", 1) + self._path
        options: dict[str, Any] = {"compression": None, "max_size": None, "open_timeout": 60}
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(address, **options) as self._socket:
                    await self.send(1, join=self._token)
                    async for data in self._socket:
                        self.bytes += len(data)
                        self._take(header_of(bytes(data)))
            self.joined.clear()
            await asyncio.sleep(self._rng.uniform(AGAIN / 5, AGAIN))

    async def send(self, number: int, **message: Any) -> None:
        with suppress(WebSocketException):
            assert self._socket
            await self._socket.send(json.dumps({"id": number, **message}))

    def tear(self) -> None:
        """Lose the connection."""
        if self._socket:
            self.joined.clear()
            self._socket.transport.abort()

    async def vote(self, choice: int, question: int = 1) -> None:
        """Vote, again and again until the vote is recorded."""
        self._votes += 1
        self.recorded.clear()
        while not self.recorded.is_set():
            await self.joined.wait()
            await self.send(self._votes, do="answer", question=question, round=1, answer=[choice])
            with suppress(TimeoutError):
                await asyncio.wait_for(self.recorded.wait(), AGAIN)

    async def until(self, name: str, **message: Any) -> Any:
        """Send a teacher's command until the room has an entry; return that."""
        while not self.room.get(name):
            await self.joined.wait()
            await self.send(2, **message)
            await asyncio.sleep(0.5)
        return self.room[name]

    def _take(self, header: dict[str, Any]) -> None:
        match header["type"]:
            case "welcome":
                self._token, self.room = header["token"], header["room"]
                self.back.append(time.perf_counter())
                self.joined.set()
            case "moved":
                moved = header["changes"].get("address", {})
                self.room |= header["changes"] | {"address": self.room["address"] | moved}
                if header["arrays"]:
                    self._draw(moved)
            case "end":
                self.runs += 1
            case "recorded" if header["id"] == self._votes:
                self.recorded.set()

    def _draw(self, address: dict[str, Any]) -> None:
        self.strips.append((int(address["recurrent_scale"]), time.perf_counter()))


class Poller(Follower):
    """A page that posts its messages, and asks for what is new again and again."""

    def __init__(self, url: str, code: str, number: int, token: str = "") -> None:
        super().__init__(url, code, number, token)
        self._asking, self._saying = Browser(url), Browser(url)
        self._seen: dict[str, int] = {}

    async def follow(self) -> None:
        while True:
            try:
                await self._post(self._asking, id=1, join=self._token, **self._seen)
            except OSError:
                self.joined.clear()
                await asyncio.sleep(self._rng.uniform(AGAIN / 5, AGAIN))

    async def send(self, number: int, **message: Any) -> None:
        with suppress(OSError):
            await self._post(self._saying, id=number, join=self._token, **message)

    def tear(self) -> None:
        self._asking.close()

    async def _post(self, way: Browser, **message: Any) -> None:
        answer = await way.post(self._path, json.dumps(message).encode())
        self.bytes += len(answer.body)
        for frame in frames(answer.body):
            self._take(frame.header)

    def _take(self, header: dict[str, Any]) -> None:
        if header["type"] == "begin":
            self._seen["run"] = header["id"]
        if "seq" in header and header["type"] in ("welcome", "moved"):
            news = header["seq"] != self._seen.get("seen")
            self._seen["seen"] = header["seq"]
            if header["type"] == "welcome" and news and header["room"]["strip"]:
                self._draw(header["room"]["address"])
        super()._take(header)


@asynccontextmanager
async def following(everyone: Sequence[Follower]) -> AsyncIterator[None]:
    """Have all in the room meanwhile."""
    tasks = [asyncio.ensure_future(each.follow()) for each in everyone]
    try:
        await asyncio.gather(*(each.joined.wait() for each in everyone))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def all_see(
    everyone: Sequence[Follower], holds: Callable[[dict[str, Any]], Any], seconds: float = 30
) -> None:
    """Wait until something holds of the room of all."""
    async with asyncio.timeout(seconds):
        while not all(holds(each.room) for each in everyone):
            await asyncio.sleep(0.02)
