"""The adjoint rows of every loss, walked back together, each of them in log range.

Losses are independent, so one batch of rows walks back for all of them at once: row 0 is the total,
then one row for each loss that has been met, the last loss first.

A row keeps its exponent for a block of timesteps and is brought to unit scale where the next one
starts, so a block in which a row leaves float64 must be walked again in shorter ones. One timestep
never strays. Where a single entry underflows while its row does not, the block is walked again with
an exponent for each entry, and so is all that comes after it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, cast

import numpy as np

from unrolled.engine.attention.gradient import Rows as ScaledRows
from unrolled.engine.bptt.backward import Rooms, StepBack, walk_back
from unrolled.engine.cells import Cell
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, aligned
from unrolled.engine.numerics.scaled import Scaled
from unrolled.engine.numerics.wide import Wide, watched

CACHED = 100_000
"""Numbers up to which keeping all rows is as fast as writing over them."""


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

    @property
    def total(self) -> Scaled:
        """∂L/∂ of the state before the timesteps walked, (states, H)."""
        if self._wide is None:
            return Scaled(self._d_state[:, 0], int(self._exponents[0]))
        total = self._wide[:, 0]
        exponent = int(total.largest())
        return Scaled(total.mantissas(exponent), exponent)

    def widen(self) -> None:
        self._wide = Wide(self._d_state, self._exponents[: self._met, None])

    def walk(
        self,
        steps: Sequence[StepBack],
        has_loss: Sequence[bool],
        cut: Sequence[bool],
        attended: ScaledRows | None = None,
    ) -> Walked | None:
        """Walk the first of these timesteps, or more; None if a row strayed, or had to be widened.

        ``has_loss`` tells which of them has a loss, the next row, and ``cut`` where the path ends.
        ``attended`` is what attention sends from each loss, the latest first, to the state of a
        single timestep.
        If the rows fit in the cache, all are kept and their norms computed at the end. If not, two
        timesteps share alternating buffers and norms are computed at each step. A square that
        vanishes does not tell a zero row from a small one: then all rows are kept after all.
        """
        if self._wide is not None:
            return self._walk_widely(self._wide, steps[0], has_loss[0], cut[0], attended)
        lost: list[str] = []
        with watched(lost):
            first = self._begin(has_loss, attended)
        if lost:
            self.widen()
            return None
        few = len(steps) == 1 or sum(first.counts) * first.rows[:, 0].size <= CACHED
        keep = few or self._some_end
        walked = None if keep else self._walk(steps, has_loss, cut, first, kept=False)
        if walked is None and not self.wide:
            walked = self._walk(steps, has_loss, cut, first, kept=True)
            self._some_end |= walked is not None and not keep
        return walked

    def _walk(
        self,
        steps: Sequence[StepBack],
        has_loss: Sequence[bool],
        cut: Sequence[bool],
        first: _First,
        *,
        kept: bool,
    ) -> Walked | None:
        exponents, counts = first.exponents, first.counts
        n, met = len(counts), counts[-1]
        room, starts = self._room(has_loss, first, kept=kept)
        ends = [*accumulate(counts, initial=0)]
        squares = np.empty((len(room), ends[-1]))
        totals = np.empty((n, len(room), room.shape[-1]))
        d_a = aligned(n + met, self._cell.width(room.shape[-1]))
        lost: list[str] = []

        def measure(i: int, d_state: Floats) -> None:
            entries = len(lost)
            np.vecdot(d_state, d_state, out=squares[:, ends[i] : ends[i + 1]])
            del lost[entries:]  # squares alone
            totals[i] = d_state[:, 0]

        adjoints = self._adjoints(room, starts, counts, d_a, has_loss)
        with watched(lost, over="ignore", invalid="ignore"):
            walk_back(self._cell, _ended(adjoints, cut, None if kept else measure), steps[:n])
        rows = room[:, : squares.shape[1]]
        if kept:
            totals = room[:, starts[:n]].swapaxes(0, 1)
        log10s = _log10_norms(rows, squares, counts, kept=kept)
        if log10s is None:
            return None
        if lost:
            self.widen()
            return None
        log10s += exponents[:met] * scaled.LOG10_2
        self._d_state = room[:, starts[n] : starts[n] + met].copy()
        self._exponents, self._met = exponents, met
        return Walked(counts, log10s, totals, d_a[:n], int(exponents[0]))

    def _adjoints(
        self,
        room: Floats,
        starts: Sequence[int],
        counts: Sequence[int],
        d_a: Floats,
        has_loss: Sequence[bool],
    ) -> Iterator[Rooms]:
        """Yield the rows of each timestep, its loss among them, and room for those before it."""
        for i, (there, (start, start_prev)) in enumerate(
            zip(counts, pairwise(starts), strict=False)
        ):
            d_state = room[:, start : start + there]
            if i and has_loss[i]:
                total = d_state[0, 0]
                total += self._d_h[there - 2]
            # The next timestep writes over all of ``d_a`` but the total's, its first row.
            yield d_state, d_a[i : i + there], room[:, start_prev : start_prev + there]

    def _room(
        self, has_loss: Sequence[bool], first: _First, *, kept: bool
    ) -> tuple[Floats, list[int]]:
        """Return room (states, ..., H) for the rows of each timestep and of the one before all.

        It comes with where each timestep's rows start. A loss is in its place before it is met.
        """
        rows, _, counts = first
        n, before, met, (states, _, H) = len(counts), self._met, counts[-1], rows.shape
        if kept:
            starts = [*accumulate(counts, initial=0)]
            size = starts[-1] + met
            lasts = [end - 1 for end, meets in zip(starts[1:], has_loss, strict=False) if meets]
            own = np.array(lasts, dtype=np.int64)
        else:
            starts, size = [0, met] * (n // 2 + 1), 2 * met
            own = np.array([[0], [met]]) + np.arange(before, met)
        room = aligned(states, size, H)
        for state, each in enumerate(room):
            each[own] = 0 if state else self._d_h[before - 1 : met - 1]
        room[:, : counts[0]] = rows
        return room, starts

    def _begin(self, has_loss: Sequence[bool], attended: ScaledRows | None) -> _First:
        """Begin a block; it ends before the first timestep whose loss has another exponent."""
        exponents, before, (states, _, H) = self._exponents.copy(), self._met, self._d_state.shape
        counts = [*accumulate(has_loss, initial=before)][1:]
        met = counts[0]
        rows = np.zeros((states, met, H))
        rows[:, :before] = self._d_state
        if before > 1:
            scaled.normalize(rows[:, :before], exponents[:before])
        if met > before:
            rows[0, before] = loss = self._d_h[before - 1]
            own = exponents[before : before + 1]
            if before == 1:  # the total is this loss
                rows[0, 0], exponents[0] = loss, exponents[1]
            else:
                exponents[:1] = scaled.add(rows[:, :1], exponents[:1], loss[None], own)
        if attended is not None:
            exponents[1:met] = scaled.add(rows[:, 1:], exponents[1:met], *attended)
            total = scaled.sum_of(*attended)
            own = np.array([total.exponent])
            exponents[:1] = scaled.add(rows[:, :1], exponents[:1], total.mantissa[None], own)
        others = exponents[met : counts[-1]] != exponents[0]
        if others.any():
            counts = counts[: bisect_right(counts, met + int(others.argmax()))]
        return _First(rows, exponents, counts)

    def _walk_widely(
        self, met: Wide, step: StepBack, has_loss: bool, cut: bool, attended: ScaledRows | None
    ) -> Walked:
        """Walk one timestep, with an exponent for each number."""
        states, before, H = met.shape
        n, zeros = before + has_loss, cast("Any", Wide.zeros)
        d_state, d_a = zeros(states, n, H), zeros(n, self._cell.width(H))
        self._wide = zeros(states, n, H)
        d_state[:, :before] = met
        if has_loss:
            d_state[0, before] = Wide(self._d_h[before - 1], self._exponents[before])
            d_state[0, 0] += d_state[0, before]
        if attended is not None:
            d_state[0, 1:] += Wide(attended.d, attended.exponents[:, None])
            d_state[0, 0] += Wide(*scaled.sum_of(*attended))
        walk_back(self._cell, [(d_state, d_a, self._wide)], [step])
        if cut:
            self._wide[:] = 0
        total, d_a_total = d_state[None, :, 0], d_a[:1]
        exponent = max(int(total.largest()), int(d_a_total.largest()))
        plain = total.mantissas(exponent), d_a_total.mantissas(exponent)
        return Walked([n], d_state.norms().log10()[:, None], *plain, exponent)


def _ended(
    adjoints: Iterator[Rooms], cut: Sequence[bool], measure: Callable[[int, Floats], None] | None
) -> Iterator[Rooms]:
    """Yield the adjoints, whose path ends where BPTT is cut; ``measure`` is shown each timestep."""
    for i, rooms in enumerate(adjoints):
        yield rooms
        if cut[i]:
            rooms[-1][:] = 0
        if measure:
            measure(i, rooms[0])


def _log10_norms(
    rows: Floats, squares: Floats, counts: Sequence[int], *, kept: bool
) -> Floats | None:
    """Return (states, n, R) of all rows, -inf of those not yet met; None if one has strayed."""
    if kept:
        scaled.squared_norms(rows, out=squares)
    if kept and len(counts) == 1:
        found = scaled.log10_norms(rows, 0)
    elif scaled.strayed(squares, rows if kept else None):
        return None
    else:
        found = scaled.log10_roots(squares, 0)
    norms = np.full((len(rows), len(counts), counts[-1]), -np.inf)
    is_met = np.arange(counts[-1]) < np.array(counts)[:, None]
    for each, of_met in zip(norms, found, strict=True):
        each[is_met] = of_met
    return norms
