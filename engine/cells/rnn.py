"""The simple recurrent network of Elman (1990).

    a_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(a_t)

with b_h = b_xh + b_hh, as ``torch.nn.RNN`` keeps it. Backward:

    ∂L/∂a_t = f'(a_t) * ∂L/∂h_t        ∂L/∂h_{t-1} = W_hhᵀ ∂L/∂a_t
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.activations import ACTIVATIONS, Activation
from unrolled.engine.cells.base import Cell, Fields, States, Weights
from unrolled.engine.cells.equations import D_H, D_H_PREV, TRANSPOSED, Equations, Line
from unrolled.engine.cells.in_keras import InKeras
from unrolled.engine.numerics.arrays import Floats


class StepValues(NamedTuple):
    a: Floats
    h: Floats


class Partials(NamedTuple):
    h_a: Floats
    """∂h/∂a."""


@dataclass(frozen=True)
class RNN(Cell):
    activation: str
    """A key of ``ACTIVATIONS``."""

    title: ClassVar = "RNN"
    step_values: ClassVar[Any] = StepValues
    blocks: ClassVar = 1
    code: ClassVar[tuple[str, ...]] = ("a = W_xh @ x + b_xh + W_hh @ h + b_hh", "return {f}(a)")
    keras: ClassVar[InKeras | None] = InKeras("SimpleRNN", order=(0,))

    @cached_property
    def f(self) -> Activation:
        return ACTIVATIONS[self.activation]

    @property
    def saturating(self) -> tuple[str, ...]:
        return ("a",) if self.f.saturates else ()

    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        (h_prev,), (a, h) = state_prev, values
        a += np.matmul(h_prev, weights.W_hh.mT, out=h)  # a = W_hh h_prev + (W_xh x + b_h)
        self.f.value(a, out=h)  #                         h = f(a)

    def slopes(self, values: StepValues) -> Floats:
        return self.f.slope(values.a)

    def partials(self, values: StepValues, states_prev: States) -> Partials:
        return Partials(self.slopes(values))

    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        (h_a,), d_h, d_h_prev = partial, d_state[0], d_state_prev[0]
        np.multiply(d_h, h_a, out=d_a)  #                 ∂L/∂a = ∂L/∂h * f'(a)
        np.matmul(d_a, weights.W_hh, out=d_h_prev)  #     ∂L/∂h_prev = W_hhᵀ ∂L/∂a

    @property
    def equations(self) -> Equations:
        return self.of_function(r"W_{hh} & h_{t-1} & + & ", rf"W_{{hh}}{TRANSPOSED} & u_t")

    def of_function(self, recurrent: str, back: str) -> Equations:
        """Return the equations of a = ``recurrent`` + W_xh x + b_h, with the step ``back``."""
        f = self.f.latex
        return Equations(
            (
                Line(rf"a_t & = & {recurrent}W_{{xh}} x_t & + & b_h"),
                Line(rf"h_t & = & {f}( & a_t & )" if f else "h_t & = & a_t"),
            ),
            (Line(rf"u_t & = & {f}'(a_t) & \odot & {D_H}" if f else f"u_t & = & {D_H}"),),
            (Line(f"{D_H_PREV} & = & {back}"),),
        )

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        own = {"a_t": values.a, f"{self.f.latex}'(a_t)": slopes}
        return super().arrays(values, slopes, state_prev) | own
