"""Values that arrive as text: in an address, or on the line of a command."""

from contextlib import suppress
from typing import Any


def typed(text: str, kind: type) -> Any:
    """Return a value as its kind has it, or else the text, for its reader to refuse by name."""
    try:
        return kind(text)
    except ValueError:
        pass
    with suppress(ValueError):
        if kind is int and float(text).is_integer():  # 16.0, as some programs write 16
            return int(float(text))
    return text
