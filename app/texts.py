"""Conversion of values from a URL or a command line."""

from contextlib import suppress
from typing import Any


def typed(text: str, kind: type) -> Any:
    """Return a value of type ``kind``, or the text if it is invalid, for later validation."""
    try:
        return kind(text)
    except ValueError:
        pass
    with suppress(ValueError):
        if kind is int and float(text).is_integer():  # 16.0, as some programs write 16
            return int(float(text))
    return text
