"""Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000).

    [a_i a_f a_g a_o] = W_hh h_{t-1} + W_xh x_t + b_xh + b_hh

    i_t = σ(a_i)    f_t = σ(a_f)    c̃_t = tanh(a_g)    o_t = σ(a_o)

    c_t = f_t * c_{t-1} + i_t * c̃_t
    h_t = o_t * tanh(c_t)

The candidate c̃ is named ``g``, as in PyTorch's order of the gates, i, f, g, o.

The cell state c is the carry: along it the gradient is multiplied by f_t, and by no matrix.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import sigmoid, sigmoid_slope, tanh_slope
from unrolled.engine.cells.base import Carry, Cell, Fields, States, Weights, block, split
from unrolled.engine.cells.equations import (
    D_C,
    D_H,
    D_H_PREV,
    Equations,
    Line,
    back_through,
    gate,
)
from unrolled.engine.cells.in_keras import InKeras
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    """(4H,) the four pre-activations, in the order i, f, g, o."""
    gates: Floats
    """(4H,) the four gates."""
    c: Floats
    tanh_c: Floats
    h: Floats


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

    title: ClassVar = "LSTM"
    step_values: ClassVar[Any] = StepValues
    blocks: ClassVar = 4
    gates: ClassVar = ("i", "f", "g", "o")
    candidates: ClassVar = ("g",)
    carry: ClassVar = Carry("c_c", gate="f", bias="forget_bias")
    states: ClassVar = ("h", "c")
    code: ClassVar[tuple[str, ...]] = (
        "a_i, a_f, a_g, a_o = {split}(W_xh @ x + b_xh + W_hh @ h + b_hh, 4)",
        "i, f, o = {sigmoid}(a_i), {sigmoid}(a_f), {sigmoid}(a_o)",
        "c = f * c + i * {tanh}(a_g)",
        "return o * {tanh}(c), c",
    )
    keras: ClassVar[InKeras | None] = InKeras("LSTM", order=(0, 1, 2, 3))

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """Return zeros, but for the forget gate: at 1 it starts open (Jozefowicz et al. 2015).

        With ``carry`` its bias is ``carry``, and that of the input gate -``carry``: i = 1 - f, so a
        long memory is seldom written to (Tallec & Ollivier 2018).
        """
        bias = super().bias(H, carry)
        if carry is not None:
            bias[:H] = -carry
        return bias

    @property
    def saturating(self) -> tuple[str, ...]:
        return "a", "c"

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev, c_prev), (a, gates, c, tanh_c, h) = state_prev, values
        i, f, g, o = split(gates, 4)
        a += np.matmul(h_prev, weights.W_hh.mT, out=gates)  # a = W_hh h_prev + (W_xh x + b)
        sigmoid(a, out=gates)  #                              i, f, o = σ(a_i), σ(a_f), σ(a_o)
        np.tanh(block(a, 2, 4), out=g)  #                     g = tanh(a_g)
        np.multiply(f, c_prev, out=c)  #                      c = f * c_prev
        c += i * g  #                                           + i * g
        np.tanh(c, out=tanh_c)  #                             h = o * tanh(c)
        np.multiply(o, tanh_c, out=h)

    def slopes(self, values: StepValues) -> Slopes:
        a_i, a_f, a_g, a_o = split(values.a, 4)
        return Slopes(
            sigmoid_slope(a_i),
            sigmoid_slope(a_f),
            tanh_slope(a_g),
            sigmoid_slope(a_o),
            tanh_slope(values.c),
        )

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        """Apply the chain rule to c = f * c_prev + i * g and h = o * tanh(c)."""
        (_, c_prev), (i, f, g, o) = states_prev, split(values.gates, 4)
        c_i, c_f, c_g, h_o, h_c = self.slopes(values)
        c_i *= g  #             ∂c/∂a_i = σ'(a_i) * g
        c_f *= c_prev  #        ∂c/∂a_f = σ'(a_f) * c_prev
        c_g *= i  #             ∂c/∂a_g = tanh'(a_g) * i
        h_o *= values.tanh_c  # ∂h/∂a_o = σ'(a_o) * tanh(c)
        h_c *= o  #             ∂h/∂c = tanh'(c) * o
        return Partials(c_i, c_f, c_g, h_o, h_c, c_c=f)

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (d_h, d_c), (d_h_prev, d_c_prev) = d_state, d_state_prev
        c_i, c_f, c_g, h_o, h_c, c_c = partial
        d_i, d_f, d_g, d_o = split(d_a, 4)
        np.multiply(d_h, h_o, out=d_o)  #             ∂L/∂a_o = ∂L/∂h * tanh(c) * σ'(a_o)
        d_c += d_h * h_c  #                           ∂L/∂c += ∂L/∂h * o * tanh'(c)
        np.multiply(d_c, c_i, out=d_i)  #             ∂L/∂a_i = ∂L/∂c * g * σ'(a_i)
        np.multiply(d_c, c_g, out=d_g)  #             ∂L/∂a_g = ∂L/∂c * i * tanh'(a_g)
        np.multiply(d_c, c_f, out=d_f)  #             ∂L/∂a_f = ∂L/∂c * c_prev * σ'(a_f)
        np.multiply(d_c, c_c, out=d_c_prev)  #        ∂L/∂c_prev = ∂L/∂c * f
        np.matmul(d_a, weights.W_hh, out=d_h_prev)  # ∂L/∂h_prev = W_hhᵀ ∂L/∂a

    @property
    def equations(self) -> Equations:
        deltas = {name: rf"\delta_{name}" for name in self.gates}
        return Equations(
            (
                *(gate(name, self.function(name)) for name in self.gates),
                Line(r"c_t & = & f_t & \odot & c_{t-1} & + & i_t & \odot & g_t"),
                Line(r"h_t & = & o_t & \odot & \tanh(c_t)"),
            ),
            (
                Line(rf"{D_C} & = & \kappa_t & + & o_t & \odot & \tanh'(c_t) & \odot & {D_H}"),
                Line(rf"\delta_i & = & \sigma'(a_i) & \odot & g_t & \odot & {D_C}"),
                Line(rf"\delta_f & = & \sigma'(a_f) & \odot & c_{{t-1}} & \odot & {D_C}"),
                Line(rf"\delta_g & = & \tanh'(a_g) & \odot & i_t & \odot & {D_C}"),
                Line(rf"\delta_o & = & \sigma'(a_o) & \odot & \tanh(c_t) & \odot & {D_H}"),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & f_t & \odot & {D_C}", "carry"),
                Line(f"{D_H_PREV} & = & {back_through(deltas)}", "recurrent"),
            ),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        own = {r"\tanh(c_t)": values.tanh_c, r"\tanh'(c_t)": slopes.tanh_c}
        return super().arrays(values, slopes, state_prev) | own
