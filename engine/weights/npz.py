"""The arrays of a file: writing them, and reading a file that may hold anything."""

import io
import json
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.engine import files
from unrolled.engine.errors import ExperimentError

MOST_BYTES = 2**28
"""Bytes of one array, at most."""
_MOST_TEXT = 2**24
"""Bytes of one text, at most."""
_MOST_HEADER = 2**16
"""Bytes that the head of an array in a file can have, at most."""
_HEAD = 10
"""Bytes before the head."""
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
"""What a file raises that ``write`` did not write."""


class ArrayError(ValueError):
    """An array of a file that a checkpoint cannot have, by its name."""


def packed(arrays: Mapping[str, Any], compressed: bool = False) -> bytes:
    """Return the content of a file of arrays."""
    content, save = io.BytesIO(), np.savez_compressed if compressed else np.savez
    save(content, allow_pickle=False, **arrays)
    return content.getvalue()


def write(path: Path, arrays: dict[str, Any]) -> None:
    """Write a file of arrays; it is whole or not there."""
    files.write(path, packed(arrays))


@contextmanager
def opened(content: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a checkpoint of that name; what is wrong with it is an ``ExperimentError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            yield file
    except ExperimentError:
        raise
    except ArrayError as error:
        array = str(error)
        raise ExperimentError("checkpoint", "checkpoint_array", value=name, name=array) from None
    except UNREADABLE:
        raise ExperimentError("checkpoint", "checkpoint", value=name) from None


def head_of(file: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], "np.dtype[Any]"]:
    """Return the shape and the type that the head of an array tells."""
    with file.open(f"{name}.npy") as member:
        if np.lib.format.read_magic(member) != (1, 0):
            raise ArrayError(name)
        found, _, kind = np.lib.format.read_array_header_1_0(member, max_header_size=_MOST_HEADER)
    return found, kind


def array_of(file: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> Any:
    """Return an array of finite numbers of a file, or a text, after a look at its head."""
    array = any_array_of(file, name, shape)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ArrayError(name)
    return array


def any_array_of(file: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> Any:
    """Return an array of a file, whose numbers may be infinite, after a look at its head.

    A small file can claim to be a huge one.
    """
    found, kind = head_of(file, name)
    size = math.prod(found) * kind.itemsize
    most = _MOST_TEXT if kind.kind == "U" else MOST_BYTES
    if found != shape or kind.hasobject or size > most:
        raise ArrayError(name)
    with file.open(f"{name}.npy") as member:
        content = member.read(size + _MOST_HEADER + _HEAD)
    return np.load(io.BytesIO(content), allow_pickle=False)


def json_of(file: zipfile.ZipFile, name: str, usual: str) -> Any:
    """Return the content of an array of JSON; older files have none."""
    there = f"{name}.npy" in file.namelist()
    return json.loads(str(array_of(file, name, ())[()]) if there else usual)
