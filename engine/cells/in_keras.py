"""The same cell in Keras: its layer, and its weights in the order and the shapes of Keras.

Keras transposes the matrices, has gates in an order of its own, and adds both biases to one, but in
its GRU with ``reset_after=True``, whose second bias is within the reset.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unrolled.engine.numerics.arrays import Floats


@dataclass(frozen=True, slots=True)
class InKeras:
    """A layer of ``keras.layers`` that computes a cell."""

    layer: str
    """Its name, as ``keras.layers.LSTM``; with ``Cell`` behind it, one timestep of it."""
    order: tuple[int, ...]
    """The blocks of the cell in the order of Keras."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that are not the defaults of Keras."""
    biases: int = 1
    """Rows of its bias."""

    def weights(self, W_xh: Floats, W_hh: Floats, b_xh: Floats, b_hh: Floats) -> dict[str, Floats]:
        """Return the weights by their names in Keras."""
        bias = b_xh + b_hh if self.biases == 1 else np.stack([b_xh, b_hh])
        return {
            "kernel": self._in_order(W_xh.T),
            "recurrent_kernel": self._in_order(W_hh.T),
            "bias": self._in_order(bias),
        }

    def in_own_order(self, stacked: Floats) -> Floats:
        """Return what Keras stacks along the last axis in the order of the cell."""
        blocks = np.split(stacked, len(self.order), axis=-1)
        return np.concatenate([blocks[k] for k in np.argsort(self.order)], axis=-1)

    def _in_order(self, stacked: Floats) -> Floats:
        blocks = np.split(stacked, len(self.order), axis=-1)
        return np.concatenate([blocks[k] for k in self.order], axis=-1)
