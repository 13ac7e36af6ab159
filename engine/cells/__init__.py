"""The cells, by name: each is made from what it has use for of an experiment's fields."""

from collections.abc import Callable
from typing import Protocol

from unrolled.engine.cells.activations import ACTIVATIONS, Activation
from unrolled.engine.cells.base import Cell, Fields, Weights
from unrolled.engine.cells.feedforward import Feedforward
from unrolled.engine.cells.gru import GRU
from unrolled.engine.cells.lstm import LSTM
from unrolled.engine.cells.rnn import RNN


class Asked(Protocol):
    """The fields of an experiment, or of a training, that a cell is made from."""

    @property
    def cell(self) -> str: ...
    @property
    def activation(self) -> str: ...
    @property
    def forget_bias(self) -> float: ...
    @property
    def update_bias(self) -> float: ...


CELLS: dict[str, Callable[[Asked], Cell]] = {
    "rnn": lambda asked: RNN(ACTIVATIONS[asked.activation]),
    "lstm": lambda asked: LSTM(asked.forget_bias),
    "gru": lambda asked: GRU(asked.update_bias),
    "feedforward": lambda asked: Feedforward(ACTIVATIONS[asked.activation]),
}
GATED = ("lstm", "gru")


def cell_of(asked: Asked) -> Cell:
    """Return the cell that an experiment or a training asks for."""
    return CELLS[asked.cell](asked)


__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "GATED",
    "Activation",
    "Asked",
    "Cell",
    "Fields",
    "Weights",
    "cell_of",
]
