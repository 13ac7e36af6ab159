"""JSON with null for non-finite numbers, written without blocking other threads."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pydantic_core import to_json


def as_json(value: object) -> bytearray:
    """Return a value as JSON, its arrays as lists; NaN and infinities are null.

    A table is written row by row, and a mapping entry by entry, so that other threads can run in
    between. The pieces are not joined, which would block them again.
    """
    written = bytearray()
    for piece in _pieces(value):
        written += piece
    return written


def _pieces(value: object) -> Iterator[bytes]:
    if isinstance(value, Mapping):
        before = b"{"
        for name, entry in value.items():
            yield before + to_json(str(name)) + b":"
            yield from _pieces(entry)
            before = b","
        yield b"}" if value else b"{}"
    elif isinstance(value, np.ndarray) and value.ndim > 1:
        before = b"["
        for row in value:
            yield before
            yield from _pieces(row)
            before = b","
        yield b"]" if len(value) else b"[]"
    else:
        yield to_json(value, inf_nan_mode="null", fallback=_plain)


def _plain(value: Any) -> Any:
    return value.tolist()
