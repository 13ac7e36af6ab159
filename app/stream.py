"""The WebSocket around a session: accept, validate, send, cancel.

A reader always runs beside the sender. It keeps the newest message only, and the sender turns to
that one as soon as it has come; reading on is also what lets the server's keep-alive be answered.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.messages import MessageError, parse_request
from app.runs import Runs
from app.session import error_frame, frames
from app.settings import Settings

BATCH_SECONDS = 0.04

router = APIRouter()
log = logging.getLogger("unrolled")


class Mailbox:
    """Room for one message, the newest; ``number`` counts those that have come."""

    def __init__(self) -> None:
        self.number = 0
        self.open = True
        self._message: str | None = None
        self._arrived = asyncio.Event()

    def put(self, message: str | None) -> None:
        self.number += 1
        self._message = message
        self._arrived.set()

    def close(self) -> None:
        self.number += 1
        self.open = False
        self._arrived.set()

    async def newest(self) -> str | None:
        await self._arrived.wait()
        self._arrived.clear()
        return self._message


@router.websocket("/api/stream")
async def stream(socket: WebSocket) -> None:
    settings: Settings = socket.app.state.settings
    if not _welcome(socket, settings):
        await socket.close(code=1008)
        return
    await socket.accept()
    mailbox = Mailbox()
    reader = asyncio.create_task(_read(socket, mailbox))
    try:
        while True:
            message = await mailbox.newest()
            if not mailbox.open:
                return
            await _answer(socket, message, mailbox, settings)
    except (WebSocketDisconnect, RuntimeError):
        log.debug("the client left while it was being answered")
    finally:
        mailbox.close()
        reader.cancel()


async def _read(socket: WebSocket, mailbox: Mailbox) -> None:
    try:
        while (message := await socket.receive())["type"] == "websocket.receive":
            mailbox.put(message.get("text"))
    finally:
        mailbox.close()


async def _answer(
    socket: WebSocket, message: str | None, mailbox: Mailbox, settings: Settings
) -> None:
    mine = mailbox.number
    number = None

    def superseded() -> bool:
        return mailbox.number != mine

    try:
        request = parse_request(message)
        number = request.id
        runs: Runs = socket.app.state.runs
        async with runs.slot():
            answer = frames(request, settings, superseded)
            while not superseded() and (batch := await runs.compute(_batch, answer)):
                for frame in batch:
                    if superseded():
                        return
                    await socket.send_bytes(frame)
    except MessageError as error:
        await socket.send_bytes(error_frame(error.number if number is None else number, error))
    except (WebSocketDisconnect, asyncio.CancelledError):
        raise
    except Exception:
        log.exception("a run failed")
        if mailbox.open:
            await socket.send_bytes(error_frame(number, MessageError("internal")))


def _batch(answer: Iterator[bytes]) -> list[bytes]:
    """The frames of a moment's work: a short run is one batch, and so one change of thread."""
    batch, start = [], time.perf_counter()
    for frame in answer:
        batch.append(frame)
        if time.perf_counter() - start >= BATCH_SECONDS:
            break
    return batch


def _welcome(socket: WebSocket, settings: Settings) -> bool:
    """Whether the page that asks is our own: nothing below checks that. A program has no origin."""
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    host = urlsplit(origin).netloc
    return host == socket.headers.get("host") or host in settings.origins
