"""What the API's own description says of an experiment, read off the engine."""

import inspect
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from unrolled.app.training import sampling
from unrolled.engine import CHOICES, RANGES, Experiment, training
from unrolled.engine.analysis.sweeps import MOST_SEEDS, SEEDS
from unrolled.engine.validation import LOSSES


def _schema(
    name: str,
    default: object,
    ranges: Mapping[str, tuple[float, float]] = RANGES,
    choices: Mapping[str, Collection[str]] = CHOICES,
) -> dict[str, Any]:
    if name in choices:
        return {"type": "string", "enum": list(choices[name]), "default": default}
    if name in ranges:
        low, high = ranges[name]
        kind = "integer" if isinstance(default, int) else "number"
        return {"type": kind, "minimum": low, "maximum": high, "default": default}
    if name == "loss":
        numbered = {"type": "integer", "minimum": 1}
        return {"anyOf": [{"enum": list(LOSSES)}, numbered], "default": default}
    return {"type": "string", "default": default}


def _object(
    title: str,
    description: str | None,
    required: Collection[str] = (),
    /,
    **properties: dict[str, Any],
) -> dict[str, Any]:
    """An object that has these properties and no others."""
    found: dict[str, Any] = {"title": title, "description": description, "type": "object"}
    if required:
        found["required"] = [*required]
    return {**found, "additionalProperties": False, "properties": properties}


EXPERIMENT = _object(
    "Experiment",
    inspect.getdoc(Experiment),
    **{field.name: _schema(field.name, field.default) for field in fields(Experiment)},
    checkpoint={
        "type": "string",
        "description": "A trained network to run it on, by the name that training gave it. A "
        "sweep takes none.",
    },
)

STEP = _object(
    "Step",
    "An experiment, and the timestep of it that is wanted in numbers.",
    ("experiment", "timestep"),
    experiment=EXPERIMENT,
    timestep={"type": "integer", "minimum": 1},
)

RUN = _object(
    "Run",
    "An experiment, and a number that its frames carry.",
    ("id", "experiment"),
    id={"type": "integer"},
    experiment=EXPERIMENT,
)

SWEEP = _object(
    "Sweep",
    "An experiment, scales of its recurrent weights, and how many seeds of each.",
    ("experiment", "recurrent_scale"),
    experiment=EXPERIMENT,
    recurrent_scale={"type": "array", "items": {"type": "number"}, "minItems": 1},
    seeds={"type": "integer", "minimum": 1, "maximum": MOST_SEEDS, "default": SEEDS},
    shares={
        "type": "boolean",
        "default": False,
        "description": "Whether only what arrives at t = 1 is answered.",
    },
)

TRAINING: dict[str, Any] = {
    "title": "Training",
    "description": "A run to begin, a run to go on with, or something for it to do.",
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "description": "A number that its frames carry."},
        "train": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                field.name: _schema(field.name, field.default, training.RANGES, training.CHOICES)
                for field in fields(training.Training)
            },
        },
        "find": {"type": "string", "description": "The key of a run whose frames are sent again."},
        "key": {"type": "string", "description": "The key of the run that is to `do` something."},
        "do": {"enum": ["resume", "pause", "step", "stop", "change"]},
    },
}

SAMPLE = _object(
    "Sample",
    "A trained network by its name, what it begins with, and how it goes on.",
    ("checkpoint",),
    **{
        field.name: _schema(field.name, field.default, sampling.RANGES)
        for field in fields(sampling.Wanted)
    },
)

LESSON = _object(
    "Lesson",
    "A lesson: its states, and its words.",
    ("lesson", "words"),
    lesson={"type": "object"},
    words={"type": "object"},
)
