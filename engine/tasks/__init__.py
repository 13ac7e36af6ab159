"""What a network can learn here: each task a function of its length and of the user's text.

>>> from engine.tasks import task
>>> recall = task("recall", length=30)
>>> recall.text(recall.probes, 0)          # what it reads, and what it owes at the end
('Hyzuvyxuvzxwzuxzzvyzwvwwvxuvxz', 'H')
"""

from collections.abc import Callable

from engine.errors import ExperimentError
from engine.tasks.base import END, PROBES, Batch, Task
from engine.tasks.generated import adding, copying, parity, recall, sine

TASKS: dict[str, Callable[[int, str], Task]] = {
    "recall": recall,
    "copying": copying,
    "adding": adding,
    "parity": parity,
    "sine": sine,
}
LENGTHS: dict[str, tuple[int, int, int]] = {
    "recall": (2, 30, 500),
    "copying": (1, 20, 480),
    "adding": (2, 40, 500),
    "parity": (1, 8, 100),
    "sine": (4, 40, 500),
}
"""The smallest, the default and the largest length, by task; (0, 0, 0) where it means nothing."""


def task(name: str, length: int = 0, examples: str = "") -> Task:
    """The task of that name; length 0 is its default, ``examples`` are the user's text.

    Raises ``ExperimentError`` on a task that there is not, on a length out of range, and on text
    that the task cannot be made of. Only ``text`` and ``examples`` look at the text.
    """
    if name not in TASKS:
        raise ExperimentError("task", "choice", choices=", ".join(TASKS), value=repr(name)[:40])
    low, default, high = LENGTHS[name]
    if length and low == high:
        raise ExperimentError("length", "no_length", task=name, value=length)
    if length and not low <= length <= high:
        raise ExperimentError("length", "integer", low=low, high=high, value=length)
    return TASKS[name](length or default, examples)


__all__ = ["END", "LENGTHS", "PROBES", "TASKS", "Batch", "Task", "task"]
