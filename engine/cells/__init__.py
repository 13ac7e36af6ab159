"""The cells, by name. Each says what it is made from: see ``unrolled.engine.cells.base``."""

from typing import Protocol

from unrolled.engine.cells.activations import ACTIVATIONS, Activation
from unrolled.engine.cells.base import Carry, Cell, Fields, Products, Weights
from unrolled.engine.cells.feedforward import Feedforward
from unrolled.engine.cells.gru import GRU
from unrolled.engine.cells.gru_2014 import GRU2014
from unrolled.engine.cells.indrnn import IndRNN
from unrolled.engine.cells.lru import LRU
from unrolled.engine.cells.lstm import LSTM
from unrolled.engine.cells.mgu import MGU
from unrolled.engine.cells.mingru import MinGRU
from unrolled.engine.cells.minlstm import MinLSTM
from unrolled.engine.cells.normalized.ln_gru import LNGRU
from unrolled.engine.cells.normalized.ln_lstm import LNLSTM
from unrolled.engine.cells.normalized.ln_rnn import LNRNN
from unrolled.engine.cells.rnn import RNN


class Asked(Protocol):
    """The field of an experiment, or of a training, that names a cell; it has others, too."""

    @property
    def cell(self) -> str: ...


CELLS: dict[str, type[Cell]] = {
    "rnn": RNN,
    "lstm": LSTM,
    "gru": GRU,
    "gru-2014": GRU2014,
    "feedforward": Feedforward,
    "mgu": MGU,
    "mingru": MinGRU,
    "minlstm": MinLSTM,
    "indrnn": IndRNN,
    "lru": LRU,
    "ln-rnn": LNRNN,
    "ln-lstm": LNLSTM,
    "ln-gru": LNGRU,
}


def cell_of(asked: Asked) -> Cell:
    """Return the cell that an experiment or a training asks for."""
    cell = CELLS[asked.cell]
    return cell(**{name: getattr(asked, name) for name in cell.hyperparameters()})


__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "Activation",
    "Asked",
    "Carry",
    "Cell",
    "Fields",
    "Products",
    "Weights",
    "cell_of",
]
