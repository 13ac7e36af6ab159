"""Facts about the cells for the page's modules, which know no cell by name."""

from typing import Any

from unrolled.engine import CELLS
from unrolled.engine.cells import Cell
from unrolled.engine.cells.normalized.layer_norm import Normalized

CLASSIC = ("rnn", "lstm", "gru", "gru-2014", "feedforward")
"""The cells that a page shows at once; the others are in a menu."""
COMPARED = ("rnn", "gru", "lstm")
"""The cells that are compared at one click."""


def cell_facts() -> dict[str, Any]:
    """Return the facts that ``static/js/experiment/cells.js`` reads."""
    facts = {
        name: {
            "fields": _fields(cell),
            "bias": cell.carry and cell.carry.bias,
            "activation": _activation(cell),
            "normalized": issubclass(cell, Normalized),
        }
        for name, cell in CELLS.items()
    }
    return {"cells": facts, "compared": [name for name in COMPARED if name in facts]}


def _fields(cell: type[Cell]) -> list[str]:
    """Return the fields that affect a cell, of those that not all cells have."""
    fields = [*cell.hyperparameters()]
    if cell.carry:
        fields.append("chrono")
    if cell.mixes != 0:
        fields.append("recurrent_scale")
    return [*fields, "truncate", "attention"] if cell.recurrent else fields


def _activation(cell: type[Cell]) -> str | None:
    """Return the activation of a cell that has no other, None for a choice, or for gates."""
    fixed = getattr(cell, "activation", None)
    return fixed if isinstance(fixed, str) else None
