"""Writes the choices that a type checker knows, out of the registries: `python -m docs.keywords`.

A registry's own line is then all that a new cell, or another choice, needs.
"""

import re
from pathlib import Path

from unrolled import engine
from unrolled.engine.description import keywords

PATH = Path(keywords.__file__)
LONGEST = 100
"""Characters of a line, as the formatter has it."""


def written(text: str) -> str:
    """Return the module's text, with the choices of the registries."""
    for field, choices in engine.CHOICES.items():
        name = "TokenizerName" if field == "tokens" else f"{field.capitalize()}Name"
        quoted = [f'"{choice}"' for choice in choices]
        line = f"{name} = Literal[{', '.join(quoted)}]"
        if len(line) > LONGEST:
            line = "\n    ".join([f"{name} = Literal[", *(f"{each}," for each in quoted)]) + "\n]"
        found = re.search(rf"^{name} = Literal\[[^\]]*\]$", text, re.MULTILINE)
        assert found, name
        text = text.replace(found[0], line)
    return text


if __name__ == "__main__":
    PATH.write_text(written(PATH.read_text()))
