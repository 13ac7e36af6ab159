"""The minGRU (Feng et al. 2024, "Were RNNs all we needed?"): a gate that reads the input alone.

    z_t = σ(W_xz x_t + b_z)        n_t = W_xn x_t + b_n

    h_t = (1 - z_t) * h_{t-1} + z_t * n_t

No recurrent weights: the last state is in the last line alone, so all timesteps can be computed at
once, by a scan. The carry is h: along it the gradient is multiplied by 1 - z_t, and there is no
other path.
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
    """(2H,) the two pre-activations, in the order z, n."""
    gates: Floats
    """(2H,) the gate z, and n, which is a_n."""
    h: Floats


class Slopes(NamedTuple):
    z: Floats


class Partials(NamedTuple):
    """``h_z`` is ∂h/∂a_z, and so on: each (H,)."""

    h_z: Floats
    h_n: Floats
    h_h: Floats
    """∂h/∂h_prev."""


@dataclass(frozen=True)
class MinGRU(Cell):
    update_bias: float

    title: ClassVar = "minGRU"
    step_values: ClassVar = StepValues
    blocks: ClassVar = 2
    gates: ClassVar = ("z", "n")
    candidates: ClassVar = ("n",)
    carry: ClassVar = Carry("h_h", gate="z", closed=True, bias="update_bias")
    mixes: ClassVar = 0
    code: ClassVar = (
        "a_z, n = {split}(W_xh @ x + b_xh + b_hh, 2)",
        "z = {sigmoid}(a_z)",
        "return (1 - z) * h + z * n",
    )

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, gates, h) = state_prev, values
        (a_z, a_n), (z, n) = split(a, 2), split(gates, 2)
        sigmoid(a_z, out=z)  #               z = σ(W_xz x + b_z)
        n[...] = a_n  #                      n = W_xn x + b_n
        np.subtract(n, h_prev, out=h)
        h *= z
        h += h_prev  #                       h = h_prev + z * (n - h_prev)

    def slopes(self, values: StepValues) -> Slopes:
        return Slopes(sigmoid_slope(split(values.a, 2)[0]))

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        """Apply the chain rule to h = (1 - z) * h_prev + z * n."""
        (h_prev,), (a_z, n) = states_prev, split(values.a, 2)
        return Partials(
            h_z=(n - h_prev) * sigmoid_slope(a_z),
            h_n=sigmoid(a_z),
            h_h=one_minus_sigmoid(a_z),
        )

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_z, h_n, h_h), d_h, (d_z, d_n) = partial, d_state[0], split(d_a, 2)
        np.multiply(d_h, h_z, out=d_z)  #              ∂L/∂a_z = ∂L/∂h * (n - h_prev) * σ'(a_z)
        np.multiply(d_h, h_n, out=d_n)  #              ∂L/∂a_n = ∂L/∂h * z
        np.multiply(d_h, h_h, out=d_state_prev[0])  #  ∂L/∂h_prev = ∂L/∂h * (1 - z)

    @property
    def equations(self) -> Equations:
        return Equations(
            (
                of_input("z", r"\sigma"),
                of_input("n"),
                Line(r"h_t & = & (1-z_t) & \odot & h_{t-1} & + & z_t & \odot & n_t"),
            ),
            (
                Line(rf"\delta_n & = & z_t & \odot & {D_H}"),
                Line(rf"\delta_z & = & \sigma'(a_z) & \odot & (n_t-h_{{t-1}}) & \odot & {D_H}"),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & (1-z_t) & \odot & {D_H}", "carry"),
                Line(rf"{D_H_PREV} & = & \kappa_{{t-1}}"),
            ),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        return {
            **{"h_t": values.h, "z_t": values.z, "n_t": values.n, "h_{t-1}": state_prev[0]},
            **{"(1-z_t)": 1 - values.z, "(n_t-h_{t-1})": values.n - state_prev[0]},
            r"\sigma'(a_z)": slopes.z,
        }
