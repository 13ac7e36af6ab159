"""The gated recurrent unit, with the reset after the recurrent product.

    [q_r q_z q_n] = W_hh h_{t-1} + b_hh        [u_r u_z u_n] = W_xh x_t + b_xh

    r_t = σ(u_r + q_r)    z_t = σ(u_z + q_z)    n_t = tanh(u_n + r_t * q_n)

    h_t = (1 - z_t) * n_t + z_t * h_{t-1} = n_t + z_t * (h_{t-1} - n_t)

As PyTorch and cuDNN have it (``reset_after`` in Keras, ``linear_before_reset`` in ONNX), so that
all recurrent products are one. In the GRU as it was published, ``unrolled.engine.cells.gru_2014``,
the reset comes before the product.
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
from unrolled.engine.cells.base import Carry, Cell, Fields, States, Weights, block, split
from unrolled.engine.cells.equations import D_H, D_H_PREV, Equations, Line, back_through, gate
from unrolled.engine.cells.in_keras import InKeras
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    """(3H,) the three pre-activations, in the order r, z, n."""
    q_n: Floats
    gates: Floats
    """(3H,) the three gates."""
    h: Floats


class Slopes(NamedTuple):
    r: Floats
    z: Floats
    n: Floats


class Partials(NamedTuple):
    """``h_r`` is ∂h/∂a_r, and so on: each (H,)."""

    h_r: Floats
    h_z: Floats
    h_q: Floats
    """∂h/∂q_n."""
    h_n: Floats
    h_h: Floats
    """∂h/∂h_prev, past the recurrent weights."""


@dataclass(frozen=True)
class GRU(Cell):
    update_bias: float

    title: ClassVar = "GRU"
    step_values: ClassVar[Any] = StepValues
    blocks: ClassVar = 3
    gates: ClassVar = ("r", "z", "n")
    candidates: ClassVar = ("n",)
    carry: ClassVar = Carry("h_h", gate="z", bias="update_bias")
    code: ClassVar[tuple[str, ...]] = (
        "u_r, u_z, u_n = {split}(W_xh @ x + b_xh, 3)",
        "q_r, q_z, q_n = {split}(W_hh @ h + b_hh, 3)",
        "r, z = {sigmoid}(u_r + q_r), {sigmoid}(u_z + q_z)",
        "n = {tanh}(u_n + r * q_n)",
        "return (1 - z) * n + z * h",
    )
    keras: ClassVar[InKeras | None] = InKeras("GRU", order=(1, 0, 2), biases=2)

    def drive_bias(self, weights: Weights) -> Floats:
        """Return b_xh + b_hh, but for b_hn, which is within the reset."""
        bias = super().drive_bias(weights)
        block(bias, 2, 3)[...] = block(weights.b_xh, 2, 3)
        return bias

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, q_n, gates, h) = state_prev, values
        r, z, n = split(gates, 3)
        H = n.shape[-1]
        rz, a_rz, a_n = gates[..., : 2 * H], a[..., : 2 * H], a[..., 2 * H :]
        np.matmul(h_prev, weights.W_hh.mT, out=gates)
        a_rz += rz  #                                    a_r, a_z = W_h h_prev + (W_x x + b)
        np.add(n, block(weights.b_hh, 2, 3), out=q_n)  # q_n = W_hn h_prev + b_hn
        sigmoid(a_rz, out=rz)  #                         r, z = σ(a_r), σ(a_z)
        a_n += np.multiply(r, q_n, out=n)  #             a_n = u_n + r * q_n
        np.tanh(a_n, out=n)  #                           n = tanh(a_n)
        np.subtract(h_prev, n, out=h)
        h *= z
        h += n  #                                        h = n + z * (h_prev - n)

    def slopes(self, values: StepValues) -> Slopes:
        a_r, a_z, a_n = split(values.a, 3)
        return Slopes(sigmoid_slope(a_r), sigmoid_slope(a_z), tanh_slope(a_n))

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        """Apply the chain rule to h = (1 - z) * n + z * h_prev and a_n = u_n + r * q_n.

        1 - z is computed from a_z: near z = 1 the difference has lost digits.
        """
        (h_prev,), (r, z, n) = states_prev, split(values.gates, 3)
        h_r, h_z, h_n = self.slopes(values)
        h_n *= one_minus_sigmoid(block(values.a, 1, 3))  # ∂h/∂a_n = tanh'(a_n) * (1 - z)
        h_z *= h_prev - n  #       ∂h/∂a_z = σ'(a_z) * (h_prev - n)
        h_r *= h_n * values.q_n  # ∂h/∂a_r = σ'(a_r) * ∂h/∂a_n * q_n
        return Partials(h_r, h_z, h_q=h_n * r, h_n=h_n, h_h=z)

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        d_h, d_h_prev = d_state[0], d_state_prev[0]
        self.through_gates(partial, d_h, d_a)
        np.matmul(self.d_h(d_a), weights.W_hh, out=d_h_prev)
        d_h_prev += d_h * partial[4]  # ∂L/∂h_prev = W_hhᵀ ∂L/∂q + ∂L/∂h * z

    def through_gates(self, partial: Fields, d_h: Floats, d_a: Floats) -> None:
        """Write ∂L/∂ of a_r, a_z, q_n and a_n to ``d_a``."""
        h_r, h_z, h_q, h_n = partial[:4]
        d_r, d_z, d_q_n, d_n = split(d_a, 4)
        np.multiply(d_h, h_n, out=d_n)  # ∂L/∂a_n = ∂L/∂h * (1 - z) * tanh'(a_n)
        np.multiply(d_h, h_q, out=d_q_n)  # ∂L/∂q_n = ∂L/∂a_n * r
        np.multiply(d_h, h_z, out=d_z)  # ∂L/∂a_z = ∂L/∂h * (h_prev - n) * σ'(a_z)
        np.multiply(d_h, h_r, out=d_r)  # ∂L/∂a_r = ∂L/∂a_n * q_n * σ'(a_r)

    def width(self, H: int) -> int:
        """r, z, q_n and n: the last two differ by the reset, and only there d_x from d_h."""
        return 4 * H

    def d_x(self, d_a: Floats) -> Floats:
        d_r, d_z, _, d_n = split(d_a, 4)
        return np.concatenate([d_r, d_z, d_n], axis=-1)

    def d_h(self, d_a: Floats) -> Floats:
        H = d_a.shape[-1] // 4
        return d_a[..., : 3 * H]

    @property
    def equations(self) -> Equations:
        deltas = {"r": r"\delta_r", "z": r"\delta_z", "n": r"(r_t \odot \delta_n)"}
        return Equations(
            (
                *map(gate, "rz"),
                Line(r"q_t & = & W_{hn} & h_{t-1} & + & b_{hn}"),
                Line(r"n_t & = & \tanh( & W_{xn} x_t & + & b_{xn} & + & r_t & \odot & q_t & )"),
                Line(r"h_t & = & (1-z_t) & \odot & n_t & + & z_t & \odot & h_{t-1}"),
            ),
            (
                Line(rf"\delta_n & = & \tanh'(a_n) & \odot & (1-z_t) & \odot & {D_H}"),
                Line(rf"\delta_z & = & \sigma'(a_z) & \odot & (h_{{t-1}}-n_t) & \odot & {D_H}"),
                Line(r"\delta_r & = & \sigma'(a_r) & \odot & q_t & \odot & \delta_n"),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & z_t & \odot & {D_H}", "carry"),
                Line(rf"{D_H_PREV} & = & \kappa_{{t-1}} & + & {back_through(deltas)}", "recurrent"),
            ),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        own = {
            "q_t": values.q_n,
            "(1-z_t)": 1 - values.z,
            "(h_{t-1}-n_t)": state_prev[0] - values.n,
        }
        return super().arrays(values, slopes, state_prev) | own

    def gradients(self, weights: Weights, d_h: Any, d_b_xh: Any) -> dict[str, Any]:
        return {r"(r_t \odot \delta_n)": split(d_h, 3)[2]}
