"""Constraints on the recurrent weights: they hold at the start, and again after every update."""

from collections.abc import Callable

import numpy as np

from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats


def nearest_orthogonal(W: Floats) -> Floats:
    """Return the orthogonal matrix (H, H) that is nearest to W = U S Vᵀ: its polar factor U Vᵀ.

    After a small update it is a retraction: what remains of the update is its part along the
    orthogonal matrices, to first order in η (Absil & Malick 2012).
    """
    U, _, V_T = np.linalg.svd(W)
    return np.asarray(U @ V_T)


CONSTRAINTS: dict[str, Callable[[Floats], Floats] | None] = {
    "free": None,
    "orthogonal": nearest_orthogonal,
}


def constrain(network: Network, constraint: str, recurrent_scale: float) -> None:
    """Replace each gate's W_hh by the nearest matrix that fulfils a constraint, times the scale.

    What W_hh does not mix, see ``Cell.mixes``, stays zero.
    """
    if nearest := CONSTRAINTS[constraint]:
        cell = network.cell
        mixed = np.split(cell.mixed(network.hidden_size), cell.blocks)
        for weights in network.weights:
            for gate, own in zip(np.split(weights.W_hh, cell.blocks), mixed, strict=True):
                gate[...] = recurrent_scale * nearest(gate) * own
