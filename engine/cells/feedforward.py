"""No memory: the contrast. An RNN whose recurrent weights are absent.

    a_t = W_xh x_t + b_h        h_t = f(a_t)

h_t sees x_t alone, so no gradient ever reaches an earlier timestep.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Floats
from engine.cells.base import States, Weights
from engine.cells.rnn import RNN, Moment, Partials


@dataclass(frozen=True)
class Feedforward(RNN):
    recurrent: ClassVar = False

    def step(self, weights: Weights, state_prev: States, moment: Moment) -> None:
        a, h = moment
        self.f.value(a, out=h)

    def step_back(
        self,
        weights: Weights,
        partial: Partials,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        d_h, d_h_prev = d_state[0], d_state_prev[0]
        np.multiply(d_h, partial.h_a, out=d_a)
        d_h_prev[...] = 0
