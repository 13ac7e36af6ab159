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
    """Cancel work in this context, and on threads it starts, when the client disconnects.

    The body of the request must have been read.
    """
    async with leaving_of(request) as left:
        with computing_for(left):
            yield


@asynccontextmanager
async def leaving_of(request: Request) -> AsyncIterator[Callable[[], bool]]:
    """Yield a thread-safe function that returns whether the client has disconnected."""
    leaving = asyncio.create_task(_leaving(request))
    try:
        yield leaving.done
    finally:
        leaving.cancel()


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
