"""The answer of the API on a network of several layers, as OpenAPI describes it.

T, H and V are those of ``answers``; D is the number of entries of an input.
"""

from typing import Literal

from unrolled.app.routes.answers import Numbers, Rows, RunAnswer
from unrolled.app.web.bodies import Answer


class LevelAnswer(Answer):
    """One layer in one direction."""

    layer: int
    """From 1, the inputs' side first."""
    reverse: bool
    """Whether it reads from the end."""
    hidden: Rows
    """(T, H) h_t."""
    cell_state: Rows | None
    """(T, H) c_t, of an LSTM."""
    gates: dict[str, Rows]
    """(T, H) The value of each gate, by name."""
    hidden_gradient: Rows
    """(T, H) ∂L/∂h_t, L being the sum of all losses."""
    cell_gradient: Rows | None
    """(T, H) ∂L/∂c_t, of an LSTM."""
    log10_gradient_norm: Numbers
    """(T,) log10 of ‖∂L/∂h_t‖; null where no path leads there."""
    log10_cell_gradient_norm: Numbers | None
    """(T,) log10 of ‖∂L/∂c_t‖, of an LSTM."""
    log10_loss_gradient_norms: Rows
    """(n, T) log10 of ‖∂L_s/∂h_t‖, a row for each of ``loss_timesteps``."""
    log10_share: Numbers
    """(T,) log10 of the chosen loss's ‖∂L_s/∂h_t‖ as a share of its norm in this layer and
    direction at the timestep whose state the readout of that loss reads."""
    verdict: Literal["vanishing", "arriving", "exploding", "none"]
    """What the chosen loss's gradient is at the timestep that this direction reads first."""


class DeepTraceAnswer(RunAnswer):
    """A whole run of several layers, or of both directions: forward, losses, backward."""

    input_vocabulary: list[str]
    """The tokens that the entries of an input stand for."""
    inputs: list[int] | Rows
    """(T,) The index of each token in the input vocabulary; -1 of a zero vector."""
    input_gradient: Rows
    """(T, D) ∂L/∂x_t."""
    log10_input_gradient_norm: Numbers
    """(T,) log10 of ‖∂L/∂x_t‖."""
    diverged_at: int | None
    """The timestep at which a state overflowed; 1 of both directions."""
    reads: Literal["h_n", "output"]
    """What one label is read from: ``h_n``, the last state of each direction."""
    loss_timesteps: list[int]
    """(n,) The timesteps whose loss was reached, from 1."""
    levels: list[LevelAnswer]
    """Each layer and direction, from the inputs up, the one that reads forward first."""
