"""The rate of the gradient that the mean-field theory of random networks expects."""

from typing import Any

import numpy as np

from unrolled.engine.bptt.trace import Trace
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.numerics.wide import Wide


def mean_field(trace: Trace) -> float | None:
    """Return what the mean-field theory of random networks expects of ``Rate.log10_factor``.

        ½ log10 χ        χ = g² ⟨f'(a)²⟩        g² = ‖W_hh‖_F² / H

    and in an RNN with layer normalization g² = r_t² ‖W_hh‖_F² / H, with r_t one over the standard
    deviation of what it normalizes. The mean is over the units and timesteps that a gradient on its
    way to h_1 passes: t = 2..T.

    Parameters
    ----------
    trace
        A finished run.

    Returns
    -------
    float or None
        -inf where nothing passes; None for a cell that has gates or no memory, and where fewer than
        two timesteps were reached.

    References
    ----------
    Poole et al. 2016; Schoenholz et al. 2017.
    """
    return mean_field_of(trace.network, trace.parts, trace.moments)


def mean_field_of(network: Network, parts: Integers, moments: Any) -> float | None:
    """Return the ``mean_field`` of a run that is not a trace yet.

    Parameters
    ----------
    network
        The network that runs.
    parts
        (T,) whose weights each timestep uses: ``Problem.parts``.
    moments
        What the timesteps computed so far: ``Run.tape().moments``.

    Returns
    -------
    float or None
        As ``mean_field``.
    """
    cell = network.cell
    if cell.carry or cell.gates or not cell.recurrent or len(moments.h) < 2:
        return None
    log10_g = log10_gains(network, parts, moments)[1:]
    largest = log10_g.max()
    if largest == -np.inf:
        return -np.inf
    with np.errstate(divide="ignore", under="ignore"):
        slopes = cell.slopes(moments)[1:]
        chi = ((10 ** (log10_g - largest)[:, None] * slopes) ** 2).mean()
        return float(largest + 0.5 * np.log10(chi))


def log10_gains(network: Network, parts: Integers, moments: Any) -> Floats:
    """Return log10 g of each reached timestep: the factor of W_hh for a random direction.

    g = ‖W_hh‖_F/√H, times that of ``Cell.log10_scale``.
    """
    W_hh = np.array([weights.W_hh.ravel() for weights in network.weights])
    gains = Wide.of(W_hh * network.cell.recurrent).norms().log10()[parts[: len(moments.h)]]
    own: Floats = gains - 0.5 * np.log10(network.hidden_size)
    return own + network.cell.log10_scale(moments)
