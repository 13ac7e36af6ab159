"""A cell and its readout, with their weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from engine.architectures import Problem
from engine.arrays import Floats, read_only
from engine.cells import ACTIVATIONS, CELLS, Cell, Weights
from engine.experiment import Experiment
from engine.initialization import INITIALIZATIONS, chrono

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Network:
    """A cell and the readout y_t = W_hy h_t + b_y."""

    cell: Cell
    weights: tuple[Weights, ...]
    """The cell's weights; in an encoder-decoder the encoder's, then the decoder's."""
    W_hy: Floats
    """(V, H)"""
    b_y: Floats
    """(V,)"""

    @classmethod
    def of(cls, experiment: Experiment, problem: Problem) -> "Network":
        """Random weights, each matrix from a random stream of its own.

        Input and readout weights are drawn token by token, so that the tokens a sequence already
        had keep theirs while it is typed.
        """
        H, V, parts = experiment.hidden_size, len(problem.vocabulary), 1 + int(problem.parts.max())
        cell = CELLS[experiment.cell](ACTIVATIONS[experiment.activation], experiment.forget_bias)
        out, *streams = np.random.default_rng(experiment.seed).spawn(1 + 3 * parts)
        drawn, times = streams[: 2 * parts], streams[2 * parts :]
        weights = tuple(
            _random_weights(cell, experiment, V, *each)
            for each in zip(drawn[::2], drawn[1::2], times, strict=True)
        )
        W_hy = out.normal(scale=H**-0.5, size=(V, H))
        return cls(cell, weights, read_only(W_hy), read_only(np.zeros(V)))

    @property
    def hidden_size(self) -> int:
        return self.W_hy.shape[1]

    def drives(self, problem: Problem) -> Floats:
        """(T, K·H) W_xh x_t + b_xh, where x_t is one-hot or zero: a column of W_xh, or none."""
        drives = np.array([weights.b_xh for weights in self.weights])[problem.parts]
        for part, weights in enumerate(self.weights):
            reading = (problem.parts == part) & (problem.inputs >= 0)
            drives[reading] += weights.W_xh.T[problem.inputs[reading]]
        return drives

    def state_dict(self) -> dict[str, Floats]:
        """The weights under PyTorch's names and shapes (``torch.nn.RNN`` and ``Linear``).

        A feed-forward network has no ``weight_hh_l0``; in an encoder-decoder ``encoder.`` and
        ``decoder.`` go before the cells' names.
        """
        return self.named(self.weights, self.W_hy, self.b_y)

    def named(self, parts: Sequence[Sequence[Each]], W_hy: Each, b_y: Each) -> dict[str, Each]:
        """What belongs to the weights, such as their gradients, under ``state_dict``'s names."""
        prefixes = ("encoder.", "decoder.") if len(parts) > 1 else ("",)
        names = {
            f"{prefix}{name}": each
            for prefix, part in zip(prefixes, parts, strict=True)
            for name, each in zip(_NAMES, part, strict=True)
            if self.cell.recurrent or name != "weight_hh_l0"
        }
        return {**names, "head.weight": W_hy, "head.bias": b_y}


_NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def _random_weights(
    cell: Cell,
    experiment: Experiment,
    V: int,
    recurrent: np.random.Generator,
    into: np.random.Generator,
    times: np.random.Generator,
) -> Weights:
    H, initialize = experiment.hidden_size, INITIALIZATIONS[experiment.initialization]
    W_hh = np.concatenate([initialize(recurrent, H) for _ in range(cell.blocks)])
    W_xh = into.normal(scale=H**-0.5, size=(V, cell.blocks * H)).T
    carry = chrono(times, H, experiment.chrono) if experiment.chrono else None
    return Weights(
        W_xh=read_only(experiment.input_scale * W_xh),
        W_hh=read_only(experiment.recurrent_scale * W_hh),
        b_xh=read_only(cell.bias(H, carry)),
        b_hh=read_only(np.zeros(cell.blocks * H)),
    )
