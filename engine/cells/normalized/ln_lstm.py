"""The LSTM with layer normalization (Ba, Kiros & Hinton 2016).

    s_k = W_hk h_{t-1} + W_xk x_t        a_k = LN(s_k) + b_k        for each gate k of i, f, g, o

    i_t = σ(a_i)    f_t = σ(a_f)    c̃_t = tanh(a_g)    o_t = σ(a_o)

    c_t = f_t * c_{t-1} + i_t * c̃_t
    h_t = o_t * tanh(LN(c_t))

with b_k = b_xk + b_hk, and LN as in ``unrolled.engine.cells.normalized.layer_norm``. The state is
the paper's (equations 21 and 22): c is normalized on its way to h, and carried as it is. So its own
step back is the LSTM's, a product with f_t. The sums are normalized as in TensorFlow's
``LayerNormBasicLSTMCell``, those of each gate by themselves. What differs:

- in the paper W_h h_{t-1} and W_x x_t are normalized apart (equation 20), those of all four gates
  together, and then added; here their sum is normalized, as in the paper's equation 4 for the RNN;
- TensorFlow's cell carries LN(c_t) in the place of c_t, so that the gradient of c passes LN' at
  each timestep;
- both learn a gain, and for LN(c_t) a shift, which stay 1 and 0 here.

A gate does not depend on the size of its weights, and h not on that of c. Backward:

    ∂L/∂c_t += LN'(c_t)ᵀ (o_t * tanh'(LN(c_t)) * ∂L/∂h_t)
    ∂L/∂s_k = LN'(s_k)ᵀ ∂L/∂a_k
    ∂L/∂h_{t-1} = Σ W_hkᵀ ∂L/∂s_k        ∂L/∂c_{t-1} = f_t * ∂L/∂c_t
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import sigmoid
from unrolled.engine.cells.base import Fields, States, Weights, block, split
from unrolled.engine.cells.equations import Equations, Line
from unrolled.engine.cells.lstm import LSTM
from unrolled.engine.cells.normalized import layer_norm
from unrolled.engine.cells.normalized.layer_norm import (
    LN,
    Normalized,
    by_block,
    normalized_gate,
    through,
)
from unrolled.engine.numerics.arrays import Floats

C_T, LN_C_T = "(c_t)", rf"({LN}(c_t))"


class StepValues(NamedTuple):
    a: Floats
    """(4H,) LN(s) + b of the four gates, in the order i, f, g, o; before the step W_xh x."""
    n: Floats
    """(4H,) LN(s) of each gate."""
    r: Floats
    """(4H,) 1/√(variance of s + ε), the same for every unit of a gate."""
    gates: Floats
    """(4H,) the four gates."""
    c: Floats
    m: Floats
    """LN(c)."""
    r_c: Floats
    """1/√(variance of c + ε), the same for every unit."""
    tanh_c: Floats
    """tanh(LN(c))."""
    h: Floats


class Partials(NamedTuple):
    """Those of the LSTM, of which h depends on LN(c), and two ``layer_norm.Slopes``."""

    c_i: Floats
    c_f: Floats
    c_g: Floats
    h_o: Floats
    h_m: Floats
    """∂h/∂LN(c)."""
    c_c: Floats
    """∂c/∂c_prev."""
    n: Floats
    """(4, H), as the three that follow."""
    n_n: Floats
    n_rest: Floats
    r: Floats
    m: Floats
    """(H,), as the three that follow."""
    m_m: Floats
    m_rest: Floats
    r_c: Floats


@dataclass(frozen=True)
class LNLSTM(Normalized, LSTM):
    title: ClassVar = "LN-LSTM"
    step_values: ClassVar = StepValues
    stacked: ClassVar = ("a", "n", "r", "gates")
    code: ClassVar = (
        "sums, biases = {split}(W_xh @ x + W_hh @ h, 4), {split}(b_xh + b_hh, 4)",
        "a_i, a_f, a_g, a_o = [{layer_norm}(s) + b for s, b in zip(sums, biases)]",
        "i, f, o = {sigmoid}(a_i), {sigmoid}(a_f), {sigmoid}(a_o)",
        "c = f * c + i * {tanh}(a_g)",
        "return o * {tanh}({layer_norm}(c)), c",
    )
    keras: ClassVar = None

    @property
    def saturating(self) -> tuple[str, ...]:
        """Return ``a`` alone: LN(c) is at most √H."""
        return ("a",)

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev, c_prev), (a, n, r, gates, c, m, r_c, tanh_c, h) = state_prev, values
        i, f, g, o = split(gates, 4)
        a += np.matmul(h_prev, weights.W_hh.mT, out=gates)  # s = W_hh h_prev + W_xh x
        layer_norm.normalize(
            *(by_block(each, 4) for each in (a, n, r))
        )  #    n = LN(s), gate by gate
        np.add(n, weights.b_xh + weights.b_hh, out=a)  #      a = n + b
        sigmoid(a, out=gates)  #                              i, f, o = σ(a_i), σ(a_f), σ(a_o)
        np.tanh(block(a, 2, 4), out=g)  #                     g = tanh(a_g)
        np.multiply(f, c_prev, out=c)  #                      c = f * c_prev
        c += i * g  #                                           + i * g
        layer_norm.normalize(c, m, r_c)  #                    m = LN(c)
        np.tanh(m, out=tanh_c)  #                             h = o * tanh(m)
        np.multiply(o, tanh_c, out=h)

    def slopes(self, values: Any) -> Any:
        return super().slopes(values._replace(c=values.m))

    def partials(self, values: Any, states_prev: States) -> Any:
        return Partials(
            *super().partials(values, states_prev),
            *layer_norm.slopes(by_block(values.n, 4), by_block(values.r, 4)),
            *layer_norm.slopes(values.m, values.r_c),
        )

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (d_h, d_c), (d_h_prev, d_c_prev) = d_state, d_state_prev
        (c_i, c_f, c_g, h_o, h_m, c_c), of_s, of_c = partial[:6], partial[6:10], partial[10:]
        own, d_s = split(d_a, 2)
        d_i, d_f, d_g, d_o = split(own, 4)
        np.multiply(d_h, h_o, out=d_o)  #             ∂L/∂a_o = ∂L/∂h * tanh(m) * σ'(a_o)
        d_c += layer_norm.back(d_h * h_m, *of_c)  #   ∂L/∂c += LN'(c)ᵀ (∂L/∂h * o * tanh'(m))
        np.multiply(d_c, c_i, out=d_i)  #             ∂L/∂a_i = ∂L/∂c * g * σ'(a_i)
        np.multiply(d_c, c_g, out=d_g)  #             ∂L/∂a_g = ∂L/∂c * i * tanh'(a_g)
        np.multiply(d_c, c_f, out=d_f)  #             ∂L/∂a_f = ∂L/∂c * c_prev * σ'(a_f)
        np.multiply(d_c, c_c, out=d_c_prev)  #        ∂L/∂c_prev = ∂L/∂c * f
        by_block(d_s, 4)[...] = layer_norm.back(by_block(own, 4), *of_s)
        np.matmul(d_s, weights.W_hh, out=d_h_prev)  # ∂L/∂h_prev = W_hhᵀ ∂L/∂s

    @property
    def equations(self) -> Equations:
        usual = super().equations
        total, *deltas = usual.here
        return Equations(
            (
                *(normalized_gate(name, self.function(name)) for name in self.gates),
                *(_of_ln_c(line) for line in usual.forward[4:]),
            ),
            (
                _of_ln_c(through("c", total, at=r"\kappa_t & + & ")),
                *(
                    _of_ln_c(through(name, line))
                    for name, line in zip(self.gates, deltas, strict=True)
                ),
            ),
            usual.back,
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        usual = super().arrays(values, slopes, state_prev)
        return {name.replace(C_T, LN_C_T): each for name, each in usual.items()}


def _of_ln_c(line: Line) -> Line:
    """Return the line with LN(c_t) in the place of c_t in tanh and its slope."""
    return line._replace(latex=line.latex.replace(C_T, LN_C_T))
