"""The rate at which the gradient changes with each timestep it travels back."""

from dataclasses import dataclass

import numpy as np

from unrolled.engine.numerics.arrays import Floats

_CONSTANT = 1e-12
"""log10 of a factor a timestep below which it is rounding."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The change of the gradient with each timestep it travels back."""

    log10_factor: float
    """log10 of the factor a timestep: the negated least-squares slope of log10 norm against t."""

    @property
    def factor(self) -> float:
        """The factor a timestep, 0 or inf where float64 cannot hold it."""
        with np.errstate(over="ignore", under="ignore"):
            return float(np.power(10.0, self.log10_factor))

    @property
    def half_life(self) -> float | None:
        """Timesteps to half the gradient; negative for the time to double it.

        None if it is constant, as far as float64 can tell.
        """
        if abs(self.log10_factor) < _CONSTANT:
            return None
        return float(-np.log10(2) / self.log10_factor)


def rate(log10_norms: Floats) -> Rate | None:
    """Return the rate of a loss's norms over t = 1..T, from those that have a path to the loss.

    Parameters
    ----------
    log10_norms
        (T,) log10 of the norms, -inf where no path leads: ``Trace.log10_gradient_norm``.

    Returns
    -------
    Rate or None
        None where fewer than two timesteps have a path.
    """
    (timesteps,) = np.nonzero(np.isfinite(log10_norms))
    return Rate(float(log10_factors(log10_norms))) if len(timesteps) > 1 else None


def log10_factors(log10_norms: Floats) -> Floats:
    """(...) ``Rate.log10_factor`` of each row of norms (..., T); -inf where there is no rate."""
    there = np.isfinite(log10_norms)
    count = there.sum(axis=-1, keepdims=True)
    t = np.arange(log10_norms.shape[-1])
    centered = np.where(there, t - (there @ t)[..., None] / np.maximum(count, 1), 0)
    slopes = np.full(there.shape[:-1], -np.inf)
    falls = -np.vecdot(centered, np.where(there, log10_norms, 0))
    return np.divide(falls, np.vecdot(centered, centered), out=slopes, where=count[..., 0] > 1)
