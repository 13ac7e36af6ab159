"""Which timesteps take an input, and which owe a loss.

An architecture turns the tokens of a sequence, and a target, into two lists of length T: the token
each timestep reads and the token it owes (None where it owes none).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.arrays import Integers
from engine.errors import ExperimentError


class Unrolled(NamedTuple):
    """What each timestep reads, and what it owes."""

    reads: list[str]
    owes: list[str | None]


def many_to_one(tokens: list[str], target: str, tokenize: Callable[[str], list[str]]) -> Unrolled:
    """Reads every token and owes one label at T; with no target, the last token is the label."""
    if target:
        return Unrolled(tokens, [None] * (len(tokens) - 1) + [target])
    _require_two(tokens)
    return Unrolled(tokens[:-1], [None] * (len(tokens) - 2) + [tokens[-1]])


def many_to_many(tokens: list[str], target: str, tokenize: Callable[[str], list[str]]) -> Unrolled:
    """Owes a tag at every token; with no target, the next token."""
    if target:
        tags = target.split() if any(map(str.isspace, target.strip())) else tokenize(target)
        if len(tags) != len(tokens):
            raise ExperimentError("target", "tags", count=len(tags), tokens=len(tokens))
        return Unrolled(tokens, list(tags))
    _require_two(tokens)
    return Unrolled(tokens[:-1], list(tokens[1:]))


def _require_two(tokens: list[str]) -> None:
    if len(tokens) < 2:
        raise ExperimentError("sequence", "too_short")


ARCHITECTURES: dict[str, Callable[[list[str], str, Callable[[str], list[str]]], Unrolled]] = {
    "many-to-one": many_to_one,
    "many-to-many": many_to_many,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An experiment's sequence in numbers: classes read and classes owed, over T timesteps.

    ``vocabulary`` lists the distinct tokens in order of first appearance, so that a sequence that
    grows keeps the numbers of the tokens it had.
    """

    tokens: tuple[str, ...]
    vocabulary: tuple[str, ...]
    inputs: Integers
    """(T,) index into the vocabulary of the token read."""
    targets: Integers
    """(T,) index into the vocabulary of the token owed, -1 where none."""

    @classmethod
    def of(cls, unrolled: Unrolled) -> "Problem":
        owed = [token for token in unrolled.owes if token is not None]
        vocabulary = tuple(dict.fromkeys([*unrolled.reads, *owed]))
        index = {token: i for i, token in enumerate(vocabulary)}
        return cls(
            tokens=tuple(unrolled.reads),
            vocabulary=vocabulary,
            inputs=np.array([index[token] for token in unrolled.reads]),
            targets=np.array([-1 if t is None else index[t] for t in unrolled.owes]),
        )
