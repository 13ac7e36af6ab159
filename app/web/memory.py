"""The bytes that all runs and answers under way may hold together, and giving them back."""

import asyncio
import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unrolled.app.errors import MessageError
from unrolled.app.runs.trace_json import numbers
from unrolled.engine import Experiment

LARGE = 2**24
"""Bytes of a run, or of an answer, after which the memory that is free goes back to the system."""
PIECE = 2**18
"""Bytes of an answer that are sent at a time."""
BYTES_A_NUMBER = 16
"""Of a number in a trace: itself, and what stands beside it while it is computed."""


class Memory:
    """A budget of bytes that threads share."""

    def __init__(self, most: int) -> None:
        self._most, self._used, self._holders, self._lock = most, 0, 0, Lock()

    @contextmanager
    def room(self, experiment: Experiment) -> Iterator[None]:
        """Hold what an experiment's run takes; raises ``MessageError`` while there is no room."""
        size = BYTES_A_NUMBER * numbers(experiment)
        with self.hold(size):
            yield
        if size >= LARGE:
            give_back()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Hold so many bytes; raises ``MessageError`` while there is no room for them.

        What is larger than the budget has it to itself.
        """
        with self._lock:
            if self._used and self._used + size > self._most:
                raise MessageError("busy", limit=self._holders)
            self._used += size
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._used -= size
                self._holders -= 1


class HeldResponse(Response):
    """An answer whose bytes count against the memory of all runs until they are sent."""

    def __init__(
        self, body: bytes | bytearray, memory: Memory, media_type: str, **options: Any
    ) -> None:
        super().__init__(memoryview(body), media_type=media_type, **options)
        self._memory = memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = len(self.body)
        try:
            with self._memory.hold(size):
                await super().__call__(scope, receive, send)
        finally:
            self.body = b""
            if size >= LARGE:
                await asyncio.to_thread(give_back)


class InPieces:
    """Middleware that sends a long body piece by piece, each once the client has read the last.

    A server that is given a body whole keeps it until the client has read it all.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_pieces(message: Message) -> None:
            body = memoryview(message.get("body", b""))
            last = max(0, len(body) - 1) // PIECE * PIECE
            for start in range(0, last, PIECE):
                piece = bytes(body[start : start + PIECE])
                await send({"type": message["type"], "body": piece, "more_body": True})
            await send({**message, "body": bytes(body[last:])} if body else message)

        await self.app(scope, receive, in_pieces if scope["type"] == "http" else send)


def give_back() -> None:
    """Return free memory to the system, which glibc keeps for its own next use."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return  # another C library: it has no such habit, or no such function
