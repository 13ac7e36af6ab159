"""The recurrent modules of a model in PyTorch that can be recorded, found by their attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unrolled.engine.deep.network import suffix_of

KINDS = {
    "RNN_TANH": ("rnn", "tanh"),
    "RNN_RELU": ("rnn", "relu"),
    "LSTM": ("lstm", "tanh"),
    "GRU": ("gru", "tanh"),
}
"""The cell and its activation, by what PyTorch calls the ``mode`` of a module."""
_CELLS = {"RNNCell", "LSTMCell", "GRUCell"}


@dataclass(frozen=True, slots=True)
class Watched:
    """A recurrent module of a model: its name, and what it is."""

    name: str
    """As ``named_modules`` has it; empty where the model is the module."""
    mode: str
    """A key of ``KINDS``."""
    inputs: int
    """D, entries of x_t."""
    hidden_size: int
    """H."""
    layers: int
    """Modules on top of one another."""
    bidirectional: bool
    """Whether each layer reads from both ends."""
    projection: int = 0
    """P where it projects its states (``proj_size``), else 0: its states are those before that."""

    def __post_init__(self) -> None:
        sizes = (self.inputs, self.hidden_size, self.layers)
        whole = type(self.projection) is int and self.projection >= 0
        if self.mode not in KINDS or not whole or any(type(n) is not int or n < 1 for n in sizes):
            raise ValueError(f"{self.name or 'the model'} is no recurrent module")

    @property
    def levels(self) -> int:
        """Layers times directions."""
        return self.layers * (1 + self.bidirectional)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What follows ``weight_ih`` in PyTorch's names, level after level."""
        ways = (False, True)[: 1 + self.bidirectional]
        return tuple(suffix_of(k, way) for k in range(1, self.layers + 1) for way in ways)


def watched_in(model: Any, names: Sequence[str] | None) -> dict[str, tuple[Any, Watched]]:
    """Return the modules of a model that are to be recorded, all of them or those of some names.

    Raises
    ------
    ValueError
        Where there is none, and where one has what cannot be computed again: it is named.
    """
    kind = type(model).__name__
    if not hasattr(model, "named_modules"):
        raise ValueError(f"record a model of PyTorch, an nn.Module, not a {kind}")
    if kind in ("OptimizedModule", "DataParallel"):
        raise ValueError(f"record the model inside the {kind}: hooks do not see into it")
    modules = dict(model.named_modules())
    recurrent = {k: m for k, m in modules.items() if getattr(m, "mode", None) in KINDS}
    if names is not None and (missing := [name for name in names if name not in recurrent]):
        there = ", ".join(map(repr, recurrent)) or "none"
        raise ValueError(f"no recurrent module is named {missing[0]!r}; there are: {there}")
    if not recurrent:
        cells = [k for k, m in modules.items() if type(m).__name__ in _CELLS]
        if cells:
            raise ValueError(
                f"{cells[0] or kind} is one cell, called timestep by timestep: record an nn.RNN, "
                "nn.LSTM or nn.GRU, which reads the whole sequence"
            )
        raise ValueError(f"{kind} has no nn.RNN, nn.LSTM or nn.GRU: record a model that has one")
    chosen = recurrent if names is None else {name: recurrent[name] for name in names}
    return {name: (module, _told(name, module)) for name, module in chosen.items()}


def _told(name: str, module: Any) -> Watched:
    said = name or type(module).__name__
    if module.dropout and module.num_layers > 1:
        raise ValueError(
            f"{said} has dropout between its layers, and which units it drops is not to be seen: "
            "set dropout=0, or use one module a layer with nn.Dropout between them"
        )
    own = {name for name, _ in module.named_parameters(recurse=False)}
    found = Watched(
        name,
        module.mode,
        module.input_size,
        module.hidden_size,
        module.num_layers,
        bool(module.bidirectional),
        getattr(module, "proj_size", 0),
    )
    if any(f"weight_{each}{s}" not in own for s in found.suffixes for each in ("ih", "hh")):
        raise ValueError(
            f"{said} has its weights computed from others, such as by weight_norm or pruning, "
            "which cannot be recorded: remove that before, or name the other modules with "
            "modules=[...]"
        )
    return found
