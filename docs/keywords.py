"""Writes the choices that a type checker knows, out of the registries: `python -m docs.keywords`.

A registry's own line is then all that a new cell, or another choice, needs.
"""

import re
from pathlib import Path

from unrolled import engine
from unrolled.engine.description import keywords

PATH = Path(keywords.__file__)


def written(text: str) -> str:
    """Return the module's text, with the choices of the registries."""
    for field, choices in engine.CHOICES.items():
        name = "TokenizerName" if field == "tokens" else f"{field.capitalize()}Name"
        names = ", ".join(f'"{choice}"' for choice in choices)
        line, found = f"{name} = Literal[{names}]", re.search(rf"^{name} = .*$", text, re.MULTILINE)
        assert found, name
        text = text.replace(found[0], line)
    return text


if __name__ == "__main__":
    PATH.write_text(written(PATH.read_text()))
