"""The tasks that a network can learn, each a function of a length and of the user's text.

>>> from unrolled.engine.tasks import task
>>> recall = task("recall", length=30)
>>> recall.text(recall.probes, 0)          # what it reads, and its target at the end
('Dwuzwyxvvvxywuyuzyvzwvwyxzyyxv', 'D')
"""

import json
from collections.abc import Callable
from functools import cache, lru_cache

from unrolled.engine.errors import ExperimentError
from unrolled.engine.tasks.base import END, PROBES, Batch, Names, Task
from unrolled.engine.tasks.from_pairs import data
from unrolled.engine.tasks.glyphs import glyph
from unrolled.engine.tasks.sentiment_and_tags import sentiment, sentiment_zh, tags, tags_zh
from unrolled.engine.tasks.series import series
from unrolled.engine.tasks.synthetic import adding, copying, parity, recall, sine
from unrolled.engine.tasks.text import text
from unrolled.engine.tasks.translation import dates, numbers, phrases, reverse
from unrolled.engine.tasks.user_examples import examples
from unrolled.engine.validation import quote

TASKS: dict[str, Callable[[int, str], Task]] = {
    "text": text,
    "recall": recall,
    "copying": copying,
    "adding": adding,
    "parity": parity,
    "sine": sine,
    "series": series,
    "sentiment": sentiment,
    "sentiment-zh": sentiment_zh,
    "tags": tags,
    "tags-zh": tags_zh,
    "glyph": glyph,
    "phrases": phrases,
    "dates": dates,
    "numbers": numbers,
    "reverse": reverse,
    "examples": examples,
}
LENGTHS: dict[str, tuple[int, int, int]] = dict.fromkeys(TASKS, (0, 0, 0)) | {
    "text": (2, 40, 200),
    "recall": (2, 20, 500),
    "copying": (1, 20, 494),
    "adding": (2, 40, 500),
    "parity": (1, 12, 100),
    "sine": (4, 40, 500),
    "series": (4, 33, 100),
    "reverse": (5, 5, 20),
}
"""The smallest, the default and the largest length, by task; (0, 0, 0) where it means nothing."""


EXAMPLES = {"text": " ".join(data("text.txt").split()), "examples": data("examples.txt")}
"""The text of the tasks that are made of the user's own, as long as there is none."""


def task(name: str, length: int = 0, examples: str = "") -> Task:
    """Return the task of a name.

    Parameters
    ----------
    name
        A key of ``TASKS``.
    length
        Timesteps that it bridges; 0 for its own default.
    examples
        The user's text, or lines of examples; only the tasks of ``EXAMPLES`` look at it.

    Returns
    -------
    Task

    Raises
    ------
    ExperimentError
        On a task that there is not, on a length out of range, and on text that the task cannot be
        made of.
    """
    if name not in TASKS:
        raise ExperimentError("task", "choice", choices=", ".join(TASKS), value=quote(name))
    low, default, high = LENGTHS[name]
    if length and low == high:
        raise ExperimentError("length", "no_length", task=name, value=length)
    if length and not low <= length <= high:
        raise ExperimentError("length", "integer", low=low, high=high, value=length)
    own = EXAMPLES.get(name, "")
    return _made(name, length or default, (examples or own) if own else "")


@cache
def earlier() -> dict[str, Names]:
    """Return the names of tasks as they were before a network's file told its own."""
    return {
        name: Names(
            tuple(told.get("inputs", told["targets"]).split()),
            tuple(told["targets"].split()),
            tuple((sequence, target) for sequence, target in told["probes"]),
        )
        for name, told in json.loads(data("earlier.json")).items()
    }


@lru_cache(maxsize=2 * len(TASKS))
def _made(name: str, length: int, examples: str) -> Task:
    """Return the task, made once: one key for what is the same, room for every task and more."""
    return TASKS[name](length, examples)


__all__ = [
    "END",
    "EXAMPLES",
    "LENGTHS",
    "PROBES",
    "TASKS",
    "Batch",
    "Names",
    "Task",
    "earlier",
    "task",
]
