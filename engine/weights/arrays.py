"""The arrays of a file of weights, which is read as data: nothing in it is run.

A small file can claim to hold a huge array, so its head is looked at before memory is taken.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights.npz import UNREADABLE, ArrayError, array_of, head_of

MOST_BYTES = 2**31
"""Bytes of a file, at most."""
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")
"""Endings of files whose reading can run code."""
REMEDY = (
    "from safetensors.torch import save_file\nsave_file(model.state_dict(), 'model.safetensors')"
)
"""The two lines that write a file of weights in PyTorch."""


class Stored(NamedTuple):
    """An array in a file, before it is read."""

    shape: tuple[int, ...]
    read: Callable[[], Floats]
    """Returns it in float64; raises ``ValueError`` where it holds no such numbers."""


def stored_in(path: Path) -> Mapping[str, Stored]:
    """Return the arrays of a file, by name.

    Raises
    ------
    ValueError
        Where the file has another ending, is damaged, or is too large.
    OSError
        Where there is no such file.
    """
    ending = path.suffix.lower()
    if ending in PICKLES:
        raise ValueError(
            f"{path.name} is a pickle, whose reading can run code: write the weights with\n{REMEDY}"
        )
    if ending not in _READERS:
        raise ValueError(f"weights are read from {' or '.join(_READERS)}, got {path.name}")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ValueError(f"{path.name} has {size:,} bytes and the most is {MOST_BYTES:,}")
    return _READERS[ending](path)


def _safetensors(path: Path) -> dict[str, Stored]:
    from safetensors import SafetensorError, deserialize

    try:
        found: list[tuple[str, dict[str, Any]]] = deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise ValueError(f"{path.name} is no whole safetensors file: {error}") from None
    return {
        name: Stored(tuple(told["shape"]), partial(_decoded, name, told))
        for name, told in sorted(found)
    }


def _decoded(name: str, told: Mapping[str, Any]) -> Floats:
    kind, content = told["dtype"], told["data"]
    if kind not in _KINDS:
        raise ValueError(f"{name} has numbers of type {kind}; {', '.join(_KINDS)} can be read")
    raw = np.frombuffer(content, dtype=_KINDS[kind])
    if kind == "BF16":  # the upper half of a float32
        raw = (raw.astype("<u4") << 16).view("<f4")
    return raw.astype(np.float64).reshape(told["shape"])


_KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def _npz(path: Path) -> dict[str, Stored]:
    content = io.BytesIO(path.read_bytes())
    try:
        with zipfile.ZipFile(content) as file:
            members = [each for each in file.namelist() if each.endswith(".npy")]
            names = [each.removesuffix(".npy") for each in members]
            shapes = {name: head_of(file, name)[0] for name in names}
    except UNREADABLE:
        raise ValueError(f"{path.name} is no whole npz file") from None
    return {
        name: Stored(shape, partial(_unpacked, content, path.name, name, shape))
        for name, shape in shapes.items()
    }


def _unpacked(content: io.BytesIO, file_name: str, name: str, shape: tuple[int, ...]) -> Floats:
    try:
        with zipfile.ZipFile(content) as file:
            array = array_of(file, name, shape)
    except ArrayError:
        raise ValueError(f"{name} must hold finite numbers") from None
    except UNREADABLE:
        raise ValueError(f"{file_name} is no whole npz file") from None
    if array.dtype.kind != "f":
        raise ValueError(f"{name} has numbers of type {array.dtype}; floating point can be read")
    return np.asarray(array, dtype=np.float64)


_READERS: dict[str, Callable[[Path], dict[str, Stored]]] = {
    ".safetensors": _safetensors,
    ".npz": _npz,
}
