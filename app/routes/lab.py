"""The HTTP interface of experiments and trained networks."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from unrolled.app.exports.opener import Opener
from unrolled.app.exports.tables import EXPORTS, disposition, fields_of
from unrolled.app.exports.trace_json import answer
from unrolled.app.figures import THEMES, definitions
from unrolled.app.i18n.catalog import DEFAULT, languages, translator
from unrolled.app.i18n.negotiation import NAME as LANGUAGE
from unrolled.app.i18n.negotiation import language_of
from unrolled.app.routes.answers import (
    LIMITS,
    FigureAnswer,
    Health,
    LimitsAnswer,
    SampleAnswer,
    StepAnswer,
    TraceAnswer,
)
from unrolled.app.routes.deep_answers import DeepTraceAnswer
from unrolled.app.routes.models import EXPERIMENT, SAMPLE, STEP
from unrolled.app.runs import step as in_numbers
from unrolled.app.runs.limits import check_answer, check_step
from unrolled.app.runs.requests import StepRequest, parse, parse_object
from unrolled.app.settings import Settings
from unrolled.app.training.sampling import Wanted, written
from unrolled.app.web.bodies import (
    RUN_PROBLEMS,
    HeldResponse,
    answered,
    body_of,
    one_of,
    problems,
    read,
    sent,
)
from unrolled.app.web.origins import Base, own_address
from unrolled.app.web.workers import Runs

router = APIRouter()

STUCK_SECONDS, READY_SECONDS = 30.0, 2.0
HEALTH: dict[int | str, dict[str, Any]] = {
    200: {"description": "It is well", "model": Health},
    503: {"description": "It is not well", "model": Health},
}
ENDINGS = one_of(EXPORTS)
EXPORTED = sent("The file", *(each.media_type for each in EXPORTS.values()))
EXPORTED[200]["content"]["application/json"] = {
    "schema": {
        "anyOf": [
            {"$ref": f"#/components/schemas/{each.__name__}"}
            for each in (TraceAnswer, DeepTraceAnswer)
        ]
    }
}


@router.get("/healthz", summary="Whether the server is up", responses=HEALTH)
async def healthz(request: Request) -> JSONResponse:
    """Return 503 once a computing thread has not returned for half a minute: restart the server."""
    runs: Runs = request.app.state.runs
    stuck = runs.longest() > STUCK_SECONDS
    return JSONResponse({"status": "stuck" if stuck else "ok"}, 503 if stuck else 200)


@router.get("/readyz", summary="Whether the server can compute", responses=HEALTH)
async def readyz(request: Request) -> JSONResponse:
    """Return 503 if no thread computes within two seconds: send no requests for now."""
    runs: Runs = request.app.state.runs
    try:
        async with asyncio.timeout(READY_SECONDS):
            return JSONResponse({"status": await runs.compute(lambda: "ready")})
    except TimeoutError:
        return JSONResponse({"status": "busy"}, 503)


@router.get(
    "/api/limits",
    summary="The limits of this server",
    responses=answered("The limits", LimitsAnswer),
)
def limits(request: Request) -> JSONResponse:
    """Return what an experiment, a training and a message may be here; past a limit is refused."""
    settings: Settings = request.app.state.settings
    return JSONResponse(settings.model_dump(include={*LIMITS}))


@router.post(
    "/api/trace",
    summary="Run one experiment",
    openapi_extra=body_of(EXPERIMENT),
    responses=RUN_PROBLEMS | answered("The run", TraceAnswer, DeepTraceAnswer),
)
async def trace(request: Request) -> Response:
    """Return the whole trace; -inf and values not computed are null."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    fields = parse_object(await read(request, settings.message_bytes))
    async with runs.answer_slot(request):
        wanted = await runs.experiment(request, fields)
        check_answer(wanted, settings)
        body = await runs.answer_run(wanted, answer, wanted)
        return HeldResponse(body, runs.memory, "application/json")


@router.post(
    "/api/step",
    summary="One timestep of an experiment in numbers",
    openapi_extra=body_of(STEP),
    responses=RUN_PROBLEMS | answered("The timestep", StepAnswer),
)
async def step(request: Request) -> Response:
    """Return the equations of a timestep, forward and backward, as MathML, with their arrays."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    asked = parse(StepRequest, await read(request, settings.message_bytes))
    async with runs.answer_slot(request):
        wanted = await runs.experiment(request, asked.experiment)
        check_step(wanted)
        body = await runs.answer_run(wanted, in_numbers.answer, wanted, asked.timestep)
        return HeldResponse(body, runs.memory, "application/json")


@router.post(
    "/api/sample",
    summary="What a network that was trained on a text writes",
    openapi_extra=body_of(SAMPLE),
    responses=RUN_PROBLEMS | answered("The text", SampleAnswer),
)
async def sample(request: Request) -> Response:
    """Return the sampled `text` after the start; the same seed draws the same noise."""
    state = request.app.state
    runs: Runs = state.runs
    wanted = Wanted.of(parse_object(await read(request, state.settings.message_bytes)))
    async with runs.answer_slot(request):
        return JSONResponse(await runs.answer(written, wanted, state.checkpoints, state.settings))


@router.get(
    "/api/export/{ending}",
    summary="A run as a file",
    response_class=Response,
    responses=RUN_PROBLEMS | EXPORTED,
)
async def export(
    request: Request, ending: Annotated[str, Path(pattern=ENDINGS)], base: Base = ""
) -> Response:
    """Return a file of the experiment in the query, as in the lab's address: `?cell=lstm`.

    A replay and a table name the address that opens their run again. A replay is in the language of
    `lang`, else in the one that the browser prefers.
    """
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    async with runs.answer_slot(request):
        said = request.query_params.items()
        fields = fields_of({name: text for name, text in said if name not in (LANGUAGE, "base")})
        wanted = await runs.experiment(request, fields)
        check_answer(wanted, settings)
        made, media_type = EXPORTS[ending]
        checkpoint = str(fields.get("checkpoint", ""))
        opener = Opener(own_address(request, base), checkpoint, language_of(request))
        headers = {"Content-Disposition": disposition(wanted, ending)}
        body = await runs.answer_run(wanted, made, wanted, opener)
        return HeldResponse(body, runs.memory, media_type, headers=headers)


@router.get(
    "/api/figures",
    summary="The charts' definitions, without numbers",
    responses=problems(422)
    | answered("Plotly's figures, by the chart's name", dict[str, FigureAnswer]),
)
def figures(
    theme: Annotated[str, Query(pattern=one_of(THEMES))] = "light",
    lang: Annotated[str, Query(pattern=one_of(languages()))] = DEFAULT,
) -> JSONResponse:
    return JSONResponse(definitions(theme, translator(lang)), headers={"Cache-Control": "no-cache"})
