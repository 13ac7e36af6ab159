"""∂L/∂W: what every timestep adds to the gradient of the weights they share.

    ∂L/∂W_hh = Σ_t δ_t h_{t-1}ᵀ        ∂L/∂W_xh = Σ_t δ_t x_tᵀ        ∂L/∂b = Σ_t δ_t

    ∂L/∂W_hy = Σ_s ∂L_s/∂y_s h_sᵀ

with δ_t the total adjoint of what timestep t adds up.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine import scaled
from engine.architectures import Problem
from engine.arrays import Floats, read_only
from engine.network import Network
from engine.readout import Readouts
from engine.scaled import Scaled


class Delta(NamedTuple):
    """One timestep's δ, scaled, and what it was reached from."""

    t: int
    """From 0."""
    d_x: Floats
    """(K·H,) ∂L/∂(W_xh x_t + b_xh) is d_x · 2^exponent."""
    d_h: Floats
    """(K·H,) ∂L/∂(W_hh h_{t-1} + b_hh) is d_h · 2^exponent."""
    exponent: int
    h_prev: Floats
    """(H,) h_{t-1}"""


class WeightGradients(NamedTuple):
    """The gradients, after clipping, and what was clipped."""

    gradients: dict[str, Floats]
    """By the names of ``Network.state_dict``, in plain float64."""
    log10_norm: float
    """log10 of the norm of all of them together, before clipping."""
    log10_clip: float
    """log10 of the factor by which clipping multiplied them; 0 if it did not."""


def weight_gradients(
    network: Network,
    problem: Problem,
    deltas: Sequence[Delta],
    readouts: Readouts,
    h: Floats,
    clip_norm: float,
) -> WeightGradients:
    """∂L/∂W from the δ of some timesteps, and from readouts of states h (n, H).

    Clipping by norm (Pascanu et al. 2013): where the norm of all gradients together exceeds
    ``clip_norm`` they are multiplied by ``clip_norm`` / norm. 0 clips nothing.
    """
    with np.errstate(under="ignore"):
        parts = [
            _of_part(network, problem, part, [d for d in deltas if problem.parts[d.t] == part])
            for part in range(len(network.weights))
        ]
        head = (
            scaled.sum_of_outer_products(readouts.d_y, readouts.exponents, h),
            scaled.sum_of(readouts.d_y, readouts.exponents),
        )
        gradients = network.named(parts, *head)
        log10_norm = scaled.log10_norm_of(gradients.values())
        log10_clip = 0.0
        if clip_norm and log10_norm > np.log10(clip_norm):
            log10_clip = float(np.log10(clip_norm)) - log10_norm
        plain = {
            name: read_only(gradient.times_power_of_ten(log10_clip).plain())
            for name, gradient in gradients.items()
        }
    return WeightGradients(plain, log10_norm, log10_clip)


def _of_part(
    network: Network, problem: Problem, part: int, deltas: Sequence[Delta]
) -> tuple[Scaled, Scaled, Scaled, Scaled]:
    """The gradients of one part's W_xh, W_hh, b_xh and b_hh."""
    if not deltas:
        W_xh, W_hh, b_xh, b_hh = (Scaled(np.zeros(w.shape), 0) for w in network.weights[part])
        return W_xh, W_hh, b_xh, b_hh
    timesteps, d_x, d_h, exponents, h_prev = map(np.array, zip(*deltas, strict=True))
    tokens = problem.inputs[timesteps]
    reading, largest = tokens >= 0, exponents.max()
    d_W_xh = np.zeros(network.weights[part].W_xh.shape)
    np.add.at(d_W_xh.T, tokens[reading], scaled.plain(d_x[reading], exponents[reading] - largest))
    return (
        Scaled(d_W_xh, int(largest)),
        scaled.sum_of_outer_products(d_h, exponents, h_prev),
        scaled.sum_of(d_x, exponents),
        scaled.sum_of(d_h, exponents),
    )
