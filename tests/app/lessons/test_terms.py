"""Every term that a lesson names opens its sentence."""

import re

import pytest

from unrolled.app.folders import root
from unrolled.app.i18n.catalog import catalog, languages
from unrolled.app.lessons import Shelf
from unrolled.app.lessons.library import FOLDER
from unrolled.app.lessons.markdown import words

TERM = re.compile(r'popovertarget="term-(\w+)"')
LISTED = re.findall(r'"term\.(\w+)"', (root() / "templates/_glossary.html").read_text())


@pytest.mark.parametrize("language", languages())
def test_every_term_of_the_lessons_and_of_the_stage_is_in_the_glossary(language):
    known = {key.removeprefix("term.") for key in catalog(language) if key.startswith("term.")}
    assert set(LISTED) == known
    assert len(LISTED) == len(set(LISTED))
    said: set[str] = set()
    for lesson in Shelf(FOLDER).all(language):
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
