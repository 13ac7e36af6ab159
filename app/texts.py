"""Values that arrive as text: in an address, or on the line of a command."""

from typing import Any


def typed(text: str, kind: type) -> Any:
    """Return a value as its kind has it, or else the text, for its reader to refuse by name."""
    try:
        return kind(text)
    except ValueError:
        return text
