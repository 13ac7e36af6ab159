"""A cell and its readout, with their weights."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats, Integers, read_only
from engine.cells import ACTIVATIONS, CELLS, Cell, Weights
from engine.experiment import Experiment
from engine.initialization import INITIALIZATIONS


@dataclass(frozen=True, slots=True)
class Network:
    """A cell and the readout y_t = W_hy h_t + b_y."""

    cell: Cell
    weights: Weights
    W_hy: Floats
    """(V, H)"""
    b_y: Floats
    """(V,)"""

    @classmethod
    def of(cls, experiment: Experiment, vocabulary_size: int) -> "Network":
        """Random weights, each matrix from a random stream of its own.

        Input and readout weights are drawn token by token, so that the tokens a sequence already
        had keep theirs while it is typed.
        """
        H, V = experiment.hidden_size, vocabulary_size
        cell = CELLS[experiment.cell](ACTIVATIONS[experiment.activation], experiment.forget_bias)
        initialize = INITIALIZATIONS[experiment.initialization]
        out, recurrent, into = np.random.default_rng(experiment.seed).spawn(3)
        W_hh = np.concatenate([initialize(recurrent, H) for _ in range(cell.blocks)])
        W_xh = into.normal(scale=H**-0.5, size=(V, cell.blocks * H)).T
        weights = Weights(
            W_xh=experiment.input_scale * W_xh,
            W_hh=experiment.recurrent_scale * W_hh,
            b_xh=cell.bias(H),
            b_hh=np.zeros(cell.blocks * H),
        )
        W_hy = out.normal(scale=H**-0.5, size=(V, H))
        return cls(cell, Weights(*map(read_only, weights)), read_only(W_hy), read_only(np.zeros(V)))

    @property
    def hidden_size(self) -> int:
        return self.weights.W_hh.shape[1]

    def drive(self, inputs: Integers) -> Floats:
        """(T, K·H) W_xh x_t + b_xh: x_t is one-hot, so the product picks a column."""
        return self.weights.W_xh.T[inputs] + self.weights.b_xh

    def state_dict(self) -> dict[str, Floats]:
        """The weights under PyTorch's names and shapes (``torch.nn.RNN`` and ``Linear``).

        A feed-forward network has no ``weight_hh_l0``.
        """
        return named(self.cell, self.weights, self.W_hy, self.b_y)


def named(cell: Cell, weights: Weights, W_hy: Floats, b_y: Floats) -> dict[str, Floats]:
    """Weights, or their gradients, under PyTorch's names."""
    names = {
        "weight_ih_l0": weights.W_xh,
        "weight_hh_l0": weights.W_hh,
        "bias_ih_l0": weights.b_xh,
        "bias_hh_l0": weights.b_hh,
        "head.weight": W_hy,
        "head.bias": b_y,
    }
    if not cell.recurrent:
        del names["weight_hh_l0"]
    return names
