"""The WebSocket of a training run: a chunk of work, its frames, and what the page wants next.

A client that does not read holds up its own run: the next chunk waits until the last has gone. One
that leaves has its run wait for it.
"""

import asyncio
import logging
from dataclasses import asdict

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from app.checkpoints import Checkpoints
from app.messages import MessageError
from app.orders import Orders
from app.requests import PROBLEMS
from app.runs import Runs, client_of
from app.session import error_frame
from app.sockets import attended, send
from app.training import Trainer

router = APIRouter()
log = logging.getLogger("unrolled")


@router.get("/api/checkpoint", summary="A trained network", responses=PROBLEMS)
def checkpoint(request: Request, name: str) -> Response:
    """How it was trained, and the experiment that the lab opens it with."""
    checkpoints: Checkpoints = request.app.state.checkpoints
    kept = checkpoints.get(name)
    return JSONResponse(
        {
            "training": asdict(kept.training),
            "step": kept.step,
            "experiment": kept.experiment().named() | {"checkpoint": name},
        }
    )


@router.websocket("/api/train")
async def train(socket: WebSocket) -> None:
    state, loop = socket.app.state, asyncio.get_running_loop()
    async with attended(socket, Orders()) as orders:

        def taken() -> None:
            loop.call_soon_threadsafe(orders.taken)

        trainer = Trainer(state.settings, state.checkpoints, state.trainings, taken)
        try:
            while orders.open:
                await orders.news()
                await _refuse(socket, orders)
                await _follow(socket, orders, trainer)
        finally:
            await state.runs.compute(trainer.leave, orders.paused)
            loop.call_later(state.settings.training_keep + 1, state.trainings.expire)


async def _follow(socket: WebSocket, orders: Orders, trainer: Trainer) -> None:
    try:
        await _find(socket, orders, trainer)
        await _work(socket, orders, trainer)
    except MessageError as error:
        await send(socket, error_frame(orders.pause(), error))
    except WebSocketDisconnect:
        raise
    except Exception:
        log.exception("a training run failed")
        trainer.drop()
        await send(socket, error_frame(orders.pause(), MessageError("internal")))


async def _find(socket: WebSocket, orders: Orders, trainer: Trainer) -> None:
    """Go on with a run that is asked for by its key: first with what it has shown."""
    runs: Runs = socket.app.state.runs
    if wanted := orders.found():
        frames, paused = await runs.compute(trainer.find, *wanted)
        orders.go_on(paused)
        for frame in frames:
            await send(socket, frame)


async def _work(socket: WebSocket, orders: Orders, trainer: Trainer) -> None:
    """Train as long as there is something to do; whoever waits leaves its place to others."""
    runs: Runs = socket.app.state.runs
    if not orders.due(trainer.live):
        return
    async with runs.training_slot(client_of(socket)):
        while orders.open and orders.due(trainer.live):
            order = orders.next()
            frames, taken = await runs.train(trainer.follow, order)
            orders.done(order, taken)
            for frame in frames:
                await send(socket, frame)
            await _refuse(socket, orders)


async def _refuse(socket: WebSocket, orders: Orders) -> None:
    for problem in orders.problems():
        await send(socket, error_frame(problem.number, problem))
