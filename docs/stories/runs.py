"""Training runs, measured."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from engine import TrainingRun, task
from engine.arrays import Floats
from engine.training import Training

SEEDS = range(5)
LENGTH, STEPS = 30, 1500
RECALL = {"task": "recall", "length": LENGTH, "steps": STEPS}
BASELINE = task("recall", LENGTH).baseline
NETWORKS: dict[str, dict[str, Any]] = {
    "tanh RNN, gaussian": {"cell": "rnn", "initialization": "gaussian"},
    "tanh RNN, orthogonal": {"cell": "rnn", "initialization": "orthogonal"},
    "IRNN": {"cell": "rnn", "activation": "relu", "initialization": "identity"},
    "GRU": {"cell": "gru"},
    "LSTM": {"cell": "lstm"},
}
_MEAN = 20
"""Training steps that a loss is the mean of."""


@dataclass(frozen=True)
class Learnt:
    """One run."""

    losses: Floats
    """(n - 19,) each the mean of twenty."""
    reach: Floats
    """(n, T) log10 of the gradient's norm by training step and distance from the loss."""
    largest: float
    """log10 of the largest norm of the gradient of all weights, before clipping."""
    diverged: str | None
    step: int
    seconds: float

    def passes(self, loss: float) -> int | None:
        """The training step at which the loss is below, or None."""
        (below,) = np.nonzero(self.losses < loss)
        return int(below[0]) + _MEAN if len(below) else None


@cache
def learnt(seed: int, **fields: Any) -> Learnt:
    """A run to its end."""
    start = time.perf_counter()
    steps = list(TrainingRun(Training(seed=seed, **fields)).steps())
    losses = np.array([step.loss for step in steps])
    size = min(_MEAN, len(losses))
    return Learnt(
        losses=np.convolve(losses, np.full(size, 1 / size), "valid"),
        reach=np.array([step.log10_norm_by_distance for step in steps]),
        largest=max(step.log10_gradient_norm for step in steps),
        diverged=steps[-1].diverged,
        step=len(steps),
        seconds=time.perf_counter() - start,
    )


def of_all_seeds(**fields: Any) -> list[Learnt]:
    return [learnt(seed, **fields) for seed in SEEDS]
