"""The WebSocket of a training run: a chunk of work, its frames, and the page's next command.

A client that does not read holds up its own run: the next chunk waits until the last has gone. One
that leaves has its run wait for it; so where no socket opens, each POST trains for a moment.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from unrolled.app.errors import MessageError
from unrolled.app.routes.answers import CheckpointAnswer, KeptAnswer
from unrolled.app.routes.models import TRAINING
from unrolled.app.runs.frames import MEDIA_TYPE, Error
from unrolled.app.runs.limits import within
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.commands import Orders
from unrolled.app.training.frames import Waiting
from unrolled.app.training.messages import ForRun, parse_message
from unrolled.app.training.trainer import Refused, Trainer
from unrolled.app.web.bodies import REFUSED, RUN_PROBLEMS, answered, body_of, problems, read, sent
from unrolled.app.web.clients import client_of
from unrolled.app.web.websocket import accepted_socket, send
from unrolled.app.web.workers import Runs
from unrolled.engine import Checkpoint
from unrolled.engine.validation import quote

MOMENT = 0.5
"""The approximate seconds that one POST trains."""
Sent = Callable[[bytes], Awaitable[None]]
"""Sends a frame to the page."""
Refuse = Callable[[int | None, Refused], Awaitable[None]]
"""Tells the page what is wrong with the message of an id."""

router = APIRouter()
log = logging.getLogger("unrolled")


@router.get(
    "/api/checkpoint",
    summary="A trained network",
    responses=problems(404, 422) | answered("The network", CheckpointAnswer),
)
def checkpoint(request: Request, name: str) -> Response:
    """Return how a network was trained, and the experiment that opens it in the lab.

    Not the text of its examples: a link to a network hands out no more than the network.
    """
    checkpoints: Checkpoints = request.app.state.checkpoints
    kept = checkpoints.get(name)
    own = {"experiment": kept.experiment().named() | {"checkpoint": name}}
    return JSONResponse(kept.told() | own)


@router.post(
    "/api/checkpoint",
    summary="Open a trained network",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    responses=problems(413, 422, 503) | answered("The network's name", KeptAnswer),
)
async def opened(request: Request, name: str = "file") -> Response:
    """Return the `name` by which experiments use the network of a file of `unrolled train`.

    Messages call the file `name`. The network is kept as those of training runs are: until others
    need the room.
    """
    state = request.app.state
    settings: Settings = state.settings
    content = await read(request, settings.checkpoint_file_bytes)
    async with state.runs.answer_slot(request):
        kept = await state.runs.answer(_kept, content, name, state.checkpoints, settings)
    return JSONResponse({"name": kept})


def _kept(content: bytes, name: str, checkpoints: Checkpoints, settings: Settings) -> str:
    """Keep the network of a file that this server can compute, and return its name here."""
    checkpoint = Checkpoint.read(content, quote(name))
    within(checkpoint.experiment(), settings)
    run = checkpoints.name()
    checkpoints.keep(run, checkpoint)
    return f"{run}-{checkpoint.step}"


@router.websocket("/api/train")
async def train(socket: WebSocket) -> None:
    async def refused(number: int | None, problem: Refused) -> None:
        await send(socket, Error.of(number, problem).encode())

    async with (
        accepted_socket(socket, Orders()) as orders,
        _attended(socket, orders, partial(send, socket), refused) as page,
    ):
        while orders.open:
            await orders.wait()
            await page.refuse()
            await page.follow()


@router.post(
    "/api/train",
    summary="Train for a moment",
    openapi_extra=body_of(TRAINING),
    response_class=Response,
    responses=RUN_PROBLEMS | sent("Frames, one after another: see docs/protocol.md", MEDIA_TYPE),
)
async def posted(request: Request) -> Response:
    """Train for a moment, and return frames one after another, like those of `/api/stream`.

    A run begins with `train`; its `begin` frame tells the `key` by which the next message goes on
    with it. Between two messages it waits, for as long as the server keeps it. What is wrong with
    a message is JSON, unless it trained before it failed.
    """
    orders, frames = Orders(), []

    async def sent(frame: bytes) -> None:
        frames.append(frame)

    async def refused(number: int | None, problem: Refused) -> None:
        if not frames:
            raise problem
        frames.append(Error.of(number, problem).encode())

    text = (await read(request, request.app.state.settings.message_bytes)).decode(errors="replace")
    message = parse_message(text)
    key = getattr(message, "key", None)
    if isinstance(message, ForRun) and key is None:
        raise MessageError("key_missing", message.id, "key")
    async with _attended(request, orders, sent, refused) as page:
        if key is not None:
            orders.put(json.dumps({"id": message.id, "find": key}))
            await page.find()
            frames.clear()
        orders.put(text)
        if problems := orders.problems():
            raise problems[0]
        asyncio.get_running_loop().call_later(MOMENT, orders.close)
        await page.follow()
    return Response(b"".join(frames), media_type=MEDIA_TYPE)


@asynccontextmanager
async def _attended(
    client: HTTPConnection, orders: Orders, sent: Sent, refused: Refuse
) -> AsyncIterator["Page"]:
    """Yield a page, whose run waits for it after it disconnects."""
    state, loop = client.app.state, asyncio.get_running_loop()
    page = Page(client, orders, sent, refused)
    try:
        yield page
    finally:
        await state.runs.compute(page.trainer.leave, orders.paused)
        loop.call_later(state.settings.training_keep + 1, state.trainings.expire)


class NotWantedError(Exception):
    """A waiting run must not continue."""


class Page:
    """A client of a training run: its commands, and where its frames go."""

    def __init__(self, client: HTTPConnection, orders: Orders, sent: Sent, refused: Refuse) -> None:
        state, loop = client.app.state, asyncio.get_running_loop()

        def taken() -> bool:
            loop.call_soon_threadsafe(orders.taken)
            return orders.paused

        self._runs: Runs = state.runs
        self._client, self._orders = client_of(client), orders
        self._send, self._refused = sent, refused
        self.trainer = Trainer(
            state.settings, state.checkpoints, state.trainings, taken, self._client
        )

    async def follow(self) -> None:
        """Execute the commands."""
        orders = self._orders
        try:
            await self.find()
            await self._work()
            if orders.halted(self.trainer.live):
                for frame in await self._runs.compute(self.trainer.halt):
                    await self._send(frame)
        except REFUSED as error:
            await self._refused(orders.pause(), error)
        except WebSocketDisconnect:
            raise
        except Exception:
            log.exception("a training run failed")
            self.trainer.drop()
            await self._refused(orders.pause(), MessageError("internal"))

    async def find(self) -> None:
        """Resume a run by its key: first send what it has shown."""
        if wanted := self._orders.found():
            frames, paused = await self._runs.compute(self.trainer.find, *wanted)
            self._orders.go_on(paused)
            for frame in frames:
                await self._send(frame)

    async def _work(self) -> None:
        """Train while there are steps to do; a paused run gives its place to others."""
        if not self._orders.due(self.trainer.live):
            return
        with suppress(NotWantedError):
            await self._take_turn()

    async def _take_turn(self) -> None:
        """Train in a free place; until there is one, send how many runs are ahead."""
        orders, trainer = self._orders, self.trainer

        async def told(before: int) -> None:
            await self.refuse()
            if not (orders.open and orders.due(trainer.live)):
                raise NotWantedError
            await self._send(Waiting(id=orders.number, before=before).encode())

        async with self._runs.training_slot(self._client, told):
            while orders.open and orders.due(trainer.live):
                order = orders.next()
                work = await self._runs.train(trainer.follow, order)
                orders.done(order, work.steps)
                for frame in work.frames:
                    await self._send(frame)
                if work.problem:
                    await self._refused(order.id, work.problem)
                await self.refuse()

    async def refuse(self) -> None:
        for problem in self._orders.problems():
            await self._refused(problem.number, problem)
