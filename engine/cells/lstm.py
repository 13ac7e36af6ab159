"""Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000).

    [a_i a_f a_g a_o] = W_hh h_{t-1} + W_xh x_t + b_xh + b_hh

    i_t = σ(a_i)    f_t = σ(a_f)    g_t = tanh(a_g)    o_t = σ(a_o)

    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

The cell state c is the carry: along it the gradient is multiplied by f_t, and by no matrix.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import sigmoid, sigmoid_slope, tanh_slope
from unrolled.engine.cells.base import Cell, Fields, States, Weights, split
from unrolled.engine.numerics.arrays import Floats


class Moment(NamedTuple):
    a: Floats
    """(4H,) the four pre-activations, in the order i, f, g, o."""
    gates: Floats
    """(4H,) the four gates."""
    c: Floats
    tanh_c: Floats
    h: Floats

    @property
    def i(self) -> Floats:
        return split(self.gates, 4)[0]

    @property
    def f(self) -> Floats:
        return split(self.gates, 4)[1]

    @property
    def g(self) -> Floats:
        return split(self.gates, 4)[2]

    @property
    def o(self) -> Floats:
        return split(self.gates, 4)[3]


class Slopes(NamedTuple):
    i: Floats
    f: Floats
    g: Floats
    o: Floats
    tanh_c: Floats


class Partials(NamedTuple):
    """``c_i`` is ∂c/∂a_i, and so on: each (H,)."""

    c_i: Floats
    c_f: Floats
    c_g: Floats
    h_o: Floats
    h_c: Floats
    """∂h/∂c."""
    c_c: Floats
    """∂c/∂c_prev."""


@dataclass(frozen=True)
class LSTM(Cell):
    forget_bias: float

    moment: ClassVar = Moment
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

    @property
    def saturating(self) -> tuple[str, ...]:
        return "a", "c"

    def step(self, weights: Weights, state_prev: States, moment: Fields) -> None:
        (h_prev, c_prev), (a, gates, c, tanh_c, h) = state_prev, moment
        i, f, g, o = split(gates, 4)
        a += np.matmul(h_prev, weights.W_hh.mT, out=gates)  # room that the gates then take
        sigmoid(a, out=gates)
        np.tanh(split(a, 4)[2], out=g)
        np.multiply(f, c_prev, out=c)
        c += i * g
        np.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=h)

    def slopes(self, moments: Moment) -> Slopes:
        a_i, a_f, a_g, a_o = split(moments.a, 4)
        return Slopes(
            sigmoid_slope(a_i),
            sigmoid_slope(a_f),
            tanh_slope(a_g),
            sigmoid_slope(a_o),
            tanh_slope(moments.c),
        )

    def partials(self, moments: Moment, states_prev: States) -> Partials:
        """By the chain rule, from c = f * c_prev + i * g and h = o * tanh(c)."""
        (_, c_prev), (i, f, g, o) = states_prev, split(moments.gates, 4)
        slope = self.slopes(moments)
        return Partials(
            c_i=g * slope.i,
            c_f=c_prev * slope.f,
            c_g=i * slope.g,
            h_o=moments.tanh_c * slope.o,
            h_c=o * slope.tanh_c,
            c_c=f,
        )

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        d_h, d_h_prev = d_state[0], d_state_prev[0]
        d_c, d_c_prev = d_state[1], d_state_prev[1]
        c_i, c_f, c_g, h_o, h_c, c_c = partial
        d_i, d_f, d_g, d_o = split(d_a, 4)
        np.multiply(d_h, h_o, out=d_o)
        d_c += d_h * h_c
        np.multiply(d_c, c_i, out=d_i)
        np.multiply(d_c, c_f, out=d_f)
        np.multiply(d_c, c_g, out=d_g)
        np.multiply(d_c, c_c, out=d_c_prev)
        np.matmul(d_a, weights.W_hh, out=d_h_prev)
