"""Adjoint rows on their way back through time, each of them in log range.

Losses are independent, so one batch of rows walks back for all of them at once: row 0 is the total,
then one row for each loss that has been met, the last loss first.

A row keeps its exponent for a block of timesteps and is brought to unit scale where the next one
starts, so a block in which a row leaves float64 must be walked again in shorter ones. One timestep
never strays.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers
from engine.cells import Cell, Weights

CACHED = 1000000
"""Numbers that are as quickly kept as written over."""


class StepBack(NamedTuple):
    """What one timestep does to the rows."""

    weights: Weights
    partial: Any
    loss: tuple[Floats, int] | None
    """∂L_t/∂h_t (H,) and its exponent, where the timestep owes a loss."""
    cut: bool
    """Whether nothing goes on to t-1."""


class Walked(NamedTuple):
    """n timesteps walked back, the latest first."""

    met: list[int]
    """(n) how many rows there were: the total, and the losses at or after the timestep."""
    log10_norms: Floats
    """(n, states, R) of every row; -inf of those not yet met."""
    d_state: Floats
    """(n, states, H) row 0 is d_state · 2^exponent."""
    d_a: Floats
    """(n, width) what ``Cell.d_x`` and ``Cell.d_h`` are taken from, of row 0, likewise."""
    exponent: int


class Rows:
    """At most R rows, for the states of a cell with H units."""

    def __init__(self, cell: Cell, R: int, H: int) -> None:
        self._cell = cell
        self._met = 1
        self._d_state: Floats = np.zeros((len(cell.states), 1, H))
        """(states, met, H) the rows met."""
        self._exponents: Integers = np.zeros(R, dtype=np.int64)
        self._d_a = np.empty((R, cell.width(H)))
        self._some_end = not cell.recurrent

    def walk(self, steps: Sequence[StepBack]) -> Walked | None:
        """The first of these timesteps, or more; None, with nothing done, if a row strayed.

        Two timesteps have their rows at a time, in turns, and they are measured as they go. Where a
        square vanishes, the row has ended or is small, and only the row itself can tell: then the
        rows of all these timesteps are kept, and walked again.
        """
        if self._met > 1:
            scaled.normalize(self._d_state, self._exponents[: self._met])
        shape = (len(self._d_state), len(self._exponents), self._d_state.shape[-1])
        if not self._some_end and len(steps) > 1:
            turns = np.empty((2, *shape))
            if walked := self._walk(steps, [turns[i % 2] for i in range(1 + len(steps))], None):
                return walked
        kept = np.empty((1 + len(steps), *shape))
        walked = self._walk(steps, [*kept], kept)
        self._some_end |= walked is not None and len(steps) > 1
        return walked

    def _walk(
        self, steps: Sequence[StepBack], room: Sequence[Floats], kept: Floats | None
    ) -> Walked | None:
        """``room`` is where each timestep, and the one before them all, has its rows."""
        exponents, met = self._exponents.copy(), self._met
        room[0][:, :met] = self._d_state
        if steps[0].loss:
            _, exponents[met] = steps[0].loss
            exponents[0] = scaled.add(room[0][:, 0], int(exponents[0]), *steps[0].loss)
        exponent = int(exponents[0])
        steps = steps[: 1 + _same(exponent, steps[1:])]
        n, (states, R, H) = len(steps), room[0].shape
        counts = [*accumulate((step.loss is not None for step in steps), initial=met)][1:]
        squares, totals = np.zeros((n, states, R)), np.empty((n, states, H))
        d_a, d_as = self._d_a, np.empty((n, self._d_a.shape[1]))
        step_back, vecdot, enters = self._cell.step_back, np.vecdot, np.zeros((states, H))
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            for i, (weights, partial, loss, cut) in enumerate(steps):
                rows, met = room[i], counts[i]
                first = rows[:, 0]
                if loss is not None:
                    enters[0] = loss[0]
                    rows[:, met - 1] = enters
                    if i:
                        first += enters
                d_state, d_state_prev, d_a_of_t = rows[:, :met], room[i + 1][:, :met], d_a[:met]
                step_back(weights, partial, d_state, d_a_of_t, d_state_prev)
                if cut:
                    d_state_prev[:] = 0
                vecdot(d_state, d_state, squares[i, :, :met])
                totals[i], d_as[i] = first, d_a_of_t[0]
        exponents[self._met + (steps[0].loss is not None) : met] = exponent
        there = np.arange(met) < np.array(counts)[:, None, None]
        squares, kept = squares[:, :, :met], None if kept is None else kept[:n, :, :met]
        if n == 1 and kept is not None:
            log10_norms = scaled.log10_norms(kept, exponents[:met])
        elif scaled.strayed(squares, there, kept):
            return None
        else:
            log10_norms = scaled.log10_roots(squares, exponents[:met])
        self._d_state = room[n][:, :met].copy()
        self._exponents, self._met = exponents, met
        return Walked(counts, log10_norms, totals, d_as, exponent)


def _same(exponent: int, steps: Sequence[StepBack]) -> int:
    """How many of the steps, from the first on, meet no loss of another exponent."""
    others = (i for i, step in enumerate(steps) if step.loss and step.loss[1] != exponent)
    return next(others, len(steps))
