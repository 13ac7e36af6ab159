"""How fast the gradient changes on its way back."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats

VANISHING, EXPLODING = 0.9, 1.1


@dataclass(frozen=True, slots=True)
class Rate:
    """How the gradient changes with each timestep it travels back."""

    log10_factor: float
    """log10 of the factor a timestep: the negated least-squares slope of log10 norm against t."""

    @property
    def factor(self) -> float:
        """The factor a timestep, 0 or inf where float64 cannot hold it."""
        with np.errstate(over="ignore", under="ignore"):
            return float(np.power(10.0, self.log10_factor))

    @property
    def half_life(self) -> float | None:
        """Timesteps to half the gradient; negative for the time to double it; None if constant."""
        return None if self.log10_factor == 0 else float(-np.log10(2) / self.log10_factor)

    @property
    def verdict(self) -> str:
        if self.factor < VANISHING:
            return "vanishing"
        return "exploding" if self.factor > EXPLODING else "stable"


def rate(log10_norms: Floats) -> Rate | None:
    """The rate of a loss's norms over t = 1..T, from those that have a path to the loss.

    None where fewer than two timesteps have one.
    """
    (timesteps,) = np.nonzero(np.isfinite(log10_norms))
    if len(timesteps) < 2:
        return None
    centered = timesteps - timesteps.mean()
    return Rate(-float(centered @ log10_norms[timesteps] / (centered @ centered)))
