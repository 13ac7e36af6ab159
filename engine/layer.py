"""One layer of a network: a cell and its weights."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from unrolled.engine.cells import Cell, Weights, cell_of
from unrolled.engine.config import NetworkConfig
from unrolled.engine.initialization import INITIALIZATIONS, chrono
from unrolled.engine.numerics.arrays import MANY, Floats, Integers, aligned, read_only


@dataclass(frozen=True, slots=True)
class Layer:
    """A cell and its weights."""

    cell: Cell
    """What one timestep computes."""
    weights: Weights
    """W_xh (K·H, V), W_hh (K·H, H), and two biases (K·H,); K is the cell's blocks."""

    def __repr__(self) -> str:
        W_xh, W_hh, *_ = self.weights
        return f"Layer({type(self.cell).__name__}, inputs={W_xh.shape[1]}, H={W_hh.shape[1]})"

    @classmethod
    def random(
        cls, config: NetworkConfig, inputs: int, segment: int = 0, segments: int = 1
    ) -> "Layer":
        """Return a layer of that many inputs, whose matrices have a random stream each.

        ``segment`` tells the streams of an encoder, 0, from those of its decoder, 1 of 2.
        """
        cell, H, seed = cell_of(config), config.hidden_size, config.seed
        W_hh = _recurrent(seed, segment, config.initialization, cell.blocks, H, cell.mixes)
        W_xh = gaussian(seed, 2 + 2 * segment, inputs, cell.blocks * H, H).T
        scaled = np.multiply(config.recurrent_scale, W_hh, out=aligned(*W_hh.shape))
        carry = None
        if config.chrono:
            carry = chrono(_stream(seed, 1 + 2 * segments + segment), H, config.chrono)
        weights = Weights(
            W_xh=read_only(config.input_scale * W_xh),
            W_hh=read_only(scaled),
            b_xh=read_only(cell.bias(H, carry)),
            b_hh=read_only(np.zeros(cell.blocks * H)),
        )
        return cls(cell, weights)

    @property
    def inputs(self) -> int:
        """Entries of a vector that it reads."""
        return self.weights.W_xh.shape[1]

    def drive(self, x: Any, out: Floats) -> None:
        """Write W_xh x_t and the biases that go with it (see ``Cell.drive_bias``).

        x are classes (T, ...), -1 for zero, or vectors (T, ..., D); ``out`` is (T, ..., K·H). Of a
        class W_xh x_t is a column of W_xh.
        """
        columns, bias = self.weights.W_xh.T, self.cell.drive_bias(self.weights)
        if x.dtype.kind == "f":
            if out.ndim > 2 and out.shape[1] >= MANY:  # the bias is the weight of an input of 1
                x = np.concatenate([x, np.ones((*x.shape[:-1], 1))], axis=-1)
                np.matmul(x, np.concatenate([columns, bias[None]]), out=out)
            else:
                np.matmul(x, columns, out=out)
                out += bias
        elif x.size > len(columns):
            of_classes = np.empty((len(columns) + 1, len(bias)))
            of_classes[:-1], of_classes[-1] = columns, 0
            of_classes += bias
            np.take(of_classes, x, axis=0, out=out, mode="wrap")  # -1 is the last
        else:
            np.take(columns, x, axis=0, out=out, mode="clip")
            out[x < 0] = 0
            out += bias


def few_as_vectors(x: Integers | Floats, V: int) -> Integers | Floats:
    """Return classes (...) as vectors (..., V), if a product with them is quicker than picking."""
    few = _FEW_SIDE_BY_SIDE if x.ndim > 1 and x.shape[1] >= MANY else _FEW
    if x.dtype.kind == "f" or few < V:
        return x
    return _unit_vectors(V)[x]


_FEW = 32
"""Classes up to which a product with their vectors is as fast as picking columns."""
_FEW_SIDE_BY_SIDE = 128
"""The same where examples are side by side: to pick a column for each jumps through memory."""


@lru_cache(maxsize=_FEW)
def _unit_vectors(V: int) -> Floats:
    """Return the vectors of V classes; the last row is zero, and class -1."""
    return read_only(np.eye(V + 1, V))


def _stream(seed: int, index: int) -> np.random.Generator:
    """Return the generator that ``default_rng(seed).spawn`` has at ``index``."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))


@lru_cache(maxsize=8)
def _recurrent(
    seed: int, segment: int, initialization: str, blocks: int, H: int, mixes: int | None
) -> Floats:
    """Draw (K·H, H) W_hh at scale 1, cached while the scale is dragged.

    Where it mixes few units, each block of them is drawn as a network of their number is.
    """
    rng, initialize = _stream(seed, 1 + 2 * segment), INITIALIZATIONS[initialization]
    W_hh = np.zeros((blocks * H, H))
    for gate in np.split(W_hh, blocks):
        for k in range(0, H, mixes or H) if mixes != 0 else ():
            own = slice(k, k + (mixes or H))
            gate[own, own] = initialize(rng, len(gate[own]))
    return read_only(W_hh)


@lru_cache(maxsize=8)
def gaussian(seed: int, index: int, tokens: int, rows: int, H: int) -> Floats:
    """Draw (tokens, rows) of variance 1/H, cached likewise.

    They are drawn token by token, so that the tokens that a sequence already had keep theirs while
    it is typed.
    """
    return read_only(_stream(seed, index).normal(scale=H**-0.5, size=(tokens, rows)))
