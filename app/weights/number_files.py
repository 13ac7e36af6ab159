"""A sequence of numbers from a user's file: (T, D) from `.npy`, `.npz` or `.csv`."""

import csv
import io
import math
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine import ExperimentError
from unrolled.engine.validation import quote
from unrolled.engine.weights.npz import MOST_BYTES, UNREADABLE, any_array_of, head_of
from unrolled.engine.weights.own_problem import Data

ENDINGS = (".npy", ".csv", ".txt")
"""Files of one table of numbers; an ``.npz`` may hold one as ``x``, and its targets as ``y``."""
_MOST_COLUMNS = 4096
_LONGEST = 80
"""Characters of a place that an error shows."""


class Read(NamedTuple):
    """The numbers of a file."""

    x: Any
    y: Any = None
    """The targets of the numbers, if any."""
    columns: tuple[str, ...] = ()
    """The names of the columns, if they have any."""
    names: tuple[str, str] = ("", "")
    """Those of the arrays of x and y in the file, where it holds several."""


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
    name = Path(name).name
    try:
        read = _READERS[Path(name).suffix.lower()](content, name)
    except ExperimentError:
        raise
    except (csv.Error, *UNREADABLE):
        raise _refusal("broken", name) from None
    places = [_place(name, array) for array in read.names]
    x = _table(read.x, places[0])
    if x.shape[1] != inputs:
        raise _refusal("width", places[0], count=x.shape[1], known=inputs)
    if len(x) > most:
        raise ExperimentError("sequence", "too_long", count=len(x), limit=most)
    y = read.y
    if y is not None:
        y = _targets(y, len(x), outputs, places[1])
    return Data(name, x, y, columns=read.columns)


def _targets(array: Any, count: int, outputs: int, place: str) -> Any:
    """Return targets over T timesteps; those of a single one are at T."""
    y = _table(array, place) if array.ndim and array.size else array
    if y.shape == (1, outputs):
        return np.concatenate([np.full((count - 1, outputs), np.nan), y])
    if y.shape != (count, outputs):
        wanted = {"wanted": f"({count}, {outputs})", "last": f"(1, {outputs})"}
        raise _refusal("targets", place, shape=str(array.shape), **wanted)
    return y


def _table(array: Any, place: str) -> Any:
    """Return (T, D) finite numbers; a batch of one is its only sequence."""
    if not array.size:
        raise _refusal("empty", place)
    shape = array.shape
    if array.ndim == 3 and 1 in shape[:2]:
        array = array.reshape(-1, shape[2])
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2:
        raise _refusal("shape", place, shape=str(shape))
    infinite = np.argwhere(~np.isfinite(array))
    if len(infinite):
        row, column = infinite[0].tolist()
        found = str(array[row, column])
        raise _wrong("finite", place, found, row + 1, column + 1)
    return array.astype(np.float64)


def _npy(content: bytes, name: str) -> Read:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("x.npy", content)
    return _npz(packed.getvalue(), name)._replace(names=("", ""))


def _npz(content: bytes, name: str) -> Read:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [each.removesuffix(".npy") for each in file.namelist() if each.endswith(".npy")]
        if not names:
            raise _refusal("empty", name)
        x = "x" if "x" in names else names[0]
        y = _array(file, name, "y") if "y" in names else None
        return Read(_array(file, name, x), y, names=(x, "y"))


def _array(file: zipfile.ZipFile, name: str, array: str) -> Any:
    shape, kind = head_of(file, array)
    if kind.kind not in "iufb":
        alone = name.lower().endswith(".npy")
        told = quote(str(kind))[1:].removesuffix('"')
        raise _refusal("kind", _place(name, "" if alone else array), kind=told)
    if math.prod(shape) * kind.itemsize > MOST_BYTES // 4:
        raise ValueError("it is too large")
    return any_array_of(file, array, shape)


def _csv(content: bytes, name: str) -> Read:
    text = content.decode("utf-8-sig")
    between = next((each for each in ("\t", ";", ",") if each in text), " ")
    rows = {
        number: _cells(row, between)
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=between), 1)
        if any(map(str.strip, row))
    }
    names: list[str] = []
    if rows and _names_columns(rows[min(rows)]):
        names = rows.pop(min(rows))
    if not rows:
        raise _refusal("empty", name)
    first = min(rows)
    width = len(rows[first])
    if width > _MOST_COLUMNS:
        raise ValueError("it has too many columns")
    for row, cells in rows.items():
        if len(cells) != width:
            said = {"row": row, "count": len(cells), "first": first, "known": width}
            raise _refusal("ragged", name, **said)
    numbers = [
        [_number(cell, name, row, column) for column, cell in enumerate(cells, 1)]
        for row, cells in rows.items()
    ]
    return Read(np.array(numbers), columns=tuple(names) if len(names) == width else ())


def _cells(row: list[str], between: str) -> list[str]:
    """Return the cells of a row, without the empty ones at its end; spaces leave none out.

    Between semicolons a number may have a comma for its point.
    """
    cells = [each.strip() for each in row]
    if between == " ":
        return [each for each in cells if each]
    while not cells[-1]:
        cells.pop()
    pointed = [each.replace(",", ".") if between == ";" else each for each in cells]
    return [new if _is_number(new) else each for new, each in zip(pointed, cells, strict=True)]


def _names_columns(cells: list[str]) -> bool:
    """Return whether the first row of a table names its columns."""
    return not _is_number(cells[0]) and any(each and not _is_number(each) for each in cells)


def _number(cell: str, name: str, row: int, column: int) -> float:
    """Return the number of a cell; raises ``ExperimentError`` where it has none, or no finite."""
    if not cell:
        raise _wrong("blank", name, cell, row, column)
    if not _is_number(cell):
        raise _wrong("word", name, quote(cell), row, column)
    number = float(cell)
    if not math.isfinite(number):
        raise _wrong("finite", name, str(number), row, column)
    return number


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


_READERS = {".npy": _npy, ".npz": _npz, ".csv": _csv, ".txt": _csv}


def _place(name: str, array: str) -> str:
    """Return where numbers are: a file, or an array of it, as NumPy names it."""
    return f"{name}[{quote(array, 40)}]" if array else name


def _wrong(code: str, place: str, found: str, row: int, column: int) -> ExperimentError:
    where = _shown(place)
    said: Any = {"value": found, "row": row, "column": column}
    return ExperimentError("sequence", f"data_{code}", where=where, **said)


def _refusal(code: str, place: str, **details: Any) -> ExperimentError:
    return ExperimentError("sequence", f"data_{code}", value=_shown(place), **details)


def _shown(place: str) -> str:
    place = place if place.isprintable() else ascii(place)[1:-1]
    return place if len(place) <= _LONGEST else place[:_LONGEST] + "…"
