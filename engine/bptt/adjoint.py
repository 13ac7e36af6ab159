"""The timesteps of a finished forward pass, walked back for any adjoint.

``engine.bptt.run`` walks back once, for every loss, and keeps norms. The functions here compute the
full adjoints again.
The tape may be of many networks at once, with axes for them after the axis of time.
Timesteps are counted from 0 in this module.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from unrolled.engine.bptt.backward import (
    NUMBERS,
    ROWS,
    Entering,
    Rooms,
    StepBack,
    in_log_range,
    walk_back,
)
from unrolled.engine.bptt.cell_pass import CellPass, Traced
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.numerics.wide import Wide, watched

Result = TypeVar("Result")


class Steps:
    """The timesteps that were reached. They go back further than truncated BPTT does."""

    def __init__(
        self, tape: Tape, weights: Sequence[Weights], parts: Integers, *, wide: bool = False
    ) -> None:
        """Set up the walk back; ``wide`` for adjoints in ``Wide`` numbers."""
        self.cell, self.weights, self.parts = tape.cell, weights, parts
        self._shape = tape.moments.h.shape
        self._width_of_a = tape.cell.width(self._shape[-1])
        self._partials = list((tape.wide() if wide else tape).partials(len(self)))[::-1]

    @classmethod
    def of(cls, passed: CellPass, *, wide: bool = False) -> "Steps":
        if not len(passed.tape.moments.h):
            raise ValueError("the state overflowed at timestep 1: lower the scales of the weights")
        return cls(passed.tape, passed.network.weights, passed.parts, wide=wide)

    def __len__(self) -> int:
        return self._shape[0]

    @property
    def width(self) -> int:
        """Entries of the joint state: H, and 2H where there is a cell state."""
        return len(self.cell.states) * self._shape[-1]

    def backward(self) -> Iterator[StepBack]:
        """Yield the timesteps as ``walk_back`` takes them, the latest first."""
        for t in range(len(self) - 1, -1, -1):
            yield self.weights[self.parts[t]], self._partials[t]

    def jacobian(self, t: int) -> Floats:
        """Return (n, n) ∂s_t/∂s_{t-1} of the joint state s: each row is an adjoint, walked back."""
        rows = np.array(np.split(np.eye(self.width), len(self.cell.states), axis=1))
        d_state_prev, d_a = np.zeros(rows.shape), np.zeros((self.width, self._width_of_a))
        weights, partial = self.weights[self.parts[t]], self._partials[t]
        with np.errstate(under="ignore"):
            self.cell.step_back(weights, partial, rows, d_a, d_state_prev)
        return np.concatenate([*d_state_prev], axis=1)


def exactly(tape: Tape, walk: Callable[[bool], Result]) -> Result:
    """Return ``walk(wide)``, in ``Wide`` numbers only where others would lose one."""
    lost: list[str] = []
    if not tape.saturated:
        with watched(lost):
            result = walk(False)
        if not lost:
            return result
    return walk(True)


def entering_at(last: int | Integers, d_h: Floats, exponents: Integers) -> dict[int, Entering]:
    """Return where adjoint rows enter, by timestep: each row at its own ``last``.

    They are d_h (..., H) · 2^exponents (...).
    """
    last = np.broadcast_to(last, exponents.shape)
    return {
        t: Entering(here := last == t, d_h[here], exponents[here]) for t in np.unique(last).tolist()
    }


def log10_norms(
    tape: Tape,
    weights: Sequence[Weights],
    parts: Integers,
    entering: Mapping[int, Entering],
    cut: Any,
    between: Callable[[], None] = lambda: None,
) -> Floats:
    """Return (T, ...) log10 of the norms of ∂L/∂h_t, in log range, of one adjoint row each.

    ``entering`` has what enters the rows (..., H), by timestep; ``cut`` (T,) is where no path leads
    from t to t-1. ``between`` is called after every timestep.
    """
    T, *shape = tape.moments.h.shape

    def walk(wide: bool) -> Floats:
        kind = NUMBERS if wide else ROWS
        walked, scales = kind.zeros(T, *shape), np.zeros((T, *shape[:-1]), np.int64)

        def keep(t: int, rooms: Rooms, now: Integers) -> None:
            walked[t], scales[t] = rooms[0][0], now
            between()

        steps = Steps(tape, weights, parts, wide=wide)
        adjoints = in_log_range(kind, tape.cell, tuple(shape), entering, cut[:T], keep)
        walk_back(tape.cell, adjoints, steps.backward())
        return kind.log10_norms(walked, scales)

    return exactly(tape, walk)


class Adjoint(NamedTuple):
    """The gradient that reaches every timestep, each number with an exponent of its own."""

    d_state: Wide
    """(T, states, H) ∂L/∂ of the state of t."""
    d_state_prev: Wide
    """(T, states, H) the part of t-1's that comes from t, before its own loss and any cut."""
    d_x: Wide
    """(T, K·H) ∂L/∂(W_xh x_t + b_xh)."""
    d_h: Wide
    """(T, K·H) ∂L/∂(W_hh h_{t-1} + b_hh)."""
    d_b_xh: Wide
    """(T, K·H) what a timestep adds to ∂L/∂b_xh."""
    d_b_hh: Wide


def adjoint_of(of: Traced | CellPass, losses: Integers) -> Adjoint:
    """Return the adjoint of the losses of some timesteps, in the order in which the cell read."""
    passed = of if isinstance(of, CellPass) else of.cell_pass()
    cell, cut = passed.network.cell, passed.cut
    entering = passed.enters(losses)

    def walk(wide: bool) -> Adjoint:
        steps, kind = Steps.of(passed, wide=wide), NUMBERS if wide else ROWS
        T, H, states, zeros = len(steps), passed.network.hidden_size, len(cell.states), kind.zeros
        walked, handed = zeros(T, states, H), zeros(T, states, H)
        d_a, scales = zeros(T, cell.width(H)), np.zeros((T, 1), dtype=np.int64)

        def keep(t: int, rooms: Rooms, exponents: Integers) -> None:
            d_state, d_a[t : t + 1], d_state_prev = rooms
            walked[t], handed[t], scales[t] = d_state[:, 0], d_state_prev[:, 0], exponents

        walk_back(cell, in_log_range(kind, cell, (1, H), entering, cut[:T], keep), steps.backward())
        deltas: Any = Wide.of(d_a, scales)
        rows: Any = (cell.d_x(deltas), cell.d_h(deltas), *cell.d_biases(deltas))
        states_of = [Wide.of(each, scales[..., None]) for each in (walked, handed)]
        return Adjoint(*states_of, *rows)

    return exactly(passed.tape, walk)


def at(stack: Any, t: Any) -> Any:
    """Return one entry, or some, of a stack, or of a named tuple of stacks."""
    return type(stack)(*(each[t] for each in stack)) if isinstance(stack, tuple) else stack[t]
