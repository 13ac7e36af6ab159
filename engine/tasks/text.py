"""The next character of a text, the user's own or one of ours."""

from collections import Counter
from typing import Any, NoReturn

import numpy as np

from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Integers, read_only
from unrolled.engine.tasks.base import PROBES, Batch, Task
from unrolled.engine.tasks.encoding import Classes
from unrolled.engine.tasks.from_pairs import entropy
from unrolled.engine.tokenizers import characters
from unrolled.engine.validation import quote

MOST_CHARACTERS = 100_000
MOST_CLASSES = 3_000


def text(length: int, examples: str) -> Task:
    """Make the task of ``length`` characters of the text, each with the next as its target.

    The baseline is the loss of knowing only how often each character occurs.
    """
    if len(examples) > MOST_CHARACTERS:
        _wrong("long_text", count=len(examples), limit=MOST_CHARACTERS)
    read = characters(examples)
    if len(read) < length + PROBES:
        _wrong("short_text", count=len(read), least=length + PROBES, length=length)
    classes = Classes(tuple(dict.fromkeys(read)))
    if classes.width == 1:
        _wrong("one_character", value=quote(read[0]))
    if classes.width > MOST_CLASSES:
        _wrong("many_classes", count=classes.width, limit=MOST_CLASSES)
    whole = classes.read(read, "examples")
    starts = len(whole) - length
    """Windows that have a next character."""

    def windows(start: Integers) -> Batch:
        window = whole[start + np.arange(length + 1)[:, None]]
        parts = np.zeros(length, dtype=np.int64)
        return Batch(read_only(window[:-1]), read_only(window[1:]), read_only(parts))

    first, middle, last = 0, starts // 2, starts - 1
    return Task(
        name="text",
        architecture="many-to-many",
        input_notation=classes,
        target_notation=classes,
        baseline=entropy(Counter(read)),
        source="Elman 1990; Sutskever et al. 2011",
        draw=lambda rng, B: windows(rng.integers(starts, size=B)),
        asked=[("".join(read[k : k + length + 1]), "") for k in (first, middle, last)],
    )


def _wrong(code: str, **details: Any) -> NoReturn:
    raise ExperimentError("examples", code, **details)
