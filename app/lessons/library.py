"""The lessons on disk: one folder each, with its facts and one file of texts per language."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from unrolled.app.i18n.catalog import DEFAULT
from unrolled.app.lessons.live import live
from unrolled.app.lessons.reader import lesson
from unrolled.app.lessons.schema import Lesson
from unrolled.app.lessons.table import LessonError, Table, shortened

FOLDER = Path(__file__).parent / "content"
"""The lessons that come with the lab."""
FACTS = "lesson.toml"
QUIZ = "quiz"
"""The lesson that comes after all others and is not counted among them."""
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")


class Shelf:
    """All lessons in all their languages; raises ``LessonError`` on the first invalid one."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or FOLDER
        self._lessons: dict[str, dict[str, Lesson]] = {}
        found = [_read(path.parent) for path in sorted(folder.glob(f"*/{FACTS}"))]
        if not found:
            raise LessonError("lesson_absent", f"{folder}/*/{FACTS}")
        for by_language in sorted(found, key=lambda each: each[DEFAULT].order):
            self._lessons[by_language[DEFAULT].slug] = by_language

    def __contains__(self, slug: str) -> bool:
        return slug in self._lessons

    def all(self, language: str) -> list[Lesson]:
        """Return the lessons in order, each in this language or else in its first."""
        return [self.get(slug, language) for slug in self._lessons if slug != QUIZ]

    def get(self, slug: str, language: str) -> Lesson:
        by_language = self._lessons[slug]
        return by_language.get(language, by_language[DEFAULT])

    def claims(self, slug: str, name: str) -> dict[str, Any]:
        """Return what the words of a step claim of the run on the stage, in all their languages.

        Each goes by the name of the step and its own, as a page sends it; a step that there is
        not claims nothing.
        """
        return {
            f"{name} {claim}": said
            for lesson in self._lessons.get(slug, {}).values()
            for step in lesson.steps
            if step.id == name
            for claim, said in live(step, step.read).items()
        }

    def others(self, slug: str, language: str) -> list[Lesson]:
        """Return a lesson in its other languages."""
        here = self.get(slug, language)
        return [each for each in self._lessons[slug].values() if each is not here]

    def languages(self, slug: str) -> list[str]:
        return sorted(self._lessons[slug])

    def next(self, slug: str, language: str) -> Lesson | None:
        slugs = list(self._lessons)
        after = slugs[slugs.index(slug) + 1 :]
        return self.get(after[0], language) if after else None


@cache
def shelf(folder: Path | None = None) -> Shelf:
    """Return the lessons of a folder, read and checked once per process."""
    return Shelf(folder)


def _read(folder: Path) -> dict[str, Lesson]:
    """Read a lesson in each of its languages."""
    languages = [path.stem for path in sorted(folder.glob("*.toml")) if path.name != FACTS]
    if DEFAULT not in languages:
        raise LessonError("lesson_absent", f"{folder.name}/{DEFAULT}.toml")
    return {
        language: lesson(folder.name, _table(folder / FACTS), _table(folder / f"{language}.toml"))
        for language in languages
    }


def _table(path: Path) -> Table:
    where = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
        return Table(tomllib.loads(text), where)
    except UnicodeDecodeError as error:
        raise LessonError("lesson_utf8", where, byte=error.start + 1) from None
    except tomllib.TOMLDecodeError as error:
        raise _refusal(where, text, str(error)) from None


def _refusal(where: str, text: str, reason: str) -> LessonError:
    """Return an error at the line and column that a parser's message names."""
    if not (found := _PLACE.search(reason)):
        return LessonError("lesson_toml_ends", where)
    line, column = map(int, found.groups())
    rest = text.splitlines()[line - 1][column - 1 :]
    return LessonError("lesson_toml", where, line=line, column=column, value=shortened(repr(rest)))
