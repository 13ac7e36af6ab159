"""The cells of a notebook, and the two files that they become."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

WIDTH = 96
_LONGEST = 60
"""Characters of a long text on a line."""

_WHOLE: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}

_AROUND = {dict: "{}", list: "[]", str: "()"}


class Cell(NamedTuple):
    kind: Literal["text", "code", "data"]
    """Markdown, code, or code that does no more than name values."""
    source: str


def text(*paragraphs: str) -> Cell:
    """Return a cell of Markdown."""
    return Cell("text", "\n\n".join(paragraphs))


def code(*lines: str) -> Cell:
    """Return a cell of code."""
    return Cell("code", "\n".join(lines))


def data(**values: Any) -> Cell:
    """Return a cell that names values."""
    return Cell("data", "\n".join(literal(each, f"{name} = ") for name, each in values.items()))


def literal(value: Any, name: str = "", indent: str = "") -> str:
    """Return a value as Python has it, after its name, on lines that are not too long."""
    line = f"{indent}{name}{value!r}"
    if len(line) <= WIDTH or not isinstance(value, dict | list | str):
        return line
    around = _AROUND[type(value)]
    lines = [f"{indent}{name}{around[0]}", *_items(value, f"{indent}    "), indent + around[1]]
    return "\n".join(lines)


def _items(value: dict[str, Any] | list[Any] | str, indent: str) -> Iterator[str]:
    """Yield the lines of a dictionary, of a list or of a long text."""
    if isinstance(value, dict):
        yield from (f"{literal(each, f'{key!r}: ', indent)}," for key, each in value.items())
    elif isinstance(value, str):
        parts = range(0, len(value), _LONGEST)
        yield from (f"{indent}{value[k : k + _LONGEST]!r}" for k in parts)
    elif any(isinstance(each, list | dict) for each in value):
        yield from (f"{literal(each, '', indent)}," for each in value)
    else:
        line = indent
        for each in value:
            if len(line) + len(repr(each)) + 2 > WIDTH and line != indent:
                yield line.rstrip()
                line = indent
            line += f"{each!r}, "
        yield line.rstrip()


def as_script(cells: Iterable[Cell]) -> bytes:
    """Return the cells as a script: ``# %%`` begins a cell, as most editors know it."""
    parts = [f"# %%\n{source}" if kind != "text" else _remark(source) for kind, source in cells]
    return ("\n\n".join(parts) + "\n").encode()


def as_notebook(cells: Sequence[Cell], made_by: dict[str, Any]) -> bytes:
    """Return the cells as a Jupyter notebook, whose metadata has what made it."""
    notebook = {
        "cells": [_of_notebook(n, cell) for n, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "made_by": made_by,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _remark(source: str) -> str:
    wrapped = (textwrap.wrap(line, WIDTH - 2, **_WHOLE) or [""] for line in source.splitlines())
    lines = [f"# {line}".rstrip() for lines in wrapped for line in lines]
    return "\n".join(["# %% [markdown]", *lines])


def _of_notebook(n: int, cell: Cell) -> dict[str, Any]:
    told = {"id": f"cell-{n}", "metadata": {}, "source": cell.source.splitlines(keepends=True)}
    if cell.kind == "text":
        return {"cell_type": "markdown", **told}
    return {"cell_type": "code", "execution_count": None, "outputs": [], **told}
