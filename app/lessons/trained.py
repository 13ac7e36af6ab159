"""Quantities of a training that a lesson may claim.

Those of the trainings that came with the lessons are in a file, which ``make networks`` writes.
"""

import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

import numpy as np

from unrolled.app.lessons.networks import FOLDER, NETWORKS, shipped
from unrolled.app.runs.cancellation import go_on
from unrolled.engine import Checkpoint, ExperimentError, Training, TrainingRun, TrainingStep
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.tasks import Task

LAST = 20
"""Minibatches at the end of a training that its numbers are taken from."""
HEARD = -2.0
"""log10 of the least share of the last timestep's gradient that counts as heard."""
_TRAINING = Lock()


class UntrainedError(LookupError):
    """A page needs a training, and trains nothing."""

    def __init__(self, training: Training, went: bool = False) -> None:
        super().__init__("the network is not trained")
        self.training = training
        self.went = went
        """Whether the page asks how it went, which no file holds."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A finished training."""

    training: Training
    task: Task
    last: tuple[TrainingStep, ...]
    """Empty where how it went is not kept."""
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


OF_COURSE = ("accuracy", "final_loss", "reach", "window")
"""Quantities of how a training went, which a network's file does not hold."""
NUMBERS = FOLDER / "numbers.json"
"""The quantities of each training of ``NETWORKS``, by its name."""


@cache
def _numbers() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return found


Trains = Callable[[Training], Learned]
"""What finishes a training that did not come with the lessons."""


def value_of_training(training: Training, quantity: str, trains: Trains = learned) -> float:
    """Return a quantity of a training."""
    name = next((name for name, own in NETWORKS.items() if own == training), "")
    if name:
        return _numbers()[name][quantity]
    if trains is not learned and quantity in OF_COURSE:
        raise UntrainedError(training, went=True)
    return LEARNED[quantity](trains(training))


def network_of(training: Training, trains: Trains = learned) -> Checkpoint:
    """Return the network that a training makes."""
    return shipped(training) or trains(training).checkpoint


def kept(file: Path) -> Trains:
    """Return what reads a training's network from a file, and raises ``UntrainedError`` without it.

    How the training went is not in the file.
    """

    def read(training: Training) -> Learned:
        with suppress(OSError, ExperimentError):
            checkpoint = Checkpoint.load(file)
            if checkpoint.training == training and checkpoint.step == training.steps:
                return Learned(training, TrainingRun(training).task, (), checkpoint)
        raise UntrainedError(training)

    return read
