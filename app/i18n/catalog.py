"""Message catalogs: one JSON file per language."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from unrolled import engine
from unrolled.app import errors

FOLDER = Path(__file__).parent
DEFAULT = "en"

Translate = Callable[..., str]


def catalog(language: str = DEFAULT) -> Mapping[str, str]:
    """Return the messages of a language.

    A cell without a translation is named by its own title, and its gates by their letters.
    """
    texts = _texts(language)
    missing = {key: word for key, word in _words_of_cells(texts).items() if key not in texts}
    return {**texts, **missing} if missing else texts


def _words_of_cells(texts: Mapping[str, str]) -> dict[str, str]:
    words = {}
    for name, cell in engine.CELLS.items():
        words[f"choice.cell.{name}"] = cell.title or name
        if f"choice.cell.{name}" not in texts:
            words[f"choice.cell.{name}.brief"] = ""
        for gate in cell.gates:
            words[f"gate.{gate}"] = texts["gate.other"].format(gate=gate)
        if cell.carry:
            gate = cell.carry.gate
            words[f"caption.gate.{gate}"] = texts["gate.other.path"].format(gate=gate)
    return words


@cache
def _texts(language: str) -> Mapping[str, str]:
    """Read the messages of a language from the files.

    The English of an error is written where it is raised, except for errors that the page words
    differently from the API.
    """
    texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    if language != DEFAULT:
        return texts
    refusals = engine.MESSAGES | errors.MESSAGES
    return {f"error.{code}": text for code, text in refusals.items()} | texts


@cache
def languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def translator(language: str = DEFAULT) -> Translate:
    """Return a function from key to message; it raises KeyError on a missing key or placeholder."""
    texts = catalog(language)

    def translate(key: str, /, **blanks: object) -> str:
        return texts[key].format(**blanks)

    return translate
