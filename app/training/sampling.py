"""Samples text from a trained network."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.engine import Checkpoint, ExperimentError, Task
from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.training.sampling import HIGHEST_TEMPERATURE
from unrolled.engine.validation import check, made_of

MOST_WRITTEN = 1000
"""Characters of one answer, at most."""
RANGES: dict[str, tuple[float, float]] = {
    "n": (0, MOST_WRITTEN),
    "temperature": (0, HIGHEST_TEMPERATURE),
    "seed": engine.RANGES["seed"],
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings of a sample; raises ``ExperimentError`` on a value out of range."""

    checkpoint: str = ""
    """The name of a trained network."""
    start: str = ""
    """What the network reads first, and goes on with."""
    n: int = 120
    """Characters after the start."""
    temperature: float = 1.0
    """Of the softmax that each character is drawn from; 0 for the likeliest one."""
    seed: int = 0
    """Of the noise: the same for every network and every temperature."""

    def __post_init__(self) -> None:
        check(self, {}, RANGES)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Wanted":
        return made_of(cls, mapping)


def writes(task: Task) -> bool:
    """Return whether each target is the next input, so that the network can generate text."""
    return task.answer is None and not task.vectors and not task.numbers


def written(wanted: Wanted, checkpoints: Checkpoints, settings: Settings) -> dict[str, Any]:
    """Return the sampled text and its provenance.

    Raises ``MessageError`` where the network is not kept, or none of text.
    """
    kept = checkpoints.get(wanted.checkpoint)
    if not isinstance(kept, Checkpoint) or not writes(kept.task):
        task = kept.task.name if isinstance(kept, Checkpoint) else kept.file
        raise MessageError("writes_nothing", field="checkpoint", task=task)
    own = kept.task
    if (count := len(own.input_notation.cut(wanted.start))) > (limit := settings.most_tokens):
        raise ExperimentError("start", "too_long", count=count, limit=limit)
    rng = np.random.default_rng(wanted.seed)
    text = engine.sample(kept.network, own, wanted.start, wanted.n, wanted.temperature, rng)
    asked = {name: value for name, value in asdict(wanted).items() if name != "checkpoint"}
    return {"made_by": {**VERSIONS, "sample": asked, "checkpoint": kept.told()}, "text": text}
