"""The page's texts need no letter that an ordinary font lacks."""

import io
import json
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repertoire import rare
from unrolled import engine
from unrolled.app import errors
from unrolled.app.folders import root
from unrolled.app.i18n.markup import marked
from unrolled.app.lessons.markdown import words
from unrolled.app.runs import equations
from unrolled.app.runs.mathml import mathml

COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*|\{#.*?#\}", re.DOTALL)


def files(pattern: str) -> list[Path]:
    found = sorted(root().glob(pattern))
    assert found
    return found


def said(path: Path) -> str:
    """Return a source without its comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return COMMENT.sub("", text)
    return "\n".join(_code(text))


def _code(text: str) -> Iterator[str]:
    begins = True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        docstring = begins and token.type == tokenize.STRING
        if token.type != tokenize.COMMENT and not docstring:
            yield token.string
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            begins = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


@pytest.mark.parametrize(
    "pattern",
    [
        "templates/**/*.html",
        "static/css/**/*.css",
        "static/js/**/*.js",
        "app/**/*.py",
        "app/i18n/*.json",
    ],
)
def test_no_source_of_the_page_has_a_rare_letter(pattern):
    found = {path.name: letters for path in files(pattern) if (letters := rare(said(path)))}
    assert not found


def test_no_message_of_an_error_has_a_rare_letter():
    assert not rare(json.dumps([engine.MESSAGES, errors.MESSAGES], ensure_ascii=False))


def test_no_lesson_has_a_rare_letter_in_its_words_or_its_formulas():
    for path in files("app/lessons/content/*/*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for text in _texts(table):
            assert not rare(words(text).html), path


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


@pytest.mark.parametrize("cell", engine.CELLS)
def test_no_equation_has_a_rare_letter(cell):
    for fields in ({}, {"layers": 3, "layer": 2}, {"layers": 2, "directions": 2}):
        trace = engine.trace("abcab", cell=cell, **fields)
        text = equations.Text(trace.cell_pass(), 3, fields.get("directions", 1))
        for line in text.forward() + text.backward(goes_on=True, enters=True):
            for term in text.terms(line, set()):
                assert not rare(term["math"])


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        (r"\mathbf{h} \mathbb{R}", "<mi>h</mi><mi>R</mi>"),
        (r"\|x\|", ">||<"),
        (r"\tanh", '<mi class="name">tanh</mi>'),
    ],
)
def test_letters_that_only_fonts_for_mathematics_have_become_common_ones(latex, written):
    math = mathml(latex)
    assert written in math
    assert not rare(math)


def test_a_text_with_marks_becomes_elements_and_all_else_in_it_is_text():
    assert marked("10<sup>−8</sup> & <b>h<sub>t</sub></b>") == (
        "10<sup>−8</sup> &amp; &lt;b&gt;h<sub>t</sub>&lt;/b&gt;"
    )


def test_a_norm_is_one_piece():
    assert marked("||h<sub>t</sub>||, log") == (
        '<span class="norm"><span>||</span>h<sub>t</sub><span>||</span></span>, log'
    )
