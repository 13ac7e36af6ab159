"""A client that reads nothing, over a real socket."""

import asyncio
import socket

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from unrolled.app.server import websocket_protocol
from unrolled.app.server.websocket_protocol import QuietSocketProtocol

pytestmark = pytest.mark.anyio


async def test_a_client_that_reads_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(websocket_protocol, "UNREAD_SECONDS", 0.2)
    gone = asyncio.Event()

    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        try:
            for _ in range(40):
                await send({"type": "websocket.send", "bytes": bytes(2**20)})
        except OSError:
            gone.set()

    config = uvicorn.Config(app, lifespan="off")
    config.load()
    loop, state = asyncio.get_running_loop(), ServerState()
    serving = await loop.create_server(
        lambda: QuietSocketProtocol(config, state, {}), "127.0.0.1", 0
    )
    client = ClientProtocol(parse_uri("ws://127.0.0.1/"))
    client.send_request(client.connect())
    async with serving:
        with socket.create_connection(serving.sockets[0].getsockname()) as deaf:
            deaf.sendall(b"".join(client.data_to_send()))
            await asyncio.wait_for(gone.wait(), 10)
