"""Docstrings of the fields of a class."""

import ast
import inspect
import sys
from typing import Any, is_typeddict


def documented(cls: Any) -> dict[str, str]:
    """Return the docstring below each field of a class and of its bases, by name."""
    found: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        if each.__module__.startswith("unrolled."):
            found |= _documented(each)
    for base in _bases(cls) if is_typeddict(cls) else ():
        found = documented(base) | found
    return found


def _bases(cls: Any) -> list[Any]:
    """Return the TypedDicts that a TypedDict goes on from, which it does not know itself."""
    (tree,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(tree, ast.ClassDef)
    known = vars(sys.modules[cls.__module__])
    bases = (known.get(each.id) for each in tree.bases if isinstance(each, ast.Name))
    return [each for each in bases if is_typeddict(each)]


def _documented(cls: Any) -> dict[str, str]:
    (tree,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(tree, ast.ClassDef)
    return {
        field.target.id: " ".join(inspect.cleandoc(text.value.value).split())
        for field, text in zip(tree.body, [*tree.body[1:], None], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
