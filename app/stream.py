"""The lab's WebSocket around a session: validate, send, cancel.

The sender turns to the newest message as soon as it has come.
"""

import asyncio
import logging
import time
from collections.abc import Iterator

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.messages import MessageError, parse_request
from app.runs import Runs
from app.session import error_frame, frames
from app.settings import Settings
from app.sockets import Mailbox, attended

BATCH_SECONDS = 0.04

router = APIRouter()
log = logging.getLogger("unrolled")


@router.websocket("/api/stream")
async def stream(socket: WebSocket) -> None:
    settings: Settings = socket.app.state.settings
    async with attended(socket, Mailbox()) as mailbox:
        while mailbox.open:
            message = await mailbox.newest()
            if mailbox.open:
                await _answer(socket, message, mailbox, settings)


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
            answer = frames(request, settings, superseded, socket.app.state.checkpoints)
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
