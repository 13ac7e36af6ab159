"""Docstrings, comments and names are in the plain words of the field."""

import ast
import re
from pathlib import Path

import pytest

from unrolled import engine
from unrolled.app import errors

ROOT = Path(__file__).parents[1]
DOCUMENTED = sorted(
    path for top in ("app", "bench", "docs", "engine") for path in (ROOT / top).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = sorted(path for top in ("static", "tests") for path in (ROOT / top).rglob("*.js"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CATALOGS = sorted((ROOT / "app/i18n").glob("*.json"))
SOURCES = [*DOCUMENTED, *TESTS, *SCRIPTS, *PAGES, *CATALOGS]

NO_VERBS = re.compile(
    r"((?-i:[A-Z][a-z]+[^s\W]s)|a|all|an|and|another|as|at|both|by|each|every|for|from|how|if|in|its|no|none|nothing|of|on|one|or|over"
    r"|so|some|such|that|the|their|there|these|this|those|to|what|when|where|whether|which|who"
    r"|whose|why|with)\b",
    re.IGNORECASE,
)
"""Plurals, and words with which a description begins that does not say what a function does."""

DIALECT = re.compile(
    r"\b(whoever|nobody|somebody|comes? to rest|owe[ds]?|owing|contestants?)\b",
    re.IGNORECASE,
)
"""Metaphors, and people in the place of code."""


SENTENCE = re.compile(r"""Deno\.test\(["'`](.*)["'`],""")
CLAUSE = re.compile(r"(test_)?(what|who|whoever|whatever|whose)[_ ]", re.IGNORECASE)
"""A relative clause as a subject, as a test's name or a docstring begins."""
QUESTION = re.compile(rf"{CLAUSE.pattern}|(how|which) ", re.IGNORECASE)
"""A clause in the place of the noun of a module, a class or a script."""


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def is_property(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("property" in ast.unparse(each) for each in function.decorator_list)


def test_a_docstring_of_a_function_begins_with_a_verb():
    wrong = {}
    for path in DOCUMENTED:
        for function in functions(path):
            text = ast.get_docstring(function)
            if not text or is_property(function):
                continue
            if NO_VERBS.match(text):
                wrong[f"{path.relative_to(ROOT)}: {function.name}"] = text.splitlines()[0]
    assert not wrong


def test_a_source_has_no_word_of_a_dialect():
    others = (path for path in SOURCES if path != Path(__file__))
    found = {path: DIALECT.findall(path.read_text(encoding="utf-8")) for path in others}
    assert not {path.relative_to(ROOT): words for path, words in found.items() if words}


def test_a_test_is_named_in_plain_words():
    named = [function.name for path in TESTS for function in functions(path)]
    assert not [name for name in named if DIALECT.search(name.replace("_", " "))]


def test_a_test_is_about_a_thing_with_a_name():
    """A relative clause such as "what is lost" is no subject; a noun of the field is."""
    named = {path: [each.name for each in functions(path)] for path in TESTS}
    named |= {path: SENTENCE.findall(path.read_text(encoding="utf-8")) for path in SCRIPTS}
    told = {path: [name for name in names if CLAUSE.match(name)] for path, names in named.items()}
    assert not {str(path): names for path, names in told.items() if names}


def test_a_helper_of_the_tests_says_what_it_returns_or_does():
    clauses = [
        (str(path.relative_to(ROOT)), function.name)
        for path in TESTS
        for function in functions(path)
        if CLAUSE.match(ast.get_docstring(function) or "")
    ]
    assert not clauses


def test_a_module_a_class_and_a_script_are_described_by_a_noun():
    told = {
        f"{path.relative_to(ROOT)}: {getattr(node, 'name', '')}": ast.get_docstring(node) or ""
        for path in [*DOCUMENTED, *TESTS]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef)
    }
    comments = re.compile(r"/\*\*\s*(?:\* )?(.*)")
    told |= {
        f"{path.relative_to(ROOT)}: {text}": text
        for path in SCRIPTS
        for text in comments.findall(path.read_text(encoding="utf-8"))
    }
    assert not [name for name, text in told.items() if QUESTION.match(text)]


@pytest.mark.parametrize("code", sorted(engine.MESSAGES | errors.MESSAGES))
def test_an_error_names_its_remedy(code):
    text = (engine.MESSAGES | errors.MESSAGES)[code]
    assert re.search(r": |; |\bmust be\b|\bmay hold\b", text.removeprefix("{where}: "))
