"""A page that trains: its commands to a run of this process, and where the frames go."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import WebSocketDisconnect

from unrolled.app.errors import MessageError
from unrolled.app.training.commands import Orders
from unrolled.app.training.frames import Waiting
from unrolled.app.training.trainer import Refused, Trainer
from unrolled.app.web.bodies import REFUSED
from unrolled.app.web.workers import Runs

Sent = Callable[[bytes], Awaitable[None]]
"""Sends a frame to the page."""
Refuse = Callable[[int | None, Refused], Awaitable[None]]
"""Tells the page what is wrong with the message of an id."""
log = logging.getLogger("unrolled")


@asynccontextmanager
async def attended(
    state: Any, client: str, orders: Orders, sent: Sent, refused: Refuse
) -> AsyncIterator["Page"]:
    """Yield a page, whose run waits for it after it disconnects."""
    loop = asyncio.get_running_loop()
    page = Page(state, client, orders, sent, refused)
    try:
        yield page
    finally:
        await page.leave()
        loop.call_later(state.settings.training_keep + 1, state.trainings.expire)
        loop.call_later(state.settings.network_keep + 1, state.checkpoints.expire)


class NotWantedError(Exception):
    """A waiting run must not continue."""


class Page:
    """A client of a training run: its commands, and where its frames go."""

    def __init__(
        self, state: Any, client: str, orders: Orders, sent: Sent, refused: Refuse
    ) -> None:
        loop = asyncio.get_running_loop()

        def taken() -> bool:
            loop.call_soon_threadsafe(orders.taken)
            return orders.paused

        self._runs: Runs = state.runs
        self._client, self._orders = client, orders
        self._send, self._refused = sent, refused
        self.trainer = Trainer(
            state.settings, state.checkpoints, state.trainings, taken, self._client
        )

    async def leave(self) -> None:
        """Let the run wait."""
        await self._runs.compute(self.trainer.leave, self._orders.paused)

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
