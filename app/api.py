"""The HTTP interface: one experiment in, one trace out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from app.answers import answer, numbers
from app.catalog import DEFAULT, languages, translator
from app.figures import THEMES, definitions
from app.messages import MessageError, described, experiment, parse_object
from app.runs import Runs
from app.schema import EXPERIMENT, PROBLEM
from app.settings import Settings
from engine import ExperimentError

router = APIRouter()

_BODY = {"required": True, "content": {"application/json": {"schema": EXPERIMENT}}}
_PROBLEM: dict[str, Any] = {"content": {"application/json": {"schema": PROBLEM}}}


@router.get("/healthz", summary="Whether the server is up")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Whether the server can compute")
async def readyz(request: Request) -> dict[str, str]:
    runs: Runs = request.app.state.runs
    return {"status": await runs.compute(lambda: "ready")}


@router.post(
    "/api/trace",
    summary="Run one experiment",
    openapi_extra={"requestBody": _BODY},
    responses={
        413: {"description": "The request or its answer is too large", **_PROBLEM},
        422: {"description": "A field holds what it cannot", **_PROBLEM},
        503: {"description": "Too many runs are under way", **_PROBLEM},
    },
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
    except ExperimentError as error:
        return JSONResponse(described(error), status_code=422)
    except MessageError as error:
        status = {"too_big": 413, "answer_too_big": 413, "busy": 503}.get(error.code, 422)
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
