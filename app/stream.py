"""The lab's WebSocket around a session: validate, send, cancel.

The newest message wins, between one batch of frames and the next: what is computed is sent.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.messages import MessageError, TraceRequest, parse_request
from app.runs import Runs
from app.session import error_frame, frames
from app.sockets import Mailbox, attended

BATCH_SECONDS = 0.04

router = APIRouter()
log = logging.getLogger("unrolled")


@router.websocket("/api/stream")
async def stream(socket: WebSocket) -> None:
    async with attended(socket, Mailbox()) as mailbox:
        while mailbox.open:
            await mailbox.news()
            if mailbox.open and mailbox.fresh:
                await _answer(socket, mailbox)


async def _answer(socket: WebSocket, mailbox: Mailbox) -> None:
    """Answer a message, as far as no newer one comes."""
    turn = Turn(mailbox, socket.app.state)
    runs: Runs = socket.app.state.runs
    try:
        turn.take()
        async with runs.slot():
            while batch := await runs.compute(turn.batch):
                for frame in batch:
                    await socket.send_bytes(frame)
                if mailbox.fresh:
                    return
    except MessageError as error:
        number = turn.number if error.number is None else error.number
        await socket.send_bytes(error_frame(number, error))
    except (WebSocketDisconnect, asyncio.CancelledError):
        raise
    except Exception:
        log.exception("a run failed")
        if mailbox.open:
            await socket.send_bytes(error_frame(turn.number, MessageError("internal")))


class Turn:
    """One request's turn to compute. A newer one that comes before the turn does takes it over.

    A client whose requests come faster than the server can compute would otherwise wait at the
    end of the queue again and again, and see nothing.
    """

    def __init__(self, mailbox: Mailbox, state: Any) -> None:
        self._mailbox, self._state = mailbox, state
        self._request: TraceRequest | None = None
        self._frames: Iterator[bytes] | None = None

    @property
    def number(self) -> int | None:
        return self._request.id if self._request else None

    def take(self) -> TraceRequest:
        """Return the newest request; raises ``MessageError`` on a message that is none."""
        self._request = None
        self._request = parse_request(self._mailbox.take())
        return self._request

    def batch(self) -> list[bytes]:
        """Return the frames of a moment's work; none once the request is answered."""
        if self._frames is None:
            request = self._request
            if request is None or self._mailbox.fresh:
                request = self.take()
            state = self._state
            self._frames = frames(request, state.settings, self._left, state.checkpoints)
        return _batch(self._frames)

    def _left(self) -> bool:
        return not self._mailbox.open


def _batch(answer: Iterator[bytes]) -> list[bytes]:
    """The frames of a moment's work: a short run is one batch, and so one change of thread."""
    batch, start = [], time.perf_counter()
    for frame in answer:
        batch.append(frame)
        if time.perf_counter() - start >= BATCH_SECONDS:
            break
    return batch
