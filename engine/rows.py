"""Adjoint rows on their way back through time, each of them in log range.

Losses are independent, so one batch of rows walks back for all of them at once: row 0 is the total,
then one row for each loss that has been met, the last loss first.

A row keeps its exponent for a block of timesteps and is brought to unit scale where the next one
starts, so a block in which a row leaves float64 must be walked again in shorter ones. One timestep
never strays. Where a single entry underflows while its row does not, the block is walked again with
an exponent for each entry, and so is all that comes after it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, cycle, pairwise
from typing import Any, NamedTuple, cast

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers
from engine.cells import Cell, Fields, Weights
from engine.wide import Wide, watched

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
        self._wide: Wide | None = None
        """(states, met, H) the rows met, once each entry has an exponent."""
        self._some_end = not cell.recurrent

    @property
    def wide(self) -> bool:
        """Whether every entry has an exponent: then timesteps are walked one by one."""
        return self._wide is not None

    def widen(self) -> None:
        self._wide = Wide(self._d_state, self._exponents[: self._met, None])

    def walk(self, steps: Sequence[StepBack]) -> Walked | None:
        """The first of these timesteps, or more; None if a row strayed, or had to be widened.

        Few rows are kept, and measured when all have walked. Of many, two timesteps have theirs at
        a time, in turns, and they are measured as they go. Where a square vanishes, the row has
        ended or is small, and only the row itself can tell: then they are kept after all.
        """
        if self._wide is not None:
            return self._walk_widely(self._wide, *steps[0])
        states, R, H = len(self._d_state), len(self._exponents), self._d_state.shape[-1]
        few = (1 + len(steps)) * states * R * H <= CACHED
        walked = None
        if not (few or self._some_end or len(steps) == 1):
            walked = self._walk(steps, np.empty((2, states, R, H)), kept=False)
        if walked is not None or self.wide:
            return walked
        walked = self._walk(steps, np.empty((1 + len(steps), states, R, H)), kept=True)
        self._some_end |= walked is not None and len(steps) > 1
        return walked

    def _walk(self, steps: Sequence[StepBack], room: Floats, *, kept: bool) -> Walked | None:
        """``room`` has the rows of each timestep in turn, and of the one before them all."""
        lost: list[str] = []
        with watched(lost):
            exponents, counts = self._begin(steps, room[0])
        before, n, met, (states, _, H) = self._met, len(counts), counts[-1], room.shape[1:]
        room[:, 0, before:met] = self._d_h[before - 1 : met - 1]
        room[:, 1:, before:met] = 0
        squares = np.empty((n, states, met))
        totals = room[:n, :, 0] if kept else np.empty((n, states, H))
        d_a = np.empty((n + met, self._cell.width(H)))
        step_back, d_h, turns = self._cell.step_back, self._d_h, pairwise(cycle(room))
        with watched(lost, over="ignore", invalid="ignore"):
            walk = zip(steps, counts, turns, strict=False)
            for i, ((weights, partial, owes, cut), there, (rows, rows_prev)) in enumerate(walk):
                if owes and i:
                    total = rows[0, 0]
                    total += d_h[there - 2]
                d_state, d_state_prev = rows[:, :there], rows_prev[:, :there]
                # The next timestep writes over all of it but the total's, which is its first row.
                step_back(weights, partial, d_state, d_a[i : i + there], d_state_prev)
                if cut:
                    d_state_prev[:] = 0
                if not kept:
                    entries = len(lost)
                    np.vecdot(d_state, d_state, out=squares[i, :, :there])
                    del lost[entries:]  # squares alone
                    totals[i] = rows[:, 0]
        rows = room[:n, :, :met]
        if kept:
            scaled.squared_norms(rows, out=squares)
        missing = np.arange(met) >= np.array(counts)[:, None, None]
        np.copyto(squares, 0, where=missing)
        if kept and n == 1:
            log10_norms = scaled.log10_norms(rows, exponents[:met])
        elif scaled.strayed(squares, ~missing, rows if kept else None):
            return None
        else:
            log10_norms = scaled.log10_roots(squares, exponents[:met])
        if lost:
            self.widen()
            return None
        self._d_state = room[n % len(room), :, :met].copy()
        self._exponents, self._met = exponents, met
        return Walked(counts, log10_norms, totals, d_a[:n], int(exponents[0]))

    def _begin(self, steps: Sequence[StepBack], rows: Floats) -> tuple[Integers, list[int]]:
        """Write the first timestep's rows; the exponents of all, and how many each timestep has.

        Timesteps are left out from the first one that meets a loss of another exponent.
        """
        exponents, before = self._exponents.copy(), self._met
        rows[:, :before] = self._d_state
        if before > 1:
            scaled.normalize(rows[:, :before], exponents[:before])
        counts = [*accumulate((owes for _, _, owes, _ in steps), initial=before)][1:]
        if (met := counts[0]) > before:
            loss = self._d_h[before - 1], int(exponents[before])
            exponents[0] = scaled.add(rows[:, 0], int(exponents[0]), *loss)
        others = exponents[met : counts[-1]] != exponents[0]
        if others.any():
            counts = counts[: bisect_right(counts, met + int(others.argmax()))]
        return exponents, counts

    def _walk_widely(
        self, met: Wide, weights: Weights, partial: Fields, owes: bool, cut: bool
    ) -> Walked:
        states, before, H = met.shape
        n, zeros = before + owes, cast("Any", Wide.zeros)
        d_state, d_state_prev = zeros(states, n, H), zeros(states, n, H)
        d_a = zeros(n, self._cell.width(H))
        d_state[:, :before] = met
        if owes:
            d_state[0, before] = Wide(self._d_h[before - 1], self._exponents[before])
            d_state[0, 0] += d_state[0, before]
        self._cell.step_back(weights, partial, d_state, d_a, d_state_prev)
        self._wide = zeros(states, n, H) if cut else d_state_prev
        total, d_a_total = d_state[None, :, 0], d_a[:1]
        exponent = max(int(total.largest()), int(d_a_total.largest()))
        plain = total.mantissas(exponent), d_a_total.mantissas(exponent)
        return Walked([n], d_state.norms().log10()[None], *plain, exponent)
