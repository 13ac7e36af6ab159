"""The cells, by name: each is made from an activation and a forget gate bias, as it has use for."""

from collections.abc import Callable

from engine.cells.activations import ACTIVATIONS, Activation
from engine.cells.base import Cell, Fields, Weights
from engine.cells.feedforward import Feedforward
from engine.cells.gru import GRU
from engine.cells.lstm import LSTM
from engine.cells.rnn import RNN

CELLS: dict[str, Callable[[Activation, float], Cell]] = {
    "rnn": lambda f, forget_bias: RNN(f),
    "lstm": lambda f, forget_bias: LSTM(forget_bias),
    "gru": lambda f, forget_bias: GRU(),
    "feedforward": lambda f, forget_bias: Feedforward(f),
}
GATED = ("lstm", "gru")

__all__ = ["ACTIVATIONS", "CELLS", "GATED", "Activation", "Cell", "Fields", "Weights"]
