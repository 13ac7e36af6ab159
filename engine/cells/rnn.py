"""The simple recurrent network of Elman (1990).

    a_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(a_t)

with b_h = b_xh + b_hh, as ``torch.nn.RNN`` keeps it.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from engine.arrays import Floats
from engine.cells.activations import Activation
from engine.cells.base import Back, Cell, Weights


class Moment(NamedTuple):
    a: Floats
    h: Floats

    @property
    def state(self) -> tuple[Floats, ...]:
        return (self.h,)


@dataclass(frozen=True)
class RNN(Cell):
    f: Activation

    blocks: ClassVar = 1

    def step(self, weights: Weights, drive: Floats, state: tuple[Floats, ...]) -> Moment:
        (h_prev,) = state
        a = h_prev @ weights.W_hh.mT + weights.b_hh + drive
        h = self.f.value(a)
        return Moment(a, h)

    def slopes(self, moments: Moment) -> Floats:
        return self.f.slope(moments.a)

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
        d_h_prev = d_a @ weights.W_hh
        return Back((d_h_prev,), d_state, d_a, d_a)
