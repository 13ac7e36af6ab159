"""Every term that a lesson names opens its sentence."""

import re

import pytest

from unrolled.app.folders import root
from unrolled.app.i18n.catalog import catalog, languages
from unrolled.app.lessons import shelf
from unrolled.app.lessons.markdown import words
from unrolled.app.runs.mathml import mathml
from unrolled.engine import ACTIVATIONS, CELLS, trace

TERM = re.compile(r'popovertarget="term-(\w+)"')
LISTED = re.findall(r'"term\.(\w+)"', (root() / "templates/parts/_glossary.html").read_text())


@pytest.mark.parametrize("language", languages())
def test_every_term_of_the_lessons_and_of_the_stage_is_in_the_glossary(language):
    known = {key.removeprefix("term.") for key in catalog(language) if key.startswith("term.")}
    assert set(LISTED) == known
    assert len(LISTED) == len(set(LISTED))
    said: set[str] = set()
    for lesson in shelf().all(language):
        for step in lesson.steps:
            said |= {name for text in step.read for name in TERM.findall(words(text).html)}
    assert len(said) >= 15
    assert said <= known


def test_a_term_is_a_button_that_opens_its_sentence():
    html = words("the [hidden state](term:hidden) is").html
    assert (
        '<button type="button" class="explained" popovertarget="term-hidden">hidden state</button>'
        in html
    )


SYMBOLS = dict(
    re.findall(
        r'^  "?([^\s"]+?)"?: "(\w+)",$', (root() / "static/js/text/symbols.js").read_text(), re.M
    )
)
"""The term of each symbol, by its letters."""
FORMULA = re.compile(r"<math>.*?</math>")
LETTERS = re.compile(r"<mi[^>]*>(\w+|.)</mi>")
INDEX = re.compile(r"(?<=</mi>)(?:<mrow>.*?</mrow>|<m[in]>\w+</m[in]>)(?=</msub>)")
PLAIN = {"∂", "T", "e", "j", "k", "ln"}
"""Letters of formulas that are no term of the field."""


def letters(formula: str) -> set[str]:
    """Return the letters of a formula without the indices of its symbols."""
    return set(LETTERS.findall(INDEX.sub("", formula))) - PLAIN


def test_every_symbol_of_the_equations_of_a_cell_has_a_sentence():
    cells = [{"cell": name} for name in CELLS] + [{"activation": name} for name in ACTIVATIONS]
    formulas = [
        mathml(term.strip())
        for cell in cells
        for part in trace("ab", hidden_size=2, **cell).network.cell.equations
        for line in part
        for term in line.latex.split("&")
        if term.strip() not in ("+", "=", "(", ")")
    ]
    found = {each for formula in formulas for each in letters(formula) if each.isalpha()}
    assert len(found) >= 15
    assert found <= set(SYMBOLS) | {"softmax"}
    assert set(SYMBOLS.values()) <= set(LISTED)


@pytest.mark.parametrize("language", languages())
def test_every_symbol_of_the_lessons_has_a_sentence_and_every_lesson_a_term(language):
    for lesson in shelf().all(language):
        texts = [words(text).html for step in lesson.steps for text in step.read]
        assert any(TERM.search(text) for text in texts), lesson.slug
        for formula in (each for text in texts for each in FORMULA.findall(text)):
            assert letters(formula) <= set(SYMBOLS), (lesson.slug, formula)


@pytest.mark.parametrize("closing", [".", "。", "”。"])
def test_no_line_begins_with_the_punctuation_after_a_term(closing):
    html = words(f"a [state](term:hidden){closing} b").html
    assert f'">state</button>{closing}</span> b' in html
    assert "together" not in words("a [state](term:hidden) b").html
    two = words("a [state](term:hidden) of a [cell](term:cell).").html
    assert two.index("of a") < two.index("together")
