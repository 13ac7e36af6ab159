"""Checks the Origin header of a WebSocket, then receives messages while another task sends.

Messages are read all the time, which also answers keep-alive pings and detects a disconnect.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import WebSocket, WebSocketDisconnect

from unrolled.app.errors import MessageError
from unrolled.app.runs.mailbox import Mailbox
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import refuse_socket
from unrolled.app.web.origins import asked_by, refusal

log = logging.getLogger("unrolled")


Box = TypeVar("Box", bound=Mailbox[Any])


@asynccontextmanager
async def accepted_socket(socket: WebSocket, mailbox: Box) -> AsyncIterator[Box]:
    """Accept a socket of an allowed Origin, and put its messages into the mailbox.

    Other origins are refused. A disconnect closes the mailbox, and ends the block
    without an exception.
    """
    settings: Settings = socket.app.state.settings
    if line := refusal(asked_by(socket), settings):
        socket.app.state.refused(line)
        mailbox.close()
        await refuse_socket(socket, MessageError("foreign"))
        yield mailbox
        return
    await socket.accept()
    reader = asyncio.create_task(_read(socket, mailbox))
    try:
        yield mailbox
    except (WebSocketDisconnect, RuntimeError):
        log.debug("the client left while it was being answered")
    finally:
        mailbox.close()
        reader.cancel()


async def send(socket: WebSocket, frame: bytes) -> None:
    """Send a frame; raises ``WebSocketDisconnect`` once the socket is closed.

    ``app.server.websocket_protocol`` closes that of a client that reads nothing for too long; one
    whose last message was too long or not text is closed too.
    """
    try:
        await socket.send_bytes(frame)
    except RuntimeError:
        raise WebSocketDisconnect(1006, "the socket is closed") from None


async def _read(socket: WebSocket, mailbox: Mailbox[Any]) -> None:
    try:
        while (message := await socket.receive())["type"] == "websocket.receive":
            mailbox.put(message.get("text"))
    finally:
        mailbox.close()
