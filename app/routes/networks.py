"""The HTTP interface of a user's own network: a file of weights, and the words that it reads."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from unrolled.app.errors import MessageError
from unrolled.app.json import as_json
from unrolled.app.routes.models import VOCABULARY
from unrolled.app.routes.own_answers import FileAnswer, RenamedAnswer
from unrolled.app.runs.frames import MEDIA_TYPE
from unrolled.app.runs.requests import VocabularyRequest, parse
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import RUN_PROBLEMS, answered, body_of, problems, read
from unrolled.app.web.workers import Runs
from unrolled.app.weights.own import Choice, opened, renamed
from unrolled.engine.validation import quote
from unrolled.engine.weights.arrays import PART
from unrolled.engine.weights.stored import refusal

router = APIRouter()


class FileQuery(BaseModel):
    """A user's file by its name, and what of it is wanted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str = "file"
    """The name of the file, whose ending says what it holds."""
    module: str | None = None
    """The recurrent module to run, as the answer names it; the only one without it."""
    head: str | None = None
    """The linear layer that reads its states; the only one that fits without it."""
    embedding: str | None = None
    """The table whose rows it reads, empty for none; the only one that fits without it."""
    reads: Literal["h_n", "output"] | None = None
    """Of both directions, the states that a readout of one loss reads: the last of each, `h_n`, or
    those at T, `output`."""
    checkpoint: str | None = None
    """The network that is open, by its name here: it reads a file of numbers."""
    step: int | None = None
    """The step of a recording that is to be opened; without it, its gradient window is told."""
    sequence: int = 1
    """The sequence of that step's batch, from 1."""
    listed: bool = False
    """Whether the content is the head of a `.safetensors` file, whose modules are asked for."""


FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "/api/network",
    summary="Open a user's own network",
    openapi_extra=FILE,
    responses=problems(413, 422, 503) | answered("The content of the file", FileAnswer),
)
async def network(request: Request, asked: Annotated[FileQuery, Query()]) -> Response:
    """Return the recurrent modules of a file, and the name by which experiments use the network.

    The file, `.safetensors`, `.npz`, `.keras` or `.weights.h5`, is read as data: nothing in it is
    run. Where one module can be run, and one readout fits it, it is taken. The network is kept as
    those of training runs are: until others need the room.

    A file of numbers, (T, D) in `.npy`, `.npz` or `.csv`, is read by the network that is named
    `checkpoint`, which gets another name with it. Of a file of `unrolled.record` the answer is the
    gradient window of a `module`, or with `step` and `sequence` the network of that moment.

    Of a large `.safetensors` file the head is enough to be told its modules, `listed`; then a file
    of the chosen module, its readout and its embedding is enough.
    """
    state = request.app.state
    settings: Settings = state.settings
    runs: Runs = state.runs
    name, choice = asked.name, Choice(**asked.model_dump(exclude={"name"}))
    with runs.memory.growing() as more:
        content = await _content(request, name, settings.network_file_bytes, more)
        async with runs.answer_slot(request):
            more(2 * len(content))
            found = await runs.answer(opened, content, name, choice, state.checkpoints, settings)
    asyncio.get_running_loop().call_later(settings.network_keep + 1, state.checkpoints.expire)
    return Response(bytes(as_json(found)), media_type="application/json")


async def _content(request: Request, name: str, limit: int, more: Callable[[int], None]) -> bytes:
    """Return the content of a file; raises as soon as it is too large, and names the remedy."""
    try:
        return await read(request, limit, more)
    except MessageError as error:
        if error.code != "too_big":
            raise
        if name.lower().endswith(".safetensors"):
            raise refusal("size", name, limit=limit >> 20, example=PART) from None
        shown: Any = {"value": quote(name, 80), "limit": limit >> 20, "example": "unrolled open"}
        raise MessageError("file_too_big", **shown) from None


@router.post(
    "/api/vocabulary",
    summary="Name the words of a user's own network",
    openapi_extra=body_of(VOCABULARY),
    responses=RUN_PROBLEMS | answered("The network's new name", RenamedAnswer),
)
async def vocabulary(request: Request) -> Response:
    """Keep the network under a new name, and read the tokens of the vocabulary with it.

    A `sequence` and a `target` that were typed before come back as the network reads them now, and
    as `null` where it cannot: numbers that stood for tokens become these tokens.
    """
    state = request.app.state
    runs: Runs = state.runs
    asked = parse(VocabularyRequest, await read(request, state.settings.message_bytes))
    async with runs.answer_slot(request):
        return JSONResponse(await runs.answer(renamed, asked, state.checkpoints, state.settings))
