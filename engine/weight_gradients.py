"""∂L/∂W: what every timestep adds to the gradient of the weights they share.

    ∂L/∂W_hh = Σ_t δ_t h_{t-1}ᵀ        ∂L/∂W_xh = Σ_t δ_t x_tᵀ        ∂L/∂b = Σ_t δ_t

    ∂L/∂W_hy = Σ_s ∂L_s/∂y_s h_sᵀ

with δ_t the total adjoint of what timestep t adds up.
"""

from typing import Any, NamedTuple

import numpy as np

from engine import scaled
from engine.architectures import Problem
from engine.arrays import Floats, Integers, read_only
from engine.network import Network
from engine.readout import Readouts
from engine.scaled import Scaled


class Deltas(NamedTuple):
    """The δ of T timesteps, scaled."""

    timesteps: Integers
    """(T,) from 0."""
    d_x: Floats
    """(T, K·H) ∂L/∂(W_xh x_t + b_xh) is d_x · 2^exponent."""
    d_h: Floats
    """(T, K·H) ∂L/∂(W_hh h_{t-1} + b_hh) is d_h · 2^exponent."""
    exponents: Integers
    """(T,)"""

    @classmethod
    def of(cls, problem: Problem, network: Network) -> "Deltas":
        """Room for the δ of every timestep."""
        T, KH = len(problem.tokens), network.cell.blocks * network.hidden_size
        return cls(np.arange(T), np.zeros((T, KH)), np.zeros((T, KH)), np.zeros(T, dtype=np.int64))

    def where(self, chosen: Any) -> "Deltas":
        """Those of some timesteps, chosen as NumPy indexes."""
        timesteps, d_x, d_h, exponents = (each[chosen] for each in self)
        return Deltas(timesteps, d_x, d_h, exponents)


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
    deltas: Deltas,
    h: Floats,
    readouts: Readouts,
    owing: Integers,
    clip_norm: float,
) -> WeightGradients:
    """∂L/∂W from the δ of some timesteps, the states h (T, H), and the readouts of those owing.

    Clipping by norm (Pascanu et al. 2013): where the norm of all gradients together exceeds
    ``clip_norm`` they are multiplied by ``clip_norm`` / norm. 0 clips nothing.
    """
    with np.errstate(under="ignore"):
        parts = [
            _of_part(network, problem, part, deltas, h) for part in range(len(network.weights))
        ]
        head = (
            scaled.sum_of_outer_products(readouts.d_y, readouts.exponents, h[owing]),
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
    network: Network, problem: Problem, part: int, deltas: Deltas, h: Floats
) -> tuple[Scaled, Scaled, Scaled, Scaled]:
    """The gradients of one part's W_xh, W_hh, b_xh and b_hh."""
    if len(network.weights) > 1:
        deltas = deltas.where(problem.parts[deltas.timesteps] == part)
    timesteps, d_x, d_h, exponents = deltas
    if not len(timesteps):
        W_xh, W_hh, b_xh, b_hh = (Scaled(np.zeros(w.shape), 0) for w in network.weights[part])
        return W_xh, W_hh, b_xh, b_hh
    return (
        _of_inputs(network.weights[part].W_xh.shape, problem.x[timesteps], d_x, exponents),
        scaled.sum_of_outer_products(d_h, exponents, _before(h, timesteps)),
        scaled.sum_of(d_x, exponents),
        scaled.sum_of(d_h, exponents),
    )


def _of_inputs(shape: tuple[int, ...], x: Any, d_x: Floats, exponents: Integers) -> Scaled:
    """Σ_t δ_t x_tᵀ of classes, x_t being one-hot or zero, or of vectors."""
    if x.ndim > 1:
        return scaled.sum_of_outer_products(d_x, exponents, x)
    largest = int(exponents.max())
    return Scaled(sum_by_class(scaled.plain(d_x, exponents - largest), x, shape[1]), largest)


def sum_by_class(rows: Floats, classes: Integers, V: int) -> Floats:
    """(K·H, V) column k is the sum of those rows (n, K·H) whose class is k; -1 is of none."""
    order = np.argsort(classes, kind="stable")[np.count_nonzero(classes < 0) :]
    read, starts = np.unique(classes[order], return_index=True)
    sums = np.zeros((V, rows.shape[1]))
    if len(order):
        sums[read] = np.add.reduceat(rows[order], starts)
    return sums.T


def _before(h: Floats, timesteps: Integers) -> Floats:
    """h_{t-1} of some timesteps; zero before the first."""
    h_prev = h[timesteps - 1]
    h_prev[timesteps == 0] = 0
    return h_prev
