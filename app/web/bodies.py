"""Reads a request's body up to the size limit, and turns errors into JSON responses."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from functools import reduce
from operator import or_
from typing import Any

from fastapi import Request, Response, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from unrolled.app.errors import MessageError, described
from unrolled.app.runs.memory import LARGE, Memory, give_back
from unrolled.engine import ExperimentError


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Problem(Answer):
    """An error in a request."""

    field: str | None
    """The setting to change, if there is one."""
    code: str
    """What is wrong, for a program; each code has one sentence."""
    details: dict[str, Any]
    """What the sentence says in numbers: the value, the range, the limit."""
    message: str
    """The sentence, in English."""


def answered(description: str, *models: Any) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of a JSON response, which is one of the models."""
    return {200: {"description": description, "model": reduce(or_, models)}}


def sent(description: str, *media_types: str, schema: Any = None) -> dict[int | str, Any]:
    """Return the OpenAPI description of a response in other media types."""
    of = schema or {"type": "string", "format": "binary", "description": description}
    content = {media_type: {"schema": of} for media_type in media_types}
    return {200: {"description": description, "content": content}}


_PROBLEMS = {
    403: "A page of another origin asks, or for another host",
    404: "There is no such page or room, or a trained network or a run is not kept",
    405: "The address takes another method",
    409: "No other device can reach this server",
    413: "The request or its answer is too large",
    422: "A field holds what it cannot",
    429: "Too many wrong codes of rooms came from this network",
    500: "The server failed",
    503: "Too many runs are under way, or too many rooms open",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the API's description says with which statuses a route refuses a request."""
    return {
        status: {"description": _PROBLEMS[status], "model": Problem} for status in sorted(statuses)
    }


ANYWHERE = problems(403, 405, 500)
"""What any route may answer."""
RUN_PROBLEMS = problems(404, 413, 422, 503)
"""What a route refuses that runs an experiment, or a trained network."""
REFUSED = (ExperimentError, MessageError)
"""What a route raises on a request that it does not take."""
STATUS = {
    "forgotten": 404,
    "training_gone": 404,
    "room_gone": 404,
    "room_lesson": 404,
    "too_big": 413,
    "file_too_big": 413,
    "weights_size": 413,
    "answer_too_big": 413,
    "analysis_too_big": 413,
    "step_too_big": 413,
    "sweep_too_big": 413,
    "lesson_too_big": 413,
    "qr_long": 413,
    "qr_local": 409,
    "qr_offline": 409,
    "qr_contained": 409,
    "busy": 503,
    "trainings_full": 503,
    "rooms_full": 503,
    "rooms_away": 503,
    "room_full": 503,
    "room_tries": 429,
    "foreign": 403,
    "room_token": 403,
    "room_teacher": 403,
    "host": 403,
    "no_page": 404,
    "no_method": 405,
    "internal": 500,
}


def body_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI description of a request's body."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def one_of(choices: Iterable[str]) -> str:
    """Return the pattern of a parameter that is one of some names."""
    return f"^({'|'.join(choices)})$".replace(".", r"\.")


def choices_of(pattern: str) -> str:
    """Return the names of ``one_of`` for an error message."""
    return ", ".join(pattern.removeprefix("^(").removesuffix(")$").replace("\\.", ".").split("|"))


async def read(
    request: Request, limit: int, more: Callable[[int], None] = lambda size: None
) -> bytes:
    """Return the body; raises ``MessageError`` as soon as it is too long.

    ``more`` reserves the bytes that arrive: they are there twice.
    """
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > limit:
            raise MessageError("too_big", limit=limit)
        more(2 * len(chunk))
        body += chunk
    return bytes(body)


async def streamed(pieces: AsyncGenerator[bytes, None], media_type: str) -> StreamingResponse:
    """Return a streamed response; an error before its first piece becomes an error response."""
    first = await anext(pieces)

    async def joined() -> AsyncGenerator[bytes, None]:
        async with aclosing(pieces):
            yield first
            async for piece in pieces:
                yield piece

    unbuffered = {"X-Accel-Buffering": "no"}  # nginx would buffer the pieces
    return StreamingResponse(joined(), media_type=media_type, headers=unbuffered)


class HeldResponse(Response):
    """A response whose bytes count against the memory budget until they are sent."""

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


async def refuse_socket(socket: WebSocket, error: MessageError) -> None:
    """Reject a handshake; the error is the body where the server can send one."""
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(await refusal(socket, error))
    else:
        await socket.close(code=1008)


async def refusal(request: HTTPConnection, error: Any) -> JSONResponse:
    """Return an error of ``REFUSED`` as a response."""
    status = STATUS.get(error.code, 422)
    headers = {"Retry-After": "1"} if status == 503 else None
    return JSONResponse(described(error), status_code=status, headers=headers)
