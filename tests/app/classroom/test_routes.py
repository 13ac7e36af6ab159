"""Ways through the lessons: they exist, they fit a period, and the whole course is in them."""

import re

import pytest

from tests.app.routes.test_lab import opened
from tests.lessons import written
from unrolled.app.classroom import course, routes
from unrolled.app.classroom.routes import Pass
from unrolled.app.lessons import Shelf, minutes, shelf

LANGUAGES = ("en", "zh-CN")
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_every_route_leads_through_steps_that_there_are(language):
    named = {route.name: route for route in routes(shelf(), language)}
    assert set(named) == {"one-period", "first-period", "second-period", "third-period"}


@each_language
def test_each_route_fits_a_period(language):
    one, *others = routes(shelf(), language)
    assert 30 <= one.minutes <= 40
    for route in others:
        assert 20 <= route.minutes <= 45, route.name
        whole = [each.lesson for each in route.passes if not each.numbers]
        if len(whole) == len(route.passes):
            assert route.minutes == sum(map(minutes, whole)), route.name


@each_language
def test_one_period_goes_forward_through_the_lessons_and_has_the_class_predict(language):
    route = routes(shelf(), language)[0]
    orders = [stop.lesson.order for stop in route.stops]
    assert orders == sorted(orders)
    asked = [
        step.question
        for stop in route.stops
        for step in stop.lesson.steps
        if step.id == stop.step and step.question
    ]
    assert len(asked) >= 5
    assert {1, 5, 6, 8} <= set(orders)


BEFORE = re.compile(r"last (?:step|chart)|step before|上一步|上一张图|刚才")
"""Words that speak of the step before."""


@each_language
def test_a_step_of_a_route_builds_on_steps_of_that_route(language):
    """A route may leave steps out, but none that the next one speaks of."""
    for route in routes(shelf(), language):
        seen = ""
        for stop in route.stops:
            steps = stop.lesson.steps
            at = [step.id for step in steps].index(stop.step)
            if BEFORE.search(" ".join([*steps[at].read, steps[at].notes])):
                assert seen == steps[at - 1].id, (route.name, stop.step)
            seen = stop.step


@each_language
def test_a_route_names_the_steps_that_it_takes_of_each_lesson(language):
    one, *whole = routes(shelf(), language)
    for each in one.passes:
        taken = [stop.step for stop in one.stops if stop.lesson is each.lesson]
        numbers = each.numbers or range(1, len(each.lesson.steps) + 1)
        assert [each.lesson.steps[n - 1].id for n in numbers] == taken
    assert any(each.numbers for each in one.passes)
    assert not any(each.numbers for route in whole for each in route.passes)
    lesson = one.lessons[0]
    assert Pass(lesson, (1, 2, 3, 5, 7, 8)).words(", ") == "1–3, 5, 7–8"
    told = course(shelf(), language)["taken"]
    assert set(told["one-period"]) == {each.lesson.slug for each in one.passes if each.numbers}
    assert told["first-period"] == {}


def test_three_periods_hold_every_lesson_once():
    periods = routes(shelf(), "en")[1:]
    held = [lesson.slug for route in periods for lesson in route.lessons]
    assert held == [lesson.slug for lesson in shelf().all("en")]


def test_a_shelf_without_the_lessons_has_no_routes(tmp_path):
    assert routes(Shelf(written(tmp_path)), "en") == []


def test_a_page_is_told_every_lesson_and_the_quiz_last():
    told = course(shelf(), "en")
    assert [each["slug"] for each in told["lessons"]][-1] == "quiz"
    assert all(len(stop) == 3 for stops in told["routes"].values() for stop in stops)


@pytest.mark.anyio
@each_language
async def test_the_list_leads_to_the_first_step_of_each_route_and_to_the_quiz(language):
    async with opened() as client:
        listed = (await client.get(f"/lessons?lang={language}")).text
        for route in routes(shelf(), language):
            first = route.stops[0]
            address = f"lessons/{first.lesson.slug}?step={first.step}&amp;route={route.name}"
            assert address in listed
        assert "lessons/quiz" in listed
        assert shelf().all("en")[0].sources[0][:20] in listed
