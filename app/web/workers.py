"""Thread pools for computations, with a bounded number of runs."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from typing import Any, ParamSpec, TypeVar

from fastapi import Request

from unrolled.app.errors import MessageError
from unrolled.app.runs.memory import Memory
from unrolled.app.runs.requests import experiment
from unrolled.app.settings import Settings
from unrolled.app.web.clients import client_of, waited_for
from unrolled.engine import Experiment

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Told = Callable[[int], Awaitable[None]]
TELL_SECONDS = 1.0
BATCH_SECONDS = 0.04
SHARE = 1 / 4
"""Of the places, that one client may hold: the others stay free for the rest of the class."""


def batch(answer: Iterator[bytes]) -> list[bytes]:
    """Return the frames of a chunk: a short run is one batch, and so one change of thread."""
    found, start = [], time.perf_counter()
    for frame in answer:
        found.append(frame)
        if time.perf_counter() - start >= BATCH_SECONDS:
            break
    return found


class Pool:
    """A bounded number of slots, and the threads that compute for their holders.

    Slots are granted in the order of requests; a client holds no more than its share.
    """

    def __init__(
        self, name: str, places: int, threads: int, patience: float, share: float = SHARE
    ) -> None:
        self._places, self._patience = places, patience
        self._share = max(1, round(share * places))
        self._held: Counter[str] = Counter()
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._running: dict[object, float] = {}
        """When each function that is running began."""

    @asynccontextmanager
    async def place(self, client: str = "", told: Told | None = None) -> AsyncIterator[None]:
        """Hold a slot; raises ``MessageError`` if none becomes free in time.

        With ``told`` there is no time limit: it is called repeatedly with the number of clients
        ahead, and an exception that it raises ends the wait.
        """
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry, seconds = (client, turn), TELL_SECONDS if told else self._patience
        self._waiting.append(entry)
        self._admit()
        try:
            while not turn.done():
                if told:
                    await told(self._waiting.index(entry))
                await asyncio.wait({turn}, timeout=seconds)  # keeps the order
                if not (told or turn.done()):
                    raise MessageError("busy", limit=self._places)
            yield
        finally:
            if turn.done():
                self._leave(client)
            else:
                self._waiting.remove(entry)

    async def run(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Run a function on one of the threads, in this context, and return its result."""
        context = copy_context()

        def timed() -> Result:
            job = object()
            self._running[job] = time.monotonic()
            try:
                return context.run(function, *args, **kwargs)
            finally:
                del self._running[job]

        return await asyncio.get_running_loop().run_in_executor(self._threads, timed)

    def longest(self) -> float:
        """Return the seconds for which the longest running function has been running."""
        now = time.monotonic()
        return max((now - begun for begun in [*self._running.values()]), default=0.0)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _leave(self, client: str) -> None:
        self._held[client] -= 1
        self._held += Counter()  # drops clients without slots
        self._admit()

    def _admit(self) -> None:
        """Grant free slots, first come, first served."""
        for entry in [*self._waiting]:
            client, turn = entry
            if self._held.total() >= self._places:
                return
            if self._held[client] < self._share:
                self._waiting.remove(entry)
                self._held[client] += 1
                turn.set_result(None)


class Runs:
    """One pool for each kind of work, so that short work does not wait for long work."""

    def __init__(self, settings: Settings) -> None:
        patience, answers, sweeps = settings.patience, settings.answers, settings.sweeps
        self.memory = Memory(settings.run_bytes)
        self._streams = Pool("engine", settings.runs, settings.workers, patience)
        self._answers = Pool("answers", answers, answers, patience, share=1 / 2)
        self._sweeps = Pool("sweeps", sweeps, sweeps, patience)
        self._trainings = Pool(
            "training", settings.trainings, settings.training_workers, patience, share=1 / 2
        )
        self.slot, self.compute = self._streams.place, self._streams.run
        """A moment's work, of which many take turns."""
        self.longest = self._streams.longest
        self.answer = self._answers.run
        """Work of many seconds, which no stream should wait for."""
        self.sweep = self._sweeps.run
        """A piece of a sweep, which neither a stream nor an answer should wait for."""
        self.training_slot, self.train = self._trainings.place, self._trainings.run
        """A chunk of a training run; those that train take turns, and no stream waits for them."""

    async def experiment(self, request: Request, fields: dict[str, Any]) -> Experiment:
        """Return the experiment of a request, if this server can compute it."""
        state = request.app.state
        return await self.compute(experiment, fields, state.settings, state.checkpoints.get)

    async def answer_run(
        self, wanted: Experiment, function: Callable[..., Result], *args: Any
    ) -> Result:
        """Return the result of ``function``, once the run fits in the memory budget."""

        def in_room() -> Result:
            with self.memory.room(wanted):
                return function(*args)

        return await self.answer(in_room)

    @asynccontextmanager
    async def answer_slot(self, request: Request) -> AsyncIterator[None]:
        """Hold a slot while ``answer`` computes; a waiting client holds no other slot.

        The computation ends when the client disconnects.
        """
        client = client_of(request)
        async with waited_for(request), self._answers.place(client), self.slot(client):
            yield

    @asynccontextmanager
    async def sweep_slot(self, client: str = "") -> AsyncIterator[None]:
        """Hold a slot while ``sweep`` computes, piece by piece."""
        async with self._sweeps.place(client), self.slot(client):
            yield

    def close(self) -> None:
        for pool in (self._streams, self._answers, self._sweeps, self._trainings):
            pool.close()
