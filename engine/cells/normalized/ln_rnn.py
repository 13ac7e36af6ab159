"""The simple recurrent network with layer normalization (Ba, Kiros & Hinton 2016).

    s_t = W_hh h_{t-1} + W_xh x_t        a_t = LN(s_t) + b_h        h_t = f(a_t)

with b_h = b_xh + b_hh, and LN as in ``unrolled.engine.cells.normalized.layer_norm``.

All weights twice as large make s twice as large, and LN(s) no larger: LN(2 s) = LN(s). Backward:

    ∂L/∂a_t = f'(a_t) * ∂L/∂h_t    ∂L/∂s_t = LN'(s_t)ᵀ ∂L/∂a_t    ∂L/∂h_{t-1} = W_hhᵀ ∂L/∂s_t

The larger W_hh, the smaller r: where W_hh h_{t-1} is most of s_t, r W_hh does not grow with W_hh,
and neither does what a step back multiplies the gradient by.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.base import Fields, States, Weights, split
from unrolled.engine.cells.equations import D_H, TRANSPOSED, Equations, Line
from unrolled.engine.cells.normalized import layer_norm
from unrolled.engine.cells.normalized.layer_norm import LN, Normalized
from unrolled.engine.cells.rnn import RNN
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    """LN(s) + b_h; before the step W_xh x."""
    n: Floats
    """LN(s)."""
    r: Floats
    """1/√(variance of s + ε), the same for every unit."""
    h: Floats


class Partials(NamedTuple):
    h_a: Floats
    """∂h/∂a."""
    n: Floats
    n_n: Floats
    n_rest: Floats
    r: Floats
    """These four are ``layer_norm.Slopes``."""


@dataclass(frozen=True)
class LNRNN(Normalized, RNN):
    title: ClassVar = "LN-RNN"
    step_values: ClassVar = StepValues
    code: ClassVar = (
        "s = W_xh @ x + W_hh @ h",
        "a = {layer_norm}(s) + b_xh + b_hh",
        "return {f}(a)",
    )
    keras: ClassVar = None

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, n, r, h) = state_prev, values
        a += np.matmul(h_prev, weights.W_hh.mT, out=h)  # s = W_hh h_prev + W_xh x
        layer_norm.normalize(a, n, r)  #                  n = LN(s)
        np.add(n, weights.b_xh + weights.b_hh, out=a)  #  a = n + b_h
        self.f.value(a, out=h)  #                         h = f(a)

    def partials(self, values: Any, states_prev: States) -> Any:
        return Partials(self.slopes(values), *layer_norm.slopes(values.n, values.r))

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_a, *of_s), d_h, d_h_prev = partial, d_state[0], d_state_prev[0]
        own, d_s = split(d_a, 2)
        np.multiply(d_h, h_a, out=own)  #                 ∂L/∂a = ∂L/∂h * f'(a)
        d_s[...] = layer_norm.back(own, *of_s)  #         ∂L/∂s = LN'(s)ᵀ ∂L/∂a
        np.matmul(d_s, weights.W_hh, out=d_h_prev)  #     ∂L/∂h_prev = W_hhᵀ ∂L/∂s

    def log10_scale(self, values: Any) -> Floats:
        """Return (T, ...) log10 r: what is left of a random direction is about r of it."""
        log10_r: Floats = np.log10(values.r[..., 0])
        return log10_r

    @property
    def equations(self) -> Equations:
        usual, f = super().equations, self.f.latex
        inner = rf"{f}'(a_t) & \odot & {D_H}" if f else D_H
        return Equations(
            (
                Line(rf"a_t & = & {LN}( & W_{{hh}} & h_{{t-1}} & + & W_{{xh}} x_t & ) & + & b_h"),
                *usual.forward[1:],
            ),
            (Line(rf"u_t & = & {{{LN}'_t}}{TRANSPOSED}( & {inner} & )"),),
            usual.back,
        )
