"""The HTTP interface: one experiment in, one trace or one timestep of it out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from app import step as in_numbers
from app.answers import answer, numbers
from app.catalog import DEFAULT, languages, translator
from app.figures import THEMES, definitions
from app.messages import MessageError, described, experiment, parse_object, parse_step
from app.runs import Runs
from app.schema import EXPERIMENT, PROBLEM, STEP
from app.settings import Settings
from engine import ExperimentError

router = APIRouter()

_PROBLEM: dict[str, Any] = {"content": {"application/json": {"schema": PROBLEM}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    413: {"description": "The request or its answer is too large", **_PROBLEM},
    422: {"description": "A field holds what it cannot", **_PROBLEM},
    503: {"description": "Too many runs are under way", **_PROBLEM},
}


@router.get("/healthz", summary="Whether the server is up")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Whether the server can compute")
async def readyz(request: Request) -> dict[str, str]:
    runs: Runs = request.app.state.runs
    return {"status": await runs.compute(lambda: "ready")}


def _body_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/api/trace",
    summary="Run one experiment",
    openapi_extra=_body_of(EXPERIMENT),
    responses=_PROBLEMS,
)
async def trace(request: Request) -> Response:
    """The whole trace; -inf and what was not computed are null."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    try:
        fields = parse_object(await _body(request, settings.message_bytes))
        async with runs.answer_slot():
            wanted = await runs.compute(experiment, fields, settings)
            if (count := numbers(wanted)) > settings.answer_numbers:
                raise MessageError("answer_too_big", count=count, limit=settings.answer_numbers)
            return Response(await runs.answer(answer, wanted), media_type="application/json")
    except (ExperimentError, MessageError) as error:
        return _refusal(error)


@router.post(
    "/api/step",
    summary="One timestep of an experiment in numbers",
    openapi_extra=_body_of(STEP),
    responses=_PROBLEMS,
)
async def step(request: Request) -> Response:
    """Its equations, forward and backward, as MathML, and every array that stands in them."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    try:
        fields, timestep = parse_step(await _body(request, settings.message_bytes))
        async with runs.answer_slot():
            wanted = await runs.compute(experiment, fields, settings)
            if (count := in_numbers.numbers(wanted)) > in_numbers.MOST_NUMBERS:
                raise MessageError("step_too_big", count=count, limit=in_numbers.MOST_NUMBERS)
            body = await runs.answer(in_numbers.answer, wanted, timestep)
            return Response(body, media_type="application/json")
    except (ExperimentError, MessageError) as error:
        return _refusal(error)


def _refusal(error: ExperimentError | MessageError) -> Response:
    codes = {"too_big": 413, "answer_too_big": 413, "step_too_big": 413, "busy": 503}
    status = codes.get(error.code, 422)
    headers = {"Retry-After": "1"} if status == 503 else None
    return JSONResponse(described(error), status_code=status, headers=headers)


@router.get("/api/figures", summary="The charts' definitions, without numbers")
def figures(
    theme: Annotated[str, Query(pattern="^({})$".format("|".join(THEMES)))] = "light",
    lang: Annotated[str, Query(pattern="^({})$".format("|".join(languages())))] = DEFAULT,
) -> JSONResponse:
    return JSONResponse(definitions(theme, translator(lang)), headers={"Cache-Control": "no-cache"})


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise MessageError("too_big", limit=limit)
    return bytes(body)
