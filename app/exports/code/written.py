"""One timestep of a cell, written out in the functions of a framework."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from unrolled.engine.cells import Cell

NAMES = {"weight_ih": "W_xh", "weight_hh": "W_hh", "bias_ih": "b_xh", "bias_hh": "b_hh"}
"""PyTorch's names of a cell's weights, without the layer's, and those of the equations."""


class Functions(NamedTuple):
    """The functions that stand in ``Cell.code``, in a framework."""

    calls: Mapping[str, str]
    """What is called, by the function's name; an activation that is missing is the identity."""
    helpers: Mapping[str, tuple[str, ...]]
    """The lines that define what is called, where the framework has no such function."""

    def define(self, cell: Cell) -> Iterator[str]:
        """Yield the helpers that a cell calls."""
        for name, lines in self.helpers.items():
            if any(f"{{{name}}}" in line for line in cell.code):
                yield from (*lines, "", "")

    def body(self, cell: Cell) -> Iterator[str]:
        """Yield the lines of a function that computes one timestep of a cell."""
        f = self.calls.get(getattr(cell, "activation", ""), "")
        yield from (f"    {line.format_map({**self.calls, 'f': f})}" for line in cell.code)


def weight_names(cell: Cell) -> dict[str, str]:
    """Return the names of the weights that a cell has, as in ``NAMES``."""
    return {name: own for name, own in NAMES.items() if cell.mixes != 0 or name != "weight_hh"}
