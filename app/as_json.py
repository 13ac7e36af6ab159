"""Numbers as JSON: null for what is not finite, and no long hold on the interpreter."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic_core import to_json


def as_json(value: object) -> bytes:
    """Return a value as JSON, its arrays as lists; NaN and infinities are null.

    A table is written row by row, and a mapping entry by entry: between two of them other threads
    have their turn, and a large answer does not hold up the server.
    """
    if isinstance(value, Mapping):
        entries = (to_json(str(name)) + b":" + as_json(entry) for name, entry in value.items())
        return b"{" + b",".join(entries) + b"}"
    if isinstance(value, np.ndarray) and value.ndim > 1:
        return b"[" + b",".join(map(as_json, value)) + b"]"
    return to_json(value, inf_nan_mode="null", fallback=_plain)


def _plain(value: Any) -> Any:
    return value.tolist()
