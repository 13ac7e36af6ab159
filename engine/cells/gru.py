"""The gated recurrent unit (Cho et al. 2014).

    [q_r q_z q_n] = W_hh h_{t-1} + b_hh        [u_r u_z u_n] = W_xh x_t + b_xh

    r_t = σ(u_r + q_r)    z_t = σ(u_z + q_z)    n_t = tanh(u_n + r_t * q_n)

    h_t = (1 - z_t) * n_t + z_t * h_{t-1} = n_t + z_t * (h_{t-1} - n_t)

The reset is applied after the recurrent product, as PyTorch and cuDNN do.
The carry is z: along it the gradient is multiplied by z_t, and by no matrix.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import sigmoid, sigmoid_slope, tanh_slope
from unrolled.engine.cells.base import Cell, Fields, States, Weights, split
from unrolled.engine.numerics.arrays import Floats


class Moment(NamedTuple):
    a: Floats
    """(3H,) the three pre-activations, in the order r, z, n."""
    q_n: Floats
    gates: Floats
    """(3H,) the three gates."""
    h: Floats

    @property
    def r(self) -> Floats:
        return split(self.gates, 3)[0]

    @property
    def z(self) -> Floats:
        return split(self.gates, 3)[1]

    @property
    def n(self) -> Floats:
        return split(self.gates, 3)[2]


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

    moment: ClassVar = Moment
    blocks: ClassVar = 3
    gates: ClassVar = ("r", "z", "n")
    carry: ClassVar = "z"

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """Zero, but for the update gate: a positive bias keeps more of the old state.

        With ``carry`` that is its bias.
        """
        kept = np.full(H, self.update_bias) if carry is None else carry
        return np.concatenate([np.zeros(H), kept, np.zeros(H)])

    def drive_bias(self, weights: Weights) -> Floats:
        """b_xh alone: b_hh is within the reset."""
        return weights.b_xh

    @property
    def saturating(self) -> tuple[str, ...]:
        return ("a",)

    def step(self, weights: Weights, state_prev: States, moment: Fields) -> None:
        (h_prev,), (a, q_n, gates, h) = state_prev, moment
        r, z, n = split(gates, 3)
        H = n.shape[-1]
        rz, a_rz, a_n = gates[..., : 2 * H], a[..., : 2 * H], a[..., 2 * H :]
        q = np.matmul(h_prev, weights.W_hh.mT, out=gates)  # where the gates go when they are known
        q += weights.b_hh
        q_n[...] = n
        a_rz += rz
        sigmoid(a_rz, out=rz)
        a_n += np.multiply(r, q_n, out=n)
        np.tanh(a_n, out=n)
        np.subtract(h_prev, n, out=h)
        h *= z
        h += n

    def slopes(self, moments: Moment) -> Slopes:
        a_r, a_z, a_n = split(moments.a, 3)
        return Slopes(sigmoid_slope(a_r), sigmoid_slope(a_z), tanh_slope(a_n))

    def partials(self, moments: Moment, states_prev: States) -> Partials:
        """By the chain rule, from h = (1 - z) * n + z * h_prev and a_n = u_n + r * q_n."""
        (h_prev,), (r, z, n) = states_prev, split(moments.gates, 3)
        slope = self.slopes(moments)
        h_n = sigmoid(-split(moments.a, 3)[1]) * slope.n  # 1 - z has lost digits
        return Partials(
            h_r=h_n * moments.q_n * slope.r,
            h_z=(h_prev - n) * slope.z,
            h_q=h_n * r,
            h_n=h_n,
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
        h_r, h_z, h_q, h_n, h_h = partial
        d_r, d_z, d_q, d_n = split(d_a, 4)
        np.multiply(d_h, h_r, out=d_r)
        np.multiply(d_h, h_z, out=d_z)
        np.multiply(d_h, h_q, out=d_q)
        np.multiply(d_h, h_n, out=d_n)
        np.matmul(self.d_h(d_a), weights.W_hh, out=d_h_prev)
        d_h_prev += d_h * h_h

    def width(self, H: int) -> int:
        """r, z, q_n and n: the last two differ by the reset, and only there d_x from d_h."""
        return 4 * H

    def d_x(self, d_a: Floats) -> Floats:
        d_r, d_z, _, d_n = split(d_a, 4)
        return np.concatenate([d_r, d_z, d_n], axis=-1)

    def d_h(self, d_a: Floats) -> Floats:
        H = d_a.shape[-1] // 4
        return d_a[..., : 3 * H]
