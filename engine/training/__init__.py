"""Learning a task: see ``run`` for the loop, ``minibatch`` for the gradient."""

from engine.training.checkpoint import Checkpoint, TrainedExperiment
from engine.training.plan import CHOICES, RANGES, Training
from engine.training.records import Answer, TrainingStep
from engine.training.run import IN_FLIGHT, TrainingRun

__all__ = [
    "CHOICES",
    "IN_FLIGHT",
    "RANGES",
    "Answer",
    "Checkpoint",
    "TrainedExperiment",
    "Training",
    "TrainingRun",
    "TrainingStep",
]
