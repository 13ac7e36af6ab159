"""A sequence of numbers from a user's file: (T, D) from `.npy`, `.npz` or `.csv`."""

import csv
import io
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.engine import ExperimentError
from unrolled.engine.validation import quote
from unrolled.engine.weights.npz import MOST_BYTES, UNREADABLE, array_of, head_of
from unrolled.engine.weights.own_problem import Data

ENDINGS = (".npy", ".csv", ".txt")
"""Files of one table of numbers; an ``.npz`` may hold one as ``x``, and its targets as ``y``."""
_MOST_COLUMNS = 4096

Read = tuple[Any, Any, tuple[str, ...]]
"""The numbers, their targets, if any, and the names of the columns, if they have any."""


def data_in(content: bytes, name: str, inputs: int, outputs: int, most: int) -> Data:
    """Return the numbers of a file as a network with so many inputs and outputs reads them.

    Parameters
    ----------
    most
        Timesteps, at most.

    Raises
    ------
    ExperimentError
        Where the file holds no such numbers.
    """
    try:
        x, y, columns = _READERS[Path(name).suffix.lower()](content)
    except UNREADABLE:
        raise _refusal("broken", name) from None
    x = _table(x, name)
    if x.shape[1] != inputs:
        raise _refusal("width", name, count=x.shape[1], known=inputs)
    if len(x) > most:
        raise ExperimentError("sequence", "too_long", count=len(x), limit=most)
    if y is not None:
        y = _targets(_table(y, name), len(x))
        if y.shape != (len(x), outputs):
            raise _refusal("targets", name, shape=str(y.shape), wanted=f"({len(x)}, {outputs})")
    return Data(Path(name).name, x, y, columns=columns)


def _targets(y: Any, count: int) -> Any:
    """Return targets over T timesteps; those of a single one are at T."""
    if len(y) != 1 or count == 1:
        return y
    whole = np.full((count, y.shape[1]), np.nan)
    whole[-1] = y[0]
    return whole


def _table(array: Any, name: str) -> Any:
    """Return (T, D) finite numbers; a batch of one is its only sequence."""
    if array.ndim == 3 and 1 in array.shape[:2]:
        array = array.reshape(-1, array.shape[2])
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or not array.size or array.dtype.kind not in "iufb":
        raise _refusal("shape", name, shape=f"{array.dtype} {array.shape}")
    if not np.isfinite(array).all():
        raise _refusal("finite", name)
    return array.astype(np.float64)


def _npy(content: bytes) -> Read:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("x.npy", content)
    return _npz(packed.getvalue())


def _npz(content: bytes) -> Read:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [each.removesuffix(".npy") for each in file.namelist() if each.endswith(".npy")]
        x = "x" if "x" in names else names[0]
        return _array(file, x), _array(file, "y") if "y" in names else None, ()


def _array(file: zipfile.ZipFile, name: str) -> Any:
    shape, kind = head_of(file, name)
    if math.prod(shape) * kind.itemsize > MOST_BYTES // 4:
        raise ValueError("it is too large")
    return array_of(file, name, shape)


def _csv(content: bytes) -> Read:
    text = content.decode("utf-8-sig")
    between = next((each for each in ("\t", ";", ",") if each in text), " ")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=between) if any(row)]
    cells = [[each.strip() for each in row if each.strip()] for row in rows]
    names: list[str] = []
    if cells and not _is_number(cells[0][0]):
        names, *cells = cells  # the first row names the columns
    comma = between == ";"
    numbers = [[float(each.replace(",", ".") if comma else each) for each in row] for row in cells]
    if not numbers or len(numbers[0]) > _MOST_COLUMNS:
        raise ValueError("it has no numbers, or too many columns")
    named = len(names) == len(numbers[0])
    return np.array(numbers, dtype=np.float64), None, tuple(names) if named else ()


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


_READERS = {".npy": _npy, ".npz": _npz, ".csv": _csv, ".txt": _csv}


def _refusal(code: str, name: str, **details: Any) -> ExperimentError:
    shown = quote(Path(name).name, 80)[1:].removesuffix('"')
    return ExperimentError("sequence", f"data_{code}", value=shown, **details)
