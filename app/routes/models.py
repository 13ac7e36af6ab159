"""The OpenAPI schemas of experiments and requests, generated from the engine."""

import inspect
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import TypeAdapter

from unrolled.app.docstrings import documented
from unrolled.app.routes.analysis_answers import (
    SweepFailure,
    SweepProgress,
    SweepResult,
    SweepShares,
)
from unrolled.app.runs.requests import (
    StepRequest,
    SweepRequest,
    TraceRequest,
    VocabularyRequest,
    WeightsRequest,
)
from unrolled.app.training import sampling
from unrolled.app.training.messages import KINDS
from unrolled.engine import CHOICES, RANGES, Experiment, training
from unrolled.engine.validation import LOSSES, values_of


def _schema(
    name: str,
    default: object,
    ranges: Mapping[str, tuple[float, float]],
    choices: Mapping[str, Collection[str]],
    whole: bool,
) -> dict[str, Any]:
    if name in choices:
        return {"type": "string", "enum": list(choices[name]), "default": default}
    if name in ranges:
        low, high = ranges[name]
        kind = "integer" if whole else "number"
        return {"type": kind, "minimum": low, "maximum": high, "default": default}
    if name == "loss":
        numbered = {"type": "integer", "minimum": 1}
        return {"anyOf": [{"enum": list(LOSSES)}, numbered], "default": default}
    return {"type": "string", "default": default}


def _fields(
    kind: Any, ranges: Mapping[str, tuple[float, float]], choices: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """Return the fields of a dataclass of the engine, with their docstrings."""
    words = documented(kind)
    return {
        each.name: {
            **_schema(each.name, each.default, ranges, choices, each.type in (int, "int")),
            "description": words.get(each.name) or each.name.replace("_", " "),
        }
        for each in values_of(kind)
    }


def _object(
    title: str,
    description: str | None,
    required: Collection[str] = (),
    /,
    **properties: dict[str, Any],
) -> dict[str, Any]:
    """Return the schema of an object with these properties and no others."""
    found: dict[str, Any] = {"title": title, "description": description, "type": "object"}
    if required:
        found["required"] = [*required]
    return {**found, "additionalProperties": False, "properties": properties}


EXPERIMENT = _object(
    "Experiment",
    inspect.getdoc(Experiment),
    **_fields(Experiment, RANGES, CHOICES),
    checkpoint={
        "type": "string",
        "description": "A trained network to run it on, by the name that training gave it. A "
        "sweep takes none.",
    },
)


def _request(kind: Any) -> dict[str, Any]:
    """Return the schema of a request, with a reference to that of the experiment."""
    schema = TypeAdapter(kind).json_schema()
    schema["properties"]["experiment"] = EXPERIMENT
    return schema


STEP, RUN, SWEEP, WEIGHTS = (
    _request(each) for each in (StepRequest, TraceRequest, SweepRequest, WeightsRequest)
)

VOCABULARY = TypeAdapter(VocabularyRequest).json_schema()


def _training_message(kind: Any) -> dict[str, Any]:
    """Return the schema of a message to a training run."""
    schema: dict[str, Any] = TypeAdapter(kind).json_schema()
    settings = _fields(training.Training, training.RANGES, training.CHOICES)
    properties = schema["properties"]
    if "train" in properties:
        told = {"additionalProperties": False, "properties": settings}
        properties["train"] = {**properties["train"], **told}
    for name in properties.keys() & {*training.IN_FLIGHT}:
        number = {key: each for key, each in settings[name].items() if key != "default"}
        properties[name] = {**number, "description": properties[name]["description"]}
    return schema


TRAINING = {"oneOf": [_training_message(kind) for kind in KINDS]}
"""A run to begin or resume, or a command to a run."""

SAMPLE = _object(
    "Sample",
    "A trained network by its name, what it begins with, and how it goes on.",
    ("checkpoint",),
    **_fields(sampling.Wanted, sampling.RANGES, {}),
)

LESSON = _object(
    "Lesson",
    "A lesson: its states, and its words.",
    ("lesson", "words"),
    lesson={"type": "object"},
    words={"type": "object"},
)

SWEEP_LINE = TypeAdapter(SweepProgress | SweepResult | SweepShares | SweepFailure).json_schema(
    ref_template="#/components/schemas/{model}"
)
"""A line of a sweep's answer."""
SCHEMAS: dict[str, Any] = SWEEP_LINE.pop("$defs")
"""The schemas to which it refers."""
