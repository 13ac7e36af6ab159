"""The recurrent layers of a file of Keras, under the names and in the shapes of PyTorch.

A ``.weights.h5`` file has the arrays alone: what layer they are of is told by their shapes and by
the names of Keras 3, ``layers/lstm/cell/vars/0``, or of Keras 2, ``lstm/lstm_cell/kernel:0``. A
``.keras`` file also says which functions its layers have. Both are read as data: no layer is made.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.cells import CELLS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights import hdf5
from unrolled.engine.weights.npz import MOST_BYTES, UNREADABLE
from unrolled.engine.weights.stored import Stored, refusal

_MOST_CONFIG = 2**24
"""Bytes of the description of the layers, at most."""
_KNOWN = {
    **{"activation": "tanh", "recurrent_activation": "sigmoid", "go_backwards": False},
    **{"merge_mode": "concat"},
}
"""The options of a recurrent layer that change what it computes, and what they must be here."""
_AROUND = {"layers", "model_weights", "cell", "cells", "_layer_checkpoint_dependencies"}
"""Names of groups that say nothing of a layer."""
_CELL = re.compile(r"\w*_cell(?:_(\d+))?")
_WAY = re.compile(r"(forward|backward)_\w+")


def weights_file(content: bytes, file: str) -> dict[str, Stored]:
    """Return the arrays of a ``.weights.h5`` file, or of a whole model in one of Keras 2."""
    return _stored(content, file, {})


def model_file(content: bytes, file: str) -> dict[str, Stored]:
    """Return the arrays of a ``.keras`` file, whose description says which functions they have."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            described = _member(packed, "config.json", _MOST_CONFIG)
            weights = _member(packed, "model.weights.h5", MOST_BYTES)
        layers = {each["config"]["name"]: each for each in _layers(json.loads(described))}
    except (*UNREADABLE, RecursionError):
        raise refusal("broken", file, kind="keras") from None
    return _stored(weights, file, layers)


def _member(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a file in an archive, as far as it may be long."""
    with packed.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise ValueError(name)
    return content


def _layers(described: Any) -> Iterator[dict[str, Any]]:
    """Yield the layers in a description, at any depth."""
    if isinstance(described, dict):
        config = described.get("config")
        if isinstance(config, dict) and isinstance(config.get("name"), str):
            yield described
        for each in described.values():
            yield from _layers(each)
    elif isinstance(described, list):
        for each in described:
            yield from _layers(each)


def _stored(content: bytes, file: str, layers: Mapping[str, Any]) -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    for path, variables in hdf5.layers_in(content, file).items():
        if 0 not in variables or len(variables[0].shape) != 2:
            continue
        if 1 in variables and len(variables[1].shape) == 2:
            found |= _recurrent(_place(path, variables[0]), variables, layers)
        else:
            name, _, _ = _place(path, variables[0])
            found |= _plain(name, variables, layers)
    return found


class Place(NamedTuple):
    """The layer that an array is of."""

    name: str
    layer: int
    """Layers below it, in a layer of several cells."""
    reverse: bool
    """Whether it reads from the end."""


def _place(path: str, kernel: hdf5.Variable) -> Place:
    """Return the layer of a path: in Keras 2, whose variables have names, its first part."""
    parts = [each for each in path.split("/") if each not in _AROUND]
    cell = _CELL.fullmatch(parts[-1]) if len(parts) > 1 else None
    stacked = cell is not None and "cells" in path.split("/")
    layer = int(cell[1] or 0) if cell and stacked else 0
    if cell:
        parts = parts[:-1]
    if not kernel.path[-1].isdecimal():
        ways = [each for each in parts[1:] if _WAY.fullmatch(each)]
        return Place(parts[0], layer, any(each.startswith("backward") for each in ways))
    own = [each for each in parts if each not in ("forward_layer", "backward_layer")]
    return Place(".".join(own), layer, "backward_layer" in parts)


def _recurrent(
    place: Place,
    variables: Mapping[int, hdf5.Variable],
    layers: Mapping[str, Any],
) -> dict[str, Stored]:
    """Return the weights of one recurrent layer by PyTorch's names."""
    kernel, recurrent, bias = (variables.get(k) for k in range(3))
    assert kernel and recurrent
    described = layers.get(place.name.rpartition(".")[2], {})
    cell = _cell_of(recurrent.shape, bias, described)
    kind = CELLS[cell].keras if cell else None

    def turned(variable: hdf5.Variable) -> Floats:
        array = _numbers(variable)
        return (kind.in_own_order(array) if kind else array).T

    def bias_of(row: int) -> Floats:
        assert bias
        array = np.atleast_2d(turned(bias).T)
        return array[row] if row < len(array) else np.zeros_like(array[0])

    named = f"{place.name}." if place.name else ""
    end = f"_l{place.layer}{'_reverse' * place.reverse}"
    found = {
        "weight_ih": Stored(
            kernel.shape[::-1], partial(turned, kernel), cell, _problem(place.name, described)
        ),
        "weight_hh": Stored(recurrent.shape[::-1], partial(turned, recurrent)),
    }
    if bias:
        for row, name in enumerate(("bias_ih", "bias_hh")):
            found[name] = Stored(bias.shape[-1:], partial(bias_of, row))
    return {f"{named}{name}{end}": each for name, each in found.items()}


def _numbers(variable: hdf5.Variable) -> Floats:
    """Return an array in float64; raises ``ExperimentError`` where it is not finite."""
    array = np.asarray(variable.array, dtype=np.float64)
    if not np.isfinite(array).all():
        raise refusal("finite", variable.path)
    return array


def _cell_of(
    shape: tuple[int, ...], bias: hdf5.Variable | None, described: Mapping[str, Any]
) -> str:
    """Return the cell of the shapes: the GRU that resets its product has two rows of biases."""
    H, columns = shape
    blocks = columns // H if H and columns % H == 0 else 0
    if blocks == 3:
        options = [each["config"].get("reset_after") for each in _layers(described)]
        before = False in options if bias is None else len(bias.shape) == 1
        return "gru-2014" if before else "gru"
    return {1: "rnn", 4: "lstm"}.get(blocks, "")


def _problem(name: str, described: Mapping[str, Any]) -> ExperimentError | None:
    """Return the error of a layer with a function that is not here."""
    both = described.get("class_name") == "Bidirectional"
    for each in _layers(described):
        for option, known in _KNOWN.items():
            if both and option == "go_backwards":
                continue
            if (found := each["config"].get(option, known)) != known:
                kind = json.dumps(found)[:80]
                return refusal("function", name, name=option, kind=kind, known=json.dumps(known))
    return None


def _plain(
    name: str,
    variables: Mapping[int, hdf5.Variable],
    layers: Mapping[str, Any],
) -> dict[str, Stored]:
    """Return the weights of a dense layer, or the table of an embedding."""
    kernel, last = variables[0], name.rpartition(".")[2]
    kind = layers.get(last, {}).get("class_name", "")
    if kind == "Embedding" or (not kind and 1 not in variables and last.startswith("embedding")):
        return {f"{name}.weight": Stored(kernel.shape, partial(_numbers, kernel))}
    found = {f"{name}.weight": Stored(kernel.shape[::-1], lambda: np.transpose(_numbers(kernel)))}
    bias = variables.get(1, variables.get(2))
    if bias is not None and bias.shape == kernel.shape[1:]:
        found[f"{name}.bias"] = Stored(bias.shape, partial(_numbers, bias))
    return found
