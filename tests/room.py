"""People in a room, written from `docs/protocol.md` alone."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.client import Frame

ROOM = ("welcome", "moved", "attendance", "recorded", "handed", "invited", "error")


def open_room(url: str, **fields: Any) -> dict[str, Any]:
    """Open a room; return its code and its teacher's token."""
    response = httpx.post(f"{url}/api/rooms", json=fields)
    assert response.status_code == 200, response.text
    opened: dict[str, Any] = response.json()
    return opened


def answers_of(url: str, room: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a room's table of answers, without its head."""
    headers = {"Authorization": f"Bearer {room['token']}"}
    text = httpx.get(f"{url}/api/rooms/{room['code']}/answers", headers=headers).text
    return [line.split(",") for line in text.splitlines()[1:]]


def applied(state: dict[str, Any], changes: dict[str, Any], strip: Any = None) -> dict[str, Any]:
    """Return a state with changes, as the protocol has it."""
    address = {**state["address"], **changes.get("address", {})}
    address = {name: value for name, value in address.items() if value is not None}
    return {**state, **changes, "address": address, "strip": strip}


class Person:
    """A connection to a room."""

    def __init__(self, url: str, code: str, token: str = "", **fields: Any) -> None:
        address = f"{url.replace('http', 'ws', 1)}/api/rooms/{code}"
        self._opening = connect(address, max_size=None, max_queue=None)
        self._join = {"join": token, **fields}
        self._number = 1
        self.state: dict[str, Any] = {}
        self.seq = 0
        self.welcome: dict[str, Any] = {}
        self.attendance: dict[str, Any] = {}
        self.frames: list[Frame] = []
        """All frames so far."""

    async def __aenter__(self) -> "Person":
        self.socket: ClientConnection = await self._opening.__aenter__()
        await self.send(**self._join)
        while not self.welcome:
            await self.receive()
            assert not self.errors, self.errors
        return self

    async def __aexit__(self, *exception: Any) -> None:
        await self._opening.__aexit__(*exception)

    async def send(self, do: str = "", **message: Any) -> int:
        self._number += 1
        named = {"do": do} if do else {}
        await self.socket.send(json.dumps({"id": self._number, **named, **message}))
        return self._number

    async def receive(self) -> Frame:
        frame = Frame(await asyncio.wait_for(self.socket.recv(decode=False), 20))
        self.frames.append(frame)
        match frame.type:
            case "welcome":
                self.welcome, self.state = frame.header, frame.header["room"]
                self.seq = frame.header["seq"]
            case "moved":
                assert frame.header["seq"] > self.seq
                self.seq, strip = frame.header["seq"], frame.arrays.get("strip")
                strip = None if strip is None else strip.tolist()
                self.state = applied(self.state, frame.header["changes"], strip)
            case "attendance":
                self.attendance = frame.header
        return frame

    @property
    def errors(self) -> list[str]:
        return [frame.header["code"] for frame in self.frames if frame.type == "error"]

    async def until(self, holds: Callable[[], Any]) -> "Person":
        while not holds():
            await self.receive()
        return self

    async def until_answer(self, number: int) -> Frame:
        """Return the frame that answers a message."""
        while True:
            frame = await self.receive()
            if frame.type in ROOM and frame.header["id"] == number:
                return frame

    async def asks(self, do: str, **message: Any) -> Frame:
        """Send a message, and return what answers it."""
        return await self.until_answer(await self.send(do, **message))
