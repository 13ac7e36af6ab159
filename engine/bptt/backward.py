"""The walk back through time: the one loop of backpropagation, and the numbers it is walked in.

    δ_t = ∂L/∂a_t        ∂L/∂h_{t-1} = W_hhᵀ δ_t + what enters at t-1

``walk_back`` knows neither losses nor exponents. An adjoint may enter at any timestep: that of a
loss at its own, and under a second layer W_xhᵀ δ_t of the layer above at every one. An iterator of
adjoints adds those that enter, yields the arrays of a timestep, keeps the result, and ends the path
where BPTT is truncated:

- ``plain`` in float64, for training;
- ``in_log_range`` with an exponent for each row, brought to unit scale before each timestep, or
  with one for each number;
- ``engine.bptt.loss_rows`` with a row for each loss, whose exponents hold for a block of timesteps.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.cells import Cell, Fields, Weights
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.numerics.wide import Wide

StepBack = tuple[Weights, Fields]
"""One timestep: its weights, and what ``Cell.step_back`` takes of it (see ``Tape.partials``)."""
Rooms = tuple[Any, Any, Any]
"""The arrays of one timestep:

- (states, ..., R, H) ∂L/∂ of the state of t, with everything that enters there;
- (..., R, width) room for ``d_a``, from which ``Cell.d_x`` and ``Cell.d_h`` are taken;
- (states, ..., R, H) room for ∂L/∂ of the state of t-1 by way of t.
"""


def walk_back(cell: Cell, adjoints: Iterable[Rooms], steps: Iterable[StepBack]) -> None:
    """Walk adjoints back through timesteps, the latest first.

    ``adjoints`` yields the arrays of each timestep when every adjoint has entered it, and is
    resumed when the timestep has been walked.
    """
    for (d_state, d_a, d_state_prev), (weights, partial) in zip(adjoints, steps, strict=True):
        cell.step_back(weights, partial, d_state, d_a, d_state_prev)


def plain(
    d_states: Floats, d_a: Floats, entering: Sequence[Floats | None], cut: Sequence[bool]
) -> Iterator[Rooms]:
    """Yield adjoints in plain float64 through n timesteps, all of which are kept.

    ``d_states`` (n + 1, states, ..., R, H) has the adjoint that later timesteps send in its last
    place; in the end that of each timestep, after the one that they send to what comes before.
    ``d_a`` (n, ..., R, width) is written to. ``entering`` (n) has the adjoints of h that enter,
    (..., R, H), or None; ``cut`` (n) is true where no path leads from t to t-1.
    """
    for t in range(len(d_a) - 1, -1, -1):
        d_state, enters = d_states[t + 1], entering[t]
        if enters is not None:
            d_state[0] += enters
        yield d_state, d_a[t], d_states[t]
        if cut[t]:
            d_states[t] = 0


class Entering(NamedTuple):
    """Adjoints that enter at one timestep: ∂L/∂h of some rows, d_h · 2^exponents, and ∂L/∂c."""

    rows: Any
    """Which rows (n), chosen as NumPy indexes."""
    d_h: Floats
    """(n, H)"""
    exponents: Integers
    """(n,)"""
    d_c: Floats | None = None
    """(n, H) what enters the last state, in plain float64; None for nothing."""


class Kind(NamedTuple):
    """Numbers in log range: an exponent for each row, or for each number."""

    zeros: Callable[..., Any]
    """Room for numbers of a shape."""
    normalize: Callable[[Any, Integers], None]
    add: Callable[[Any, Integers, Floats, Integers], Integers]
    """Adds scaled rows to the first state of rows; returns the exponents of the rows."""
    log10_norms: Callable[[Any, Any], Floats]
    """log10 of the norm of each row."""


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape)


def _add_wide(states: Any, exponents: Integers, addend: Floats, others: Integers) -> Integers:
    states[0] = states[0] + Wide(addend, others[..., None])
    return exponents


ROWS = Kind(_zeros, scaled.normalize, scaled.add, scaled.log10_norms)
NUMBERS = Kind(
    Wide.zeros,
    normalize=lambda states, exponents: None,
    add=_add_wide,
    log10_norms=lambda rows, exponents: rows.norms().log10(),
)
"""The exponents of the rows are 0 throughout."""


def in_log_range(
    kind: Kind,
    cell: Cell,
    shape: tuple[int, ...],
    entering: Mapping[int, Entering],
    cut: Sequence[bool],
    keep: Callable[[int, Rooms, Integers], None],
) -> Iterator[Rooms]:
    """Yield adjoints of ``shape`` (..., R, H), brought to unit scale before each timestep.

    ``entering`` has the adjoints that enter by timestep, from 0; ``cut`` (T) is true where no path
    leads from t to t-1. ``keep`` is called with each timestep, its arrays before a cut, and the
    exponents (..., R); the next timesteps write over them.
    """
    d_state, d_state_prev = (kind.zeros(len(cell.states), *shape) for _ in range(2))
    d_a = kind.zeros(*shape[:-1], cell.width(shape[-1]))
    exponents: Integers = np.zeros(shape[:-1], dtype=np.int64)
    for t in range(len(cut) - 1, -1, -1):
        kind.normalize(d_state, exponents)
        if t in entering:
            rows, d_h, own, d_c = entering[t]
            some = d_state[:, rows]
            exponents[rows] = kind.add(some, exponents[rows], d_h, own)
            if d_c is not None:  # the last state, which comes first the other way round
                exponents[rows] = kind.add(some[::-1], exponents[rows], d_c, np.zeros_like(own))
            d_state[:, rows] = some
        rooms = d_state, d_a, d_state_prev
        yield rooms
        keep(t, rooms, exponents)
        d_state, d_state_prev = d_state_prev, d_state
        if cut[t]:
            d_state[:] = 0
