"""An HDF5 file as data: its arrays, each where it is; what leads out of the file is refused."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights.npz import MOST_BYTES, UNREADABLE
from unrolled.engine.weights.stored import refusal

MOST_OBJECTS = 10_000
"""Groups and arrays of a file, at most."""
_MOST_DEPTH = 32
"""Groups within one another, at most."""
_INSTALL = "pip install 'unrolled[keras]'"
_VARIABLES = {"kernel": 0, "recurrent_kernel": 1, "bias": 2, "embeddings": 0}
"""Names of the variables of a layer, and their numbers in Keras 3."""


class Variable(NamedTuple):
    """An array of a layer in the file."""

    path: str
    shape: tuple[int, ...]


def groups(content: bytes, file: str) -> dict[str, dict[int, Variable]]:
    """Return the variables of each layer in a file, by the path of its group."""
    found: dict[str, dict[int, Variable]] = {}
    names: dict[str, str] = {}
    try:
        with _opened(content, file) as opened:
            for path, each in _objects(opened):
                group, _, name = path.removesuffix(":0").rpartition("/")
                if hasattr(each, "shape"):
                    number = int(name) if name.isdecimal() else _VARIABLES.get(name)
                    if number is not None and each.dtype.kind == "f":
                        layer = found.setdefault(group.removesuffix("/vars"), {})
                        layer[number] = Variable(path, each.shape)
                elif name == "vars" and isinstance(label := each.attrs.get("name"), str):
                    names[group] = label
    except ExperimentError:
        raise
    except (*UNREADABLE, OSError):
        raise refusal("broken", file, kind="HDF5") from None
    return {_labelled(path, names): variables for path, variables in found.items()}


def _labelled(path: str, names: Mapping[str, str]) -> str:
    """Return a path with the names that its layers were given, where they have such names."""
    parts = path.split("/")
    for k in range(1, len(parts)):
        if parts[k - 1] == "layers":
            parts[k] = names.get("/".join(path.split("/")[: k + 1]), parts[k])
    return "/".join(parts)


def read(content: bytes, file: str, path: str) -> Floats:
    with _opened(content, file) as opened:
        found = opened[path]
        if found.size * 8 > MOST_BYTES:
            raise refusal("numbers", path, count=found.size, limit=MOST_BYTES // 8)
        try:
            array = np.asarray(found[()], dtype=np.float64)
        except (*UNREADABLE, OSError):
            raise refusal("broken", file, kind="HDF5") from None
    if not np.isfinite(array).all():
        raise refusal("finite", path)
    return array


def _opened(content: bytes, file: str) -> Any:
    """Open the bytes of a file; what is wrong with it is an ``ExperimentError``."""
    try:
        import h5py
    except ImportError:
        raise refusal("package", file, package="h5py", install=_INSTALL) from None
    try:
        return h5py.File(io.BytesIO(content), "r")
    except (*UNREADABLE, OSError):
        raise refusal("broken", file, kind="HDF5") from None


def _objects(group: Any) -> Iterator[tuple[str, Any]]:
    """Yield the groups and arrays of a file; what leads out of it is refused."""
    import h5py

    waiting, count = [("", group)], 0
    while waiting:
        path, each = waiting.pop()
        for name in each:
            own = f"{path}/{name}".lstrip("/")
            count += 1
            if count > MOST_OBJECTS or own.count("/") > _MOST_DEPTH:
                raise refusal("many", own, count=count, limit=MOST_OBJECTS)
            if not isinstance(each.get(name, getlink=True), h5py.HardLink):
                raise refusal("link", own)
            found = each[name]
            if isinstance(found, h5py.Dataset) and (found.external or found.is_virtual):
                raise refusal("link", own)
            yield own, found
            if isinstance(found, h5py.Group):
                waiting.append((own, found))
