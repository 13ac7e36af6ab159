"""The process in which an HDF5 file is read: its content comes in, its arrays go out as an npz.

A damaged file can keep the HDF5 library in a loop, or end its process, so it gets one of its own,
with limits. What leads out of the file is refused. The process needs NumPy and h5py alone.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

_SECONDS = 3
"""Processor time for one file."""
_MOST_OBJECTS = 10_000
"""Groups and arrays of a file, at most."""
_MOST_DEPTH = 32
"""Groups within one another, at most."""
_MOST_NUMBERS = 2**25
"""Numbers of a file, at most."""
_MEMORY = 2**32
"""Bytes of the process's addresses, at most."""


class RefusedError(Exception):
    """A reason that has a name: its code, the object, and the details of its sentence."""


def main() -> None:
    """Read a file from the standard input, and write its arrays to the standard output."""
    if resource:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    arrays: dict[str, Any] = {}
    told: dict[str, Any] = {"paths": [], "names": {}}
    try:
        with h5py.File(io.BytesIO(sys.stdin.buffer.read()), "r") as file:
            for path, array in _arrays(file, told["names"]):
                arrays[str(len(told["paths"]))] = array
                told["paths"].append(path)
    except RefusedError as refused:
        arrays, told = {}, {"refused": refused.args}
    written = io.BytesIO()
    np.savez(written, told=np.array(json.dumps(told)), **arrays)
    sys.stdout.buffer.write(written.getvalue())


def _arrays(file: h5py.File, names: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield the floating-point arrays, and keep in ``names`` what Keras calls their groups."""
    count = 0
    for path, each in _objects(file):
        if isinstance(each, h5py.Dataset):
            if each.dtype.kind == "f" and each.shape is not None:
                count += each.size
                if count > _MOST_NUMBERS:
                    raise RefusedError("numbers", path, {"count": count, "limit": _MOST_NUMBERS})
                yield path, each[()]
        elif path.endswith("/vars") and isinstance(name := each.attrs.get("name"), str):
            names[path.removesuffix("/vars")] = name


def _objects(file: h5py.File) -> Iterator[tuple[str, Any]]:
    """Yield the groups and arrays of a file."""
    waiting, count = [("", file)], 0
    while waiting:
        path, group = waiting.pop()
        for name in group:
            own = f"{path}/{name}".lstrip("/")
            count += 1
            if count > _MOST_OBJECTS or own.count("/") > _MOST_DEPTH:
                raise RefusedError("many", own, {"count": count, "limit": _MOST_OBJECTS})
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise RefusedError("link", own, {})
            found = group[name]
            if isinstance(found, h5py.Dataset) and (found.external or found.is_virtual):
                raise RefusedError("link", own, {})
            yield own, found
            if isinstance(found, h5py.Group):
                waiting.append((own, found))


if __name__ == "__main__":
    main()
