"""`help` says of every public name what it takes, returns and raises; docs/api.md says the same."""

import ast
import inspect
import re
import textwrap
from dataclasses import fields as fields_of

import pytest

from docs import api
from unrolled import engine

CALLABLE = [name for name in engine.__all__ if callable(getattr(engine, name))]
FUNCTIONS = [name for name in CALLABLE if not inspect.isclass(getattr(engine, name))]
CLASSES = [name for name in CALLABLE if inspect.isclass(getattr(engine, name))]
RECORDS = [
    name
    for name in CLASSES
    if hasattr(getattr(engine, name), "__dataclass_fields__")
    or hasattr(getattr(engine, name), "_fields")
]


def sections(value):
    """The text before the first section, and the body of each."""
    parts = re.split(r"^(\w+)\n-{3,}$", inspect.getdoc(value), flags=re.M)
    return parts[0].strip(), dict(zip(parts[1::2], parts[2::2], strict=True))


def named(body):
    """The parameters of a section, and whether each is described."""
    found = re.findall(r"^(\**\w+(?:, \w+)*)(?: : .*)?$(\n {4}\S.*)?", body, re.M)
    return {name.lstrip("*"): bool(text) for names, text in found for name in names.split(", ")}


@pytest.mark.parametrize("name", CALLABLE)
def test_a_public_name_begins_with_a_sentence(name):
    first = sections(getattr(engine, name))[0].split("\n\n")[0]
    assert re.match(r"[A-Z].*[.:]$", " ".join(first.split())), first


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_returns_and_raises(name):
    function = getattr(engine, name)
    first, told = sections(function)
    assert re.match(r"(Return|Run)\b", first)
    assert named(told["Parameters"]) == dict.fromkeys(inspect.signature(function).parameters, True)
    assert told["Returns"].strip()
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    if any(isinstance(node, ast.Raise) for node in ast.walk(tree)):
        assert told["Raises"].strip()


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_says_what_each_of_its_fields_holds(name):
    kind = getattr(engine, name)
    told = named(sections(kind)[1]["Parameters"])
    expected = getattr(kind, "_fields", None) or [
        each.name for each in fields_of(kind) if each.init
    ]
    assert told == dict.fromkeys(expected, True)


@pytest.mark.parametrize("name", CLASSES)
def test_every_method_has_a_sentence(name):
    for method, value in vars(getattr(engine, name)).items():
        function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if not method.startswith("_") and inspect.isfunction(function):
            assert re.match(r"\S.*?[.:]", inspect.getdoc(function) or "", re.S), f"{name}.{method}"


def test_the_page_is_made_from_the_docstrings_of_today():
    assert api.PAGE.read_text(encoding="utf-8") == api.page(), "run python -m docs.api"


def test_the_page_has_every_public_name():
    headings = re.findall(r"^### `(\w+)`$", api.page(), re.M)
    assert sorted(headings) == sorted(engine.__all__)
