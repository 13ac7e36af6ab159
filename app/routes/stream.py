"""The lab's frames around a session: validate, send, cancel.

They are sent over a WebSocket, on which the newest request wins between one batch of frames and
the next: what is computed is sent. One that is refused leaves the run under way as it is. Where no
socket opens, a POST brings the same frames.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect

from unrolled.app.errors import MessageError
from unrolled.app.lessons.live import told
from unrolled.app.routes.models import RUN
from unrolled.app.runs.frames import MEDIA_TYPE, Error
from unrolled.app.runs.mailbox import Mailbox
from unrolled.app.runs.requests import TraceRequest, experiment, parse
from unrolled.app.runs.run_frames import Asked, frames
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import REFUSED, RUN_PROBLEMS, body_of, read, sent, streamed
from unrolled.app.web.clients import client_of
from unrolled.app.web.websocket import accepted_socket, send
from unrolled.app.web.workers import Runs, batch
from unrolled.app.weights.matrices import weights_of_run

router = APIRouter()
log = logging.getLogger("unrolled")


@router.websocket("/api/stream")
async def stream(socket: WebSocket) -> None:
    requests = Mailbox(partial(parse, TraceRequest))
    async with accepted_socket(socket, requests) as mailbox:
        while mailbox.open:
            await mailbox.wait()
            await _refuse(socket, mailbox)
            if mailbox.open and mailbox.fresh:
                await _answer(socket, mailbox)


async def _answer(socket: WebSocket, mailbox: Mailbox[TraceRequest]) -> None:
    """Answer a request, as far as no newer one comes that can be followed."""
    turn = Turn(mailbox, socket.app.state)
    runs: Runs = socket.app.state.runs
    try:
        async with runs.slot(client_of(socket)):
            while found := await runs.compute(turn.batch):
                for frame in found:
                    await send(socket, frame)
                await _refuse(socket, mailbox)
                if await _superseded(socket, mailbox):
                    return
    except REFUSED as error:
        await send(socket, Error.of(turn.number, error).encode())
    except (WebSocketDisconnect, asyncio.CancelledError):
        raise
    except Exception:
        log.exception("a run failed")
        if mailbox.open:
            await send(socket, Error.of(turn.number, MessageError("internal")).encode())


async def _refuse(socket: WebSocket, mailbox: Mailbox[TraceRequest]) -> None:
    """Answer the messages that are no requests."""
    for problem in mailbox.problems():
        await send(socket, Error.of(problem.number, problem).encode())


async def _superseded(socket: WebSocket, mailbox: Mailbox[TraceRequest]) -> bool:
    """Return whether a newer request waits; one that cannot be followed is answered at once."""
    state = socket.app.state
    if (newer := mailbox.fresh) is None:
        return False
    wanted = newer.experiment, state.settings, state.checkpoints.get
    try:
        await state.runs.compute(experiment, *wanted)
    except REFUSED as error:
        mailbox.drop(newer)
        await send(socket, Error.of(newer.id, error).encode())
        return False
    return True


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
    asked = _asked(wanted, state.settings)
    async with runs.slot(client_of(request)):
        stay, known = (lambda: False), state.checkpoints.get
        answer = frames(wanted, state.settings, stay, known, runs.memory, asked)
        begun = False
        try:
            while found := await runs.compute(batch, answer):
                begun = True
                yield b"".join(found)
                if await request.is_disconnected():
                    return
        except Exception:
            if not begun:
                raise
            log.exception("a run failed")
            yield Error.of(wanted.id, MessageError("internal")).encode()


def _asked(request: TraceRequest, settings: Settings) -> Asked:
    """Return what the last frame is to have; raises ``LessonError`` on a claim that is wrong."""
    return Asked(told(request.claims, settings), weights_of_run(request.weight))


class Turn:
    """One request's turn to compute. A newer one that comes before the turn does takes it over.

    A client whose requests come faster than the server can compute would otherwise wait at the
    end of the queue again and again, and see nothing.
    """

    def __init__(self, mailbox: Mailbox[TraceRequest], state: Any) -> None:
        self._mailbox, self._state = mailbox, state
        self._request = mailbox.take()
        self._frames: Iterator[bytes] | None = None

    @property
    def number(self) -> int | None:
        return self._request.id if self._request else None

    def batch(self) -> list[bytes]:
        """Return the frames of a moment's work; none once the request is answered."""
        if self._frames is None:
            request, state = self._mailbox.take(), self._state
            assert request, "a turn is of a request"
            self._request = request
            self._frames = frames(
                request,
                state.settings,
                self._left,
                state.checkpoints.get,
                state.runs.memory,
                _asked(request, state.settings),
            )
        return batch(self._frames)

    def _left(self) -> bool:
        return not self._mailbox.open
