"""Quantities of a training that a lesson may claim.

Those of the trainings that came with the lessons are in a file, which ``make networks`` writes.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

import numpy as np

from unrolled.app.lessons.networks import FOLDER, NETWORKS, shipped
from unrolled.app.runs.cancellation import go_on
from unrolled.engine import Checkpoint, Training, TrainingRun, TrainingStep
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.tasks import Task

LAST = 20
"""Minibatches at the end of a training that its numbers are taken from."""
HEARD = -2.0
"""log10 of the least share of the last timestep's gradient that counts as heard."""
_TRAINING = Lock()


@dataclass(frozen=True, slots=True)
class Learned:
    """A finished training."""

    training: Training
    task: Task
    last: tuple[TrainingStep, ...]
    checkpoint: Checkpoint
    """The trained network, which the step shows."""

    def fading(self) -> Floats:
        """Return (T,) log10 of the share of the gradient by distance from the loss."""
        norms = np.median([step.log10_norm_by_distance for step in self.last], axis=0)
        share: Floats = norms - norms[0]
        return share


def learned(training: Training) -> Learned:
    """Train and cache the result; only one training runs at a time."""
    with _TRAINING:
        return _learned(training)


@lru_cache(maxsize=16)
def _learned(training: Training) -> Learned:
    run = TrainingRun(training)
    last: deque[TrainingStep] = deque(maxlen=LAST)
    for step in run.steps():
        go_on()
        last.append(step)
    return Learned(training, run.task, tuple(last), run.checkpoint())


def _accuracy(found: Learned) -> float:
    shares = [step.accuracy for step in found.last if step.accuracy is not None]
    if not shares:
        raise LookupError("the targets of the task are numbers, which are not right or wrong")
    return float(np.mean(shares))


LEARNED: dict[str, Callable[[Learned], float]] = {
    "accuracy": _accuracy,  # accuracy
    "final_loss": lambda found: float(np.mean([step.loss for step in found.last])),
    "baseline": lambda found: found.task.baseline,  # loss of a network that remembers nothing
    "equally_likely": lambda found: float(np.exp(found.task.baseline)),  # accuracy without a memory
    "examples": lambda found: found.training.batch_size * found.training.steps,
    "reach": lambda found: float(10.0 ** found.fading()[-1]),  # share that arrives at t = 1
    "window": lambda found: int((found.fading() > HEARD).sum()),  # timesteps that are heard
}


NUMBERS = FOLDER / "numbers.json"
"""The quantities of each training of ``NETWORKS``, by its name."""


@cache
def _numbers() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return found


def value_of_training(training: Training, quantity: str) -> float:
    """Return a quantity of a training; one that did not come with the lessons is done now."""
    name = next((name for name, own in NETWORKS.items() if own == training), "")
    return _numbers()[name][quantity] if name else LEARNED[quantity](learned(training))


def network_of(training: Training) -> Checkpoint:
    """Return the network that a training makes."""
    return shipped(training) or learned(training).checkpoint
