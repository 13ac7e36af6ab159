"""Optimizers: updates of the weights, one vector θ, by their gradient, one vector d.

Each optimizer is ``torch.optim``'s of the same name, with its defaults.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from unrolled.engine.numerics.arrays import Floats


class Optimizer(ABC):
    """An optimizer: it keeps averages of earlier gradients in vectors of the length of θ."""

    remembers: ClassVar[int] = 0
    """The number of such vectors."""

    def __init__(self, size: int) -> None:
        self.memory = np.zeros((self.remembers, size))
        """The averages."""
        self.updates = 0
        """Those that were done."""

    def update(self, theta: Floats, d: Floats, learning_rate: float) -> None:
        """Change θ in place."""
        self.updates += 1
        self._update(theta, d, learning_rate)

    @abstractmethod
    def _update(self, theta: Floats, d: Floats, learning_rate: float) -> None: ...


class SGD(Optimizer):
    """θ ← θ - η d (Robbins & Monro 1951)."""

    def _update(self, theta: Floats, d: Floats, learning_rate: float) -> None:
        theta -= learning_rate * d


class Momentum(Optimizer):
    """v ← 0.9 v + d, θ ← θ - η v (Polyak 1964)."""

    remembers: ClassVar = 1

    def _update(self, theta: Floats, d: Floats, learning_rate: float) -> None:
        (v,) = self.memory
        v *= 0.9
        v += d
        theta -= learning_rate * v


class RMSprop(Optimizer):
    """s ← 0.99 s + 0.01 d², θ ← θ - η d / (√s + 1e-8) (Tieleman & Hinton 2012)."""

    remembers: ClassVar = 1

    def _update(self, theta: Floats, d: Floats, learning_rate: float) -> None:
        (s,) = self.memory
        s *= 0.99
        s += 0.01 * d**2
        theta -= learning_rate * d / (np.sqrt(s) + 1e-8)


class Adam(Optimizer):
    """Kingma & Ba 2015, with the means of the first k gradients unbiased by 1 - βᵏ.

    m ← 0.9 m + 0.1 d, s ← 0.999 s + 0.001 d²,
    θ ← θ - η (m / (1 - 0.9ᵏ)) / (√(s / (1 - 0.999ᵏ)) + 1e-8)
    """

    remembers: ClassVar = 2

    def _update(self, theta: Floats, d: Floats, learning_rate: float) -> None:
        (m, s), k = self.memory, self.updates
        m *= 0.9
        m += 0.1 * d
        s *= 0.999
        s += 0.001 * d**2
        root = np.sqrt(s / (1 - 0.999**k)) + 1e-8
        theta -= learning_rate / (1 - 0.9**k) * m / root


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "rmsprop": RMSprop,
    "adam": Adam,
}
