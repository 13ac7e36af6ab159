"""Ways through the lessons that fill a period, with the time that each takes."""

import math
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from unrolled.app.i18n.catalog import translator
from unrolled.app.lessons import Lesson, Shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.pacing import seconds

_EN_DASH = "\N{EN DASH}"
FILE = Path(__file__).parent / "routes.toml"


@dataclass(frozen=True, slots=True)
class Stop:
    lesson: Lesson
    step: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Pass:
    """A lesson that a route passes, and the numbers of the steps that it takes: none means all."""

    lesson: Lesson
    numbers: tuple[int, ...]

    def words(self, comma: str) -> str:
        """Return the numbers, with those that follow each other as a range: 1-3, 5."""
        ranges: list[list[int]] = []
        for number in self.numbers:
            if ranges and number == ranges[-1][-1] + 1:
                ranges[-1].append(number)
            else:
                ranges.append([number])
        return comma.join(_EN_DASH.join(map(str, dict.fromkeys((r[0], r[-1])))) for r in ranges)


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    stops: tuple[Stop, ...]

    @property
    def minutes(self) -> int:
        """The sum of those of its lessons, each rounded up, as a reader of both adds them."""
        seconds: Counter[str] = Counter()
        for stop in self.stops:
            seconds[stop.lesson.slug] += stop.seconds
        return sum(math.ceil(each / 60) for each in seconds.values())

    @property
    def lessons(self) -> list[Lesson]:
        """The lessons that it passes, in their order."""
        return list({stop.lesson.slug: stop.lesson for stop in self.stops}.values())

    @property
    def passes(self) -> list[Pass]:
        """The same, with the steps of each that it takes."""
        return [Pass(lesson, self._numbers(lesson)) for lesson in self.lessons]

    def _numbers(self, lesson: Lesson) -> tuple[int, ...]:
        taken = {stop.step for stop in self.stops if stop.lesson.slug == lesson.slug}
        found = [n for n, step in enumerate(lesson.steps, start=1) if step.id in taken]
        return tuple(found) if len(found) < len(lesson.steps) else ()


def routes(shelf: Shelf, language: str) -> list[Route]:
    """Return the routes all of whose steps are among the lessons, in a language."""
    found = [_route(name, entry, shelf, language) for name, entry in _entries().items()]
    return [route for route in found if route]


def course(shelf: Shelf, language: str) -> dict[str, Any]:
    """Return what a page needs to lead on: every lesson with its steps, and every route."""
    listed, found = shelf.all(language), routes(shelf, language)
    comma = translator(language)("language.comma")
    if QUIZ in shelf:
        listed.append(shelf.get(QUIZ, language))
    return {
        "lessons": [
            {"slug": each.slug, "title": each.title, "steps": [step.id for step in each.steps]}
            for each in listed
        ],
        "routes": {
            route.name: [[stop.lesson.slug, stop.step, stop.seconds] for stop in route.stops]
            for route in found
        },
        "taken": {
            route.name: {
                each.lesson.slug: each.words(comma) for each in route.passes if each.numbers
            }
            for route in found
        },
    }


@cache
def _entries() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _route(name: str, entry: dict[str, list[str]], shelf: Shelf, language: str) -> Route | None:
    stops: list[Stop] = []
    for slug in entry.get("lessons", ()):
        if slug not in shelf:
            return None
        lesson = shelf.get(slug, language)
        stops += [Stop(lesson, step.id, seconds(step)) for step in lesson.steps]
    for address in entry.get("steps", ()):
        slug, _, wanted = address.partition("/")
        steps = shelf.get(slug, language).steps if slug in shelf else ()
        here = [step for step in steps if step.id == wanted]
        if not here:
            return None
        stops.append(Stop(shelf.get(slug, language), wanted, seconds(here[0])))
    return Route(name, tuple(stops))
