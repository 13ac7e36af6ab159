"""The simple recurrent network of Elman (1990).

    a_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(a_t)

with b_h = b_xh + b_hh, as ``torch.nn.RNN`` keeps it. Backward:

    ∂L/∂a_t = f'(a_t) * ∂L/∂h_t        ∂L/∂h_{t-1} = W_hhᵀ ∂L/∂a_t
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import Activation
from unrolled.engine.cells.base import Cell, Fields, States, Weights
from unrolled.engine.numerics.arrays import Floats


class Moment(NamedTuple):
    a: Floats
    h: Floats


class Partials(NamedTuple):
    h_a: Floats
    """∂h/∂a."""


@dataclass(frozen=True)
class RNN(Cell):
    f: Activation

    moment: ClassVar = Moment
    blocks: ClassVar = 1

    @property
    def saturating(self) -> tuple[str, ...]:
        return ("a",) if self.f.saturates else ()

    def step(self, weights: Weights, state_prev: States, moment: Fields) -> None:
        (h_prev,), (a, h) = state_prev, moment
        a += np.matmul(h_prev, weights.W_hh.mT, out=h)
        self.f.value(a, out=h)

    def slopes(self, moments: Moment) -> Floats:
        return self.f.slope(moments.a)

    def partials(self, moments: Moment, states_prev: States) -> Partials:
        return Partials(self.slopes(moments))

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_a,), d_h, d_h_prev = partial, d_state[0], d_state_prev[0]
        np.multiply(d_h, h_a, out=d_a)
        np.matmul(d_a, weights.W_hh, out=d_h_prev)
