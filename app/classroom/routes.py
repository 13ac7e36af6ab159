"""Ways through the lessons that fill a period, with the time that each takes."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from unrolled.app.lessons import Lesson, Shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.pacing import seconds

FILE = Path(__file__).parent / "routes.toml"


@dataclass(frozen=True, slots=True)
class Stop:
    lesson: Lesson
    step: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    stops: tuple[Stop, ...]

    @property
    def minutes(self) -> int:
        return math.ceil(sum(stop.seconds for stop in self.stops) / 60)

    @property
    def lessons(self) -> list[Lesson]:
        """The lessons that it passes, in their order."""
        return list({stop.lesson.slug: stop.lesson for stop in self.stops}.values())


def routes(shelf: Shelf, language: str) -> list[Route]:
    """Return the routes all of whose steps are among the lessons, in a language."""
    found = [_route(name, entry, shelf, language) for name, entry in _entries().items()]
    return [route for route in found if route]


def course(shelf: Shelf, language: str) -> dict[str, Any]:
    """Return what a page needs to lead on: every lesson with its steps, and every route."""
    listed = shelf.all(language)
    if QUIZ in shelf:
        listed.append(shelf.get(QUIZ, language))
    return {
        "lessons": [
            {"slug": each.slug, "title": each.title, "steps": [step.id for step in each.steps]}
            for each in listed
        ],
        "routes": {
            route.name: [[stop.lesson.slug, stop.step, stop.seconds] for stop in route.stops]
            for route in routes(shelf, language)
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
