"""Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000).

    [a_i a_f a_g a_o] = W_hh h_{t-1} + b_hh + W_xh x_t + b_xh

    i_t = σ(a_i)    f_t = σ(a_f)    g_t = tanh(a_g)    o_t = σ(a_o)

    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

The cell state c is the carry: along it the gradient is multiplied by f_t, and by no matrix.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.cells.activations import sigmoid, sigmoid_slope, tanh_slope
from engine.cells.base import Back, Cell, Weights, split


class Moment(NamedTuple):
    a: Floats
    """(4H,) the four pre-activations, in the order i, f, g, o."""
    i: Floats
    f: Floats
    g: Floats
    o: Floats
    c: Floats
    tanh_c: Floats
    h: Floats

    @property
    def state(self) -> tuple[Floats, ...]:
        return self.h, self.c


class Slopes(NamedTuple):
    i: Floats
    f: Floats
    g: Floats
    o: Floats
    tanh_c: Floats


@dataclass(frozen=True)
class LSTM(Cell):
    forget_bias: float

    blocks: ClassVar = 4
    gates: ClassVar = ("i", "f", "g", "o")
    carry: ClassVar = "f"
    states: ClassVar = ("h", "c")

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """Zero, but for the forget gate: at 1 it starts open (Jozefowicz et al. 2015).

        With ``carry`` that is its bias, and the input gate has -``carry``: what is kept for long is
        written seldom, i = 1 - f (Tallec & Ollivier 2018).
        """
        if carry is None:
            return np.repeat([0.0, self.forget_bias, 0.0, 0.0], H)
        return np.concatenate([-carry, carry, np.zeros(2 * H)])

    def step(self, weights: Weights, drive: Floats, state: tuple[Floats, ...]) -> Moment:
        h_prev, c_prev = state
        a = h_prev @ weights.W_hh.mT + weights.b_hh + drive
        a_i, a_f, a_g, a_o = split(a, 4)
        i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
        c = f * c_prev + i * g
        tanh_c = np.tanh(c)
        h = o * tanh_c
        return Moment(a, i, f, g, o, c, tanh_c, h)

    def slopes(self, moments: Moment) -> Slopes:
        a_i, a_f, a_g, a_o = split(moments.a, 4)
        return Slopes(
            sigmoid_slope(a_i),
            sigmoid_slope(a_f),
            tanh_slope(a_g),
            sigmoid_slope(a_o),
            tanh_slope(moments.c),
        )

    def step_back(
        self,
        weights: Weights,
        moment: Moment,
        slope: Slopes,
        state_prev: tuple[Floats, ...],
        d_state: tuple[Floats, ...],
    ) -> Back:
        _, c_prev = state_prev
        d_h, d_c = d_state
        d_o, d_tanh_c = d_h * moment.tanh_c, d_h * moment.o
        d_c = d_c + d_tanh_c * slope.tanh_c
        d_f, d_i, d_g = d_c * c_prev, d_c * moment.g, d_c * moment.i
        d_c_prev = d_c * moment.f
        d_a = np.concatenate([d_i * slope.i, d_f * slope.f, d_g * slope.g, d_o * slope.o], axis=-1)
        d_h_prev = d_a @ weights.W_hh
        return Back((d_h_prev, d_c_prev), (d_h, d_c), d_a, d_a)
