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
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, cast

import numpy as np

from unrolled.engine.cells import Cell, Fields, Weights
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, aligned
from unrolled.engine.numerics.wide import Wide, watched

CACHED = 100_000
"""Numbers that are as quickly kept as written over."""
StepBack = tuple[Weights, Fields, bool, bool]
"""What one timestep does to the rows: by which weights and partials it is walked back, whether it
has a loss, the next row, and whether it is cut, so that nothing goes on to t-1."""


class Walked(NamedTuple):
    """n timesteps walked back, the latest first."""

    met: list[int]
    """(n) how many rows there were: the total, and the losses at or after the timestep."""
    log10_norms: Floats
    """(states, n, R) of every row; -inf of those not yet met."""
    d_state: Floats
    """(n, states, H) row 0 is d_state · 2^exponent."""
    d_a: Floats
    """(n, width) what ``Cell.d_x`` and ``Cell.d_h`` are taken from, of row 0, likewise."""
    exponent: int


class _First(NamedTuple):
    """Where a block of timesteps starts."""

    rows: Floats
    """(states, R, H) of its first timestep."""
    exponents: Integers
    """Of all rows."""
    counts: list[int]
    """(n) how many rows each of its timesteps has."""


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
        lost: list[str] = []
        with watched(lost):
            first = self._begin(steps)
        if lost:
            self.widen()
            return None
        few = len(steps) == 1 or sum(first.counts) * first.rows[:, 0].size <= CACHED
        keep = few or self._some_end
        walked = None if keep else self._walk(steps, first, kept=False)
        if walked is None and not self.wide:
            walked = self._walk(steps, first, kept=True)
            self._some_end |= walked is not None and not keep
        return walked

    def _walk(self, steps: Sequence[StepBack], first: _First, *, kept: bool) -> Walked | None:
        d_h, exponents, counts = self._d_h, first.exponents, first.counts
        n, met, (states, _, H) = len(counts), counts[-1], first.rows.shape
        ends = [*accumulate(counts)]
        room, starts = self._room(steps, first, ends, kept=kept)
        squares = np.empty((states, ends[-1]))
        totals = np.empty((n, states, H))
        d_a = aligned(n + met, self._cell.width(H))
        step_back = self._cell.step_back
        lost: list[str] = []
        with watched(lost, over="ignore", invalid="ignore"):
            walk = zip(steps, counts, pairwise(starts), strict=False)
            for i, ((weights, partial, has_loss, cut), there, (start, start_prev)) in enumerate(
                walk
            ):
                d_state = room[:, start : start + there]
                d_state_prev = room[:, start_prev : start_prev + there]
                if has_loss and i:
                    total = d_state[0, 0]
                    total += d_h[there - 2]
                # The next timestep writes over all of it but the total's, which is its first row.
                step_back(weights, partial, d_state, d_a[i : i + there], d_state_prev)
                if cut:
                    d_state_prev[:] = 0
                if not kept:
                    entries = len(lost)
                    np.vecdot(d_state, d_state, out=squares[:, ends[i] - there : ends[i]])
                    del lost[entries:]  # squares alone
                    totals[i] = d_state[:, 0]
        rows = room[:, : ends[-1]]
        if kept:
            scaled.squared_norms(rows, out=squares)
            totals = room[:, starts[:n]].swapaxes(0, 1)
        if kept and n == 1:
            log10s = scaled.log10_norms(rows, 0)
        elif scaled.strayed(squares, rows if kept else None):
            return None
        else:
            log10s = scaled.log10_roots(squares, 0)
        if lost:
            self.widen()
            return None
        log10_norms = np.full((states, n, met), -np.inf)
        is_met = np.arange(met) < np.array(counts)[:, None]
        for each, found in zip(log10_norms, log10s, strict=True):
            each[is_met] = found
        log10_norms += exponents[:met] * scaled.LOG10_2
        self._d_state = room[:, starts[n] : starts[n] + met].copy()
        self._exponents, self._met = exponents, met
        return Walked(counts, log10_norms, totals, d_a[:n], int(exponents[0]))

    def _room(
        self, steps: Sequence[StepBack], first: _First, ends: list[int], *, kept: bool
    ) -> tuple[Floats, list[int]]:
        """Room (states, ..., H) for the rows of each timestep and of the one before them all.

        And where each one's start; ``ends`` (n) is where they would end if all were kept. A loss is
        in its place before it is met.
        """
        rows, _, counts = first
        n, before, met, (states, _, H) = len(counts), self._met, counts[-1], rows.shape
        if kept:
            starts, size = [0, *ends], ends[-1] + met
            lasts = [
                end - 1 for end, (_, _, has_loss, _) in zip(ends, steps, strict=False) if has_loss
            ]
            own = np.array(lasts, dtype=np.int64)
        else:
            starts, size = [0, met] * (n // 2 + 1), 2 * met
            own = np.array([[0], [met]]) + np.arange(before, met)
        room = aligned(states, size, H)
        for state, each in enumerate(room):
            each[own] = 0 if state else self._d_h[before - 1 : met - 1]
        room[:, : counts[0]] = rows
        return room, starts

    def _begin(self, steps: Sequence[StepBack]) -> _First:
        """Timesteps are left out from the first one that meets a loss of another exponent."""
        exponents, before, (states, _, H) = self._exponents.copy(), self._met, self._d_state.shape
        counts = [*accumulate((has_loss for _, _, has_loss, _ in steps), initial=before)][1:]
        met = counts[0]
        rows = np.zeros((states, met, H))
        rows[:, :before] = self._d_state
        if before > 1:
            scaled.normalize(rows[:, :before], exponents[:before])
        if met > before:
            loss = rows[0, before] = self._d_h[before - 1]
            exponents[0] = scaled.add(rows[:, 0], int(exponents[0]), loss, int(exponents[before]))
        others = exponents[met : counts[-1]] != exponents[0]
        if others.any():
            counts = counts[: bisect_right(counts, met + int(others.argmax()))]
        return _First(rows, exponents, counts)

    def _walk_widely(
        self, met: Wide, weights: Weights, partial: Fields, has_loss: bool, cut: bool
    ) -> Walked:
        states, before, H = met.shape
        n, zeros = before + has_loss, cast("Any", Wide.zeros)
        d_state, d_state_prev = zeros(states, n, H), zeros(states, n, H)
        d_a = zeros(n, self._cell.width(H))
        d_state[:, :before] = met
        if has_loss:
            d_state[0, before] = Wide(self._d_h[before - 1], self._exponents[before])
            d_state[0, 0] += d_state[0, before]
        self._cell.step_back(weights, partial, d_state, d_a, d_state_prev)
        self._wide = zeros(states, n, H) if cut else d_state_prev
        total, d_a_total = d_state[None, :, 0], d_a[:1]
        exponent = max(int(total.largest()), int(d_a_total.largest()))
        plain = total.mantissas(exponent), d_a_total.mantissas(exponent)
        return Walked([n], d_state.norms().log10()[:, None], *plain, exponent)
