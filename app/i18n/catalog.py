"""Every string a person reads, by language. A second language is a second file."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from unrolled import engine
from unrolled.app import errors

FOLDER = Path(__file__).parent
DEFAULT = "en"

Translate = Callable[..., str]


@cache
def catalog(language: str = DEFAULT) -> Mapping[str, str]:
    """Return the messages of a language.

    The English of errors is written where they are raised, but for those that a page says in other
    words than a program.
    """
    texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    if language != DEFAULT:
        return texts
    refusals = engine.MESSAGES | errors.MESSAGES
    return {f"error.{code}": text for code, text in refusals.items()} | texts


def languages() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def translator(language: str = DEFAULT) -> Translate:
    """What a language says under a key; KeyError where it says nothing, or a blank is missing."""
    texts = catalog(language)

    def translate(key: str, /, **blanks: object) -> str:
        return texts[key].format(**blanks)

    return translate
