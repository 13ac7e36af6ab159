"""The gated recurrent unit (Cho et al. 2014).

    [q_r q_z q_n] = W_hh h_{t-1} + b_hh        [u_r u_z u_n] = W_xh x_t + b_xh

    r_t = σ(u_r + q_r)    z_t = σ(u_z + q_z)    n_t = tanh(u_n + r_t * q_n)

    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

The reset is applied after the recurrent product, as PyTorch and cuDNN do.
The carry is z: along it the gradient is multiplied by z_t, and by no matrix.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from engine.arrays import Floats
from engine.cells.activations import sigmoid, sigmoid_slope, tanh_slope
from engine.cells.base import Back, Cell, Weights, split


class Moment(NamedTuple):
    a: Floats
    """(3H,) the three pre-activations, in the order r, z, n."""
    q_n: Floats
    r: Floats
    z: Floats
    n: Floats
    h: Floats

    @property
    def state(self) -> tuple[Floats, ...]:
        return (self.h,)


class Slopes(NamedTuple):
    r: Floats
    z: Floats
    n: Floats


@dataclass(frozen=True)
class GRU(Cell):
    blocks: ClassVar = 3
    gates: ClassVar = ("r", "z", "n")
    carry: ClassVar = "z"

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """Zero, but for the update gate with ``carry``: z keeps, and 1 - z writes."""
        kept = np.zeros(H) if carry is None else carry
        return np.concatenate([np.zeros(H), kept, np.zeros(H)])

    def step(self, weights: Weights, drive: Floats, state: tuple[Floats, ...]) -> Moment:
        (h_prev,) = state
        q_r, q_z, q_n = split(h_prev @ weights.W_hh.mT + weights.b_hh, 3)
        u_r, u_z, u_n = split(drive, 3)
        a_r, a_z = u_r + q_r, u_z + q_z
        r, z = sigmoid(a_r), sigmoid(a_z)
        a_n = u_n + r * q_n
        n = np.tanh(a_n)
        h = (1 - z) * n + z * h_prev
        return Moment(np.concatenate([a_r, a_z, a_n], axis=-1), q_n, r, z, n, h)

    def slopes(self, moments: Moment) -> Slopes:
        a_r, a_z, a_n = split(moments.a, 3)
        return Slopes(sigmoid_slope(a_r), sigmoid_slope(a_z), tanh_slope(a_n))

    def step_back(
        self,
        weights: Weights,
        moment: Moment,
        slope: Slopes,
        state_prev: tuple[Floats, ...],
        d_state: tuple[Floats, ...],
    ) -> Back:
        (h_prev,) = state_prev
        (d_h,) = d_state
        d_n, d_z = d_h * (1 - moment.z), d_h * (h_prev - moment.n)
        d_a_n = d_n * slope.n
        d_r, d_q_n = d_a_n * moment.q_n, d_a_n * moment.r
        d_a_r, d_a_z = d_r * slope.r, d_z * slope.z
        d_x = np.concatenate([d_a_r, d_a_z, d_a_n], axis=-1)
        d_q = np.concatenate([d_a_r, d_a_z, d_q_n], axis=-1)
        d_h_prev = d_h * moment.z + d_q @ weights.W_hh
        return Back((d_h_prev,), d_state, d_x, d_q)
