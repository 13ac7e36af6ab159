"""The frames of a run, in the order in which they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from unrolled.app.runs.frames import Array, Frame
from unrolled.engine import Experiment, GivenRun, Problem, Rate
from unrolled.engine.bptt.shares import log10_shares
from unrolled.engine.cells import Cell

States = Annotated[NDArray[Any], Array("<f4", ("n", "H"))]
Precise = Annotated[NDArray[Any], Array("<f8", ("n",))]


class Speed(TypedDict):
    """The rate at which a gradient changes."""

    log10_factor: float
    """log10 of the factor a timestep back."""
    factor: float
    """The factor itself: below 1 the gradient shrinks on its way back."""
    half_life: float | None
    """Timesteps in which it halves, or doubles."""


def speed(found: Rate | None) -> Speed | None:
    """Return the rate, if there is one."""
    if not found:
        return None
    factor, half_life = found.factor, found.half_life
    return {"log10_factor": found.log10_factor, "factor": factor, "half_life": half_life}


class Arrival(TypedDict):
    """The part of the chosen loss's gradient that arrives."""

    reaches: int | None
    """The first timestep that its gradient reaches, or the last one of a cell that reads from the
    end; null where it reaches none."""
    first: float | None
    """log10 of its share at t = 1, or at T of a cell that reads from the end; null where nothing
    arrives."""
    own: float | None
    """log10 of its gradient's norm where it is sent from."""


class CellArrival(Arrival):
    """The part of the chosen loss's gradient that arrives along the cell state."""

    verdict: str
    """As in ``end``, of the cell state's own share."""


class Arrivals(Arrival):
    """The part of the chosen loss's gradient that arrives, by the states and by the cell state."""

    cell: CellArrival | None
    """Null but in a cell with a cell state."""


class StatePair(TypedDict):
    """A hidden state of the run, and that of the same network after another token."""

    tokens: list[str]
    """The token that the run has read, and the other one."""
    states: list[list[float]]
    """(2, H) The two states."""


class Claimed(TypedDict):
    """The answer of a run to a claim of the words beside it."""

    text: str | None
    """Its number, as the words write it; null where the run has none."""
    holds: bool | None
    """Whether it lies within the claim's bounds; null where the run has no such number."""
    pair: StatePair | None
    """The states that it compares, if it is of such a pair, and they are short."""


class Clip(TypedDict):
    """The effect of clipping on the gradient of all weights together."""

    log10_norm: float | None
    """log10 of its norm; null where it is 0."""
    log10_factor: float
    """log10 of what clipping multiplies it by; 0 where it is short enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin(Frame):
    """The first frame of a run: what it is, before anything is computed."""

    type: ClassVar[str] = "begin"

    experiment: dict[str, Any]
    """Every setting of the experiment; with ``checkpoint`` where it runs on a trained network."""
    made_by: dict[str, Any]
    """What makes the run again: the settings, the training behind the network, the versions."""
    tokens: list[str]
    """(T,) What is read at each timestep; of the decoder, what it has written before."""
    named: list[str]
    """(T,) The numbers that are read at each timestep, with the names of their columns if they have
    any; empty where tokens are read."""
    vocabulary: list[str]
    """(V,) The tokens that an output may be, in the order of the probabilities."""
    targets: list[int]
    """(T,) The index in the vocabulary of each timestep's target; -1 where it has none."""
    timesteps: int
    """T."""
    hidden_size: int
    """H."""
    gates: list[str]
    """The names of the cell's gates, in the order of its equations; none of an RNN."""
    candidates: list[str]
    """Those of them that are what may be written, in -1..1."""
    carry: str | None
    """The gate along which the last state is kept; null of a cell without one."""
    closed: bool
    """Whether the state is kept where that gate is closed, not where it is open."""
    states: list[str]
    """The names of the states that are handed on: ``h``, and ``c`` of an LSTM."""
    recurrent: bool
    """Whether a state is handed on; false without memory."""
    numbers: bool
    """Whether the targets are numbers, and not tokens."""
    encoder: int
    """How many of the first timesteps are an encoder's, with weights of its own; 0 for none."""
    layers: int
    """How many layers there are on top of one another."""
    directions: int
    """2 where each layer has a second cell, which reads from the end."""
    layer: int
    """The layer whose states and gradients the frames hold, from 1."""
    reverse: bool
    """Whether they are of its second cell, which reads from the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward(Frame):
    """The states of n timesteps, ``from`` to ``to``."""

    type: ClassVar[str] = "forward"

    from_: int
    """The first timestep of the frame, counted from 1."""
    to: int
    """Its last timestep; ``to`` - ``from`` + 1 is n."""
    outputs: list[int]
    """(m,) The timesteps among them that have an output."""
    hidden: States
    """h_t."""
    cell_state: States | None
    """c_t, of an LSTM."""
    probabilities: Annotated[NDArray[Any] | None, Array("<f4", ("m", "V"))]
    """The softmax of each output; absent where no timestep of the frame has one."""
    predicted: Annotated[NDArray[Any] | None, Array("<f8", ("m", "D"))]
    """What each output says where the targets are numbers; absent of tokens."""
    attention: Annotated[NDArray[Any] | None, Array("<f4", ("m", "encoder"))]
    """How much each output looks at each of the encoder's states; absent without attention."""
    gates: Annotated[dict[str, NDArray[Any]], Array("<f4", ("n", "H"), "gate_")]
    """The value of each gate, under ``gate_`` and its name."""
    level_hidden: Annotated[NDArray[Any] | None, Array("<f4", ("n", "L", "H"))]
    """h_t of each layer and direction, as in ``backward``; absent of one layer, and where they are
    too many to be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss(Frame):
    """The losses of a run, once the forward pass has ended."""

    type: ClassVar[str] = "loss"

    timesteps: list[int]
    """(n,) Where a loss was reached, counted from 1."""
    targets: list[int]
    """(n,) The index in the vocabulary of each target."""
    loss: Precise
    """The cross-entropy -ln p of each target, in nats; of numbers half the squared error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backward(Frame):
    """The gradients of n timesteps, ``from`` to ``to``; later timesteps came in frames before."""

    type: ClassVar[str] = "backward"

    from_: int
    """The first timestep of the frame, counted from 1."""
    to: int
    """Its last timestep."""
    log10_gradient_norm: Precise
    """log10 of ‖∂L/∂h_t‖, L being the sum of all losses; -inf where no path leads there."""
    log10_share: Precise
    """log10 of ‖∂L_s/∂h_t‖ as a share of ‖∂L_s/∂h_s‖, L_s being the loss that is chosen."""
    log10_cell_share: Precise | None
    """The same of the cell state, of an LSTM."""
    log10_level_shares: Annotated[NDArray[Any] | None, Array("<f8", ("n", "L"))]
    """``log10_share`` of each layer, from the inputs up, and of each direction, the one that reads
    forward first; absent of one layer."""
    log10_level_entering: Annotated[NDArray[Any] | None, Array("<f8", ("n", "L"))]
    """Likewise, the part of it that comes down from the layer above, or from the loss; the rest
    comes back from the next timestep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Frame):
    """The last frame of a run: what the whole of it says."""

    type: ClassVar[str] = "end"

    rate: Speed | None
    """Null where it cannot be told."""
    loss: int | str | None
    """The timestep of the loss that is chosen, or ``all``; null where none was reached."""
    verdict: str
    """Of the share at t = 1: ``vanishing`` below 1/10, ``arriving`` from 1/10 to 10,
    ``exploding`` above 10, or ``none`` where nothing arrives."""
    theory: float | None
    """log10 of the factor a timestep that the mean-field theory expects, of an RNN."""
    diverged_at: int | None
    """The timestep at which the state overflowed; nothing later was computed."""
    arrives: Arrivals
    """Of the chosen loss."""
    log10_input_gradient_norm: Annotated[NDArray[Any], Array("<f8", ("T",))]
    """(T,) log10 of ‖∂L/∂x_t‖, L being the sum of all losses; -inf where no path leads there."""
    clip: Clip | None
    """Null where nothing is to be clipped."""
    claims: dict[str, Claimed] | None
    """What the run says to the claims of the request, by name; null where it made none."""
    weights: dict[str, Any] | None
    """The weights of the run, as ``POST api/weights`` answers them, but for ``made_by``; without
    the one to look at where that is gone. Null where they were not asked for, and of a run with
    more than 4 hidden units, 64 words or 100 timesteps, several layers, or a trained network."""
    engine_seconds: float
    """Seconds that the engine computed."""
    matrix_losses: list[int]
    """(S,) The timesteps of the losses that the matrix has rows for: all, or every k-th of more
    than 400, the chosen loss among them."""
    matrix_timesteps: list[int]
    """(T',) The timesteps that it has columns for: all, or every k-th of more than 400, from 1."""
    log10_share_matrix: Annotated[NDArray[Any], Array("<f4", ("S", "T'"))]
    """log10 of ‖∂L_s/∂h_t‖ as a share of ‖∂L_s/∂h_s‖, a row a loss."""
    log10_level_sent: list[float | None] | None = None
    """(L,) log10 of the norm that is 100 % of each layer's share, in the order of
    ``log10_level_shares``; null where nothing is sent, and in all of one layer."""


MOST_MATRIX_TIMESTEPS = 400


def sampled(timesteps: Sequence[int], kept: int) -> list[int]:
    """Return all indices, or every k-th if there are too many to draw, with ``kept`` among them.

    ``kept`` counts from 0, or from the end if negative.
    """
    step = -(-len(timesteps) // MOST_MATRIX_TIMESTEPS) or 1
    return list(timesteps[kept % (len(timesteps) or 1) % step :: step])


class Place(NamedTuple):
    """A layer and direction among those of a network, as ``begin`` has them."""

    layers: int
    directions: int
    layer: int
    reverse: bool


ALONE = Place(1, 1, 1, False)


def begin(
    number: int,
    described: Experiment | GivenRun,
    problem: Problem,
    cell: Cell,
    hidden_size: int,
    place: Place = ALONE,
    checkpoint: str | None = None,
) -> Begin:
    """Return the first frame of a run, of the layer in front that ``place`` names.

    ``checkpoint`` is the name of the trained network that it runs on, if any.
    """
    return Begin(
        id=number,
        experiment=described.named() | ({"checkpoint": checkpoint} if checkpoint else {}),
        made_by=described.made_by(),
        tokens=[*problem.tokens],
        named=[*problem.named],
        vocabulary=[*problem.vocabulary],
        targets=problem.targets.tolist(),
        timesteps=len(problem.tokens),
        hidden_size=hidden_size,
        gates=[*cell.gates],
        candidates=[*cell.candidates],
        carry=cell.carry.gate if cell.carry else None,
        closed=bool(cell.carry and cell.carry.closed),
        states=[*cell.states],
        recurrent=cell.recurrent,
        numbers=problem.numbers is not None,
        encoder=problem.encoded,
        **place._asdict(),
    )


def arrival(log10_share: NDArray[Any], log10_own: float, *, reverse: bool = False) -> Arrival:
    """Return the timestep that is reached last, log10 of the share at the end, and of the norm.

    Of a cell that reads from the end, ``reverse``, the end of the way back is T.
    """
    (reached,), last = np.nonzero(np.isfinite(log10_share)), -int(reverse)
    return {
        "reaches": int(reached[last]) + 1 if len(reached) else None,
        "first": float(log10_share[last]) if np.isfinite(log10_share[last]) else None,
        "own": float(log10_own) if np.isfinite(log10_own) else None,
    }


def clip(log10_norm: float, log10_factor: float) -> Clip:
    """Return what clipping did to a gradient of that norm."""
    norm = log10_norm if np.isfinite(log10_norm) else None
    return {"log10_norm": norm, "log10_factor": log10_factor}


class ShareMatrix(TypedDict):
    """The last fields of ``End``."""

    matrix_losses: list[int]
    matrix_timesteps: list[int]
    log10_share_matrix: NDArray[Any]


def share_matrix(
    log10_norms: NDArray[Any],
    timesteps: Sequence[int],
    chosen: int | str | None,
    read_at: Sequence[int] | None = None,
) -> ShareMatrix:
    """Return the shares of some losses, the chosen one among them, at some timesteps.

    ``log10_norms`` (n, T) are of the n losses at ``timesteps``, from 1, which are read from the
    states of ``read_at``, by default their own.
    """
    own = timesteps.index(chosen) if isinstance(chosen, int) and chosen in timesteps else -1
    rows = sampled(timesteps, own)
    columns = sampled(range(1, log10_norms.shape[1] + 1), 0)
    which = np.searchsorted(timesteps, rows)
    norms = log10_norms[np.ix_(which, np.array(columns) - 1)]
    read = np.array(timesteps if read_at is None else read_at, dtype=int)[which]
    at_loss = log10_norms[which, read - 1]
    return {
        "matrix_losses": rows,
        "matrix_timesteps": columns,
        "log10_share_matrix": log10_shares(norms, at_loss[:, None]),
    }
