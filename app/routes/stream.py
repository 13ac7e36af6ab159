"""The lab's frames around a session: validate, send, cancel.

They are sent over a WebSocket, on which the newest message wins between one batch of frames and
the next: what is computed is sent. Where no socket opens, a POST brings the same frames.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect

from unrolled.app.errors import MessageError
from unrolled.app.lessons.live import told
from unrolled.app.routes.models import RUN
from unrolled.app.runs.frames import MEDIA_TYPE, Error
from unrolled.app.runs.mailbox import Mailbox
from unrolled.app.runs.requests import TraceRequest, parse
from unrolled.app.runs.run_frames import frames
from unrolled.app.web.bodies import REFUSED, RUN_PROBLEMS, body_of, read, sent, streamed
from unrolled.app.web.clients import client_of
from unrolled.app.web.websocket import accepted_socket, send
from unrolled.app.web.workers import Runs

BATCH_SECONDS = 0.04

router = APIRouter()
log = logging.getLogger("unrolled")


@router.websocket("/api/stream")
async def stream(socket: WebSocket) -> None:
    async with accepted_socket(socket, Mailbox()) as mailbox:
        while mailbox.open:
            await mailbox.wait()
            if mailbox.open and mailbox.fresh:
                await _answer(socket, mailbox)


async def _answer(socket: WebSocket, mailbox: Mailbox) -> None:
    """Answer a message, as far as no newer one comes."""
    turn = Turn(mailbox, socket.app.state)
    runs: Runs = socket.app.state.runs
    try:
        turn.take()
        async with runs.slot(client_of(socket)):
            while batch := await runs.compute(turn.batch):
                for frame in batch:
                    await send(socket, frame)
                if mailbox.fresh:
                    return
    except REFUSED as error:
        number = getattr(error, "number", None)
        await send(socket, Error.of(turn.number if number is None else number, error).encode())
    except (WebSocketDisconnect, asyncio.CancelledError):
        raise
    except Exception:
        log.exception("a run failed")
        if mailbox.open:
            await send(socket, Error.of(turn.number, MessageError("internal")).encode())


@router.post(
    "/api/stream",
    summary="Run one experiment, as frames",
    openapi_extra=body_of(RUN),
    response_class=Response,
    responses=RUN_PROBLEMS | sent("Frames, one after another: see docs/protocol.md", MEDIA_TYPE),
)
async def posted(request: Request) -> Response:
    """Return the frames that the WebSocket at this address sends, one after another.

    Each is a header's length (uint32, little-endian), the header (JSON, padded with spaces to a
    multiple of 8) and little-endian arrays, which the header lists; it ends where the last array
    does. The headers' `type` is `begin`, `forward`, `loss`, `backward`, `end`, or `error`. A
    client that leaves ends the run.
    """
    return await streamed(_pieces(request), MEDIA_TYPE)


async def _pieces(request: Request) -> AsyncGenerator[bytes, None]:
    state = request.app.state
    runs: Runs = state.runs
    wanted = parse(TraceRequest, await read(request, state.settings.message_bytes))
    says = told(wanted.claims, state.settings)
    async with runs.slot(client_of(request)):
        stay, known = (lambda: False), state.checkpoints.get
        answer = frames(wanted, state.settings, stay, known, runs.memory, says)
        begun = False
        try:
            while batch := await runs.compute(_batch, answer):
                begun = True
                yield b"".join(batch)
                if await request.is_disconnected():
                    return
        except Exception:
            if not begun:
                raise
            log.exception("a run failed")
            yield Error.of(wanted.id, MessageError("internal")).encode()


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
        self._request = parse(TraceRequest, self._mailbox.take())
        return self._request

    def batch(self) -> list[bytes]:
        """Return the frames of a moment's work; none once the request is answered."""
        if self._frames is None:
            request = self._request
            if request is None or self._mailbox.fresh:
                request = self.take()
            state = self._state
            self._frames = frames(
                request,
                state.settings,
                self._left,
                state.checkpoints.get,
                state.runs.memory,
                told(request.claims, state.settings),
            )
        return _batch(self._frames)

    def _left(self) -> bool:
        return not self._mailbox.open


def _batch(answer: Iterator[bytes]) -> list[bytes]:
    """Return the frames of a chunk: a short run is one batch, and so one change of thread."""
    batch, start = [], time.perf_counter()
    for frame in answer:
        batch.append(frame)
        if time.perf_counter() - start >= BATCH_SECONDS:
            break
    return batch
