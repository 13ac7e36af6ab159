import pytest

from docs.reading import MOST, of_students, of_teachers, plain, reading, syllables
from unrolled.app.lessons import Shelf
from unrolled.app.lessons.library import FOLDER

LESSONS = Shelf(FOLDER).all("en")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_the_english_is_that_of_a_first_course(lesson):
    assert of_students(lesson).grade <= MOST
    assert of_teachers(lesson).grade <= MOST + 2


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
