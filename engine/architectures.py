"""The architectures: the timesteps that take an input, and those that have a target.

An architecture turns the tokens of a sequence, and a target, into the input and the target of each
of T timesteps.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from unrolled.engine.errors import ExperimentError
from unrolled.engine.tokenizers import MOST_TOKENS

START = "<s>"
"""The token that a decoder reads first."""

LABELLED = ("many-to-one", "many-to-many")
"""Architectures that may choose among labels of their own, in place of the words."""
_BETWEEN = re.compile("[/,;|，、；\n]")

Tokenize = Callable[[str], list[str]]


class Unrolled(NamedTuple):
    """The input and the target of each timestep: None for a zero vector, and for no loss."""

    reads: list[str | None]
    targets: list[str | None]
    encoder: int = 0
    """The number of timesteps of an encoder, which has weights of its own."""


def many_to_one(tokens: list[str], target: str, tokenize: Tokenize) -> Unrolled:
    """Read every token, with one label at T; with no target, the last token is the label."""
    reads, label = (tokens, target) if target else _all_but_the_last(tokens)
    return Unrolled([*reads], [None] * (len(reads) - 1) + [label])


def one_to_many(tokens: list[str], target: str, tokenize: Tokenize) -> Unrolled:
    """Read the first token, then nothing, with a target at every timestep.

    With no target given, the targets are the second to the last token.
    """
    if not target:
        _all_but_the_last(tokens)
    targets = tokens_of(target, tokenize, "target") if target else tokens[1:]
    return Unrolled([tokens[0]] + [None] * (len(targets) - 1), [*targets])


def many_to_many(tokens: list[str], target: str, tokenize: Tokenize) -> Unrolled:
    """Read every token, each with a tag as its target; with no target given, the next token."""
    if not target:
        reads, _ = _all_but_the_last(tokens)
        return Unrolled([*reads], [*tokens[1:]])
    tags = target.split() if any(map(str.isspace, target.strip())) else tokenize(target)
    if len(tags) != len(tokens):
        raise ExperimentError("target", "tags", count=len(tags), tokens=len(tokens))
    return Unrolled([*tokens], [*tags])


def encoder_decoder(tokens: list[str], target: str, tokenize: Tokenize) -> Unrolled:
    """Read every token in an encoder; a decoder continues from its last state, with the target.

    The decoder reads the start symbol and then the target shifted by one (teacher forcing). With
    no target given, it is the sequence itself.
    """
    targets = tokens_of(target, tokenize, "target") if target else tokens
    reads = [*tokens, START, *targets[:-1]]
    return Unrolled([*reads], [*[None] * len(tokens), *targets], encoder=len(tokens))


def labels_of(text: str) -> tuple[str, ...]:
    """Return the labels in a text: between slashes or commas, or where none are, between spaces.

    >>> labels_of("positive / negative"), labels_of("noun verb noun")
    (('positive', 'negative'), ('noun', 'verb'))
    """
    named = map(str.strip, _BETWEEN.split(text)) if _BETWEEN.search(text) else text.split()
    return tuple(dict.fromkeys(filter(None, named)))


def _all_but_the_last(tokens: list[str]) -> tuple[list[str], str]:
    if len(tokens) < 2:
        raise ExperimentError("sequence", "too_short")
    return tokens[:-1], tokens[-1]


def tokens_of(text: str, tokenize: Tokenize, field: str) -> list[str]:
    """Return the tokens of the sequence or of the target, whichever ``field`` names."""
    tokens = tokenize(text)
    if not tokens:
        raise ExperimentError(field, "blank")
    if len(tokens) > MOST_TOKENS:
        raise ExperimentError(field, "too_long", count=len(tokens), limit=MOST_TOKENS)
    return tokens


ARCHITECTURES: dict[str, Callable[[list[str], str, Tokenize], Unrolled]] = {
    "many-to-one": many_to_one,
    "one-to-many": one_to_many,
    "many-to-many": many_to_many,
    "encoder-decoder": encoder_decoder,
}
