"""The clients of a request: whom it comes from, and whether they wait for the answer still.

What is computed for one that has left ends between two blocks of timesteps.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from fastapi import Request
from fastapi.requests import HTTPConnection
from starlette.requests import ClientDisconnect

from unrolled import engine
from unrolled.engine import Experiment, Trace

_left: ContextVar[Callable[[], bool]] = ContextVar("left", default=lambda: False)


def client_of(connection: HTTPConnection) -> str:
    """Return whom a request comes from: the client's address."""
    return connection.client.host if connection.client else ""


@asynccontextmanager
async def waited_for(request: Request) -> AsyncIterator[None]:
    """Within the block, and on the threads that it hands work to, notice that the client leaves.

    The body of the request has been read before.
    """
    async with leaving_of(request) as left:
        token = _left.set(left)
        try:
            yield
        finally:
            _left.reset(token)


@asynccontextmanager
async def leaving_of(request: Request) -> AsyncIterator[Callable[[], bool]]:
    """Yield what tells, on any thread, whether the client has left meanwhile."""
    leaving = asyncio.create_task(_leaving(request))
    try:
        yield leaving.done
    finally:
        leaving.cancel()


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def has_left() -> bool:
    """Tell whether the client for whom this thread computes has left."""
    return _left.get()()


def go_on() -> None:
    """Raise ``ClientDisconnect`` where the client for whom this thread computes has left."""
    if has_left():
        raise ClientDisconnect


def trace_of(experiment: Experiment, *, walk_back: bool = True) -> Trace:
    """``engine.trace_of``, as long as the client waits for it."""
    return engine.trace_of(experiment, walk_back=walk_back, between=go_on)
