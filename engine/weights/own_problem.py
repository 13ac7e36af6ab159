"""The problem of a user's own network: a text, or numbers from a file, and its targets."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.architectures import labels_of
from unrolled.engine.description.representation import number_told
from unrolled.engine.errors import ExperimentError
from unrolled.engine.experiment import Experiment
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.problem import Problem
from unrolled.engine.tokenizers import MOST_TOKENS, tokenizer
from unrolled.engine.validation import quote

ARCHITECTURES = ("many-to-one", "many-to-many")
"""Those that such a network can have: it has no decoder, and may have labels."""
_SHOWN = 2
"""Numbers of a timestep, or of a target, that are told."""
_COLUMNS = range(6, 25)
"""Those of a timestep that are told with their names: the fewest and the most."""
_NUMBERS = 4096
"""Those of all timesteps that are told so, where they have more than the fewest."""


class Data(NamedTuple):
    """Numbers that a network reads, from a file."""

    name: str
    """That of the file."""
    x: Floats
    """(T, inputs)"""
    y: Floats | None = None
    """(T, outputs) the targets as numbers, NaN where none; None where they are typed."""
    h_0: Floats | None = None
    """(H,) the hidden state that the first timestep reads; None for zero."""
    c_0: Floats | None = None
    """Its cell state, likewise."""
    recorded: bool = False
    """Whether the targets only stand for the gradient that a training had at the outputs."""
    columns: tuple[str, ...] = ()
    """The names of the numbers of a timestep, if the file has them."""


class Reads(NamedTuple):
    """The facts on which the problem of an experiment depends."""

    words: tuple[str, ...]
    """The tokens, in the order of their numbers."""
    outputs: int
    """How many the network has."""
    table: Floats | None
    """(words, inputs) the embedding, if any."""
    data: Data | None
    """The numbers that are read in place of tokens, if any."""
    alone: bool = False
    """Whether the outputs are the states, which are to be zero."""

    def problem(self, wanted: Experiment) -> Problem:
        """Return the problem of an experiment; raises ``ExperimentError``."""
        if wanted.architecture not in ARCHITECTURES:
            choices = ", ".join(ARCHITECTURES)
            said = {"choices": choices, "value": wanted.architecture}
            raise ExperimentError("architecture", "own_architecture", **said)
        if self.data is not None and self.data.y is not None:
            return _of_data(self.data, self.data.y)
        found = self._with_classes(wanted)
        if self.alone:
            return _with_numbers(found, np.zeros((len(found.loss_timesteps), self.outputs)))
        return _numbered(found, wanted.target) if self.outputs == 1 else found

    def _with_classes(self, wanted: Experiment) -> Problem:
        labels, sequence, tokens = self._labels(wanted), wanted.sequence, wanted.tokens
        if self.data is not None:
            sequence, tokens = " ".join("0" * len(self.data.x)), "words"
        words, target = ("0",) if self.data else self.words, "" if self.alone else wanted.target
        if labels and (self.outputs == 1 or not target.strip()):
            many = wanted.architecture == "many-to-many"
            target = _first(labels, len(tokenizer(tokens, words)(sequence)) if many else 1)
        text: Any = {"target": target, "labels": labels, "tokens": tokens}
        found = Problem.from_text(sequence, wanted.architecture, vocabulary=words, **text)
        if self.data is not None:
            return _of_data(self.data, found.targets, found.vocabulary)
        return found if self.table is None else _embedded(found, self.table)

    def _labels(self, wanted: Experiment) -> str:
        """Return the names of the outputs, empty where they are the words."""
        labels = wanted.labels if labels_of(wanted.labels) and not self.alone else ""
        as_words = self.outputs == len(self.words) != 1 and not (self.data or self.alone)
        if not labels and not as_words:
            return " / ".join(numbers_to(self.outputs))
        if labels and len(labels_of(labels)) != self.outputs:
            raise ExperimentError("labels", "own_labels", count=self.outputs, value=quote(labels))
        return labels


def numbers_to(count: int) -> tuple[str, ...]:
    """Return the words of a network whose words are not known."""
    return tuple(map(str, range(count)))


def _told(numbers: Any) -> tuple[str, ...]:
    """Return the numbers of each row in words.

    >>> _told(np.array([[0.5, 2, 1 / 3]]))
    ('0.5, 2, …',)
    """
    more = "…" * (numbers.shape[1] > _SHOWN)
    shown = numbers[:, :_SHOWN].tolist()
    return tuple(", ".join([*map(number_told, row), *more]) for row in shown)


def _named(numbers: Any, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first numbers of each row in words, each after the name of its column.

    >>> _named(np.array([[0.5, 2]]), ("rain", "wind"))
    ('rain 0.5, wind 2',)
    """
    count = min(max(_COLUMNS[0], _NUMBERS // len(numbers)), _COLUMNS[-1])
    names = (columns or ("",) * numbers.shape[1])[:count]
    more = ["…"] * (numbers.shape[1] > count)
    told = (zip(names, map(number_told, row), strict=False) for row in numbers.tolist())
    return tuple(
        ", ".join([*(f"{name} {each}".strip() for name, each in row), *more]) for row in told
    )


def _first(labels: str, times: int) -> str:
    """Return the first label, once or at each timestep."""
    return " ".join(labels_of(labels)[:1] * min(times, MOST_TOKENS))


def _numbered(problem: Problem, target: str) -> Problem:
    """Return a problem whose targets are numbers: one for all of them, or one for each."""
    count, parts = len(problem.loss_timesteps), target.split() or ["0"]
    try:
        values = [float(each) for each in parts]
    except ValueError:
        values = []
    if len(values) not in (1, count) or not np.isfinite(values).all():
        raise ExperimentError("target", "own_number", count=count, value=quote(target))
    return _with_numbers(problem, np.resize(values, (count, 1)))


def _with_numbers(problem: Problem, values: Floats) -> Problem:
    """Return a problem whose losses have these targets, (losses, outputs)."""
    numbers = np.full((len(problem.targets), values.shape[1]), np.nan)
    numbers[problem.loss_timesteps] = values
    classes = problem.targets.copy()
    classes[problem.loss_timesteps] = np.arange(len(values))
    return replace(
        problem,
        vocabulary=_told(values),
        targets=read_only(classes),
        numbers=read_only(numbers),
    )


def _embedded(problem: Problem, table: Floats) -> Problem:
    """Return a problem whose tokens are read as the rows of a table."""
    vectors = table[problem.inputs] * (problem.inputs >= 0)[:, None]
    nothing = read_only(np.full(len(problem.inputs), -1))
    return replace(problem, inputs=nothing, vectors=read_only(vectors), words=())


def _of_data(data: Data, targets: Any, names: tuple[str, ...] = ()) -> Problem:
    """Return the problem of numbers that are read, and of classes or numbers as targets."""
    found = Problem.from_arrays(data.x, targets, vocabulary=names)
    found = replace(found, tokens=_told(data.x), named=_named(data.x, data.columns))
    if found.numbers is not None:
        numbers: Any = found.numbers[found.loss_timesteps]
        nothing = ("",) * len(numbers)
        found = replace(found, vocabulary=nothing if data.recorded else _told(numbers))
    if data.h_0 is None and data.c_0 is None:
        return found
    h_0 = np.zeros_like(data.c_0) if data.h_0 is None else data.h_0
    return found.starting_from(h_0, data.c_0)
