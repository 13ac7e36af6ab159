import re

import pytest

from docs.reading import MOST, for_students, of_students, of_teachers, plain, reading, syllables
from unrolled.app.i18n.catalog import catalog
from unrolled.app.lessons import shelf
from unrolled.app.lessons.library import QUIZ

LESSONS = [*shelf().all("en"), shelf().get(QUIZ, "en")]
SENTENCES = (
    "caption.",
    "verdict.",
    "explain.",
    "term.",
    "seen.",
    "opening.",
    "question.",
    "step.reading.",
    "chart.step_factors.",
    "chart.gradient_matrix.",
    "chart.gradient_norm.",
)
"""What the page says beside the words of a lesson."""


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_the_english_is_that_of_the_first_week(lesson):
    assert of_students(lesson).grade <= MOST
    assert of_teachers(lesson).grade <= MOST + 2
    hard = {step.id: reading(for_students(step)).grade for step in lesson.steps}
    assert {name: grade for name, grade in hard.items() if grade > MOST} == {}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_reply_is_as_easy_as_what_was_asked(lesson):
    asked = [step.question for step in lesson.steps if step.question]
    replies = [each.why for question in asked for each in (question, *question.choices)]
    mistakes = [each.why for question in asked for each in question.mistakes]
    assert reading(replies + mistakes).grade <= MOST


@pytest.mark.parametrize("group", SENTENCES)
def test_the_words_of_the_page_are_as_easy_as_the_lessons(group):
    said = [
        re.sub(r"\{\w+\}", "it", text) for key, text in catalog().items() if key.startswith(group)
    ]
    assert reading(said).grade <= MOST


def test_formulas_and_marks_are_no_words():
    text = "Look at $W_{hh}$: it is [0.5](claim:half).\n\n- *one*\n- two"
    assert plain(text).split() == ["Look", "at", ":", "it", "is", "0.5.", "one", "two"]


def test_blocks_and_full_stops_end_sentences():
    counted = reading(["Read this. It is short\n\n- one\n- two", "Really?"])
    assert (counted.sentences, counted.words) == (5, 8)


@pytest.mark.parametrize(
    ("word", "count"), [("the", 1), ("same", 1), ("table", 2), ("memory", 3), ("gradient", 3)]
)
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_long_words_and_sentences_are_harder():
    easy = reading(["The cat sat. It was fat."])
    hard = reading(["Notwithstanding considerable computational complications, optimization."])
    assert easy.grade < 2
    assert hard.grade > 15
