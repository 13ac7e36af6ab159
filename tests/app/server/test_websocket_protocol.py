"""A client that reads nothing, over a real socket."""

import socket
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect

from tests.room import Person, open_room
from unrolled.app.server import websocket_protocol

pytestmark = pytest.mark.anyio


async def test_a_client_that_reads_nothing_is_let_go(serve, monkeypatch):
    monkeypatch.setattr(websocket_protocol, "UNREAD_SECONDS", 0.3)
    url = serve(room_messages=10_000)
    room, address = open_room(url), urlsplit(url)
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect((address.hostname, address.port))
    path = f"ws://{address.netloc}/api/rooms/{room['code']}"
    async with (
        Person(url, room["code"], room["token"]) as teacher,
        Person(url, room["code"]) as student,
        connect(path, sock=narrow) as deaf,
    ):
        await deaf.send('{"id": 1, "join": ""}')
        await teacher.until(lambda: teacher.attendance.get("students") == 2)
        deaf.transport.pause_reading()
        for n in range(400):
            await teacher.send("drive", address={"target": f"{n}" + "x" * 15_000}, strip=[n])
            while (student.state["strip"] or [-1])[0] < n:
                await student.receive()
        await teacher.until(lambda: teacher.attendance["students"] == 1)
