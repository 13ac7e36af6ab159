"""The recurrent modules among the arrays of a file, found by PyTorch's names and shapes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from unrolled.engine.description.keywords import CellName
from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights.arrays import stored_in
from unrolled.engine.weights.projections import folded
from unrolled.engine.weights.stored import Stored, refusal

BLOCKS = {1: "rnn", 3: "gru", 4: "lstm"}
"""The cell of PyTorch whose weights have so many blocks of H rows."""
_INPUT = re.compile(
    r"(?:(?P<prefix>.*)\.)?weight_ih(?:_l(?P<layer>[0-9]{1,3})(?P<reverse>_reverse)?)?"
)
"""The input weights of a layer, or of a cell by itself (``nn.LSTMCell``)."""
_NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
_MOST_NUMBERS = 2**28
"""Numbers into which projections are folded, at most."""
_SHOWN = 8
"""Modules, or readouts, that an error names."""


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
    alone: bool
    """Whether it is one cell, such as an ``nn.LSTMCell``, whose names have no ``_l0``."""
    problem: ExperimentError | None = None
    """The error that loading it raises, if it cannot be run here."""
    projection: int = 0
    """P, the entries of h_t where it is projected (``proj_size``), else 0: the states of a network
    that is made of it are those before the projection, H wide."""

    @property
    def refused(self) -> str:
        """Why it cannot be run here; empty if it can."""
        return str(self.problem or "")

    def __repr__(self) -> str:
        ways = ", both directions" if self.bidirectional else ""
        kind = self.cell.upper() or "no cell"
        projected = f", proj_size={self.projection}" if self.projection else ""
        sizes = f"inputs={self.inputs}, H={self.hidden_size}{projected}, layers={self.layers}{ways}"
        return f"{self.name or 'at the top'}: {kind}, {sizes}"


class Source(NamedTuple):
    """The arrays of a file that a network was made of."""

    module: RecurrentModule
    """Its recurrent module."""
    head: str
    """The name of the linear layer that reads its states."""


def modules_in(path: str | Path) -> tuple[RecurrentModule, ...]:
    """Return the recurrent modules of a file of weights, in the order of their names.

    Parameters
    ----------
    path
        A ``.safetensors`` or ``.npz`` file with PyTorch's names: ``weight_ih_l0`` and its kind,
        each with a prefix such as ``model.rnn.``, or none. Or a ``.keras`` or ``.weights.h5`` file.

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
    return modules_of(stored_in(Path(path)))


def state_dict_of(
    path: Path, module: str | None, head: str | None, embedding: str | None, *, deep: bool = False
) -> tuple[dict[str, Floats], CellName, Source]:
    """Return the weights of a module and its readout, as ``from_state_dict`` takes them.

    ``deep`` modules may have several layers, and read in both directions.

    Returns
    -------
    dict, str, Source
        The weights, the name of the cell, and where they are in the file.
    """
    stored = stored_in(path)
    found = chosen(modules_of(stored), module, path.name)
    if not deep and (found.layers > 1 or found.bidirectional):
        raise refusal("deep", repr(found))
    source = Source(found, readout_of(stored, found, head, embedding))
    state = weights_of(stored, found, source.head)
    if embedding is not None:
        table = table_of(stored, found, embedding).read()
        for name in ("weight_ih_l0", "weight_ih_l0_reverse")[: 1 + found.bidirectional]:
            state[name] = state[name] @ table.T
    return state, cast(CellName, found.cell), source


def weights_of(
    stored: Mapping[str, Stored],
    module: RecurrentModule,
    readout: str,
    most: int = _MOST_NUMBERS,
) -> dict[str, Floats]:
    """Return the weights of a module, and those of its readout as ``head.weight``.

    Without one, empty, the outputs are the states. Projections are folded into at most so many
    numbers.
    """
    own = _names(module)
    state = {name: stored[each].read() for name, each in own.items() if each in stored}
    if readout:
        state["head.weight"] = stored[f"{readout}.weight"].read()
        if f"{readout}.bias" in stored:
            state["head.bias"] = stored[f"{readout}.bias"].read()
    else:
        state["head.weight"] = np.eye(_width(module))
    return folded(state, module.name or module.cell, most) if module.projection else state


def _names(module: RecurrentModule) -> dict[str, str]:
    """Return the names in the file of a module's weights, by those that they have alone."""
    prefix = f"{module.name}." if module.name else ""
    return {
        f"{name}_l{k}{way}": f"{prefix}{name}" if module.alone else f"{prefix}{name}_l{k}{way}"
        for k in range(module.layers)
        for way in ("", "_reverse")[: 1 + module.bidirectional]
        for name in _NAMES
    }


def modules_of(stored: Mapping[str, Stored]) -> tuple[RecurrentModule, ...]:
    """Return the recurrent modules among arrays, as ``modules_in`` does."""
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
    W_hr = stored.get(f"{start}weight_hr{suffix}")
    rows, H = sizes
    projection = 0
    if W_hr and len(W_hr.shape) == 2:
        projection, H = W_hr.shape
    cell = BLOCKS.get(rows // H, "") if H and rows % H == 0 and W_ih[0] == rows else ""
    inputs = W_ih[1] if len(W_ih) == 2 else 0
    named = prefix or first
    found = RecurrentModule(
        *(prefix, cell, inputs, H, len(layers), bidirectional, not suffix), projection=projection
    )
    own = [each in stored for name, each in _names(found).items() if name.startswith("weight_hr")]
    if any(own) and not (all(own) and cell == "lstm" and projection == sizes[1]):
        shape = W_hr.shape if W_hr else "()"
        return replace(found, problem=refusal("projected", named, shape=str(shape)))
    if not cell:
        problem = refusal("no_cell", named, shape=f"{W_ih} and {sizes}")
        return replace(found, problem=problem)
    return replace(found, cell=stored[first].cell or cell, problem=stored[first].problem)


def chosen(modules: tuple[RecurrentModule, ...], name: str | None, file: str) -> RecurrentModule:
    """Return the module of a name, or the only one; raises ``ExperimentError``."""
    if not modules:
        raise refusal("no_module", file)
    told = "; ".join(f"{each!r:.120}" for each in modules[:_SHOWN])
    if name is None and len(modules) > 1:
        raise refusal("several", file, known=told)
    found = modules[0] if name is None else next((m for m in modules if m.name == name), None)
    if found is None:
        raise refusal("no_such", str(name), known=told)
    if found.problem:
        raise found.problem
    return found


def table_of(stored: Mapping[str, Stored], module: RecurrentModule, name: str) -> Stored:
    """Return the table of an embedding (words, inputs) that a module can read."""
    table = stored.get(f"{name}.weight")
    if table is None or len(table.shape) != 2 or table.shape[1] != module.inputs:
        raise refusal("no_embedding", f"{name}.weight", count=module.inputs)
    return table


def tables_of(stored: Mapping[str, Stored], module: RecurrentModule) -> list[str]:
    """Return the names of what may be the embedding that a module reads: tables without a bias.

    The only matrix that can read h is not one of them.
    """
    found = [
        each
        for each in _linear(stored, module.inputs)
        if f"{each}.bias" not in stored and f"{each}.weight" not in _names(module).values()
    ]
    return [] if len(found) == 1 and found == readouts_of(stored, module) else found


def readouts_of(
    stored: Mapping[str, Stored], module: RecurrentModule, embedding: str | None = None
) -> list[str]:
    """Return the names of what may be the readout of h.

    Where x_t is as long as h and no embedding is chosen, a matrix without a bias may be one: it is
    not taken where another matrix has a bias.
    """
    fitting = _linear(stored, _width(module))
    taken = _names(module).values()
    others = [each for each in fitting if f"{each}.weight" not in taken and each != embedding]
    if embedding or module.inputs != _width(module):
        return others
    return [each for each in others if f"{each}.bias" in stored] or others


def readout_of(
    stored: Mapping[str, Stored], module: RecurrentModule, name: str | None, embedding: str | None
) -> str:
    """Return the name of the ``nn.Linear`` that reads h: that of a name, or the only one."""
    width = _width(module)
    if name is not None:
        if name not in _linear(stored, width):
            raise refusal("no_such_head", f"{name}.weight", count=width)
        return name
    likely = readouts_of(stored, module, embedding)
    if not likely:
        raise refusal("no_head", module.name or module.cell, count=width)
    if len(likely) > 1:
        raise refusal(
            "heads", "", count=width, known=", ".join(f"{each:.80}" for each in likely[:_SHOWN])
        )
    return likely[0]


def _width(module: RecurrentModule) -> int:
    """Return how many numbers of the state a readout reads."""
    return (module.projection or module.hidden_size) * (1 + module.bidirectional)


def _linear(stored: Mapping[str, Stored], width: int) -> list[str]:
    """Return the names of the matrices of so many columns."""
    return [
        each.removesuffix(".weight")
        for each, array in stored.items()
        if each.endswith(".weight") and len(array.shape) == 2 and array.shape[1] == width
    ]
