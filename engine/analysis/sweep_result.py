"""The result of a sweep."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unrolled.engine.analysis.rate import log10_factors
from unrolled.engine.bptt.shares import log10_shares
from unrolled.engine.experiment import Experiment
from unrolled.engine.numerics.arrays import Floats, Integers

_LOST = -1e300
"""Stands for -inf among the numbers that a quantile is interpolated from."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """S scales × n seeds, over the s distances from the loss to the first timestep."""

    experiment: Experiment
    """What was run for every scale and seed."""
    recurrent_scale: Floats
    """(S,) g"""
    seeds: Integers
    """(n,) the experiment's seed and those that follow it."""
    log10_gradient_norms: Floats
    """(S, n, s) log10 ‖∂L_s/∂h_{s-t}‖ at distance t = 0..s-1; -inf where there is no path, NaN for
    a network that ``diverged``."""
    diverged: NDArray[np.bool_]
    """(S, n) whose state or output overflowed on the way forward; they are left out below."""

    def __repr__(self) -> str:
        g, n = self.recurrent_scale, len(self.seeds)
        scales = f"{len(g)} scales {g[0]:g} to {g[-1]:g}, {n} seeds" if len(g) else f"{n} seeds"
        return f"Sweep({scales}, critical scale: {self.critical_scale}, edge: {self.edge_scale})"

    @property
    def quartiles(self) -> Floats:
        """(3, S, s) quartiles over seeds of log10 of the share that arrives at each distance.

        NaN where every network diverged.
        """
        norms = self.log10_gradient_norms
        there = np.maximum(log10_shares(norms, norms[..., :1]), _LOST)
        found = np.full((3, *there[:, 0].shape), np.nan)
        for of_scale, shares, diverged in zip(
            np.moveaxis(found, 1, 0), there, self.diverged, strict=True
        ):
            if not diverged.all():
                of_scale[:] = np.quantile(shares[~diverged], [0.25, 0.5, 0.75], axis=0)
        return np.where(found < _LOST / 1e6, -np.inf, found)

    @property
    def median(self) -> Floats:
        """(S, s) median over seeds of log10 of the share that arrives at each distance."""
        median: Floats = self.quartiles[1]
        return median

    @property
    def log10_factors(self) -> Floats:
        """(S, n) ``Rate.log10_factor`` of each network; -inf where no timestep sends any back.

        NaN with attention, past which the gradient does not go step by step.
        """
        if self.experiment.attends:
            return np.full(self.diverged.shape, np.nan)
        return log10_factors(self.log10_gradient_norms[..., ::-1])

    @property
    def median_factor(self) -> Floats:
        """(S,) median over seeds of the factor a timestep; inf where every network diverged.

        NaN with attention.
        """
        every = self.diverged.all(axis=1)
        if self.experiment.attends:
            return np.where(every, np.inf, np.nan)
        factors = np.where(self.diverged, np.nan, 10**self.log10_factors)
        factors[every] = np.inf
        return np.nanmedian(factors, axis=1)

    @property
    def critical_scale(self) -> float | None:
        """The scale at which the median factor first passes 1, from below.

        Interpolated between the scales on either side; None where none lies between two, and with
        attention.
        """
        return self._passing(self.median_factor, 1)

    @property
    def log10_share(self) -> Floats:
        """(S,) log10 of the share of what leaves the loss that arrives at t = 1.

        The median over seeds; NaN where every network diverged.
        """
        return self.median[:, -1]

    @property
    def edge_scale(self) -> float | None:
        """The smallest scale at which as much gradient arrives at t = 1 as leaves the loss.

        Interpolated likewise; None where none lies between two scales.
        """
        return self._passing(self.log10_share, 0)

    def _passing(self, values: Floats, level: float) -> float | None:
        """Return the scale at which values (S,) first pass a level, from below."""
        below, above = values[:-1], values[1:]
        (passing,) = np.nonzero((below < level) & (above >= level) & np.isfinite(above))
        if not len(passing):
            return None
        i = passing[0]
        low, high = self.recurrent_scale[i : i + 2].tolist()
        if below[i] == -np.inf:
            return float(high)
        return float(np.interp(level, values[i : i + 2], [low, high]))
