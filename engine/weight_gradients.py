"""∂L/∂W: what every timestep adds to the gradient of the weights they share.

    ∂L/∂W_hh = Σ_t δ_t h_{t-1}ᵀ        ∂L/∂W_xh = Σ_t δ_t x_tᵀ        ∂L/∂b = Σ_t δ_t

    ∂L/∂W_hy = Σ_s ∂L_s/∂y_s h_sᵀ

with δ_t the total adjoint of what timestep t adds up.
"""

from typing import Any, NamedTuple

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers, read_only
from engine.network import Network
from engine.readout import Readouts
from engine.scaled import Scaled


class Deltas(NamedTuple):
    """What n timesteps add to the gradients of their cells' weights."""

    parts: Integers
    """(n,) whose weights each uses."""
    x: Any
    """(n,) the classes read, -1 for none, or (n, D) the vectors."""
    d_a: Floats
    """(n, width) the total's ``d_a``, as ``Cell.step_back`` writes it, is d_a · 2^exponent."""
    h_prev: Floats
    """(n, H)"""
    exponents: Integers
    """(n,)"""

    def where(self, chosen: Any) -> "Deltas":
        """Those of some timesteps, chosen as NumPy indexes."""
        parts, x, d_a, h_prev, exponents = (each[chosen] for each in self)
        return Deltas(parts, x, d_a, h_prev, exponents)


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
    deltas: Deltas,
    h: Floats,
    readouts: Readouts,
    clip_norm: float,
) -> WeightGradients:
    """∂L/∂W from the δ of some timesteps, and from readouts of some states h (n, H).

    Clipping by norm (Pascanu et al. 2013): where the norm of all gradients together exceeds
    ``clip_norm`` they are multiplied by ``clip_norm`` / norm. 0 clips nothing.
    """
    with np.errstate(under="ignore"):
        parts = [_of_part(network, part, deltas) for part in range(len(network.weights))]
        exponents = scaled.shared(readouts.exponents)
        head = (
            scaled.sum_of_outer_products(readouts.d_y, exponents, h),
            scaled.sum_of(readouts.d_y, exponents),
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


def _of_part(network: Network, part: int, deltas: Deltas) -> tuple[Scaled, Scaled, Scaled, Scaled]:
    """The gradients of one part's W_xh, W_hh, b_xh and b_hh."""
    if len(network.weights) > 1:
        deltas = deltas.where(deltas.parts == part)
    _, x, d_a, h_prev, each = deltas
    d_x, d_h, exponents = network.cell.d_x(d_a), network.cell.d_h(d_a), scaled.shared(each)
    of_bias = scaled.sum_of(d_x, exponents)
    if x.ndim > 1:
        of_inputs = scaled.sum_of_outer_products(d_x, exponents, x)
    else:
        rows, exponent = scaled.common(d_x, exponents)
        of_inputs = Scaled(sum_by_class(rows, x, network.weights[part].W_xh.shape[1]), exponent)
    return (
        of_inputs,
        scaled.sum_of_outer_products(d_h, exponents, h_prev),
        of_bias,
        of_bias if d_h is d_x else scaled.sum_of(d_h, exponents),
    )


def sum_by_class(rows: Floats, classes: Integers, V: int) -> Floats:
    """(K·H, V) column k is the sum of those rows (n, K·H) whose class is k; -1 is of none."""
    order = np.argsort(classes, kind="stable")[np.count_nonzero(classes < 0) :]
    ordered, sums = classes[order], np.zeros((V, rows.shape[1]))
    if len(order):
        starts = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
        sums[ordered[starts]] = np.add.reduceat(rows[order], starts)
    return sums.T
