"""What the modules of a page are told of the cells: they know none by its name."""

from typing import Any

from unrolled.engine import CELLS
from unrolled.engine.cells import Cell

COMPARED = ("rnn", "gru", "lstm")
"""The cells that are compared at one click."""


def cell_facts() -> dict[str, Any]:
    """Return what ``static/js/experiment/cells.js`` takes."""
    facts = {
        name: {"fields": _fields(cell), "bias": cell.carry and cell.carry.bias}
        for name, cell in CELLS.items()
    }
    return {"cells": facts, "compared": [name for name in COMPARED if name in facts]}


def _fields(cell: type[Cell]) -> list[str]:
    """The fields that make a difference to a cell, of those that not every cell has."""
    fields = [*cell.hyperparameters()]
    if cell.carry:
        fields.append("chrono")
    return [*fields, "recurrent_scale", "truncate"] if cell.recurrent else fields
