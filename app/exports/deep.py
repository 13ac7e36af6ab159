"""Arrays of a network of several layers."""

import json
from typing import Any

import numpy as np

from unrolled.app.exports.arrays import packed_with_weights
from unrolled.engine import DeepTrace, LevelTrace
from unrolled.engine.numerics.arrays import Floats

_OF_LEVEL = (
    *("hidden", "cell_state", "hidden_gradient", "cell_gradient", "log10_gradient_norm"),
    *("log10_cell_gradient_norm", "log10_loss_gradient_norms"),
)
_OF_RUN = ("probabilities", "outputs", "losses", "input_gradient", "log10_input_gradient_norm")


def arrays_of(trace: DeepTrace) -> bytes:
    """Return all arrays of a run as NPZ; those of a layer begin with ``layer1.``.

    Where it reads from the end they begin with ``layer1.end.``; weights and their gradients have
    PyTorch's names. ``made_by`` is JSON.
    """
    arrays: dict[str, Any] = {
        "made_by": json.dumps(trace.made_by(), ensure_ascii=False),
        "diverged_at": np.array(trace.diverged_at or 0),
        **{name: own for name in _OF_RUN if (own := getattr(trace, name)) is not None},
    }
    for level, share in zip(trace.levels, trace.log10_shares(), strict=True):
        arrays |= _of_level(level, share)
    return packed_with_weights(arrays, trace)


def _of_level(level: LevelTrace, share: Floats) -> dict[str, Any]:
    prefix = f"layer{level.layer}.{'end.' * level.reverse}"
    found = {f"{prefix}{name}": getattr(level, name) for name in _OF_LEVEL}
    found[f"{prefix}log10_share"] = share
    found |= {f"{prefix}gate.{name}": array for name, array in level.gates.items()}
    return {name: array for name, array in found.items() if array is not None}
