"""Adjoint rows on their way back through time, each of them in log range.

Losses are independent, so one batch of rows walks back for all of them at once: row 0 is the total,
then one row for each loss that has been met, the last loss first.

A row keeps its exponent for a block of timesteps and is brought to unit scale where the next one
starts, so a block in which a row leaves float64 must be walked again in shorter ones. One timestep
never strays.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, cycle, pairwise
from typing import NamedTuple

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers
from engine.cells import Cell, Fields, Weights

CACHED = 100_000
"""Numbers that are as quickly kept as written over."""
StepBack = tuple[Weights, Fields, bool, bool]
"""What one timestep does to the rows: by which weights and partials it is walked back, whether it
owes a loss, the next row, and whether it is cut, so that nothing goes on to t-1."""


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
    """The rows of losses, from ∂L_s/∂h_s = d_h (n, H) · 2^exponents (n,), the last loss first."""

    def __init__(self, cell: Cell, d_h: Floats, exponents: Integers) -> None:
        self._cell, self._d_h = cell, d_h
        self._met = 1
        self._d_state: Floats = np.zeros((len(cell.states), 1, d_h.shape[1]))
        """(states, met, H) the rows met."""
        self._exponents = np.concatenate([[0], exponents])
        """(R,) of the rows met, and of the losses that are not."""
        self._some_end = not cell.recurrent

    def walk(self, steps: Sequence[StepBack]) -> Walked | None:
        """The first of these timesteps, or more; None, with nothing done, if a row strayed.

        Few rows are kept, and measured when all have walked. Of many, two timesteps have theirs at
        a time, in turns, and they are measured as they go. Where a square vanishes, the row has
        ended or is small, and only the row itself can tell: then they are kept after all.
        """
        if self._met > 1:
            scaled.normalize(self._d_state, self._exponents[: self._met])
        states, _, H = self._d_state.shape
        shape = (states, len(self._exponents), H)
        few = (1 + len(steps)) * np.prod(shape) <= CACHED
        walked = None
        if not (few or self._some_end or len(steps) == 1):
            walked = self._walk(steps, np.empty((2, *shape)), kept=False)
        if walked is not None:
            return walked
        walked = self._walk(steps, np.empty((1 + len(steps), *shape)), kept=True)
        self._some_end |= walked is not None and len(steps) > 1
        return walked

    def _walk(self, steps: Sequence[StepBack], room: Floats, *, kept: bool) -> Walked | None:
        """``room`` has the rows of each timestep in turn, and of the one before them all."""
        exponents, before, d_h = self._exponents.copy(), self._met, self._d_h
        counts = [*accumulate((owes for _, _, owes, _ in steps), initial=before)][1:]
        room[0, :, :before] = self._d_state
        if (first := counts[0]) > before:
            loss = d_h[before - 1], int(exponents[before])
            exponents[0] = scaled.add(room[0, :, 0], int(exponents[0]), *loss)
        exponent = int(exponents[0])
        others = exponents[first : counts[-1]] != exponent
        if others.any():
            counts = counts[: bisect_right(counts, first + int(others.argmax()))]
        n, met, (states, _, H) = len(counts), counts[-1], room.shape[1:]
        room[:, 0, before:met] = d_h[before - 1 : met - 1]
        room[:, 1:, before:met] = 0
        squares = np.empty((n, states, met))
        totals = room[:n, :, 0] if kept else np.empty((n, states, H))
        d_a = np.empty((n + met, self._cell.width(H)))
        step_back, turns = self._cell.step_back, pairwise(cycle(room))
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            walk = zip(steps, counts, turns, strict=False)
            for i, ((weights, partial, owes, cut), there, (rows, rows_prev)) in enumerate(walk):
                if owes and i:
                    rows[0, 0] += d_h[there - 2]
                d_state, d_state_prev = rows[:, :there], rows_prev[:, :there]
                # The next timestep writes over all of it but the total's, which is its first row.
                step_back(weights, partial, d_state, d_a[i : i + there], d_state_prev)
                if cut:
                    d_state_prev[:] = 0
                if not kept:
                    np.vecdot(d_state, d_state, squares[i, :, :there])
                    totals[i] = rows[:, 0]
            if kept:
                np.vecdot(rows := room[:n, :, :met], rows, squares)
        missing = np.arange(met) >= np.array(counts)[:, None, None]
        np.copyto(squares, 0, where=missing)
        if kept and n == 1:
            log10_norms = scaled.log10_norms(rows, exponents[:met])
        elif scaled.strayed(squares, ~missing, rows if kept else None):
            return None
        else:
            log10_norms = scaled.log10_roots(squares, exponents[:met])
        self._d_state = room[n % len(room), :, :met].copy()
        self._exponents, self._met = exponents, met
        return Walked(counts, log10_norms, totals, d_a[:n], exponent)
