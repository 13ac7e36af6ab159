"""An array of a file of weights before it is read, and the error of such a file."""

from collections.abc import Callable
from typing import Any, NamedTuple

from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.validation import quote

_LONGEST_NAME = 80
"""Characters of a name that an error shows."""


class Stored(NamedTuple):
    """An array in a file, before it is read."""

    shape: tuple[int, ...]
    read: Callable[[], Floats]
    """Returns it in float64; raises ``ValueError`` where it holds no such numbers."""
    cell: str = ""
    """The cell whose input weights it is, where the file says it: a key of ``CELLS``."""
    problem: ExperimentError | None = None
    """The error of the module that it belongs to, where the file says what cannot be run here."""


def refusal(code: str, file: str, **details: Any) -> ExperimentError:
    """Return the error of a file of weights."""
    named = quote(file, _LONGEST_NAME)[1:].removesuffix('"')
    return ExperimentError("weights", f"weights_{code}", value=named, **details)
