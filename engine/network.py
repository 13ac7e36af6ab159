"""A cell and its readout, with their weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from unrolled.engine.architectures import Problem
from unrolled.engine.cells import Cell, Weights, cell_of
from unrolled.engine.experiment import Experiment
from unrolled.engine.initialization import INITIALIZATIONS, chrono
from unrolled.engine.numerics.arrays import Floats, Integers, aligned, read_only

if TYPE_CHECKING:
    from unrolled.engine.training.config import Training

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
        """Random weights, each matrix from a random stream of its own; or those that were trained.

        Input and readout weights are drawn token by token, so that the tokens a sequence already
        had keep theirs while it is typed.
        """
        if experiment.checkpoint:
            return experiment.checkpoint.network_at(experiment.recurrent_scale)
        V = len(problem.vocabulary)
        return cls.drawn(experiment, V, V, 1 + int(problem.parts.max()))

    @classmethod
    def drawn(
        cls, asked: "Experiment | Training", inputs: int, outputs: int, parts: int
    ) -> "Network":
        """A network of that many inputs and outputs, whose cells have the weights of ``parts``."""
        cell = cell_of(asked)
        weights = tuple(_random_weights(cell, asked, inputs, part, parts) for part in range(parts))
        H = asked.hidden_size
        W_hy = _gaussian(asked.seed, 0, outputs, H, H)
        return cls(cell, weights, W_hy, read_only(np.zeros(outputs)))

    @property
    def hidden_size(self) -> int:
        return self.W_hy.shape[1]

    def spans(self, parts: Integers) -> list[tuple[Weights, slice]]:
        """The timesteps that each part's weights serve, of all (T,): a decoder's come last."""
        stops = np.searchsorted(parts, np.arange(len(self.weights)), side="right").tolist()
        return [*zip(self.weights, map(slice, [0, *stops], stops), strict=False)]

    def drives(self, x: Integers | Floats, parts: Integers, out: Floats | None = None) -> Floats:
        """(T, ..., K·H) W_xh x_t and the biases that go with it: see ``Cell.drive_bias``.

        x are classes (T, ...), -1 for zero, or vectors (T, ..., D). Of a class W_xh x_t is a column
        of W_xh.
        """
        vectors = x.dtype.kind == "f"
        if out is None:
            out = np.empty((*x.shape[: x.ndim - vectors], len(self.weights[0].b_xh)))
        for weights, now in self.spans(parts):
            reads: Any = x[now]
            drives = out[now]
            if vectors:
                np.matmul(reads, weights.W_xh.T, out=drives)
            else:
                np.take(weights.W_xh.T, reads, axis=0, out=drives, mode="clip")
                drives[reads < 0] = 0
            drives += self.cell.drive_bias(weights)
        return out

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


def few_as_vectors(x: Integers | Floats, V: int) -> Integers | Floats:
    """Classes (...) as vectors (..., V), if a product with them is quicker than picking."""
    if x.dtype.kind == "f" or V > _FEW:
        return x
    return (x[..., None] == np.arange(V)).astype(np.float64)


_FEW = 32
"""Classes whose vectors are multiplied by as quickly as columns are picked."""
_NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def _stream(seed: int, index: int) -> np.random.Generator:
    """The generator that ``default_rng(seed).spawn`` has at ``index``."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))


@lru_cache(maxsize=4)
def _recurrent(seed: int, part: int, initialization: str, blocks: int, H: int) -> Floats:
    """(K·H, H) W_hh at scale 1: the last ones are kept, for a scale that is being dragged."""
    rng, initialize = _stream(seed, 1 + 2 * part), INITIALIZATIONS[initialization]
    return read_only(np.concatenate([initialize(rng, H) for _ in range(blocks)]))


@lru_cache(maxsize=4)
def _gaussian(seed: int, index: int, tokens: int, rows: int, H: int) -> Floats:
    """(tokens, rows) of variance 1/H, drawn token by token; the last ones are kept, likewise."""
    return read_only(_stream(seed, index).normal(scale=H**-0.5, size=(tokens, rows)))


def _random_weights(
    cell: Cell, asked: "Experiment | Training", V: int, part: int, parts: int
) -> Weights:
    H, seed = asked.hidden_size, asked.seed
    W_hh = _recurrent(seed, part, asked.initialization, cell.blocks, H)
    W_xh = _gaussian(seed, 2 + 2 * part, V, cell.blocks * H, H).T
    scaled = np.multiply(asked.recurrent_scale, W_hh, out=aligned(*W_hh.shape))
    carry = None
    if asked.chrono:
        carry = chrono(_stream(seed, 1 + 2 * parts + part), H, asked.chrono)
    return Weights(
        W_xh=read_only(asked.input_scale * W_xh),
        W_hh=read_only(scaled),
        b_xh=read_only(cell.bias(H, carry)),
        b_hh=read_only(np.zeros(cell.blocks * H)),
    )
