"""Text to tokens: what the network reads at each timestep.

The packages that find characters and words are imported when a text first needs them: the engine
itself needs NumPy alone.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from itertools import accumulate
from typing import Any

from unrolled.engine.errors import ExperimentError

MOST_TOKENS = 2000

BY_DICTIONARY = {"Thai": "Thai", "Lao": "Lao", "Khmer": "Khmer", "Burmese": "Myanmar"}
"""Scripts without spaces between words, and Unicode's names of them, whose words ICU knows; it
knows those of Japanese too."""
IN_NO_DICTIONARY = {
    "Tai Le": "Tai_Le",
    "New Tai Lue": "New_Tai_Lue",
    "Tai Tham": "Tai_Tham",
    "Tai Viet": "Tai_Viet",
    "Ahom": "Ahom",
    "Javanese": "Javanese",
    "Balinese": "Balinese",
}
"""Such scripts whose words no library here knows."""
INSTALL = {
    "icu4py": 'pip install "unrolled[scripts]"',
    "regex": "pip install regex",
    "rjieba": "pip install rjieba",
}
"""The commands that install the packages for characters and words."""

_ASCII = re.compile(r"\r\n|.", re.DOTALL)
_FLAGS = 64
"""Regional indicators, two to a flag, that are looked at together."""
_LONG_FLAGS = re.compile(rf"[\U0001F1E6-\U0001F1FF]{{{_FLAGS},}}")


def characters(text: str) -> list[str]:
    """Return the grapheme clusters (Unicode UAX #29): an emoji family is one character."""
    if text.isascii():
        return _ASCII.findall(text)
    clusters = _pattern(r"\X")
    return [found for piece in _without_long_flags(text) for found in clusters.findall(piece)]


def words(text: str) -> list[str]:
    """Return words and punctuation marks (UAX #29), without white space.

    Where a script has no spaces between words, they are those of a dictionary. No word begins or
    ends inside a character.

    Raises
    ------
    ExperimentError
        Where no dictionary has the words, or the package that has them is not installed.
    """
    cuts = set(accumulate(map(len, _pieces(text)))) & set(accumulate(map(len, characters(text))))
    ends = sorted(cuts)
    whole = (text[start:end] for start, end in zip([0, *ends], ends, strict=False))
    return [word for each in whole if (word := each.strip())]


TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"characters": characters, "words": words}


def tokenizer(tokens: str, known: Collection[str] = ()) -> Callable[[str], list[str]]:
    """Return the tokenizer of a name: between spaces, what a vocabulary has stays whole.

    >>> tokenizer("words", ["<pad>", "sky"])("<pad> sky-high")
    ['<pad>', 'sky', '-', 'high']
    """
    cut = TOKENIZERS[tokens]
    if tokens != "words" or not known:
        return cut
    whole = frozenset(known)

    def read(text: str) -> list[str]:
        parts = ([part] if part in whole else cut(part) for part in text.split())
        return [token for part in parts for token in part]

    return read


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces, each a word or what is between words."""
    between = 0
    for run in _pattern(_runs()).finditer(text):
        yield from _between(text[between : run.start()])
        yield from _in_run(str(run.lastgroup).replace("_", " "), run[0])
        between = run.end()
    yield from _between(text[between:])


def _between(text: str) -> Iterable[str]:
    """Return words, and what is between them, of a text with spaces or marks."""
    boundaries = _pattern(r"(?V1)(?w)\b")
    return [found for piece in _without_long_flags(text) for found in boundaries.split(piece)]


def _without_long_flags(text: str) -> Iterator[str]:
    """Yield the text in pieces that end between two flags where there are very many in a row.

    At each flag a pattern looks back over all before it: 30,000 of them take many seconds.
    """
    start = 0
    for run in _LONG_FLAGS.finditer(text):
        for cut in range(run.start() + _FLAGS, run.end(), _FLAGS):
            yield text[start:cut]
            start = cut
    yield text[start:]


def _in_run(script: str, run: str) -> Iterable[str]:
    """Return the words of a run of one script without spaces between words."""
    if script in IN_NO_DICTIONARY:
        raise ExperimentError("tokens", "no_dictionary", script=script)
    if script == "Chinese" and not _pattern(rf"[{_KANA}]").search(run):
        cut: Callable[[str], list[str]] = _package("rjieba", script).cut
        return cut(run)
    breakers = _package("icu4py.breakers", "Japanese" if script == "Chinese" else script)
    return [str(word) for word in breakers.WordBreaker(run, "en")]


_KANA = r"\p{Hiragana}\p{Katakana}\u30FC\uFF70"


@cache
def _runs() -> str:
    """Return the pattern of a run of such a script, in a group with its name."""
    scripts = {**BY_DICTIONARY, **IN_NO_DICTIONARY}
    groups = [rf"(?P<Chinese>(?:[\p{{Han}}{_KANA}]\p{{M}}*+)++)"]
    for name, script in scripts.items():
        letter, number = rf"\p{{{script}}}", r"(?<=\p{Nd})[.,](?=\p{Nd})"
        run = rf"{letter}(?:{letter}|[\p{{M}}\u200B-\u200D]|{number})*+"
        groups.append(f"(?P<{name.replace(' ', '_')}>{run})")
    return "|".join(groups)


@cache
def _pattern(pattern: str) -> Any:
    return _package("regex").compile(pattern)


def _package(module: str, script: str = "") -> Any:
    """Import a package that finds characters, or the words of a script."""
    try:
        return import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        code = "no_words" if script else "no_package"
        details = {"script": script} if script else {}
        raise ExperimentError(
            "tokens", code, package=name, install=INSTALL[name], **details
        ) from None
