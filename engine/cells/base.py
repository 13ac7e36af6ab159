"""The interface of a cell: its verbs, and the facts that it declares.

A cell is arithmetic. It knows neither how many timesteps there are, nor which one this is, nor what
the loss is: the loops over time hand it one timestep after another, and the arrays to write to.

Shapes: K blocks of H rows are stacked in each weight matrix (1 for the RNN, 4 for the LSTM, 3 for
the GRU). ``R`` is any number of adjoint rows: the same timestep is walked back for many losses at
once, one row each. Weights may have leading axes, one matrix a network, and so may states, drives
and rows: many networks are then one batched product.

A new cell is a subclass of ``Cell`` in a file of its own, and one line of ``CELLS``. Its partials
and its step back are also computed in numbers that have an exponent each
(``unrolled.engine.numerics.wide``), so they are written with these operations alone:

- ``+ - * /``, unary ``-`` and ``>``, in place too, or NumPy's ``add``, ``subtract``, ``multiply``,
  ``divide``, ``negative``, ``greater``, with ``out``;
- ``np.reciprocal``, ``np.abs``, ``np.exp``, ``np.cosh``, and the functions of
  ``unrolled.engine.cells.activations`` but ``np.tanh``;
- ``np.matmul`` or ``@`` of rows with ``weights.W_hh``, or with some blocks of its rows;
- ``np.concatenate``, ``split``, and indexing, to read and to write.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from unrolled.engine.cells.equations import Equations
from unrolled.engine.cells.in_keras import InKeras
from unrolled.engine.numerics.arrays import Floats

States = Sequence[Floats] | Floats
"""The arrays (..., H) of a state: h, and c where there is one."""
Fields = Sequence[Floats]
"""The arrays of one timestep, in the order of a named tuple's fields."""
Products = tuple[tuple[slice, Floats], ...]
"""Rows of W_hh, and the vectors (..., H) that they multiply."""


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


class Carry(NamedTuple):
    """The path along which the last state is kept: a product with a gate, and with no matrix."""

    partial: str
    """The partial that multiplies the gradient on it: ``c_c`` is ∂c/∂c_prev, past the weights."""
    gate: str
    """The gate that the partial is."""
    closed: bool = False
    """Whether the partial is one minus the gate: the state is kept where the gate is closed."""
    bias: str | None = None
    """The hyperparameter that keeps the more of the state the larger it is: the gate's bias, or
    where ``closed`` its negative."""

    @property
    def state(self) -> str:
        """The state that is kept."""
        return self.partial.partition("_")[0]


def split(stacked: Floats, K: int) -> list[Floats]:
    """Return views of the K blocks (..., H) of (..., K·H), gate after gate."""
    H = stacked.shape[-1] // K
    return [stacked[..., k : k + H] for k in range(0, K * H, H)]


def block(stacked: Floats, k: int, K: int) -> Floats:
    """Return a view of block k of K, as ``split`` does of each."""
    H = stacked.shape[-1] // K
    return stacked[..., k * H : (k + 1) * H]


@dataclass(frozen=True)
class Cell(ABC):
    """One timestep, forward and back.

    A cell has two named tuples of its own: its ``StepValues`` are everything that one timestep
    computed, the state (h, and c where there is one) among it; its partials are the derivatives of
    that state, one number a unit. A stack of either is the same tuple with a leading axis of time.

    The fields of a cell's dataclass are its hyperparameters, under the names that they have in an
    experiment.
    """

    title: ClassVar[str] = ""
    """The name of the cell where a catalog has no word for it."""
    step_values: ClassVar[Any]
    """The named tuple of values; its fields are (..., H). Each gate is an attribute of it, too."""
    stacked: ClassVar[tuple[str, ...]] = ("a", "gates")
    """Fields of it that are (..., K·H)."""
    blocks: ClassVar[int]
    """K: one for each gate, or 1."""
    gates: ClassVar[tuple[str, ...]] = ()
    """Names of the gates, in the order of the blocks."""
    candidates: ClassVar[tuple[str, ...]] = ()
    """Names of the gates that are no gate in the strict sense: new content, in -1..1 (tanh)."""
    carry: ClassVar[Carry | None] = None
    """The path along which the last state is kept from one timestep to the next."""
    states: ClassVar[tuple[str, ...]] = ("h",)
    """Names of the values that the next timestep reads."""
    recurrent: ClassVar[bool] = True
    """Whether one timestep reaches the next at all."""
    mixes: ClassVar[int | None] = None
    """Units that the recurrent weights mix: None for all, 1 where each unit reads itself alone, 2
    for pairs, and 0 where there are no recurrent weights. Outside its blocks W_hh is zero."""
    code: ClassVar[tuple[str, ...]] = ()
    """Lines of a function of x, the states and the weights that returns the next states, for an
    exported script. ``{f}`` is the activation; ``{sigmoid}``, ``{tanh}``, ``{split}`` into equal
    parts, ``{diagonal}``, ``{arange}``, ``{where}`` and ``{layer_norm}`` are a framework's."""
    keras: ClassVar[InKeras | None] = None
    """The layer of Keras that computes the cell, if there is one."""

    def __init_subclass__(cls) -> None:
        """Give the named tuple of values an attribute for each gate."""
        for k, gate in enumerate(cls.gates):
            setattr(cls.step_values, gate, _block(k, len(cls.gates)))

    @classmethod
    @cache
    def hyperparameters(cls) -> tuple[str, ...]:
        """Return the fields of an experiment that the cell is made from."""
        return tuple(each.name for each in fields(cls))

    def bias(self, H: int, carry: Floats | None = None) -> Floats:
        """Return (K·H,) b_xh at the start: zero, but for the gate along which the state is kept.

        The bias of that gate is the hyperparameter, or ``carry`` (H,) where it is given.
        """
        bias = np.zeros(self.blocks * H)
        if self.carry:
            kept = getattr(self, self.carry.bias or "", 0.0) if carry is None else carry
            block = split(bias, self.blocks)[self.gates.index(self.carry.gate)]
            block[:] = -kept if self.carry.closed else kept
        return bias

    @classmethod
    def mixed(cls, H: int) -> "np.typing.NDArray[np.bool_]":
        """Return (K·H, H) which entries W_hh has."""
        block = np.arange(H) // (H if cls.mixes is None else cls.mixes or 1)
        own = (block[:, None] == block) & (cls.mixes != 0)
        return np.tile(own, (cls.blocks, 1))

    def drive_bias(self, weights: Weights) -> Floats:
        """Return (K·H,) the biases in the drive of a timestep, W_xh x + b: b_xh + b_hh."""
        bias: Floats = weights.b_xh + weights.b_hh
        return bias

    @property
    def saturating(self) -> tuple[str, ...]:
        """Names of the pre-activations whose activation has a vanishing slope."""
        return ("a",)

    @abstractmethod
    def step(self, weights: Weights, state_prev: States, values: Fields) -> None:
        """Compute one timestep: writes ``values``, whose ``a`` holds the drive W_xh x + b."""

    @abstractmethod
    def slopes(self, values: Any) -> Any:
        """Return the activations' slopes for a stack of values, by gate if there are gates."""

    @abstractmethod
    def partials(self, values: Any, states_prev: States) -> Any:
        """Return the factors of a step back, for a whole stack of values at once."""

    @abstractmethod
    def step_back(
        self,
        weights: Weights,
        partial: Fields,
        d_state: States,
        d_a: Floats,
        d_state_prev: States,
    ) -> None:
        """Compute one timestep back, for R adjoint rows: ``step`` mirrored, in reverse.

        Reads ``d_state``, the ∂L/∂ of the state of t, each (R, H); writes ``d_state_prev``, that of
        t-1, likewise, and ``d_a`` (R, width(H)), from which ``d_x`` and ``d_h`` are taken.
        For the LSTM, the c in ``d_state`` gains the path through h, and is the total after it.
        """

    def initial(self, values: Iterable[Any]) -> dict[str, Any]:
        """Return one value of each state by the name of the initial one: ``h_0``, and ``c_0``."""
        return dict(zip((f"{name}_0" for name in self.states), values, strict=True))

    def width(self, H: int) -> int:
        """Return the entries of a row of ``d_a``."""
        return self.blocks * H

    def d_x(self, d_a: Floats) -> Floats:
        """Return (..., K·H) ∂L/∂(W_xh x + b_xh)."""
        return d_a

    def d_h(self, d_a: Floats) -> Floats:
        """Return (..., K·H) ∂L/∂ of the recurrent products plus b_hh."""
        return d_a

    def d_biases(self, d_a: Floats) -> tuple[Floats, Floats]:
        """Return (..., K·H) what a timestep adds to ∂L/∂b_xh, and to ∂L/∂b_hh."""
        return self.d_x(d_a), self.d_h(d_a)

    def log10_scale(self, values: Any) -> Any:
        """Return log10 of the factor of the recurrent products on their way into a, if any."""
        return 0.0

    def recurrent_products(self, values: Any, states_prev: States) -> Products:
        """Return the groups of rows of W_hh that multiply the same vectors, for some timesteps.

        They all multiply h_prev, but in a cell that has a gate before the product; where there are
        no recurrent weights there are none.
        """
        return () if self.mixes == 0 else ((slice(None), states_prev[0]),)

    # --- what is shown of one timestep ---------------------------------------------------------

    @property
    @abstractmethod
    def equations(self) -> Equations:
        """The equations of one timestep, in LaTeX."""

    def arrays(self, values: Any, slopes: Any, state_prev: States) -> dict[str, Any]:
        """Return the arrays of one timestep that stand in its equations, by their LaTeX.

        The weights are left out, and so are the gradients.
        """
        return {
            **{f"{name}_t": getattr(values, name) for name in (*self.states, *self.gates)},
            **{f"{name}_{{t-1}}": s for name, s in zip(self.states, state_prev, strict=True)},
            **{rf"{self.function(gate)}'(a_{gate})": getattr(slopes, gate) for gate in self.gates},
        }

    def gradients(self, weights: Weights, d_h: Any, d_b_xh: Any) -> dict[str, Any]:
        """Return the gradients (H,) that stand in the equations of this cell alone, by their LaTeX.

        They are computed from ``d_h`` (K·H,) and ∂L/∂b_xh of the timestep, (K·H,).
        """
        return {}

    @classmethod
    def function(cls, gate: str) -> str:
        """Return the activation of a gate, in LaTeX."""
        return r"\tanh" if gate in cls.candidates else r"\sigma"


def _block(k: int, K: int) -> Any:
    return property(lambda values: block(values.gates, k, K))
