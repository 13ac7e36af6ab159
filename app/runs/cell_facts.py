"""Facts about the cells for the page's modules, which know no cell by name."""

from typing import Any

from unrolled.engine import CELLS
from unrolled.engine.cells import Cell

COMPARED = ("rnn", "gru", "lstm")
"""The cells that are compared at one click."""


def cell_facts() -> dict[str, Any]:
    """Return the facts that ``static/js/experiment/cells.js`` reads."""
    facts = {
        name: {"fields": _fields(cell), "bias": cell.carry and cell.carry.bias}
        for name, cell in CELLS.items()
    }
    return {"cells": facts, "compared": [name for name in COMPARED if name in facts]}


def _fields(cell: type[Cell]) -> list[str]:
    """Return the fields that affect a cell, of those that not all cells have."""
    fields = [*cell.hyperparameters()]
    if cell.carry:
        fields.append("chrono")
    return [*fields, "recurrent_scale", "truncate"] if cell.recurrent else fields
