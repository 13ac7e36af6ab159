"""The layers of an HDF5 file of Keras: their arrays, read in a process of its own."""

import io
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.weights.npz import UNREADABLE
from unrolled.engine.weights.stored import refusal

_PROCESS = Path(__file__).with_name("hdf5_process.py")
_SECONDS = 30
"""Seconds that the process may take on a busy machine."""
_INSTALL = "pip install 'unrolled[keras]'"
_VARIABLES = {"kernel": 0, "recurrent_kernel": 1, "bias": 2, "embeddings": 0}
"""Names of the variables of a layer, and their numbers in Keras 3."""


class Variable(NamedTuple):
    """An array of a layer in the file."""

    path: str
    array: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array."""
        shape: tuple[int, ...] = self.array.shape
        return shape


def layers_in(content: bytes, file: str) -> dict[str, dict[int, Variable]]:
    """Return the variables of each layer in a file, by the path of its group."""
    if not find_spec("h5py"):
        raise refusal("package", file, package="h5py", install=_INSTALL)
    try:
        told, arrays = _read(content)
    except (*UNREADABLE, OSError, subprocess.SubprocessError):
        raise refusal("broken", file, kind="HDF5") from None
    if "refused" in told:
        code, path, details = told["refused"]
        raise refusal(code, path, **details)
    found: dict[str, dict[int, Variable]] = {}
    for path, array in zip(told["paths"], arrays, strict=True):
        group, _, name = path.removesuffix(":0").rpartition("/")
        number = int(name) if name.isdecimal() else _VARIABLES.get(name)
        if number is not None:
            layer = found.setdefault(group.removesuffix("/vars"), {})
            layer[number] = Variable(path, array)
    return {_labelled(path, told["names"]): variables for path, variables in found.items()}


def _read(content: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return what the process tells of a file, and its arrays."""
    command = [sys.executable, "-P", str(_PROCESS)]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ran = subprocess.run(
        command, input=content, capture_output=True, timeout=_SECONDS, check=True, env=env
    )
    with np.load(io.BytesIO(ran.stdout), allow_pickle=False) as file:
        told = json.loads(str(file["told"]))
        return told, [file[str(k)] for k in range(len(told.get("paths", ())))]


def _labelled(path: str, names: dict[str, str]) -> str:
    """Return a path with the names that its layers were given, where they have such names."""
    parts = path.split("/")
    for k in range(1, len(parts)):
        if parts[k - 1] == "layers":
            parts[k] = names.get("/".join(path.split("/")[: k + 1]), parts[k])
    return "/".join(parts)
