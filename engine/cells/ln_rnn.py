"""The simple recurrent network with layer normalization (Ba, Kiros & Hinton 2016).

    s_t = W_hh h_{t-1} + W_xh x_t        a_t = LN(s_t) + b_h        h_t = f(a_t)

    LN(s) = (s - μ) r        μ = mean of s        r = 1/√(mean of (s - μ)² + ε)

with b_h = b_xh + b_hh. The paper multiplies LN(s) by a gain too, one number a unit, which starts at
1; here it stays 1, as ``torch.nn.functional.layer_norm`` has it without weights. ε is PyTorch's.

All weights twice as large make s twice as large, and LN(s) no larger: LN(2 s) = LN(s). Backward:

    ∂L/∂a_t = f'(a_t) * ∂L/∂h_t    ∂L/∂s_t = LN'(s_t)ᵀ ∂L/∂a_t    ∂L/∂h_{t-1} = W_hhᵀ ∂L/∂s_t

and with n = LN(s), LN'(s)ᵀ v = r (v - mean of v - n * mean of n * v) for any v: nothing of what
points along 1, and ε r² of what points along n. Of two units nothing else is left.

The larger W_hh, the smaller r: where W_hh h_{t-1} is most of s_t, r W_hh does not grow with W_hh,
and neither does what a step back multiplies the gradient by.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.base import Fields, States, Weights, block, split
from unrolled.engine.cells.equations import D_H, TRANSPOSED, Equations, Line
from unrolled.engine.cells.rnn import RNN
from unrolled.engine.numerics.arrays import Floats, read_only

EPSILON = 1e-5


class StepValues(NamedTuple):
    a: Floats
    """LN(s) + b_h; before the step W_xh x."""
    n: Floats
    """LN(s)."""
    q: Floats
    """Mean of n², 1 - ε r², the same for every unit."""
    r: Floats
    """1/√(variance of s + ε), the same for every unit."""
    h: Floats


class Partials(NamedTuple):
    h_a: Floats
    """∂h/∂a."""
    n: Floats
    n_n: Floats
    """n / mean of n²; 0 where s is the same for every unit."""
    rest: Floats
    """ε r² = 1 - mean of n²."""
    r: Floats


@dataclass(frozen=True)
class LNRNN(RNN):
    title: ClassVar = "LN-RNN"
    step_values: ClassVar = StepValues
    pytorch: ClassVar = (
        "s = W_xh @ x + W_hh @ h",
        "a = functional.layer_norm(s, s.shape) + b_xh + b_hh",
        "return {f}(a)",
    )
    keras: ClassVar = None

    def drive_bias(self, weights: Weights) -> Floats:
        """Return zeros: the biases are added after the normalization."""
        return np.zeros_like(weights.b_xh)

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, n, q, r, h) = state_prev, values
        a += np.matmul(h_prev, weights.W_hh.mT, out=h)  # s = W_hh h_prev + W_xh x
        np.subtract(a, a.mean(axis=-1, keepdims=True), out=n)
        variance = np.square(n).mean(axis=-1, keepdims=True)
        r[...] = 1 / np.sqrt(variance + EPSILON)
        q[...] = variance / (variance + EPSILON)
        n *= r  #                                         n = (s - mean of s) r
        np.add(n, weights.b_xh + weights.b_hh, out=a)  #  a = n + b_h
        self.f.value(a, out=h)  #                         h = f(a)

    def partials(self, values: Any, states_prev: States) -> Any:
        n, q, r = values.n, values.q, values.r
        n_n = n / (q + np.logical_not(q > 0))
        return Partials(self.slopes(values), n, n_n, r * r * EPSILON, r)

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_a, n, n_n, rest, r), d_h, d_h_prev = partial, d_state[0], d_state_prev[0]
        own, d_s = split(d_a, 2)
        mean = _mean(own.shape[-1])
        np.multiply(d_h, h_a, out=own)  #                 ∂L/∂a = ∂L/∂h * f'(a)
        d_s[...] = own
        for _ in (1, 2):  #                               a second time for what rounding left
            d_s -= d_s @ mean  #                          of what points along 1
            d_s -= n_n * ((d_s * n) @ mean)  #            and along n
        d_s += n_n * rest * ((own * n) @ mean)
        d_s *= r  #                                       ∂L/∂s = LN'(s)ᵀ ∂L/∂a
        np.matmul(d_s, weights.W_hh, out=d_h_prev)  #     ∂L/∂h_prev = W_hhᵀ ∂L/∂s

    def width(self, H: int) -> int:
        """Return 2H, of ∂L/∂a and ∂L/∂s: the biases are added to a, the products are in s."""
        return 2 * H

    def d_x(self, d_a: Floats) -> Floats:
        return block(d_a, 1, 2)

    def d_h(self, d_a: Floats) -> Floats:
        return block(d_a, 1, 2)

    def d_biases(self, d_a: Floats) -> tuple[Floats, Floats]:
        return block(d_a, 0, 2), block(d_a, 0, 2)

    def log10_scale(self, values: Any) -> Floats:
        """Return (T, ...) log10 r: what is left of a random direction is about r of it."""
        log10_r: Floats = np.log10(values.r[..., 0])
        return log10_r

    @property
    def equations(self) -> Equations:
        usual = super().equations
        f, LN, slope = (
            self.f.latex,
            r"\operatorname{LN}",
            rf"{{\operatorname{{LN}}'_t}}{TRANSPOSED}",
        )
        inner = rf"{f}'(a_t) & \odot & {D_H}" if f else D_H
        return Equations(
            (
                Line(rf"a_t & = & {LN}( & W_{{hh}} & h_{{t-1}} & + & W_{{xh}} x_t & ) & + & b_h"),
                *usual.forward[1:],
            ),
            (Line(rf"u_t & = & {slope}( & {inner} & )"),),
            usual.back,
        )


@lru_cache(maxsize=8)
def _mean(H: int) -> Floats:
    """Return (H, 1): the product of a row with it is the mean, in numbers of any kind."""
    return read_only(np.full((H, 1), 1 / H))
