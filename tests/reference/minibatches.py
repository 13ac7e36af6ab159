"""The minibatches and the training runs that PyTorch has made too."""

from copy import copy
from pathlib import Path
from typing import Any

from tests.reference.experiments import Fields, combinations
from unrolled import engine
from unrolled.engine.tasks import Batch

GRADIENTS = Path(__file__).parent / "minibatches.npz"
RUNS = Path(__file__).parent / "runs.npz"
STEPS = 20

TAGS = "the cat sat => D N V\na cat => D N\nhe ran => P V\nit sat up on a mat => P V R A D N"
"""Sentences of different lengths, a tag a word."""
TASKS: dict[str, Fields] = {
    "recall": {"task": "recall", "length": 6},
    "parity": {"task": "parity", "length": 7},
    "adding": {"task": "adding", "length": 8},
    "copying": {"task": "copying", "length": 3},
    "sine": {"task": "sine", "length": 7},
    "tags": {"task": "examples", "examples": TAGS},
    "glyph": {"task": "glyph"},
    "reverse": {"task": "reverse", "length": 5},
}
"""Classes and numbers of every architecture; ragged in parity, tags, glyph and reverse."""
LOOKING: dict[str, Fields] = {
    f"reverse-{score}": {**TASKS["reverse"], "attention": score} for score in ("dot", "additive")
}
"""Decoders that look at encoders of different lengths."""

OPTIMIZED = [
    *[("adding", "rnn"), ("copying", "lstm"), ("reverse", "gru"), ("tags", "rnn")],
    *[("reverse-dot", "lstm"), ("reverse-additive", "rnn")],
]


def gradients() -> dict[str, Fields]:
    """A training for each network and task, by name."""
    networks = dict.fromkeys(combination[:2] for combination in combinations())
    return {
        f"{cell}-{activation}-{task}": {
            **fields,
            "cell": cell,
            "activation": activation,
            "hidden_size": 4,
            "initialization": "gaussian",
            "recurrent_scale": 1.2,
            "forget_bias": 0.7,
            "batch_size": 5,
            "seed": 30 + number,
        }
        for cell, activation in networks
        for number, (task, fields) in enumerate({**TASKS, **LOOKING}.items())
        if "attention" not in fields or (activation == "tanh" and cell != "feedforward")
    }


def runs() -> dict[str, Fields]:
    """A training of ``STEPS`` for each optimizer and task, by name.

    Clipped by value: by norm PyTorch adds 1e-6 to what it divides by.
    """
    return {
        f"{optimizer}-{cell}-{task}": {
            **{**TASKS, **LOOKING}[task],
            "cell": cell,
            "hidden_size": 4,
            "initialization": "orthogonal",
            "forget_bias": 1.0,
            "optimizer": optimizer,
            "learning_rate": 0.02,
            "clip_norm": 0,
            "clip_value": 0.05,
            "batch_size": 4,
            "steps": STEPS,
            "seed": 50,
        }
        for optimizer in engine.training.CHOICES["optimizer"]
        for task, cell in OPTIMIZED
    }


class Recorded:
    """A training run, and the minibatches that it has drawn, in order."""

    def __init__(self, fields: Fields) -> None:
        self.run = engine.TrainingRun(engine.Training(**fields))
        self.batches: list[Batch] = []
        draw, recorded = self.run.task.draw, copy(self.run.task)

        def keep(*args: Any) -> Batch:
            self.batches.append(draw(*args))
            return self.batches[-1]

        object.__setattr__(recorded, "draw", keep)
        self.run.task = recorded
