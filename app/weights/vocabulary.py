"""The words that a user's own network reads, and a text that was typed before they were known."""

import json
from collections.abc import Iterator
from contextlib import suppress

from unrolled.engine import ExperimentError
from unrolled.engine.tokenizers import TOKENIZERS, tokenizer
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.own_problem import numbers_to


def read_again(text: str, tokens: str, before: OwnNetwork, named: OwnNetwork) -> str | None:
    """Return a text as a network reads it that has got other words; None where it cannot.

    Numbers of tokens become these tokens where they were typed because it had no words; other texts
    stay as they are.

    Parameters
    ----------
    text
        What was typed; spaces around it do not matter.
    tokens
        How it was cut before, a key of ``TOKENIZERS``.
    before, named
        The network with the words before, and with those of now.
    """
    kind, words = str(named.experiment().tokens), before.words
    cut = tokenizer(kind, named.words)
    if words == numbers_to(len(words)):
        typed = _tokens(text, tokens, words)
        if {*typed} <= {*words}:
            wanted = [named.words[int(each)] for each in typed]
            text = ("" if kind == "characters" else " ").join(wanted)
            return text if cut(text) == wanted else None
    return text if {*_tokens(text, kind, named.words)} <= {*named.words} else None


def _tokens(text: str, tokens: str, words: tuple[str, ...]) -> list[str]:
    """Return the tokens of a text, or where none can be found the text, which is no token."""
    with suppress(ExperimentError):
        return tokenizer(tokens, words)(text) or [text]
    return [text]


def words_of(text: str, count: int) -> tuple[str, ...]:
    """Return the tokens in a text: one a line, as JSON, between spaces, or each a character.

    That is taken which has so many tokens; raises ``ExperimentError`` where none has.

    >>> words_of("abc", 3), words_of('{"b": 1, "a": 0}', 2), words_of("the sky", 2)
    (('a', 'b', 'c'), ('a', 'b'), ('the', 'sky'))
    """
    most = 0
    for found in _readings(text):
        if len(found) == count == len({*found}):
            return tuple(found)
        most = most or len(found)
    raise ExperimentError("vocabulary", "own_words", count=count, value=most)


def _readings(text: str) -> Iterator[list[str]]:
    with suppress(ValueError, RecursionError):
        told = json.loads(text)
        if isinstance(told, dict) and all(isinstance(each, int) for each in told.values()):
            told = sorted(told, key=told.__getitem__)
        if isinstance(told, list):
            yield [str(each) for each in told]
    lines = text.splitlines()
    yield lines
    yield text.split()
    yield TOKENIZERS["characters"](text)
    yield TOKENIZERS["characters"](text.strip("\n"))
