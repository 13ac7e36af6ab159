"""The records of single timesteps: frozen, with read-only arrays, counted from 1."""

from typing import NamedTuple

from unrolled.engine.description.representation import brief
from unrolled.engine.numerics.arrays import Floats


class ForwardStep(NamedTuple):
    """The values that one timestep computed."""

    timestep: int
    """t, from 1"""
    hidden: Floats
    """(H,) h_t"""
    cell_state: Floats | None
    """(H,) c_t"""
    gates: dict[str, Floats]
    """(H,) each, by name"""
    probabilities: Floats | None
    """(V,) softmax of the readout, where the timestep has a loss."""
    attention: Floats | None = None
    """(m,) α_tj, how much its output looks at each of the encoder's m states, where it does;
    of a batch (B, m), whether an example has a loss there or not."""
    output: Floats | None = None
    """(D,) y_t = W_hy h_t + b_y, where the timestep has numbers as its target."""

    def __repr__(self) -> str:
        return brief(self)


class LossStep(NamedTuple):
    """The loss of one timestep: L_s = -log p(target)."""

    timestep: int
    """s, from 1"""
    target: int
    """Class of the target, from 0"""
    loss: float
    """In nats."""
    example: int = 0
    """Of a batch, from 0."""


class BackwardStep(NamedTuple):
    """The gradient that reaches one timestep from the losses at and after it."""

    timestep: int
    """t, from 1"""
    hidden_gradient: Floats
    """(H,) ∂L/∂h_t"""
    log10_gradient_norm: float
    """log10 ‖∂L/∂h_t‖"""
    cell_gradient: Floats | None
    """(H,) ∂L/∂c_t"""
    log10_cell_gradient_norm: float | None
    """log10 ‖∂L/∂c_t‖, where there is a cell state"""
    log10_loss_gradient_norms: Floats
    """log10 ‖∂L_s/∂h_t‖ for every loss s at or after t, the last loss first."""
    log10_share: float
    """log10 of the share of the chosen loss's gradient that arrives here; -inf for no path."""
    log10_cell_share: float | None
    """Likewise on the cell state, of the gradient that enters it where the loss is."""

    def __repr__(self) -> str:
        return brief(self)
