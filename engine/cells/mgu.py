"""The minimal gated unit (Zhou et al. 2016): one gate, in place of the GRU's two.

    f_t = σ(W_hf h_{t-1} + W_xf x_t + b_f)        n_t = tanh(W_hn (f_t * h_{t-1}) + W_xn x_t + b_n)

    h_t = (1 - f_t) * h_{t-1} + f_t * n_t

The gate resets the state before the product, and where it is closed the state is kept.
The carry is h: along it the gradient is multiplied by 1 - f_t, and by no matrix.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import (
    one_minus_sigmoid,
    sigmoid,
    sigmoid_slope,
    tanh_slope,
)
from unrolled.engine.cells.base import Carry, Cell, Fields, Products, States, Weights, split
from unrolled.engine.cells.equations import D_H, D_H_PREV, TRANSPOSED, Equations, Line, gate
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    """(2H,) the two pre-activations, in the order f, n."""
    fh: Floats
    """f * h_prev."""
    gates: Floats
    """(2H,) the two gates."""
    h: Floats


class Slopes(NamedTuple):
    f: Floats
    n: Floats


class Partials(NamedTuple):
    """``h_f`` is ∂h/∂a_f past the product, and so on: each (H,)."""

    h_f: Floats
    h_n: Floats
    fh_f: Floats
    """∂(f * h_prev)/∂a_f."""
    fh_h: Floats
    """∂(f * h_prev)/∂h_prev."""
    h_h: Floats
    """∂h/∂h_prev, past the recurrent weights."""


@dataclass(frozen=True)
class MGU(Cell):
    forget_bias: float

    title: ClassVar = "MGU"
    step_values: ClassVar = StepValues
    blocks: ClassVar = 2
    gates: ClassVar = ("f", "n")
    candidates: ClassVar = ("n",)
    carry: ClassVar = Carry("h_h", gate="f", closed=True, bias="forget_bias")
    code: ClassVar = (
        "u_f, u_n = {split}(W_xh @ x + b_xh + b_hh, 2)",
        "W_f, W_n = {split}(W_hh, 2)",
        "f = {sigmoid}(u_f + W_f @ h)",
        "n = {tanh}(u_n + W_n @ (f * h))",
        "return (1 - f) * h + f * n",
    )

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, fh, gates, h) = state_prev, values
        (f, n), (a_f, a_n), (W_f, W_n) = split(gates, 2), split(a, 2), _rows(weights.W_hh)
        a_f += np.matmul(h_prev, W_f.mT)  # a_f = W_hf h_prev + (W_xf x + b_f)
        sigmoid(a_f, out=f)  #              f = σ(a_f)
        np.multiply(f, h_prev, out=fh)
        a_n += np.matmul(fh, W_n.mT)  #     a_n = W_hn (f * h_prev) + (W_xn x + b_n)
        np.tanh(a_n, out=n)  #              n = tanh(a_n)
        np.subtract(n, h_prev, out=h)
        h *= f
        h += h_prev  #                      h = h_prev + f * (n - h_prev)

    def slopes(self, values: StepValues) -> Slopes:
        a_f, a_n = split(values.a, 2)
        return Slopes(sigmoid_slope(a_f), tanh_slope(a_n))

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        """Apply the chain rule to h = (1 - f) * h_prev + f * n and fh = f * h_prev."""
        (h_prev,), (f, n), slope = states_prev, split(values.gates, 2), self.slopes(values)
        return Partials(
            h_f=(n - h_prev) * slope.f,
            h_n=f * slope.n,
            fh_f=h_prev * slope.f,
            fh_h=f,
            h_h=one_minus_sigmoid(split(values.a, 2)[0]),
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
        h_f, h_n, fh_f, fh_h, h_h = partial
        (d_f, d_n), (W_f, W_n) = split(d_a, 2), _rows(weights.W_hh)
        np.multiply(d_h, h_n, out=d_n)  #      ∂L/∂a_n = ∂L/∂h * f * tanh'(a_n)
        d_fh = np.matmul(d_n, W_n)  #          ∂L/∂fh = W_hnᵀ ∂L/∂a_n
        np.multiply(d_h, h_f, out=d_f)  #      ∂L/∂a_f = ∂L/∂h * (n - h_prev) * σ'(a_f)
        d_f += d_fh * fh_f  #                    + ∂L/∂fh * h_prev * σ'(a_f)
        np.matmul(d_f, W_f, out=d_h_prev)  #   ∂L/∂h_prev = W_hfᵀ ∂L/∂a_f
        d_h_prev += d_fh * fh_h  #               + ∂L/∂fh * f
        d_h_prev += d_h * h_h  #                 + ∂L/∂h * (1 - f)

    def recurrent_products(self, values: StepValues, states_prev: States) -> Products:
        H = values.h.shape[-1]
        return (slice(H), states_prev[0]), (slice(H, None), values.fh)

    @property
    def equations(self) -> Equations:
        ways = rf"\kappa_{{t-1}} & + & f_t & \odot & \rho_t & + & W_{{hf}}{TRANSPOSED} & \delta_f"
        return Equations(
            (
                gate("f"),
                gate("n", r"\tanh", r"(f_t \odot h_{t-1})"),
                Line(r"h_t & = & (1-f_t) & \odot & h_{t-1} & + & f_t & \odot & n_t"),
            ),
            (
                Line(rf"\delta_n & = & \tanh'(a_n) & \odot & f_t & \odot & {D_H}"),
                Line(rf"\rho_t & = & W_{{hn}}{TRANSPOSED} & \delta_n"),
                Line(
                    rf"\delta_f & = & \sigma'(a_f) & \odot & ( & (n_t-h_{{t-1}}) & \odot & {D_H}"
                    r" & + & h_{t-1} & \odot & \rho_t & )"
                ),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & (1-f_t) & \odot & {D_H}", "carry"),
                Line(f"{D_H_PREV} & = & {ways}", "recurrent"),
            ),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        return {
            **super().arrays(values, slopes, state_prev),
            **{r"(f_t \odot h_{t-1})": values.fh, "(1-f_t)": 1 - values.f},
            **{"(n_t-h_{t-1})": values.n - state_prev[0]},
        }

    def gradients(self, weights: Weights, d_h: Any, d_b_xh: Any) -> dict[str, Any]:
        return {r"\rho_t": (split(d_h, 2)[1][None] @ _rows(weights.W_hh)[1])[0]}


def _rows(W_hh: Floats) -> tuple[Floats, Floats]:
    """Return the block of f, and the block of n."""
    H = W_hh.shape[-1]
    return W_hh[..., :H, :], W_hh[..., H:, :]
