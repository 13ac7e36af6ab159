"""The parameters of a record in ``help``: its fields, each with the text below it in the source.

A field's text stands where the field is read and nowhere else; the block of Parameters is put
together when it is asked for.
"""

import ast
import inspect
import re
import sys
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any


class Documented:
    """A class's docstring with a block of its fields, made when it is first read."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, record: object, kind: type) -> str:
        return _documented(kind, self._text)


def document(*kinds: type) -> None:
    """Have the docstrings of records list their fields."""
    for kind in kinds:
        kind.__doc__ = Documented(kind.__doc__ or "")  # type: ignore[assignment]


@cache
def _documented(kind: type, text: str) -> str:
    """Return the text with a Parameters section before the other sections, or at its end."""
    told: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        told |= _texts(each)
    names = (
        [each.name for each in fields(kind) if each.init] if is_dataclass(kind) else _names(kind)
    )
    block = "\n".join(
        ["Parameters", "----------", *(_field(kind, n, told.get(n, "")) for n in names)]
    )
    head, *rest = re.split(r"(?=\n\n(?:Raises|Examples)\n---)", inspect.cleandoc(text))
    return "".join([head, "\n\n", block, *rest])


def _names(kind: Any) -> tuple[str, ...]:
    names: tuple[str, ...] = kind._fields
    return names


def _field(kind: Any, name: str, text: str) -> str:
    body = "".join(f"\n    {line}" for line in inspect.cleandoc(text).splitlines())
    usual = (
        [each.default for each in fields(kind) if each.name == name] if is_dataclass(kind) else []
    )
    said = f" : default {usual[0]!r}" if usual and isinstance(usual[0], str | int | float) else ""
    return f"{name}{said}{body}"


def _texts(kind: type) -> dict[str, str]:
    """Return the texts below the fields of a class, in its own source, where that can be read."""
    if kind.__module__ not in sys.modules or kind is object:
        return {}
    try:
        body = _bodies(kind.__module__).get(kind.__name__, [])
    except (OSError, TypeError):
        return {}
    found = {}
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    found[field.target.id] = text
    return found


@cache
def _bodies(module: str) -> dict[str, list[ast.stmt]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {each.name: each.body for each in tree.body if isinstance(each, ast.ClassDef)}
