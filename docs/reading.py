"""Measure the readability of the English lessons: `make reading`.

Flesch-Kincaid grade, the school year in which a text is read with ease (Kincaid et al. 1975):

    0.39 words/sentences + 11.8 syllables/words - 15.59

Syllables are counted by hyphens (pyphen) and by vowels. Formulas are left out; a paragraph, a
choice or an entry of a list ends a sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape

from pyphen import Pyphen

from unrolled.app.lessons import Lesson, Shelf, Step
from unrolled.app.lessons.library import FOLDER
from unrolled.app.lessons.markdown import words

MOST = 4.0
"""The grade of what a student in the first week reads; a teacher's notes may be two harder."""
_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_VOWELS = re.compile("[aeiouy]+")
_SILENT = re.compile("(?<![aeiouyl])(?:e|es|ed)$")


@dataclass(frozen=True, slots=True)
class Reading:
    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        per_sentence, per_word = self.words / self.sentences, self.syllables / self.words
        return 0.39 * per_sentence + 11.8 * per_word - 15.59


def reading(texts: Iterable[str]) -> Reading:
    """Return the grade of texts in Markdown."""
    sentences = [
        found
        for text in texts
        for sentence in _SENTENCE.split(plain(text))
        if (found := _WORD.findall(sentence))
    ]
    counts = [syllables(word) for sentence in sentences for word in sentence]
    return Reading(len(sentences), len(counts), sum(counts))


def plain(text: str) -> str:
    """Return the words of a Markdown text without formulas; each block ends a line."""
    html = _FORMULA.sub(" ", words(text).html)
    return unescape(_TAG.sub("", html.replace("</p>", "\n").replace("</li>", "\n")))


@cache
def syllables(word: str) -> int:
    """Return the larger of two counts: hyphens miss some (mem-ory), vowels others (gra-dient)."""
    spoken = _SILENT.sub("", word.lower())
    return max(len(_hyphens().positions(word.lower())) + 1, len(_VOWELS.findall(spoken)))


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_US")


def for_students(step: Step) -> list[str]:
    """Return all texts except the teacher's notes."""
    texts = [step.title, step.text, step.then, step.attempt]
    if asked := step.question:
        texts += [asked.ask, asked.why, *(mistake.why for mistake in asked.mistakes)]
        texts += [text for choice in asked.choices for text in (choice.text, choice.why)]
    return [text for text in texts if text]


def of_students(lesson: Lesson) -> Reading:
    texts = [text for step in lesson.steps for text in for_students(step)]
    return reading([lesson.title, lesson.goal, *texts])


def of_teachers(lesson: Lesson) -> Reading:
    return reading([step.notes for step in lesson.steps if step.notes])


def main() -> None:
    print(f"{'Flesch-Kincaid grade':30}  students  teachers  words")
    for lesson in Shelf(FOLDER).all("en"):
        students, teachers = of_students(lesson), of_teachers(lesson)
        grades = f"{students.grade:8.1f}  {teachers.grade:8.1f}  {students.words:5}"
        print(f"{lesson.title:30}  {grades}")


if __name__ == "__main__":
    main()
