"""A network without memory, for contrast: an RNN whose recurrent weights are absent.

    a_t = W_xh x_t + b_h        h_t = f(a_t)

h_t sees x_t alone, so no gradient ever reaches an earlier timestep.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from unrolled.engine.cells.base import Fields, States, Weights
from unrolled.engine.cells.equations import Equations
from unrolled.engine.cells.rnn import RNN
from unrolled.engine.numerics.arrays import Floats


@dataclass(frozen=True)
class Feedforward(RNN):
    title: ClassVar = "No memory"
    recurrent: ClassVar = False
    mixes: ClassVar = 0
    code: ClassVar = ("a = W_xh @ x + b_xh + b_hh", "return {f}(a)")
    keras: ClassVar = None

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        a, h = values
        self.f.value(a, out=h)  # h = f(W_xh x + b_h)

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_a,), d_h, d_h_prev = partial, d_state[0], d_state_prev[0]
        np.multiply(d_h, h_a, out=d_a)  # ∂L/∂a = ∂L/∂h * f'(a)
        d_h_prev[...] = 0  #              ∂L/∂h_prev = 0

    @property
    def equations(self) -> Equations:
        return self.of_function("", "0")
