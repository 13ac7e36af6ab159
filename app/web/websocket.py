"""What every WebSocket of the page does: ask whose page it is, and read beside whoever sends.

A reader always runs beside the sender: reading on is also what lets the server's keep-alive be
answered, and what notices that the page has left.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import WebSocket, WebSocketDisconnect

from unrolled.app.middleware.origins import asked_by, refusal
from unrolled.app.server.http_protocol import UNREAD_SECONDS
from unrolled.app.settings import Settings

log = logging.getLogger("unrolled")


class Mailbox:
    """Room for one message, the newest. Any thread may take it."""

    def __init__(self) -> None:
        self.open = True
        self._newest: tuple[int, str | None] = (0, None)
        self._taken = 0
        self._arrived = asyncio.Event()

    @property
    def fresh(self) -> bool:
        """Whether a message has come that has not been taken."""
        return self._newest[0] != self._taken

    def put(self, message: str | None) -> None:
        self._newest = (self._newest[0] + 1, message)
        self._arrived.set()

    def take(self) -> str | None:
        self._taken, message = self._newest
        return message

    def close(self) -> None:
        self.open = False
        self._arrived.set()

    async def news(self) -> None:
        """Wait until something has come, or nothing will."""
        await self._arrived.wait()
        self._arrived.clear()


Box = TypeVar("Box", bound=Mailbox)


@asynccontextmanager
async def attended(socket: WebSocket, mailbox: Box) -> AsyncIterator[Box]:
    """A socket of our own page, accepted, whose messages go into the mailbox; any other's is shut.

    A client that leaves closes the mailbox, and ends the block quietly.
    """
    settings: Settings = socket.app.state.settings
    if line := refusal(asked_by(socket), settings):
        socket.app.state.refused(line)
        mailbox.close()
        await socket.close(code=1008)
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
    """Send a frame; a client that reads nothing for too long counts as one that has left.

    So does one whose socket was closed here, because of what it sent last: too long, or no text.
    """
    try:
        async with asyncio.timeout(UNREAD_SECONDS):
            await socket.send_bytes(frame)
    except TimeoutError:
        raise WebSocketDisconnect(1008, "what was sent was not read") from None
    except RuntimeError:
        raise WebSocketDisconnect(1006, "the socket is closed") from None


async def _read(socket: WebSocket, mailbox: Mailbox) -> None:
    try:
        while (message := await socket.receive())["type"] == "websocket.receive":
            mailbox.put(message.get("text"))
    finally:
        mailbox.close()
