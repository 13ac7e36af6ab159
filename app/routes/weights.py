"""The request of the card on which weights are set by hand."""

from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from unrolled.app.routes.analysis_answers import Block
from unrolled.app.routes.answers import MadeBy, Numbers, Rows
from unrolled.app.routes.models import WEIGHTS
from unrolled.app.runs.requests import WeightsRequest, parse
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import RUN_PROBLEMS, Answer, HeldResponse, answered, body_of, read
from unrolled.app.web.workers import Runs
from unrolled.app.weights.matrices import answer, check

router = APIRouter()


class MatrixAnswer(Answer):
    """A matrix, or a bias, of one gate."""

    letter: Literal["W", "b"]
    """``W`` or ``b``."""
    leads: str
    """From what to what it leads, as its name says: ``hh``, ``hy``."""
    part: Literal["encoder", "decoder"] | None
    """Whose it is, where there are two networks; of the readout null."""
    rows: list[str]
    """The unit, counted from 1, or the output of each row."""
    columns: list[str]
    """The word or the unit of each column; one without a name, of a bias."""
    names: list[list[str | None]]
    """The name of each weight in ``by_hand``; null where the cell has none."""
    values: Rows
    """The weights."""
    gradients: Rows
    """∂L/∂ of each, of the sum of all losses, before clipping."""
    by_hand: list[list[bool]]
    """Whether each was set by hand."""


class WeightAnswer(Answer):
    """One weight."""

    name: str
    """Its name in ``by_hand``."""
    value: float
    """The weight."""
    gradient: float | None
    """Its gradient by backpropagation."""
    difference: float | None
    """The central difference of the sum of all losses; null where a state overflows."""
    step: float
    """The change of the weight to either side, for the difference."""
    timesteps: Numbers
    """(T,) What each timestep adds to the gradient."""


class WeightsAnswer(Answer):
    """The weights of a small network."""

    made_by: MadeBy
    """What reproduces this answer."""
    loss: float | None
    """The sum of all losses."""
    matrices: list[MatrixAnswer]
    """In the order in which a timestep uses them."""
    eigenvalues: list[Block]
    """Those of the recurrent weights, of each gate and each network."""
    weight: WeightAnswer | None
    """The weight that was named."""


@router.post(
    "/api/weights",
    summary="The weights of a small network, and one of them beside a central difference",
    openapi_extra=body_of(WEIGHTS),
    responses=RUN_PROBLEMS | answered("The weights", WeightsAnswer),
)
async def weights(request: Request) -> Response:
    """Return the weights of at most 4 hidden units by name, their gradients and eigenvalues."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    asked: Any = parse(WeightsRequest, await read(request, settings.message_bytes))
    async with runs.answer_slot(request):
        wanted = await runs.experiment(request, asked.experiment)
        check(wanted)
        body = await runs.answer_run(wanted, answer, wanted, asked.weight)
        return HeldResponse(body, runs.memory, "application/json")
