"""Sweeps: how far the gradient reaches in many networks, for each scale of the weights.

All networks of a sweep read the same sequence. They differ in their seed and in g, the scale of
their recurrent weights, so a timestep of all of them is one step of the cell with weights that have
one more axis. What is measured is the chosen loss, L_s, and the distance t that its gradient has
come back: log10 ‖∂L_s/∂h_{s-t}‖. Where all losses are chosen together, it is the last one. Of
several layers it is measured in the one in front, from the timestep whose state the loss reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from unrolled.engine.analysis import many
from unrolled.engine.analysis.sweep_result import Sweep
from unrolled.engine.bptt.cell_pass import cuts
from unrolled.engine.bptt.shares import chosen_loss, sent_from
from unrolled.engine.deep.many import Front, log10_norms_of
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.errors import ExperimentError
from unrolled.engine.experiment import RANGES, Experiment
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.validation import quote

MOST_SEEDS = 1000
SEEDS = 20
STEP_NUMBERS, MOST_NUMBERS = 500_000, 20_000_000
"""Numbers of a batch of networks, at most, but for a single one: what a timestep touches, so that
it stays in the cache, and what all timesteps keep."""
BRIEF_NUMBERS = 1_000_000
"""Numbers that all timesteps of a brief batch touch, at most, but for a single network."""


def sweep(experiment: Experiment, recurrent_scale: ArrayLike, seeds: int = SEEDS) -> Sweep:
    """Run the same experiment for every scale, on as many seeds.

    Parameters
    ----------
    experiment
        Its own scale counts for nothing, its seed is the first.
    recurrent_scale
        (S,) increasing, each within the range of the field.
    seeds
        Networks of each scale, 1 to 1,000; 1 of a trained network, which no seed draws again.

    Returns
    -------
    Sweep

    Raises
    ------
    ExperimentError
        On scales or a number of seeds out of range, on several seeds of a trained network, and on
        weights by hand, which no scale multiplies.

    Examples
    --------
    >>> import unrolled
    >>> found = unrolled.sweep(unrolled.Experiment("abcabc"), [0.5, 1, 2], seeds=3)
    >>> found.median_factor.shape
    (3,)
    """
    run = SweepRun(experiment, recurrent_scale, seeds)
    for _ in run.batches():
        pass
    return run.sweep()


class SweepRun:
    """One sweep in progress: ``batches`` does the work, ``sweep`` returns the results so far."""

    def __init__(
        self,
        experiment: Experiment,
        recurrent_scale: ArrayLike,
        seeds: int = SEEDS,
        brief: bool = False,
    ) -> None:
        """Set up a sweep; ``brief`` batches are small, so that other threads can run in between."""
        self.brief = brief
        self.experiment, self.scales = experiment, _checked(experiment, recurrent_scale)
        if type(seeds) is not int or not 1 <= seeds <= MOST_SEEDS:
            raise ExperimentError("seeds", "integer", low=1, high=MOST_SEEDS, value=quote(seeds))
        if experiment.checkpoint and seeds > 1:
            raise ExperimentError("seeds", "no_seeds", value=seeds)
        if experiment.by_hand.strip():
            raise ExperimentError("by_hand", "hand_sweep", value=quote(experiment.by_hand))
        self.seeds = (experiment.seed + np.arange(seeds)) % (RANGES["seed"][1] + 1)
        self.problem = experiment.problem()
        loss = chosen_loss(experiment.loss, self.problem.loss_timesteps)
        s = sent_from(loss or "all", self.problem.loss_timesteps)
        self._front = Front.of(experiment, s) if experiment.deep else None
        self.timesteps = self._front.timesteps if self._front else s + 1
        """Timesteps that are run: up to the loss."""
        self.finished = 0
        """Networks that ``batches`` has run, all seeds of a scale before the next scale."""
        distances = self._front.distances if self._front else self.timesteps
        self._norms = np.empty((len(self.scales) * seeds, distances))

    def __repr__(self) -> str:
        return f"SweepRun({self.finished} of {self.networks} networks)"

    @property
    def networks(self) -> int:
        """The number of networks."""
        return len(self._norms)

    def batches(self, between: Callable[[], None] = lambda: None) -> Iterator[int]:
        """Run batch after batch; yield ``finished`` between two batches and before the first.

        ``between`` is called after every timestep: a batch of large networks takes seconds, and
        what ``between`` raises ends it.
        """
        yield self.finished
        networks: list[Any] = []
        for seed in self.seeds.tolist():
            of_seed = replace(self.experiment, seed=seed, recurrent_scale=1.0)
            networks.append(of_seed.deep_network() if self._front else of_seed.network())
            yield self.finished
        n, size = len(networks), self._batch(networks[0])
        while self.finished < self.networks:
            batch = np.arange(self.finished, min(self.finished + size, self.networks))
            self._norms[batch] = self._run(
                [networks[i] for i in batch % n], self.scales[batch // n], between
            )
            self.finished = int(batch[-1]) + 1
            yield self.finished

    def sweep(self) -> Sweep:
        """Return the results of the scales whose networks are all finished."""
        whole, n = self.finished // len(self.seeds), len(self.seeds)
        norms = self._norms[: whole * n].reshape(whole, n, self._norms.shape[1])
        return Sweep(
            experiment=self.experiment,
            recurrent_scale=read_only(self.scales[:whole]),
            seeds=read_only(self.seeds),
            log10_gradient_norms=read_only(norms.copy()),
            diverged=read_only(np.isnan(norms[..., 0])),
        )

    def _batch(self, network: Network | DeepNetwork) -> int:
        """Return how many networks of this size run at once."""
        levels = len(network.weights) if self._front else 1
        kept = levels * (4 * network.cell.blocks + 4) * network.hidden_size
        touched = sum(weights.W_hh.size for weights in network.weights) + kept
        T = self.timesteps
        most = min(STEP_NUMBERS // touched, MOST_NUMBERS // (touched + T * kept))
        return max(1, min(most, BRIEF_NUMBERS // (T * touched)) if self.brief else most)

    def _run(self, networks: Sequence[Any], scales: Floats, between: Callable[[], None]) -> Floats:
        """Return (N, s) log10 norms of N networks by distance; NaN for one that diverges."""
        cut = cuts(self.experiment.truncate, len(self.problem.tokens))[: self.timesteps]
        if self._front:
            return log10_norms_of(networks, scales, self._front, cut, between)
        return many.log10_norms_of(networks, scales, self.problem, self.timesteps, cut, between)


def _checked(experiment: Experiment, recurrent_scale: ArrayLike) -> Floats:
    """Return the scales, each of which the experiment could have."""
    try:
        scales = np.atleast_1d(np.array(recurrent_scale, dtype=float))
    except OverflowError:  # a whole number that no float holds
        scales = np.array([np.inf])
    for end in (scales[0], scales[-1]) if scales.ndim == 1 and scales.size else ():
        replace(experiment, recurrent_scale=float(end))
    if scales.ndim != 1 or not scales.size or not (np.diff(scales) > 0).all():
        raise ExperimentError("recurrent_scale", "increasing")
    return scales
