"""The arrays of a run as NPZ."""

from collections.abc import Mapping
from typing import Any

from unrolled.engine import DeepTrace, Trace
from unrolled.engine.weights.npz import packed


def packed_with_weights(arrays: Mapping[str, Any], trace: Trace | DeepTrace) -> bytes:
    """Return arrays as NPZ, with the weights of a trace and their gradients by PyTorch's names."""
    whole = dict(arrays)
    whole |= {f"weight.{name}": each for name, each in trace.network.state_dict().items()}
    whole |= {f"gradient.{name}": each for name, each in trace.weight_gradients.items()}
    return packed(whole, compressed=True)
