"""The minLSTM (Feng et al. 2024, "Were RNNs all we needed?"): two gates that share one whole.

    f_t = σ(a_f) / (σ(a_i) + σ(a_f))        i_t = σ(a_i) / (σ(a_i) + σ(a_f))        n_t = a_n

    h_t = f_t * h_{t-1} + i_t * n_t        [a_i a_f a_n] = W_xh x_t + b_xh + b_hh

i + f = 1, so h is a mean of what was read. The paper writes f' and i' for these f and i. There are
no recurrent weights, so all timesteps can be computed at once, by a scan. The carry is h: along it
the gradient is multiplied by f_t, and there is no other path.

f = σ(s) and i = σ(-s) with s = log σ(a_f) - log σ(a_i).
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import one_minus_sigmoid, sigmoid, sigmoid_slope
from unrolled.engine.cells.base import Carry, Cell, Fields, States, Weights, split
from unrolled.engine.cells.equations import D_H, D_H_PREV, Equations, Line, of_input
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    """(3H,) the three pre-activations, in the order i, f, n."""
    s: Floats
    """log σ(a_f) - log σ(a_i)."""
    gates: Floats
    """(3H,) the gates i and f, and n, which is a_n."""
    h: Floats


class Slopes(NamedTuple):
    """∂ log σ(a)/∂a = σ(-a)."""

    i: Floats
    f: Floats


class Partials(NamedTuple):
    """``h_i`` is ∂h/∂a_i, and so on: each (H,)."""

    h_i: Floats
    h_f: Floats
    h_n: Floats
    h_h: Floats
    """∂h/∂h_prev."""


@dataclass(frozen=True)
class MinLSTM(Cell):
    forget_bias: float

    title: ClassVar = "minLSTM"
    step_values: ClassVar = StepValues
    blocks: ClassVar = 3
    gates: ClassVar = ("i", "f", "n")
    candidates: ClassVar = ("n",)
    carry: ClassVar = Carry("h_h", gate="f", bias="forget_bias")
    mixes: ClassVar = 0
    code: ClassVar = (
        "a_i, a_f, n = {split}(W_xh @ x + b_xh + b_hh, 3)",
        "i, f = {sigmoid}(a_i), {sigmoid}(a_f)",
        "return f / (i + f) * h + i / (i + f) * n",
    )

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """Return zeros, but for the forget gate; with ``carry`` that of i is -``carry``: f = σ(b).

        So ``carry`` gives a unit the memory that it gives to an LSTM.
        """
        bias = super().bias(H, carry)
        if carry is not None:
            bias[:H] = -carry
        return bias

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, s, gates, h) = state_prev, values
        (a_i, a_f, a_n), (i, f, n) = split(a, 3), split(gates, 3)
        np.logaddexp(0, -a_i, out=s)
        s -= np.logaddexp(0, -a_f)  #     s = log σ(a_f) - log σ(a_i)
        one_minus_sigmoid(s, out=i)  #    i = σ(a_i) / (σ(a_i) + σ(a_f))
        sigmoid(s, out=f)  #              f = σ(a_f) / (σ(a_i) + σ(a_f))
        n[...] = a_n  #                   n = W_xn x + b_n
        np.multiply(f, h_prev, out=h)
        h += i * n  #                     h = f * h_prev + i * n

    def slopes(self, values: StepValues) -> Slopes:
        a_i, a_f, _ = split(values.a, 3)
        return Slopes(one_minus_sigmoid(a_i), one_minus_sigmoid(a_f))

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        """Apply the chain rule to h = f * h_prev + i * n, f = σ(s) and i = σ(-s)."""
        (h_prev,), slope, n = states_prev, self.slopes(values), split(values.a, 3)[2]
        h_s = (h_prev - n) * sigmoid_slope(values.s)
        return Partials(
            h_i=-h_s * slope.i,
            h_f=h_s * slope.f,
            h_n=one_minus_sigmoid(values.s),
            h_h=sigmoid(values.s),
        )

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_i, h_f, h_n, h_h), d_h, (d_i, d_f, d_n) = partial, d_state[0], split(d_a, 3)
        np.multiply(d_h, h_i, out=d_i)  #              ∂L/∂a_i = ∂L/∂h * (n - h_prev) f i σ(-a_i)
        np.multiply(d_h, h_f, out=d_f)  #              ∂L/∂a_f = ∂L/∂h * (h_prev - n) f i σ(-a_f)
        np.multiply(d_h, h_n, out=d_n)  #              ∂L/∂a_n = ∂L/∂h * i
        np.multiply(d_h, h_h, out=d_state_prev[0])  #  ∂L/∂h_prev = ∂L/∂h * f

    @property
    def equations(self) -> Equations:
        both = r"(\sigma(a_i)+\sigma(a_f))"
        shared = rf"f_t & \odot & i_t & \odot & (h_{{t-1}}-n_t) & \odot & {D_H}"
        return Equations(
            (
                of_input("i", name="a_i"),
                of_input("f", name="a_f"),
                Line(rf"i_t & = & \sigma(a_i) & / & {both}"),
                Line(rf"f_t & = & \sigma(a_f) & / & {both}"),
                of_input("n"),
                Line(r"h_t & = & f_t & \odot & h_{t-1} & + & i_t & \odot & n_t"),
            ),
            (
                Line(rf"\delta_n & = & i_t & \odot & {D_H}"),
                Line(rf"\delta_f & = & \sigma(-a_f) & \odot & {shared}"),
                Line(rf"\delta_i & = & - & \sigma(-a_i) & \odot & {shared}"),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & f_t & \odot & {D_H}", "carry"),
                Line(rf"{D_H_PREV} & = & \kappa_{{t-1}}"),
            ),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        a_i, a_f, _ = split(values.a, 3)
        opened = sigmoid(a_i), sigmoid(a_f)
        return {
            **{"h_t": values.h, "h_{t-1}": state_prev[0], "a_i": a_i, "a_f": a_f},
            **{"i_t": values.i, "f_t": values.f, "n_t": values.n},
            **{r"\sigma(a_i)": opened[0], r"\sigma(a_f)": opened[1]},
            **{r"(\sigma(a_i)+\sigma(a_f))": opened[0] + opened[1]},
            **{r"\sigma(-a_i)": slopes.i, r"\sigma(-a_f)": slopes.f},
            "(h_{t-1}-n_t)": state_prev[0] - values.n,
        }
