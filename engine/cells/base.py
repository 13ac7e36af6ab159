"""What every cell can do.

A cell is arithmetic. It knows neither how many timesteps there are, nor which one this is, nor what
the loss is: the loops over time hand it one timestep after another, and the arrays to write to.

Shapes: K blocks of H rows are stacked in each weight matrix (1 for the RNN, 4 for the LSTM, 3 for
the GRU). ``R`` is any number of adjoint rows: the same timestep is walked back for many losses at
once, one row each. Weights may have leading axes, one matrix a network, and so may states, drives
and rows: many networks are then one batched product.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.numerics.arrays import Floats

States = Sequence[Floats] | Floats
"""What a state consists of, one array (..., H) each: h, and c where there is one."""
Fields = Sequence[Floats]
"""What one timestep has of a named tuple of stacks, in the order of its fields."""


class Weights(NamedTuple):
    """The weights of a cell, as PyTorch stacks them: gate after gate."""

    W_xh: Floats
    """(K·H, V) input to hidden."""
    W_hh: Floats
    """(K·H, H) hidden to hidden."""
    b_xh: Floats
    """(K·H,)"""
    b_hh: Floats
    """(K·H,)"""


def split(stacked: Floats, K: int) -> list[Floats]:
    """The K blocks (..., H) of (..., K·H), gate after gate; views, as those of ``np.split``."""
    H = stacked.shape[-1] // K
    return [stacked[..., k * H : (k + 1) * H] for k in range(K)]


class Cell(ABC):
    """One timestep, forward and back.

    A cell has two named tuples of its own: its ``Moment`` is everything that one timestep computed,
    the state (h, and c where there is one) among it; its partials are the derivatives of that
    state, one number a unit. A stack of either is the same tuple with a leading axis of time.
    """

    moment: ClassVar[Any]
    """The named tuple; its fields are (..., H), but ``a`` and ``gates``, which are (..., K·H)."""
    blocks: ClassVar[int]
    """K."""
    gates: ClassVar[tuple[str, ...]] = ()
    """Names of the moment's attributes that are gates, in the order of the blocks."""
    carry: ClassVar[str | None] = None
    """The gate along which the last state is carried from one timestep to the next."""
    states: ClassVar[tuple[str, ...]] = ("h",)
    """Names of the moment's fields that the next timestep reads."""
    recurrent: ClassVar[bool] = True
    """Whether one timestep reaches the next at all."""

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """(K·H,) b_xh at the start; ``carry`` (H,) is for the gate along which the state is kept.

        A cell without such a gate takes none.
        """
        return np.zeros(self.blocks * H)

    def drive_bias(self, weights: Weights) -> Floats:
        """(K·H,) what the drive of a timestep holds beside W_xh x: b_xh + b_hh."""
        bias: Floats = weights.b_xh + weights.b_hh
        return bias

    @property
    @abstractmethod
    def saturating(self) -> tuple[str, ...]:
        """Names of the moment's fields that a function is taken of whose slope vanishes."""

    @abstractmethod
    def step(self, weights: Weights, state_prev: States, moment: Fields) -> None:
        """One timestep forward: writes ``moment``, whose ``a`` holds the drive W_xh x + b."""

    @abstractmethod
    def slopes(self, moments: Any) -> Any:
        """The activations' slopes, for a whole stack of moments at once."""

    @abstractmethod
    def partials(self, moments: Any, states_prev: States) -> Any:
        """What a step back multiplies an adjoint by, for a whole stack of moments at once."""

    @abstractmethod
    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        """One timestep back, for R adjoint rows: ``step`` mirrored, in reverse.

        Reads ``d_state``, the ∂L/∂ of the state of t, each (R, H); writes ``d_state_prev``, that of
        t-1, likewise, and ``d_a`` (R, width(H)), from which ``d_x`` and ``d_h`` are taken.
        For the LSTM, the c in ``d_state`` gains the path through h, and is the total after it.
        """

    def width(self, H: int) -> int:
        """Entries of a row of ``d_a``."""
        return self.blocks * H

    def d_x(self, d_a: Floats) -> Floats:
        """(..., K·H) ∂L/∂(W_xh x + b_xh)."""
        return d_a

    def d_h(self, d_a: Floats) -> Floats:
        """(..., K·H) ∂L/∂(W_hh h_prev + b_hh)."""
        return d_a
