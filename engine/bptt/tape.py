"""The tape: everything that a forward pass computed, for the walk back, in one array a field.

The arrays have a leading axis of time, and may have axes for many networks or many examples after
it. Timesteps are counted from 0 in this module.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.cells import Cell, Products, Weights
from unrolled.engine.numerics.arrays import Floats, aligned, side_by_side
from unrolled.engine.numerics.wide import Wide

CHUNK = 2**13
"""Numbers of a field whose partials are computed at once, about, so that they stay in the cache."""

_FAR = 300
"""Arguments up to which the slope of tanh and of σ is far from the end of float64."""


class Tape(NamedTuple):
    cell: Cell
    moments: Any
    """A stack of the cell's ``StepValues``, each field (T, ..., H) or (T, ..., K·H)."""
    states_prev: tuple[Floats, ...]
    """(T, ..., H) each: the state that each timestep reads."""

    @classmethod
    def blank(cls, cell: Cell, T: int, *shape: int) -> "Tape":
        """Return room for T timesteps of states (..., H) of that shape."""
        *rest, H = shape
        room = side_by_side if rest else aligned
        fields, before = [], {}
        for name in cell.step_values._fields:
            width = cell.blocks * H if name in cell.stacked else H
            array = room(T + 1, *rest, width)
            fields.append(array[1:])
            if name in cell.states:
                array[0] = 0
                before[name] = array[:-1]
        return cls(cell, cell.step_values(*fields), tuple(before[name] for name in cell.states))

    @classmethod
    def beside(cls, tapes: Sequence["Tape"]) -> "Tape":
        """Return the tapes of n networks, or of stacks of them, as one (T, n, ..., 1, H)."""

        def stacked(fields: Sequence[Floats]) -> Floats:
            found = np.stack(fields, axis=1)
            return found if found.ndim > 3 else found[:, :, None]

        moments = map(stacked, zip(*(each.moments for each in tapes), strict=True))
        states_prev = map(stacked, zip(*(each.states_prev for each in tapes), strict=True))
        cell = tapes[0].cell
        return cls(cell, cell.step_values(*moments), tuple(states_prev))

    def forward(
        self, weights: Sequence[Weights], parts: Sequence[int], start: int, stop: int
    ) -> None:
        """Compute the timesteps from ``start`` to ``stop`` - 1, whose ``a`` hold the drives."""
        now = slice(start, stop)
        step = self.cell.step
        reads = zip(*(each[now] for each in self.states_prev), strict=True)
        writes = zip(*(each[now] for each in self.moments), strict=True)
        for part, state_prev, moment in zip(parts[now], reads, writes, strict=True):
            step(weights[part], state_prev, moment)

    def of(self, chosen: Any) -> "Tape":
        """Return some timesteps, or some of their networks or examples, by NumPy's indexes."""
        moments = type(self.moments)(*(each[chosen] for each in self.moments))
        return Tape(self.cell, moments, tuple(each[chosen] for each in self.states_prev))

    @property
    def saturated(self) -> bool:
        """Whether a slope may be below float64."""
        fields = (getattr(self.moments, name) for name in self.cell.saturating)
        return any(np.abs(each).max(initial=0) > _FAR for each in fields)

    def wide(self) -> "Tape":
        """Return the same values, with an exponent for each number."""
        moments = type(self.moments)(*(Wide(each, 0) for each in self.moments))
        states_prev: Any = tuple(Wide(each, 0) for each in self.states_prev)
        return Tape(self.cell, moments, states_prev)

    @property
    def recurrent_products(self) -> Products:
        """The rows of W_hh, and the vectors that each timestep multiplies by them."""
        return self.cell.recurrent_products(self.moments, self.states_prev)

    def partials(self, stop: int, start: int = 0) -> Iterator[Any]:
        """Yield partials for ``Cell.step_back``, from timestep ``stop`` - 1 down to ``start``."""
        length = max(1, CHUNK // max(1, self.moments.h[:1].size))
        while stop > start:
            first = max(start, stop - length)
            now = self.of(slice(first, stop))
            with np.errstate(under="ignore"):
                partials = self.cell.partials(now.moments, now.states_prev)
            yield from zip(*(each[::-1] for each in partials), strict=True)
            stop = first
