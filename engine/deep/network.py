"""Layers on top of one another, each in one direction or in both, and a readout."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from unrolled.engine.cells import Cell, Weights
from unrolled.engine.config import NetworkConfig
from unrolled.engine.description.keywords import ActivationName, CellName
from unrolled.engine.layer import Layer, gaussian
from unrolled.engine.network import Network, given, layer_of, taken
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.weights import Source, state_dict_of

Each = TypeVar("Each")
_NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def suffix_of(layer: int, reverse: bool) -> str:
    """Return what follows ``weight_ih`` in PyTorch's names of a layer, from 1, in a direction."""
    return f"_l{layer - 1}{'_reverse' * reverse}"


class Level(NamedTuple):
    """One layer in one direction, and its place."""

    number: int
    """The layer it belongs to, from 1, the inputs' side first."""
    reverse: bool
    """Whether it reads from the end."""
    layer: Layer

    @property
    def alone(self) -> Network:
        """The layer as a network without a readout."""
        return Network((self.layer,), np.zeros((0, self.layer.weights.W_hh.shape[1])), np.zeros(0))

    @property
    def suffix(self) -> str:
        """What follows ``weight_ih`` in PyTorch's names: ``_l0``, or ``_l0_reverse``."""
        return suffix_of(self.number, self.reverse)


@dataclass(frozen=True, slots=True)
class DeepNetwork:
    """Layers of cells, as ``nn.RNN``, ``nn.LSTM`` and ``nn.GRU`` stack them, and a readout.

        h_t^(k) reads h_t^(k-1) and h_{t-1}^(k)        y_t = W_hy h_t + b_y

    In both directions each layer has a second cell that reads from the end, and what the next layer
    reads, and the readout, are the states of both side by side.
    """

    layers: tuple[tuple[Layer, ...], ...]
    """From the inputs up: of each layer the one that reads forward, and the other, if any."""
    W_hy: Floats
    """(V, H), or (V, 2H) of both directions."""
    b_y: Floats
    """(V,)"""
    source: Source | None = field(default=None, compare=False)
    """The recurrent module and the readout of the file that it was loaded from, if it was."""

    def __post_init__(self) -> None:
        width = self.inputs
        for each in self.layers:
            if {layer.inputs for layer in each} != {width} or len(each) != self.directions:
                raise ValueError("each layer must read the states of the one below")
            width = self.directions * self.hidden_size
        if self.W_hy.shape[1] != width:
            raise ValueError(f"W_hy must have {width} columns, got {self.W_hy.shape[1]}")

    def __repr__(self) -> str:
        cell, ways = type(self.layers[0][0].cell).__name__, ", both directions"
        return (
            f"DeepNetwork({cell}, layers={len(self.layers)}{ways * (self.directions - 1)}, "
            f"inputs={self.inputs}, H={self.hidden_size}, outputs={len(self.b_y)})"
        )

    @classmethod
    def random(
        cls,
        config: NetworkConfig,
        inputs: int,
        outputs: int,
        *,
        layers: int = 2,
        bidirectional: bool = False,
    ) -> "DeepNetwork":
        """Return a network of random weights, each matrix from a random stream of its own.

        Parameters
        ----------
        config
            The cell, its size, and how the weights of every layer are drawn.
        inputs, outputs
            Entries of x_t and of y_t.
        layers
            How many there are on top of one another.
        bidirectional
            Whether each has a second cell, which reads from the end.
        """
        ways, H = 1 + bidirectional, config.hidden_size
        found = tuple(
            tuple(
                Layer.random(config, ways * H if k else inputs, ways * k + way, ways * layers)
                for way in range(ways)
            )
            for k in range(layers)
        )
        W_hy = gaussian(config.seed, 0, outputs, ways * H, ways * H)
        return cls(found, W_hy, read_only(np.zeros(outputs)))

    @classmethod
    def from_state_dict(
        cls, state: Mapping[str, ArrayLike], *, cell: CellName, activation: ActivationName = "tanh"
    ) -> "DeepNetwork":
        """Return a network of given weights, by PyTorch's names and shapes.

        Parameters
        ----------
        state
            That of an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, and of an ``nn.Linear`` as
            ``head.weight`` and ``head.bias``. Biases that are left out are zero.
        cell, activation
            Keys of ``CELLS`` and ``ACTIVATIONS``.

        Raises
        ------
        ValueError
            Where an array is missing, has another shape, is not finite, or has no place here.
        """
        arrays, kind = given(state, cell, activation)
        ways = 2 if "weight_ih_l0_reverse" in arrays else 1
        W_hy = taken(arrays, "head.weight", (None, None))
        outputs, width = W_hy.shape
        if width % ways:
            raise ValueError(f"head.weight must have an even number of columns, got {width}")
        layers: list[tuple[Layer, ...]] = []
        while not layers or f"weight_ih_l{len(layers)}" in arrays:
            names = [suffix_of(len(layers) + 1, way == 1) for way in range(ways)]
            layers.append(tuple(layer_of(arrays, kind, width // ways, "", each) for each in names))
        b_y = taken(arrays, "head.bias", (outputs,), zeros=True)
        if arrays:
            raise ValueError(f"{', '.join(arrays)}: no such weights here")
        return cls(tuple(layers), W_hy, b_y)

    @classmethod
    def load(
        cls,
        path: str | Path,
        module: str | None = None,
        *,
        head: str | None = None,
        embedding: str | None = None,
        activation: ActivationName = "tanh",
    ) -> "DeepNetwork":
        """Return a network of the weights in a file: see ``Network.load``.

        Its ``source`` says which module and readout were taken.
        """
        state, cell, source = state_dict_of(Path(path), module, head, embedding, deep=True)
        return replace(cls.from_state_dict(state, cell=cell, activation=activation), source=source)

    @property
    def cell(self) -> Cell:
        """Arithmetic of one timestep, of every layer."""
        return self.layers[0][0].cell

    @property
    def directions(self) -> int:
        """1, or 2 where each layer also reads from the end."""
        return len(self.layers[0])

    @property
    def inputs(self) -> int:
        """Entries of x_t."""
        return self.layers[0][0].inputs

    @property
    def hidden_size(self) -> int:
        """H, of each layer and direction."""
        return self.layers[0][0].weights.W_hh.shape[1]

    @property
    def levels(self) -> Iterator[Level]:
        """Each layer and direction, from the inputs up, the one that reads forward first."""
        for number, ways in enumerate(self.layers, 1):
            for way, layer in enumerate(ways):
                yield Level(number, way == 1, layer)

    @property
    def weights(self) -> tuple[Weights, ...]:
        """The weights of each of ``levels``."""
        return tuple(level.layer.weights for level in self.levels)

    def state_dict(self) -> dict[str, Floats]:
        """Return the weights under PyTorch's names and shapes."""
        return self.named(self.weights, self.W_hy, self.b_y)

    def named(self, parts: Sequence[Sequence[Each]], W_hy: Each, b_y: Each) -> dict[str, Each]:
        """Return values of each level's weights, such as gradients, by ``state_dict``'s names."""
        names = {
            f"{name}{level.suffix}": value
            for level, part in zip(self.levels, parts, strict=True)
            for name, value in zip(_NAMES, part, strict=True)
            if level.layer.cell.mixes != 0 or name != "weight_hh"
        }
        return {**names, "head.weight": W_hy, "head.bias": b_y}
