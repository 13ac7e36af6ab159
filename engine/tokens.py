"""Text to tokens: what the network reads at each timestep."""

from collections.abc import Callable
from itertools import chain

import regex
import rjieba

MOST_TOKENS = 2000

_GRAPHEME = regex.compile(r"\X")
_CHINESE_OR_NOT = regex.compile(r"\p{Han}+|\P{Han}+")
_CHINESE = regex.compile(r"\p{Han}")
_WORD_BOUNDARY = regex.compile(r"(?V1)(?w)\b")


def characters(text: str) -> list[str]:
    """Extended grapheme clusters (Unicode UAX #29): an emoji family is one character."""
    return _GRAPHEME.findall(text)


def words(text: str) -> list[str]:
    """Words and punctuation marks (UAX #29), white space dropped; Chinese runs are segmented."""
    pieces = (
        rjieba.cut(run) if _CHINESE.match(run) else _WORD_BOUNDARY.split(run)
        for run in _CHINESE_OR_NOT.findall(text)
    )
    return [word for piece in chain.from_iterable(pieces) if (word := piece.strip())]


TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"characters": characters, "words": words}
