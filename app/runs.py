"""Where the computing happens: a few threads, off the event loop, and a bounded number of runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from app.messages import MessageError
from app.settings import Settings

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Runs:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.runs)
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="engine")
        self._answer_slots = asyncio.Semaphore(settings.answers)
        self._answer_threads = ThreadPoolExecutor(settings.answers, thread_name_prefix="answers")
        self._sweep_slots = asyncio.Semaphore(settings.sweeps)
        self._sweep_threads = ThreadPoolExecutor(settings.sweeps, thread_name_prefix="sweeps")
        self._training_slots = asyncio.Semaphore(settings.trainings)
        self._training_threads = ThreadPoolExecutor(
            settings.training_workers, thread_name_prefix="training"
        )

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """One of the runs under way; raises ``MessageError`` when none comes free in time."""
        async with self._one_of(self._slots, self._settings.runs):
            yield

    @asynccontextmanager
    async def answer_slot(self) -> AsyncIterator[None]:
        """A slot for a run that ``answer`` computes; those that wait for one hold no other."""
        async with self._one_of(self._answer_slots, self._settings.answers), self.slot():
            yield

    @asynccontextmanager
    async def sweep_slot(self) -> AsyncIterator[None]:
        """A slot for a run that ``sweep`` computes, piece by piece."""
        async with self._one_of(self._sweep_slots, self._settings.sweeps), self.slot():
            yield

    @asynccontextmanager
    async def training_slot(self) -> AsyncIterator[None]:
        """A slot for a run that ``train`` computes, chunk by chunk."""
        async with self._one_of(self._training_slots, self._settings.trainings):
            yield

    async def compute(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """A moment's work, of which many take turns."""
        return await _on(self._threads, lambda: function(*args, **kwargs))

    async def answer(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Work of many seconds, which no stream should wait for."""
        return await _on(self._answer_threads, lambda: function(*args, **kwargs))

    async def sweep(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """A piece of a sweep, which neither a stream nor an answer should wait for."""
        return await _on(self._sweep_threads, lambda: function(*args, **kwargs))

    async def train(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """A chunk of a training run; those that train take turns, and no stream waits for them."""
        return await _on(self._training_threads, lambda: function(*args, **kwargs))

    def close(self) -> None:
        for threads in (
            self._threads,
            self._answer_threads,
            self._sweep_threads,
            self._training_threads,
        ):
            threads.shutdown(wait=False, cancel_futures=True)

    @asynccontextmanager
    async def _one_of(self, slots: asyncio.Semaphore, limit: int) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._settings.patience):
                await slots.acquire()
        except TimeoutError:
            raise MessageError("busy", limit=limit) from None
        try:
            yield
        finally:
            slots.release()


async def _on(threads: ThreadPoolExecutor, function: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(threads, function)
