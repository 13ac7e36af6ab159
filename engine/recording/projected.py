"""A recorded LSTM with projections as the one without them that has the same gates and losses.

What PyTorch has at h_t = W_hr m_t leads to m_t, the state before the projection:

    ∂L/∂m_t = W_hrᵀ ∂L/∂h_t        W_hr m_0 = h_0
"""

from typing import Any

import numpy as np

from unrolled.engine.recording.watched import Watched
from unrolled.engine.weights.projections import folded

_MOST_NUMBERS = 2**28
"""Numbers of the folded weights, at most."""


def unprojected(
    told: Watched, weights: dict[str, Any], d_output: Any, states: dict[str, Any]
) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """Return the weights, the gradient at the outputs and the states, of those before W_hr.

    The last states are left out, as they are not those that the module returns.
    """
    own = {name: each.astype(np.float64) for name, each in weights.items()}
    width = told.projection * (1 + told.bidirectional)
    found = folded({**own, "head.weight": np.eye(width)}, told.name or told.mode, _MOST_NUMBERS)
    d_output = d_output @ found.pop("head.weight")
    W_hr = np.stack([own[f"weight_hr{suffix}"] for suffix in told.suffixes])
    changed = {name: each for name, each in states.items() if name != "h_n"}
    if "d_h_n" in states:
        changed["d_h_n"] = states["d_h_n"] @ W_hr
    if "h_0" in states:
        h_0 = states["h_0"].astype(np.float64)
        changed["h_0"] = h_0 @ np.linalg.pinv(W_hr).swapaxes(1, 2)
        if not np.allclose(changed["h_0"] @ W_hr.swapaxes(1, 2), h_0):
            raise ValueError(
                f"{told.name or told.mode} starts from an h_0 that no projection makes"
            )
    return found, d_output, changed
