"""The timesteps of a finished forward pass, walked back for any adjoint.

``engine.bptt.run`` walks back once, for every loss, and keeps norms. What asks for more walks
again.
The tape may be of many networks at once, with axes for them after the axis of time.
Timesteps are counted from 0 in this module.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.records import Trace
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.numerics.wide import Wide, watched

if TYPE_CHECKING:
    from unrolled.engine.experiment import Experiment
    from unrolled.engine.training.config import Training

Result = TypeVar("Result")


class Steps:
    """The timesteps that were reached. They go back further than truncated BPTT does."""

    def __init__(
        self, tape: Tape, weights: Sequence[Weights], parts: Integers, *, wide: bool = False
    ) -> None:
        """If ``wide``, for adjoints in ``Wide`` numbers."""
        self.cell, self.weights, self.parts = tape.cell, weights, parts
        self.zeros: Callable[..., Any] = Wide.zeros if wide else _zeros
        """Room for an adjoint of a shape."""
        self._shape = tape.moments.h.shape
        self._partials = list((tape.wide() if wide else tape).partials(len(self)))[::-1]

    @classmethod
    def of(cls, trace: Trace, *, wide: bool = False) -> "Steps":
        if not len(trace.moments.h):
            raise ValueError("the state overflowed at timestep 1: lower the scales of the weights")
        return cls(trace.tape, trace.network.weights, trace.parts, wide=wide)

    def __len__(self) -> int:
        return self._shape[0]

    @property
    def width(self) -> int:
        """Entries of the joint state: H, and 2H where there is a cell state."""
        return len(self.cell.states) * self._shape[-1]

    def back(self, t: int, d_state: Any) -> tuple[Any, Any]:
        """From timestep t to t-1: ∂L/∂ of the state of t-1, (states, ..., R, H), and ``d_a``.

        ``d_state`` is that of t, likewise; for the LSTM its c gains the path through h.
        """
        d_state_prev = self.zeros(*d_state.shape)
        d_a = self.zeros(*d_state.shape[1:-1], self.cell.width(self._shape[-1]))
        weights, partial = self.weights[self.parts[t]], self._partials[t]
        self.cell.step_back(weights, partial, d_state, d_a, d_state_prev)
        return d_state_prev, d_a

    def jacobian(self, t: int) -> Floats:
        """(n, n) ∂s_t/∂s_{t-1} of the joint state s: each row is an adjoint, walked back."""
        rows = np.array(np.split(np.eye(self.width), len(self.cell.states), axis=1))
        with np.errstate(under="ignore"):
            d_state_prev, _ = self.back(t, rows)
        return np.concatenate([*d_state_prev], axis=1)


def exactly(tape: Tape, walk: Callable[[bool], Result]) -> Result:
    """What ``walk(wide)`` comes to: in ``Wide`` numbers only where others would lose one."""
    lost: list[str] = []
    if not tape.saturated:
        with watched(lost):
            result = walk(False)
        if not lost:
            return result
    return walk(True)


def log10_norms(
    tape: Tape,
    weights: Sequence[Weights],
    parts: Integers,
    d_h: Floats,
    exponents: Integers,
    last: int | Integers,
    cut: Any,
    between: Callable[[], None] = lambda: None,
) -> Floats:
    """(T, ...) log10 of the norms of ∂L/∂h_t, in log range, of one adjoint row each.

    A row of ``d_h`` (..., H), scaled, is ∂L/∂h of its own timestep ``last``; ``cut`` (T,) is where
    no path leads from t to t-1. ``between`` is called after every timestep.
    """

    def walk(wide: bool) -> Floats:
        steps = Steps(tape, weights, parts, wide=wide)
        walked, enters = steps.zeros(len(steps), *d_h.shape), Wide(d_h, exponents[..., None])
        scales = np.zeros(walked.shape[:-1], dtype=np.int64)
        d_state, now = steps.zeros(len(steps.cell.states), *d_h.shape), np.zeros_like(exponents)
        for t in range(len(steps) - 1, -1, -1):
            here = np.broadcast_to(last == t, now.shape)
            if wide:
                d_state[0, here] = enters[here]
            else:
                d_state[0, here], now[here] = d_h[here], exponents[here]
                scaled.normalize(d_state, now)
            walked[t], scales[t] = d_state[0], now
            d_state, _ = steps.back(t, d_state)
            if cut[t]:
                d_state[:] = 0
            between()
        return walked.norms().log10() if wide else scaled.log10_norms(walked, scales)

    return exactly(tape, walk)


class Adjoint(NamedTuple):
    """What reaches every timestep, each number with an exponent of its own."""

    d_state: Wide
    """(T, states, H) ∂L/∂ of the state of t."""
    d_state_prev: Wide
    """(T, states, H) what t hands to t-1, before the loss of t-1, and whatever is cut."""
    d_x: Wide
    """(T, K·H) ∂L/∂(W_xh x_t + b_xh)."""
    d_h: Wide
    """(T, K·H) ∂L/∂(W_hh h_{t-1} + b_hh)."""


def adjoint_of(trace: Trace, losses: Integers) -> Adjoint:
    """The adjoint of the losses of some timesteps."""
    cell, cut = trace.network.cell, cuts(trace.experiment, len(trace.tokens))
    readouts = Readouts.of(trace.network, trace.hidden[losses], trace.problem.targets_at(losses))
    met = zip(readouts.d_h, readouts.exponents.tolist(), strict=True)
    meets = dict(zip(losses.tolist(), met, strict=True))

    def walk(wide: bool) -> Adjoint:
        steps = Steps.of(trace, wide=wide)
        T, H, states, zeros = len(steps), trace.network.hidden_size, len(cell.states), steps.zeros
        walked, handed = zeros(T, states, H), zeros(T, states, H)
        d_a, scales = zeros(T, cell.width(H)), np.zeros((T, 1), dtype=np.int64)
        d_state, exponents = zeros(states, 1, H), np.zeros(1, dtype=np.int64)
        for t in range(T - 1, -1, -1):
            if not wide:
                scaled.normalize(d_state, exponents)
            if t in meets and wide:
                d_state[0, 0] += Wide(*meets[t])
            elif t in meets:
                exponents[0] = scaled.add(d_state[:, 0], exponents[0], *meets[t])
            d_state_prev, d_a[t : t + 1] = steps.back(t, d_state)
            walked[t], handed[t], scales[t] = d_state[:, 0], d_state_prev[:, 0], exponents
            d_state = d_state_prev * (not cut[t])
        states_of = (Wide.of(each, scales[..., None]) for each in (walked, handed))
        return Adjoint(
            *states_of, *(Wide.of(each, scales) for each in (cell.d_x(d_a), cell.d_h(d_a)))
        )

    return exactly(trace.tape, walk)


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape)


def cuts(asked: "Experiment | Training", T: int) -> Any:
    """(T,) where truncated BPTT cuts the path from t to t-1."""
    return np.arange(T, 0, -1) % (asked.truncate or T) == 0


def at(stack: Any, t: int | slice) -> Any:
    """One entry, or some, of a stack, or of a named tuple of stacks."""
    return type(stack)(*(each[t] for each in stack)) if isinstance(stack, tuple) else stack[t]
