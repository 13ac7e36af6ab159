"""The gated recurrent unit as it was published (Cho et al. 2014): reset, then multiply.

    r_t = σ(W_hr h_{t-1} + W_xr x_t + b_r)    z_t = σ(W_hz h_{t-1} + W_xz x_t + b_z)

    n_t = tanh(W_hn (r_t * h_{t-1}) + W_xn x_t + b_n)

    h_t = (1 - z_t) * n_t + z_t * h_{t-1} = n_t + z_t * (h_{t-1} - n_t)

The reset takes units out before W_hn mixes them, so two recurrent products follow one another
(``reset_after=False`` in Keras, ``linear_before_reset=0`` in ONNX). The GRU of PyTorch and cuDNN,
``unrolled.engine.cells.gru``, resets the product instead.
The carry is h: along it the gradient is multiplied by z_t, and by no matrix.
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
from unrolled.engine.cells.base import Carry, Cell, Fields, Products, States, Weights, block, split
from unrolled.engine.cells.equations import (
    D_H,
    D_H_PREV,
    TRANSPOSED,
    Equations,
    Line,
    back_through,
    gate,
)
from unrolled.engine.cells.in_keras import InKeras
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    """(3H,) the three pre-activations, in the order r, z, n."""
    rh: Floats
    """r * h_prev."""
    gates: Floats
    """(3H,) the three gates."""
    h: Floats


class Slopes(NamedTuple):
    r: Floats
    z: Floats
    n: Floats


class Partials(NamedTuple):
    """``h_z`` is ∂h/∂a_z, and so on: each (H,)."""

    h_z: Floats
    h_n: Floats
    rh_r: Floats
    """∂(r * h_prev)/∂a_r."""
    rh_h: Floats
    """∂(r * h_prev)/∂h_prev."""
    h_h: Floats
    """∂h/∂h_prev, past the recurrent weights."""


@dataclass(frozen=True)
class GRU2014(Cell):
    update_bias: float

    title: ClassVar = "GRU 2014"
    step_values: ClassVar = StepValues
    blocks: ClassVar = 3
    gates: ClassVar = ("r", "z", "n")
    candidates: ClassVar = ("n",)
    carry: ClassVar = Carry("h_h", gate="z", bias="update_bias")
    code: ClassVar = (
        "u_r, u_z, u_n = {split}(W_xh @ x + b_xh + b_hh, 3)",
        "W_r, W_z, W_n = {split}(W_hh, 3)",
        "r, z = {sigmoid}(u_r + W_r @ h), {sigmoid}(u_z + W_z @ h)",
        "n = {tanh}(u_n + W_n @ (r * h))",
        "return (1 - z) * n + z * h",
    )
    keras: ClassVar = InKeras("GRU", order=(1, 0, 2), options={"reset_after": False})

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, rh, gates, h) = state_prev, values
        r, z, n = split(gates, 3)
        H = n.shape[-1]
        rz, a_rz, a_n = gates[..., : 2 * H], a[..., : 2 * H], a[..., 2 * H :]
        W_rz, W_n = _rows(weights.W_hh)
        a_rz += np.matmul(h_prev, W_rz.mT, out=rz)  # a_r, a_z = W h_prev + (W_x x + b)
        sigmoid(a_rz, out=rz)  #                      r, z = σ(a_r), σ(a_z)
        np.multiply(r, h_prev, out=rh)  #             rh = r * h_prev
        a_n += np.matmul(rh, W_n.mT, out=n)  #        a_n = W_hn rh + (W_xn x + b_n)
        np.tanh(a_n, out=n)  #                        n = tanh(a_n)
        np.subtract(h_prev, n, out=h)
        h *= z
        h += n  #                                     h = n + z * (h_prev - n)

    def slopes(self, values: StepValues) -> Slopes:
        a_r, a_z, a_n = split(values.a, 3)
        return Slopes(sigmoid_slope(a_r), sigmoid_slope(a_z), tanh_slope(a_n))

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        """Apply the chain rule to h = (1 - z) * n + z * h_prev and rh = r * h_prev."""
        (h_prev,), (r, z, n) = states_prev, split(values.gates, 3)
        slope = self.slopes(values)
        return Partials(
            h_z=(h_prev - n) * slope.z,
            h_n=one_minus_sigmoid(block(values.a, 1, 3)) * slope.n,
            rh_r=h_prev * slope.r,
            rh_h=r,
            h_h=z,
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
        h_z, h_n, rh_r, rh_h, h_h = partial
        d_r, d_z, d_n = split(d_a, 3)
        d_rz = d_a[..., : 2 * d_n.shape[-1]]
        W_rz, W_n = _rows(weights.W_hh)
        np.multiply(d_h, h_n, out=d_n)  #          ∂L/∂a_n = ∂L/∂h * (1 - z) * tanh'(a_n)
        d_rh = np.matmul(d_n, W_n)  #              ∂L/∂rh = W_hnᵀ ∂L/∂a_n
        np.multiply(d_rh, rh_r, out=d_r)  #        ∂L/∂a_r = ∂L/∂rh * h_prev * σ'(a_r)
        np.multiply(d_h, h_z, out=d_z)  #          ∂L/∂a_z = ∂L/∂h * (h_prev - n) * σ'(a_z)
        np.matmul(d_rz, W_rz, out=d_h_prev)  #     ∂L/∂h_prev = Wᵀ [∂L/∂a_r, ∂L/∂a_z]
        d_h_prev += d_rh * rh_h  #                   + ∂L/∂rh * r
        d_h_prev += d_h * h_h  #                     + ∂L/∂h * z

    def recurrent_products(self, values: StepValues, states_prev: States) -> Products:
        H = values.h.shape[-1]
        return (slice(2 * H), states_prev[0]), (slice(2 * H, None), values.rh)

    @property
    def equations(self) -> Equations:
        deltas = {"r": r"\delta_r", "z": r"\delta_z"}
        ways = rf"\kappa_{{t-1}} & + & r_t & \odot & \rho_t & + & {back_through(deltas)}"
        return Equations(
            (
                *map(gate, "rz"),
                gate("n", r"\tanh", "(r_t \\odot h_{t-1})"),
                Line(r"h_t & = & (1-z_t) & \odot & n_t & + & z_t & \odot & h_{t-1}"),
            ),
            (
                Line(rf"\delta_n & = & \tanh'(a_n) & \odot & (1-z_t) & \odot & {D_H}"),
                Line(rf"\delta_z & = & \sigma'(a_z) & \odot & (h_{{t-1}}-n_t) & \odot & {D_H}"),
                Line(rf"\rho_t & = & W_{{hn}}{TRANSPOSED} & \delta_n"),
                Line(r"\delta_r & = & \sigma'(a_r) & \odot & h_{t-1} & \odot & \rho_t"),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & z_t & \odot & {D_H}", "carry"),
                Line(f"{D_H_PREV} & = & {ways}", "recurrent"),
            ),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        return {
            **super().arrays(values, slopes, state_prev),
            **{r"(r_t \odot h_{t-1})": values.rh, "(1-z_t)": 1 - values.z},
            **{"(h_{t-1}-n_t)": state_prev[0] - values.n},
        }

    def gradients(self, weights: Weights, d_h: Any, d_b_xh: Any) -> dict[str, Any]:
        d_n = split(d_h, 3)[2]
        return {r"\rho_t": (d_n[None] @ _rows(weights.W_hh)[1])[0]}


def _rows(W_hh: Floats) -> tuple[Floats, Floats]:
    """Return the blocks of r and z, and the block of n."""
    H = W_hh.shape[-1]
    return W_hh[..., : 2 * H, :], W_hh[..., 2 * H :, :]
