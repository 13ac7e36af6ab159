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

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """One of the runs under way; raises ``MessageError`` when none comes free in time."""
        try:
            async with asyncio.timeout(self._settings.patience):
                await self._slots.acquire()
        except TimeoutError:
            raise MessageError("busy", limit=self._settings.runs) from None
        try:
            yield
        finally:
            self._slots.release()

    async def compute(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: function(*args, **kwargs))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
