"""The readout of one timestep, and its loss, in nats.

    y = W_hy h + b_y        p = softmax(y)        L = -log p[target]

    ∂L/∂y = p - onehot(target)        ∂L/∂h = W_hyᵀ ∂L/∂y

The loss and its gradient are exact however sure the network is.
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Floats, read_only
from engine.network import Network

_SURE = -600.0
"""Log odds against the target below which the gradient is given an exponent."""
_LOWEST = -(2.0**60)
"""Log odds below which the gradient is taken to be no smaller, so that its exponent is an int64."""


class Readout(NamedTuple):
    """What one timestep says, and how wrong it is."""

    probabilities: Floats
    loss: float
    d_y: Floats
    d_h: Floats
    exponent: int
    """∂L/∂y is d_y · 2^exponent, and ∂L/∂h is d_h · 2^exponent."""

    @classmethod
    def of(cls, network: Network, h: Floats, target: int) -> "Readout":
        """The loss and its gradient keep their digits however sure the network is.

        Near p[target] = 1, log p and p - 1 would cancel, and far beyond float64 would underflow:
        both are computed from the other classes, on the scale of the likeliest of them.
        """
        y = network.W_hy @ h + network.b_y
        e = np.exp(y - y.max())
        p = e / e.sum()
        log_odds = y - y[target]
        log_odds[target] = -np.inf
        log_others = np.logaddexp.reduce(log_odds)
        loss = float(np.logaddexp(0, log_others))
        exponent = 0
        d_y = p.copy()
        if -np.inf < log_others < _SURE:
            exponent = int(max(log_others, _LOWEST) / np.log(2))
            rest = np.clip(log_others - exponent * np.log(2), -1, 0)
            d_y = np.exp(log_odds - log_others + rest)
        d_y[target] = 0
        d_y[target] = -d_y.sum()
        d_h = network.W_hy.T @ d_y
        return cls(read_only(p), loss, read_only(d_y), read_only(d_h), exponent)

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.loss) and np.isfinite(self.probabilities).all())
