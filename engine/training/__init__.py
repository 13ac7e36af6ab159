"""Learning a task: see ``run`` for the loop, ``minibatch`` for the gradient."""

from unrolled.engine.training.checkpoint import FREE, Checkpoint
from unrolled.engine.training.config import CHOICES, OF_TASK, RANGES, Training
from unrolled.engine.training.records import Answer, TrainingStep
from unrolled.engine.training.run import IN_FLIGHT, TrainingRun

__all__ = [
    "CHOICES",
    "FREE",
    "IN_FLIGHT",
    "OF_TASK",
    "RANGES",
    "Answer",
    "Checkpoint",
    "Training",
    "TrainingRun",
    "TrainingStep",
]
