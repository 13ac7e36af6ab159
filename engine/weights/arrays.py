"""The arrays of a file of weights, which is read as data: nothing in it is run.

A small file can claim to hold a huge array, so its head is looked at before memory is taken.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights import keras_file
from unrolled.engine.weights.npz import UNREADABLE, ArrayError, array_of, head_of
from unrolled.engine.weights.stored import Stored, refusal

MOST_BYTES = 2**31
"""Bytes of a file, at most."""
MOST_ARRAYS = 10_000
"""Arrays of a file, at most."""
_MOST_HEADER = 2**22
"""Bytes before the arrays of a safetensors file, at most."""
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")
"""Endings of files whose reading can run code."""
_START = 512
"""Bytes in which an archive of PyTorch has the name of its pickle."""
_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")
REMEDY = (
    "from safetensors.torch import save_file\nsave_file(model.state_dict(), 'model.safetensors')"
)
"""The two lines that write a file of weights in PyTorch."""
PART = (
    "from safetensors.torch import save_file\n"
    "save_file({k: v.float().contiguous() for k, v in model.state_dict().items()\n"
    "           if k.startswith(('rnn.', 'head.'))}, 'model.safetensors')"
)
"""The lines that write some modules of a model alone."""


def stored_in(path: Path) -> Mapping[str, Stored]:
    """Return the arrays of a file, by name.

    Raises
    ------
    ExperimentError
        Where the file has another ending, is damaged, or is too large.
    OSError
        Where there is no such file.
    """
    check_ending(path.name)
    if path.stat().st_size > MOST_BYTES:
        raise refusal("size", path.name, limit=MOST_BYTES >> 20, example=PART)
    content = path.read_bytes()
    check_content(content, path.name)
    return arrays_in(content, path.name)


def arrays_in(content: bytes, name: str) -> Mapping[str, Stored]:
    """Return the arrays in the bytes of a file of that name, as ``stored_in`` does."""
    found = _READERS[check_ending(name)](content, name)
    if len(found) > MOST_ARRAYS:
        raise refusal("many", name, count=len(found), limit=MOST_ARRAYS)
    return found


def arrays_told(head: bytes, name: str) -> Mapping[str, Stored]:
    """Return the arrays that the head of a ``.safetensors`` file tells, whose numbers are not read.

    Raises ``ExperimentError`` where it is no such head: the bytes before the first array.
    """
    try:
        found = _shapes(head)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refusal("broken", name, kind="safetensors") from None
    if len(found) > MOST_ARRAYS:
        raise refusal("many", name, count=len(found), limit=MOST_ARRAYS)
    return {each: Stored(found[each], partial(_absent, each)) for each in sorted(found)}


def _shapes(head: bytes) -> dict[str, tuple[int, ...]]:
    if len(head) - 8 != int.from_bytes(head[:8], "little") or len(head) > _MOST_HEADER + 8:
        raise ValueError("it is no whole head")
    told = json.loads(head[8:])
    told.pop("__metadata__", None)
    found = {name: tuple(each["shape"]) for name, each in told.items()}
    if any(type(n) is not int or n < 0 for shape in found.values() for n in shape):
        raise ValueError("a size is no number")
    return found


def _absent(name: str) -> Floats:
    raise refusal("missing", name)


def check_ending(name: str) -> str:
    """Return the ending of a file's name; raises ``ExperimentError`` where it is not read."""
    ending = Path(name).suffix.lower()
    if ending in PICKLES:
        raise refusal("pickle", name, example=REMEDY)
    if ending not in _READERS:
        raise refusal("ending", name, known=", ".join(_READERS), example=REMEDY)
    return ending


def check_content(content: bytes, name: str) -> None:
    """Raise ``ExperimentError`` where a file is a pickle, whatever its ending says."""
    packed = content.startswith(b"PK") and b"data.pkl" in content[:_START]
    bare = content[:1] == b"\x80" and content[1:2] in _PROTOCOLS and any(content[3:8])
    if packed or bare:  # the length of a safetensors head has zeros there
        raise refusal("pickle", name, example=REMEDY)


def _safetensors(content: bytes, file: str) -> dict[str, Stored]:
    from safetensors import SafetensorError, deserialize

    if int.from_bytes(content[:8], "little") > _MOST_HEADER:
        raise refusal("broken", file, kind="safetensors")
    try:
        found: list[tuple[str, dict[str, Any]]] = deserialize(content)  # type: ignore[no-untyped-call]
    except SafetensorError:
        raise refusal("broken", file, kind="safetensors") from None
    return {
        name: Stored(tuple(told["shape"]), partial(_decoded, name, told))
        for name, told in sorted(found)
    }


def _decoded(name: str, told: Mapping[str, Any]) -> Floats:
    kind, content = told["dtype"], told["data"]
    if kind not in _KINDS:
        raise refusal("kind", name, kind=kind, known=", ".join(_KINDS))
    raw = np.frombuffer(content, dtype=_KINDS[kind])
    if kind == "BF16":  # the upper half of a float32
        raw = (raw.astype("<u4") << 16).view("<f4")
    return raw.astype(np.float64).reshape(told["shape"])


_KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def _npz(content: bytes, file: str) -> dict[str, Stored]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = [each for each in packed.namelist() if each.endswith(".npy")]
            names = [each.removesuffix(".npy") for each in members[: MOST_ARRAYS + 1]]
            shapes = {name: head_of(packed, name)[0] for name in names}
    except UNREADABLE:
        raise refusal("broken", file, kind="npz") from None
    return {
        name: Stored(shape, partial(_unpacked, content, file, name, shape))
        for name, shape in shapes.items()
    }


def _unpacked(content: bytes, file: str, name: str, shape: tuple[int, ...]) -> Floats:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            array = array_of(packed, name, shape)
    except ArrayError:
        raise refusal("finite", name) from None
    except UNREADABLE:
        raise refusal("broken", file, kind="npz") from None
    if array.dtype.kind != "f":
        raise refusal("kind", name, kind=str(array.dtype), known="float64, float32, float16")
    return np.asarray(array, dtype=np.float64)


_READERS: dict[str, Callable[[bytes, str], dict[str, Stored]]] = {
    ".safetensors": _safetensors,
    ".npz": _npz,
    ".keras": keras_file.model_file,
    ".h5": keras_file.weights_file,
}
