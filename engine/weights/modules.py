"""The recurrent modules among the arrays of a file, found by PyTorch's names and shapes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from unrolled.engine.description.keywords import CellName
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights.arrays import Stored, stored_in

BLOCKS = {1: "rnn", 3: "gru", 4: "lstm"}
"""The cell of PyTorch whose weights have so many blocks of H rows."""
_INPUT = re.compile(r"(?:(?P<prefix>.*)\.)?weight_ih(?:_l(?P<layer>\d+)(?P<reverse>_reverse)?)?")
"""The input weights of a layer, or of a cell by itself (``nn.LSTMCell``)."""
_NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@dataclass(frozen=True, slots=True)
class RecurrentModule:
    """A recurrent module of a file: where it is, and what it is."""

    name: str
    """What stands before ``weight_ih_l0``, such as ``model.rnn``; empty at the top of the file."""
    cell: str
    """A key of ``CELLS``; empty where the shapes are those of no cell."""
    inputs: int
    """Entries of x_t."""
    hidden_size: int
    """H."""
    layers: int
    """Modules on top of one another."""
    bidirectional: bool
    """Whether each layer reads from both ends."""
    refused: str
    """Why it cannot be run here; empty if it can."""
    alone: bool
    """Whether it is one cell, such as an ``nn.LSTMCell``, whose names have no ``_l0``."""

    def __repr__(self) -> str:
        ways = ", both directions" if self.bidirectional else ""
        kind = self.cell.upper() or "no cell"
        sizes = f"inputs={self.inputs}, H={self.hidden_size}, layers={self.layers}{ways}"
        return f"{self.name or 'at the top'}: {kind}, {sizes}"


def modules_in(path: str | Path) -> tuple[RecurrentModule, ...]:
    """Return the recurrent modules of a file of weights, in the order of their names.

    Parameters
    ----------
    path
        A ``.safetensors`` or ``.npz`` file with PyTorch's names: ``weight_ih_l0`` and its kind,
        each with a prefix such as ``model.rnn.``, or none.

    Returns
    -------
    tuple of RecurrentModule
        Each as it would be named in ``Network.load``; ``refused`` says why one cannot run.

    Raises
    ------
    ValueError
        Where the file has another ending, or is damaged.
    OSError
        Where there is no such file.
    """
    return _modules(stored_in(Path(path)))


def state_dict_of(
    path: Path, module: str | None, head: str | None, embedding: str | None, *, deep: bool = False
) -> tuple[dict[str, Floats], CellName]:
    """Return the weights of a module and its readout, as ``from_state_dict`` takes them.

    ``deep`` modules may have several layers, and read in both directions.

    Returns
    -------
    dict, str
        The weights, and the name of the cell.
    """
    stored = stored_in(path)
    found = _chosen(_modules(stored), module, path.name, deep)
    prefix = f"{found.name}." if found.name else ""
    own = {
        f"{name}_l{k}{way}": f"{prefix}{name}" if found.alone else f"{prefix}{name}_l{k}{way}"
        for k in range(found.layers)
        for way in ("", "_reverse")[: 1 + found.bidirectional]
        for name in _NAMES
    }
    state = {name: stored[each].read() for name, each in own.items() if each in stored}
    if embedding is not None:
        table = _table(stored, embedding, found.inputs).read()
        for name in ("weight_ih_l0", "weight_ih_l0_reverse")[: 1 + found.bidirectional]:
            state[name] = state[name] @ table.T
    width = found.hidden_size * (1 + found.bidirectional)
    readout = _readout(stored, {*own.values()}, head, embedding, width)
    state["head.weight"] = stored[f"{readout}.weight"].read()
    if f"{readout}.bias" in stored:
        state["head.bias"] = stored[f"{readout}.bias"].read()
    return state, cast(CellName, found.cell)


def _modules(stored: Mapping[str, Stored]) -> tuple[RecurrentModule, ...]:
    layers: dict[str, dict[int, str]] = {}
    reversed_ = set()
    for name in stored:
        if not (match := _INPUT.fullmatch(name)):
            continue
        prefix = match["prefix"] or ""
        if match["reverse"]:
            reversed_.add(prefix)
        else:
            layers.setdefault(prefix, {})[int(match["layer"] or 0)] = name
    return tuple(
        _module(stored, prefix, layers[prefix], prefix in reversed_)
        for prefix in sorted(layers)
        if 0 in layers[prefix]
    )


def _module(
    stored: Mapping[str, Stored], prefix: str, layers: Mapping[int, str], bidirectional: bool
) -> RecurrentModule:
    first = layers[0]
    start, _, suffix = first.rpartition("weight_ih")
    W_ih, W_hh = stored[first].shape, stored.get(f"{start}weight_hh{suffix}")
    sizes = W_hh.shape if W_hh and len(W_hh.shape) == len(W_ih) == 2 else (0, 0)
    rows, H = sizes
    cell = BLOCKS.get(rows // H, "") if H and rows % H == 0 and W_ih[0] == rows else ""
    projected = f"{start}weight_hr{suffix}" in stored
    refused = ""
    if projected:
        refused = "it has projections (proj_size), which are not here"
    elif not cell:
        refused = f"its shapes {W_ih} and {sizes} are those of no nn.RNN, nn.LSTM or nn.GRU"
    inputs = W_ih[1] if len(W_ih) == 2 else 0
    return RecurrentModule(
        prefix, cell, inputs, H, len(layers), bidirectional, refused, alone=not suffix
    )


def _chosen(
    modules: tuple[RecurrentModule, ...], name: str | None, file: str, deep: bool
) -> RecurrentModule:
    """Return the module of a name, or the only one."""
    if not modules:
        raise ValueError(f"{file} has no recurrent module: no array is named weight_ih_l0")
    told = "; ".join(map(repr, modules))
    if name is None and len(modules) > 1:
        raise ValueError(f"{file} has several recurrent modules, name one as module: {told}")
    found = modules[0] if name is None else next((m for m in modules if m.name == name), None)
    if found is None:
        raise ValueError(f"{file} has no recurrent module {name!r}; it has {told}")
    if found.refused:
        raise ValueError(f"{found!r} cannot be run: {found.refused}")
    if not deep and (found.layers > 1 or found.bidirectional):
        raise ValueError(f"{found!r} is a deep network: load it with DeepNetwork.load")
    return found


def _table(stored: Mapping[str, Stored], name: str, inputs: int) -> Stored:
    """Return the table of an embedding (words, inputs)."""
    table = stored.get(f"{name}.weight")
    if table is None or len(table.shape) != 2 or table.shape[1] != inputs:
        raise ValueError(f"{name}.weight must be an embedding of the shape (any, {inputs})")
    return table


def _readout(
    stored: Mapping[str, Stored],
    taken: set[str],
    name: str | None,
    embedding: str | None,
    H: int,
) -> str:
    """Return the name of the ``nn.Linear`` that reads h: that of a name, or the only one."""
    fitting = [
        each.removesuffix(".weight")
        for each, array in stored.items()
        if each.endswith(".weight") and len(array.shape) == 2 and array.shape[1] == H
    ]
    if name is not None:
        if name not in fitting:
            raise ValueError(f"{name}.weight must be a readout of the shape (any, {H})")
        return name
    others = [each for each in fitting if f"{each}.weight" not in taken and each != embedding]
    with_bias = [each for each in others if f"{each}.bias" in stored]
    likely = with_bias or others
    if len(likely) != 1:
        there = f"several fit: {', '.join(likely)}" if likely else "none has the shape"
        raise ValueError(f"name the readout of h, (any, {H}), as head: {there}")
    return likely[0]
