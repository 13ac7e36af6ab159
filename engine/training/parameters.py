"""All weights of a network as one vector θ, so that one line of arithmetic changes them all."""

import math
from collections.abc import Iterator
from itertools import islice

import numpy as np

from unrolled.engine.attention.attended import Attention
from unrolled.engine.cells import Weights
from unrolled.engine.layer import Layer
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats


class Parameters:
    """A vector, and a network whose weights are views of it: a change of one changes both."""

    def __init__(self, network: Network) -> None:
        """Copy the weights of a network."""
        looks = network.attention.arrays if network.attention else ()
        cells = (each for part in network.weights for each in part)
        arrays = [*cells, *looks, network.W_hy, network.b_y]
        self.theta: Floats = np.empty(sum(array.size for array in arrays))
        views, start = [], 0
        for array in arrays:
            stop = start + array.size
            # A matrix keeps its order in memory: W_xh is read column by column.
            turned = array.ndim == 2 and array.flags.f_contiguous and not array.flags.c_contiguous
            view = self.theta[start:stop].reshape(array.shape[::-1] if turned else array.shape)
            views.append(view.T if turned else view)
            views[-1][...] = array
            start = stop
        *views, W_hy, b_y = views
        n, each = len(Weights._fields), iter(views)
        parts = iter([Weights(*islice(each, n)) for _ in network.weights])
        attention = network.attention.with_arrays(*each) if network.attention else None
        self.network = _with(network, parts, W_hy, b_y, attention)
        self.named = self.network.state_dict()
        """The views by the names of ``Network.state_dict``."""

    def like(self) -> "Parameters":
        """Return as many numbers of the same names, all zero: room for a gradient."""
        other = Parameters(self.network)
        other.theta[:] = 0
        return other

    def log10_norm(self) -> float:
        """log10 ‖θ‖, however large or small."""
        largest = float(np.abs(self.theta).max())
        if largest == 0 or not math.isfinite(largest):
            return math.log10(largest) if largest > 0 else -math.inf if largest == 0 else math.inf
        return math.log10(largest) + 0.5 * math.log10(np.square(self.theta / largest).sum())


def _with(
    network: Network,
    parts: Iterator[Weights],
    W_hy: Floats,
    b_y: Floats,
    attention: Attention | None = None,
) -> Network:
    """Return a network with other weights; ``parts`` are those of its segments' cells, in order."""
    before = network.encoder
    encoder = _with(before, parts, before.W_hy, before.b_y) if before else None
    return Network((Layer(network.cell, next(parts)),), W_hy, b_y, encoder, attention)
