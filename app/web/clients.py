"""The client of a request: its address, and whether it is still connected."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import Request
from fastapi.requests import HTTPConnection

from unrolled.app.runs.cancellation import computing_for


def client_of(connection: HTTPConnection) -> str:
    """Return the address of a request's client."""
    return connection.client.host if connection.client else ""


@asynccontextmanager
async def waited_for(request: Request) -> AsyncIterator[None]:
    """Within the block, and on the threads that it hands work to, notice that the client leaves.

    The body of the request has been read before.
    """
    async with leaving_of(request) as left:
        with computing_for(left):
            yield


@asynccontextmanager
async def leaving_of(request: Request) -> AsyncIterator[Callable[[], bool]]:
    """Yield a function that returns whether the client has left; any thread may call it."""
    leaving = asyncio.create_task(_leaving(request))
    try:
        yield leaving.done
    finally:
        leaving.cancel()


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
