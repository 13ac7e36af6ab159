"""The timesteps of a finished forward pass, walked back for any adjoint.

``engine.bptt`` walks back once, for every loss, and keeps norms. What asks for more walks again.
The moments may be of many networks at once, with axes for them after the axis of time.
Timesteps are counted from 0 in this module.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers
from engine.cells import Back, Cell, Weights
from engine.readout import Readouts
from engine.records import Trace

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.training.plan import Training


class Steps:
    """The timesteps that were reached. They go back further than truncated BPTT does."""

    def __init__(
        self, cell: Cell, weights: Sequence[Weights], parts: Integers, moments: Any
    ) -> None:
        self.cell, self.weights, self.parts = cell, weights, parts
        self._moments, self._states = moments, moments.state
        with np.errstate(under="ignore"):
            self._slopes = cell.slopes(moments)

    @classmethod
    def of(cls, trace: Trace) -> "Steps":
        if trace.moments is None:
            raise ValueError("the state overflowed at timestep 1: lower the scales of the weights")
        return cls(trace.network.cell, trace.network.weights, trace.parts, trace.moments)

    def __len__(self) -> int:
        return len(self._moments.h)

    @property
    def width(self) -> int:
        """Entries of the joint state: H, and 2H where there is a cell state."""
        return sum(state.shape[-1] for state in self._states)

    def back(self, t: int, d_state: tuple[Floats, ...]) -> Back:
        """From timestep t to t-1, for adjoint rows (R, H) of each state of t."""
        moment, slope = at(self._moments, t), at(self._slopes, t)
        state_prev = tuple(s[t - 1] if t else np.zeros_like(s[0]) for s in self._states)
        with np.errstate(under="ignore"):
            weights = self.weights[self.parts[t]]
            return self.cell.step_back(weights, moment, slope, state_prev, d_state)

    def log10_norms(
        self, d_h: Floats, exponents: Integers, last: int | Integers, cut: Any
    ) -> Floats:
        """(T, ...) log10 of the norms of ∂L/∂h_t, in log range, of one adjoint row each.

        A row of ``d_h`` (..., H), scaled, is ∂L/∂h of its own timestep ``last``; ``cut`` (T,) is
        where no path leads from t to t-1.
        """
        walked = np.empty((len(self), *d_h.shape))
        scales = np.empty(walked.shape[:-1], dtype=np.int64)
        d_state, now = np.zeros((len(self._states), *d_h.shape)), np.zeros_like(exponents)
        for t in range(len(self) - 1, -1, -1):
            enters = np.broadcast_to(last == t, now.shape)
            d_state[0, enters], now[enters] = d_h[enters], exponents[enters]
            scaled.normalize(d_state, now)
            walked[t], scales[t] = d_state[0], now
            d_state = np.array(self.back(t, tuple(d_state)).d_state_prev) * (not cut[t])
        return scaled.log10_norms(walked, scales)

    def jacobian(self, t: int) -> Floats:
        """(n, n) ∂s_t/∂s_{t-1} of the joint state s: each row is an adjoint, walked back."""
        rows = np.split(np.eye(self.width), len(self._states), axis=1)
        return np.concatenate(self.back(t, tuple(rows)).d_state_prev, axis=1)


class Adjoint(NamedTuple):
    """What reaches every timestep; all that a timestep has shares an exponent."""

    d_state: Floats
    """(T, states, H) ∂L/∂ of the state of t."""
    d_state_prev: Floats
    """(T, states, H) what t hands to t-1, before the loss that t-1 owes, and whatever is cut."""
    d_x: Floats
    """(T, K·H) ∂L/∂(W_xh x_t + b_xh)."""
    d_h: Floats
    """(T, K·H) ∂L/∂(W_hh h_{t-1} + b_hh)."""
    exponents: Integers
    """(T,)"""


def adjoint_of(trace: Trace, losses: Integers) -> Adjoint:
    """The adjoint of the losses of some timesteps."""
    steps, cell, cut = (
        Steps.of(trace),
        trace.network.cell,
        cuts(trace.experiment, len(trace.tokens)),
    )
    T, H, states = len(steps), trace.network.hidden_size, len(cell.states)
    readouts = Readouts.of(trace.network, trace.hidden[losses], trace.problem.owed(losses))
    met = zip(readouts.d_h, readouts.exponents, strict=True)
    meets = dict(zip(losses.tolist(), met, strict=True))
    over_states, over_blocks = (T, states, H), (T, cell.blocks * H)
    adjoint = Adjoint(
        d_state=np.zeros(over_states),
        d_state_prev=np.zeros(over_states),
        d_x=np.zeros(over_blocks),
        d_h=np.zeros(over_blocks),
        exponents=np.zeros(T, dtype=np.int64),
    )
    d_state, exponents = np.zeros((states, 1, H)), np.zeros(1, dtype=np.int64)
    for t in range(T - 1, -1, -1):
        scaled.normalize(d_state, exponents)
        if t in meets:
            exponents[0] = scaled.add(d_state[:, 0], exponents[0], *meets[t])
        back = steps.back(t, tuple(d_state))
        adjoint.d_state[t] = np.concatenate(back.d_state)
        adjoint.d_state_prev[t] = np.concatenate(back.d_state_prev)
        adjoint.d_x[t], adjoint.d_h[t] = back.d_x[0], back.d_h[0]
        adjoint.exponents[t] = exponents[0]
        d_state = np.array(back.d_state_prev) * (not cut[t])
    return adjoint


def cuts(asked: "Experiment | Training", T: int) -> Any:
    """(T,) where truncated BPTT cuts the path from t to t-1."""
    return np.arange(T, 0, -1) % (asked.truncate or T) == 0


def reached_losses(trace: Trace) -> Integers:
    """The timesteps that owe a loss and were reached."""
    return np.flatnonzero(np.isfinite(trace.losses))


def at(stack: Any, t: int | slice) -> Any:
    """One entry, or some, of a stack, or of a named tuple of stacks."""
    return type(stack)(*(each[t] for each in stack)) if isinstance(stack, tuple) else stack[t]
