"""The GRU with layer normalization (Ba, Kiros & Hinton 2016).

    s_k = W_hk h_{t-1} + W_xk x_t        a_k = LN(s_k) + b_k        for the gates k of r, z

    r_t = σ(a_r)    z_t = σ(a_z)    q_t = LN(W_hn h_{t-1}) + b_hn

    n_t = tanh(LN(W_xn x_t) + b_xn + r_t * q_t)
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

with b_k = b_xk + b_hk, and LN as in ``unrolled.engine.cells.normalized.layer_norm``. The candidate
n is the paper's (its supplement's equations for the GRU): what the reset multiplies is normalized
apart from what the input adds, as the reset comes between them. What differs:

- in the paper W_h h_{t-1} and W_x x_t are normalized apart for the gates as well, those of both
  gates together; here their sum is, gate by gate, as in the LN-LSTM;
- the paper's z is 1 - z here, as PyTorch has it;
- the paper learns a gain, which stays 1 here.

A gate does not depend on the size of its weights. h is carried as it is, so that along the carry a
step back is the GRU's, a product with z_t. Backward:

    ∂L/∂s_k = LN'(s_k)ᵀ ∂L/∂a_k        ∂L/∂h_{t-1} = Σ W_hkᵀ ∂L/∂s_k + z_t * ∂L/∂h_t

where k is r, z and n, with s_n = W_hn h_{t-1} and ∂L/∂a_n that of q_t.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import sigmoid
from unrolled.engine.cells.base import Fields, States, Weights, block, split
from unrolled.engine.cells.equations import D_H_PREV, Equations, Line, back_through
from unrolled.engine.cells.gru import GRU
from unrolled.engine.cells.normalized import layer_norm
from unrolled.engine.cells.normalized.layer_norm import (
    LN,
    Normalized,
    by_block,
    normalized_gate,
    through,
)
from unrolled.engine.numerics.arrays import Floats

AT_A_N = r"\delta_n", "u_n"
"""∂L/∂a_n: δ is after LN' in the equations."""


class StepValues(NamedTuple):
    a: Floats
    """(3H,) the three pre-activations, in the order r, z, n; before the step W_xh x."""
    normal: Floats
    """(3H,) LN(s) of r, z and n, where s_n is W_hn h_prev."""
    scale: Floats
    """(3H,) 1/√(variance of s + ε), the same for every unit of a block."""
    normal_x: Floats
    """LN(W_xn x)."""
    scale_x: Floats
    q_n: Floats
    gates: Floats
    """(3H,) the three gates."""
    h: Floats


class Partials(NamedTuple):
    """Those of the GRU, and two ``layer_norm.Slopes``."""

    h_r: Floats
    h_z: Floats
    h_q: Floats
    h_n: Floats
    h_h: Floats
    s_n: Floats
    """(3, H), as the three that follow."""
    s_n_n: Floats
    s_n_rest: Floats
    s_r: Floats
    x_n: Floats
    """(H,), as the three that follow."""
    x_n_n: Floats
    x_n_rest: Floats
    x_r: Floats


@dataclass(frozen=True)
class LNGRU(Normalized, GRU):
    title: ClassVar = "LN-GRU"
    step_values: ClassVar = StepValues
    stacked: ClassVar = ("a", "normal", "scale", "gates")
    code: ClassVar = (
        "u_r, u_z, u_n = {split}(W_xh @ x, 3)",
        "p_r, p_z, p_n = {split}(W_hh @ h, 3)",
        "b_r, b_z, _ = {split}(b_xh + b_hh, 3)",
        "r = {sigmoid}({layer_norm}(u_r + p_r) + b_r)",
        "z = {sigmoid}({layer_norm}(u_z + p_z) + b_z)",
        "q_n = {layer_norm}(p_n) + {split}(b_hh, 3)[2]",
        "n = {tanh}({layer_norm}(u_n) + {split}(b_xh, 3)[2] + r * q_n)",
        "return (1 - z) * n + z * h",
    )
    keras: ClassVar = None

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, normal, scale, normal_x, scale_x, q_n, gates, h) = state_prev, values
        r, z, n = split(gates, 3)
        H = n.shape[-1]
        rz, a_rz, a_n = gates[..., : 2 * H], a[..., : 2 * H], a[..., 2 * H :]
        np.matmul(h_prev, weights.W_hh.mT, out=gates)
        rz += a_rz  #                                              s = W_h h_prev + W_x x of r, z
        layer_norm.normalize(*(by_block(each, 3) for each in (gates, normal, scale)))
        layer_norm.normalize(a_n, normal_x, scale_x)
        np.add(normal, weights.b_xh + weights.b_hh, out=gates)  #  a_r, a_z = LN(s) + b
        a_rz[...] = rz
        np.add(block(normal, 2, 3), block(weights.b_hh, 2, 3), out=q_n)
        sigmoid(a_rz, out=rz)  #                                   r, z = σ(a_r), σ(a_z)
        np.add(normal_x, block(weights.b_xh, 2, 3), out=a_n)
        a_n += np.multiply(r, q_n, out=n)  #                       a_n = LN(W_xn x) + b_xn + r * q_n
        np.tanh(a_n, out=n)  #                                     n = tanh(a_n)
        np.subtract(h_prev, n, out=h)
        h *= z
        h += n  #                                                  h = n + z * (h_prev - n)

    def partials(self, values: Any, states_prev: States) -> Any:
        return Partials(
            *super().partials(values, states_prev),
            *layer_norm.slopes(by_block(values.normal, 3), by_block(values.scale, 3)),
            *layer_norm.slopes(values.normal_x, values.scale_x),
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
        h_h, of_s, of_x = partial[4], partial[5:9], partial[9:]
        own, d_s = split(d_a, 2)
        self.through_gates(partial, d_h, own)
        blocks, of_blocks = by_block(own, 4), by_block(d_s, 4)
        of_blocks[..., :3, :] = layer_norm.back(blocks[..., :3, :], *of_s)
        of_blocks[..., 3, :] = layer_norm.back(blocks[..., 3, :], *of_x)
        np.matmul(self.d_h(d_a), weights.W_hh, out=d_h_prev)
        d_h_prev += d_h * h_h  #            ∂L/∂h_prev = W_hhᵀ ∂L/∂s + ∂L/∂h * z

    @property
    def equations(self) -> Equations:
        usual = super().equations
        through_q = Line(r"\delta_q & = & r_t & \odot & u_n")
        deltas = {"r": r"\delta_r", "z": r"\delta_z", "n": r"\delta_q"}
        to_a_n, to_z, to_r = usual.here
        return Equations(
            (
                *map(normalized_gate, "rz"),
                Line(rf"q_t & = & {LN}( & W_{{hn}} & h_{{t-1}} & ) & + & b_{{hn}}"),
                Line(
                    rf"n_t & = & \tanh( & {LN}( & W_{{xn}} x_t & ) & + & b_{{xn}} & + & "
                    r"r_t & \odot & q_t & )"
                ),
                usual.forward[-1],
            ),
            (
                to_a_n._replace(latex=to_a_n.latex.replace(*AT_A_N)),
                through("z", to_z),
                through("r", to_r._replace(latex=to_r.latex.replace(*AT_A_N))),
                through("q", through_q),
            ),
            (
                usual.back[0],
                Line(rf"{D_H_PREV} & = & \kappa_{{t-1}} & + & {back_through(deltas)}", "recurrent"),
            ),
        )

    def gradients(self, weights: Weights, d_h: Any, d_b_xh: Any) -> dict[str, Any]:
        return {"u_n": block(d_b_xh, 2, 3), r"\delta_q": block(d_h, 2, 3)}
