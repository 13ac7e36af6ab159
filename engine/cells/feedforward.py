"""No memory: the contrast. An RNN whose recurrent weights are absent.

    h_t = f(W_xh x_t + b_h)

h_t sees x_t alone, so no gradient ever reaches an earlier timestep.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import Floats
from engine.cells.base import Back, Weights
from engine.cells.rnn import RNN, Moment


@dataclass(frozen=True)
class Feedforward(RNN):
    recurrent: ClassVar = False

    def step(self, weights: Weights, drive: Floats, state: tuple[Floats, ...]) -> Moment:
        a = weights.b_hh + drive
        h = self.f.value(a)
        return Moment(a, h)

    def step_back(
        self,
        weights: Weights,
        moment: Moment,
        slope: Floats,
        state_prev: tuple[Floats, ...],
        d_state: tuple[Floats, ...],
    ) -> Back:
        (d_h,) = d_state
        d_a = d_h * slope
        return Back((np.zeros_like(d_h),), d_state, d_a, d_a)
