"""What every cell can do.

A cell is arithmetic. It knows neither how many timesteps there are, nor which one this is, nor what
the loss is: the loops over time in ``engine.bptt`` hand it one timestep after another.

Shapes: K blocks of H rows are stacked in each weight matrix (1 for the RNN, 4 for the LSTM, 3 for
the GRU). ``R`` is any number of adjoint rows: the same timestep is walked back for many losses at
once, one row each. Weights may have leading axes, one matrix a network, and so may states, drives
and rows: many networks are then one batched product.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

import numpy as np

from engine.arrays import Floats


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


class Back(NamedTuple):
    """One timestep back, for R adjoint rows."""

    d_state_prev: tuple[Floats, ...]
    """∂L/∂ of the state of t-1: h, and c where there is one; each (R, H)."""
    d_state: tuple[Floats, ...]
    """The total ∂L/∂ of the state of t: for the LSTM, c has gained the path through h."""
    d_x: Floats
    """(R, K·H) ∂L/∂(W_xh x + b_xh)."""
    d_h: Floats
    """(R, K·H) ∂L/∂(W_hh h_prev + b_hh)."""


class Cell(ABC):
    """One timestep, forward and back.

    A cell has its own named tuple, ``Moment``: everything one timestep computed, its ``state`` (h,
    and c where there is one) among it.
    A stack of moments is the same tuple with a leading axis of time.
    """

    blocks: ClassVar[int]
    """K."""
    gates: ClassVar[tuple[str, ...]] = ()
    """Names of the moment's fields that are gates, in the order of the blocks."""
    carry: ClassVar[str | None] = None
    """The gate along which the last state is carried from one timestep to the next."""
    states: ClassVar[tuple[str, ...]] = ("h",)
    """Names of the moment's fields that the next timestep reads, in the order of its ``state``."""
    recurrent: ClassVar[bool] = True
    """Whether one timestep reaches the next at all."""

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """(K·H,) b_xh at the start; ``carry`` (H,) is for the gate along which the state is kept.

        A cell without such a gate takes none.
        """
        return np.zeros(self.blocks * H)

    @abstractmethod
    def step(self, weights: Weights, drive: Floats, state: tuple[Floats, ...]) -> Any:
        """One timestep forward: the moment, from ``drive`` = W_xh x + b_xh and the state of t-1."""

    @abstractmethod
    def slopes(self, moments: Any) -> Any:
        """The activations' slopes, for a whole stack of moments at once."""

    @abstractmethod
    def step_back(
        self,
        weights: Weights,
        moment: Any,
        slope: Any,
        state_prev: tuple[Floats, ...],
        d_state: tuple[Floats, ...],
    ) -> Back:
        """One timestep back: ``step`` mirrored, line for line, in reverse."""
