"""The readout of many timesteps at once, and the loss of each, in nats.

    y = W_hy h + b_y        p = softmax(y)        L = -log p[target]

    ∂L/∂y = p - onehot(target)        ∂L/∂h = W_hyᵀ ∂L/∂y

The loss and its gradient are exact however sure the network is: near p[target] = 1, log p and p - 1
would cancel, and far beyond float64 would underflow, so both are computed from the other classes,
on the scale of the likeliest of them.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.problem import Problem

_SURE = -600.0
"""Log odds against the target below which the gradient is given an exponent."""
_LOWEST = -(2.0**60)
"""Log odds below which the gradient is taken to be no smaller, so that its exponent is an int64."""


class Readout(Protocol):
    """A network, as far as its outputs go."""

    @property
    def W_hy(self) -> Floats: ...

    @property
    def b_y(self) -> Floats: ...


class Loss(NamedTuple):
    """Of each of n rows of outputs."""

    p: Floats
    """(n, V); none of numbers, (n, 0)."""
    losses: Floats
    """(n,)"""
    d_y: Floats
    """(n, V) ∂L/∂y is d_y · 2^exponent."""
    exponents: Integers
    """(n,)"""


def cross_entropy(y: Floats, targets: Integers) -> Loss:
    """Return the loss of each row of y (n, V), and its gradient."""
    target = np.arange(len(y)), targets
    log_odds = y - y[target][:, None]
    log_odds[target] = -np.inf
    top = log_odds.max(axis=1, initial=0)
    p = np.exp(log_odds - top[:, None])
    others, p[target] = p.sum(axis=1), (own := np.exp(-top))
    total = others + own
    p /= total[:, None]
    d_y, exponents = p.copy(), np.zeros(len(y), dtype=np.int64)
    d_y[target] = -others / total
    with np.errstate(divide="ignore"):
        log_others = top + np.log(others)
    if (log_others < _SURE).any():
        _be_exact(log_others, d_y, exponents, log_odds, targets)
    return Loss(p, np.logaddexp(0, log_others), d_y, exponents)


def _be_exact(
    log_others: Floats, d_y: Floats, exponents: Integers, log_odds: Floats, targets: Integers
) -> None:
    """Recompute losses too small for float64 on the scale of the largest other probability."""
    sure = np.flatnonzero(log_others < _SURE)
    log_others[sure] = nats = np.logaddexp.reduce(log_odds[sure], axis=1)
    sure, nats = sure[nats > -np.inf], nats[nats > -np.inf]
    exponents[sure] = np.maximum(nats, _LOWEST) / np.log(2)
    rest = np.clip(nats - exponents[sure] * np.log(2), -1, 0)
    d_y[sure] = np.exp(log_odds[sure] - nats[:, None] + rest[:, None])
    d_y[sure, targets[sure]] = -d_y[sure].sum(axis=1)


def squared_error(y: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """L = ½‖y - target‖² of each row of y (n, D), and ∂L/∂y = y - target."""
    d_y = y - targets
    return 0.5 * np.vecdot(d_y, d_y), d_y


def loss_of(y: Floats, targets: Any) -> Loss:
    """Return the loss of rows y against target classes (n,), or numbers (n, D)."""
    if targets.ndim == 1:
        return cross_entropy(y, targets)
    return Loss(y[:, :0], *squared_error(y, targets), np.zeros(len(y), dtype=np.int64))


class Readouts(NamedTuple):
    """The n outputs that have a loss, in the order of timesteps, and the gradient of each loss."""

    probabilities: Floats
    """(n, V); none of numbers, (n, 0)."""
    losses: Floats
    """(n,)"""
    d_y: Floats
    """(n, V) ∂L/∂y is d_y · 2^exponent."""
    d_h: Floats
    """(n, H) ∂L/∂h is d_h · 2^exponent."""
    exponents: Integers
    """(n,)"""
    y: Floats
    """(n, V)"""

    @classmethod
    def of(cls, network: Readout, h: Floats, targets: Any) -> "Readouts":
        """Return the readouts of n timesteps, given target classes (n,) or numbers (n, D)."""
        y = h @ network.W_hy.T + network.b_y
        loss = loss_of(y, targets)
        if not (finite := np.isfinite(y)).all():
            loss.losses[~finite.all(axis=1)] = np.nan
        d_h = loss.d_y @ network.W_hy
        return cls(loss.p, loss.losses, loss.d_y, d_h, loss.exponents, y)

    def where(self, chosen: Any) -> "Readouts":
        """Return those of some timesteps, chosen as NumPy indexes."""
        return Readouts(*[each[chosen] for each in self])

    def classes(self, problem: Problem) -> Floats:
        """Return (n, V) the probabilities of each class, NaN where the targets are numbers."""
        if problem.numbers is None:
            return self.probabilities
        return np.full((len(self.losses), len(problem.vocabulary)), np.nan)

    @property
    def finite(self) -> "np.typing.NDArray[np.bool_]":
        """(n,) whether every output of a timestep is finite."""
        return np.isfinite(self.losses)
