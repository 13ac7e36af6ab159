"""The requests of the charts: analyses of an experiment, and sweeps around it."""

import logging
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.requests import ClientDisconnect

from unrolled.app.errors import MessageError, described
from unrolled.app.routes.analysis_answers import (
    LyapunovAnswer,
    SingularValuesAnswer,
    SpectrumAnswer,
    StepFactorsAnswer,
)
from unrolled.app.routes.models import EXPERIMENT, SWEEP, SWEEP_LINE
from unrolled.app.runs.analyses import ANALYSES, analysis, check
from unrolled.app.runs.limits import check_answer
from unrolled.app.runs.requests import SweepRequest, parse, parse_object
from unrolled.app.runs.sweeps import line_of, lines, result, shares, sweep_run
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import (
    RUN_PROBLEMS,
    HeldResponse,
    answered,
    body_of,
    one_of,
    problems,
    read,
    sent,
    streamed,
)
from unrolled.app.web.clients import client_of, leaving_of
from unrolled.app.web.workers import Runs

router = APIRouter()
log = logging.getLogger("unrolled")


@router.post(
    "/api/analysis/{name}",
    summary="Why the gradient of one experiment changes",
    openapi_extra=body_of(EXPERIMENT),
    responses=RUN_PROBLEMS
    | answered(
        "The numbers", SpectrumAnswer, SingularValuesAnswer, StepFactorsAnswer, LyapunovAnswer
    ),
)
async def analyse(
    request: Request, name: Annotated[str, Path(pattern=one_of(ANALYSES))]
) -> Response:
    """Return the numbers of an analysis; null for non-finite ones."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    fields = parse_object(await read(request, settings.message_bytes))
    async with runs.answer_slot(request):
        wanted = await runs.experiment(request, fields)
        await runs.compute(check, name, wanted, settings)
        check_answer(wanted, settings)
        body = await runs.answer_run(wanted, analysis, name, wanted)
        return HeldResponse(body, runs.memory, "application/json")


@router.post(
    "/api/sweep",
    summary="Many networks of one experiment",
    openapi_extra=body_of(SWEEP),
    response_class=Response,
    responses=problems(413, 422, 503)
    | sent("Lines of JSON", "application/x-ndjson", schema=SWEEP_LINE),
)
async def sweep(request: Request) -> Response:
    """Send lines of JSON: `{"finished", "networks"}` while it runs, then the numbers or an `error`.

    A client that leaves ends the sweep.
    """
    settings: Settings = request.app.state.settings
    return await streamed(_lines(request, settings), "application/x-ndjson")


async def _lines(request: Request, settings: Settings) -> AsyncGenerator[bytes, None]:
    """Yield the first line once the request is valid, and none once the client has left."""
    runs: Runs = request.app.state.runs
    wanted = parse(SweepRequest, await read(request, settings.message_bytes))
    async with leaving_of(request) as left, runs.sweep_slot(client_of(request)):
        run = await runs.sweep(sweep_run, wanted, settings)
        yield line_of({"finished": 0, "networks": run.networks})
        answer = lines(run, shares if wanted.shares else result, left)
        try:
            while not left():
                line = await runs.sweep(next, answer, b"")
                if line == b"":
                    return
                if line:
                    yield line
        except ClientDisconnect:
            return
        except Exception:
            log.exception("a sweep failed")
            yield line_of({"error": described(MessageError("internal"))})
