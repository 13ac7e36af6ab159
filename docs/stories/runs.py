"""Training runs, measured."""

import time
from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from unrolled.engine import TrainingRun
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.training import Training

SEEDS = range(5)
NETWORKS = ("tanh RNN, gaussian", "tanh RNN, orthogonal", "IRNN", "GRU", "LSTM")
_MEAN = 20
"""Training steps that a loss is the mean of."""


def network(name: str, length: int) -> dict[str, Any]:
    """Return a network's settings, chrono for ``length`` in gates (Tallec & Ollivier 2018)."""
    gated = {"initialization": "uniform", "chrono": length}
    starts: dict[str, dict[str, Any]] = {
        "tanh RNN, gaussian": {"cell": "rnn", "initialization": "gaussian"},
        "tanh RNN, orthogonal": {"cell": "rnn", "initialization": "orthogonal"},
        "IRNN": {"cell": "rnn", "activation": "relu", "initialization": "identity"},
        "GRU": {"cell": "gru", **gated},
        "LSTM": {"cell": "lstm", **gated},
    }
    return starts[name]


@dataclass(frozen=True)
class Learnt:
    """A finished training run."""

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
        """Return the training step at which the loss is below a bound, or None."""
        (below,) = np.nonzero(self.losses < loss)
        return int(below[0]) + _MEAN if len(below) else None


@cache
def learnt(seed: int, **fields: Any) -> Learnt:
    """Train to the end."""
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


def learns(loss: float, seed: int, **fields: Any) -> int | None:
    """Train until the mean of twenty losses is below a bound; return the step, or None."""
    recent: deque[float] = deque(maxlen=_MEAN)
    for step in TrainingRun(Training(seed=seed, **fields)).steps():
        recent.append(step.loss)
        if len(recent) == _MEAN and np.mean(recent) < loss:
            return step.step
    return None


def of_all_seeds(**fields: Any) -> list[Learnt]:
    return [learnt(seed, **fields) for seed in SEEDS]
