"""Twelve browsers in one room: two languages, phones and desks."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, VISITED
from tests.browser.test_lab import answer, as_shown, opened, slider, stage
from tests.browser.test_room_lessons import POEM
from tests.browser.test_rooms import BAR, ROOM, code_of

pytestmark = pytest.mark.delivery
KINDS: tuple[dict[str, Any], ...] = (
    {"viewport": {"width": 1280, "height": 720}, "locale": "en-US"},
    {"viewport": {"width": 1280, "height": 720}, "locale": "zh-CN", "color_scheme": "dark"},
    PHONE | {"locale": "zh-CN"},
    PHONE | {"locale": "en-US", "color_scheme": "dark"},
)
"""The students, of whom there are as many of each kind."""
STUDENTS = 11


@pytest.fixture
def students(browser: Browser, browser_context_args: dict[str, Any]) -> Any:
    contexts = [
        browser.new_context(**browser_context_args | KINDS[n % len(KINDS)]) for n in range(STUDENTS)
    ]
    for context in contexts:
        context.add_init_script(VISITED)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def show(students: list[Page], numbers: list[str]) -> None:
    """Wait until every screen has these numbers, and no others."""
    for student in students:
        for t, value in enumerate(numbers, 1):
            bar = student.locator(f"[data-timestep='{t}']")
            expect(bar).to_have_attribute("data-log10-gradient", value, timeout=30_000)
        expect(student.locator("[data-timestep]")).to_have_count(len(numbers))


def test_every_screen_of_twelve_shows_the_teachers_numbers_and_lessons_in_its_language(
    page: Page, serve: Callable[..., str], students: list[Page]
) -> None:
    lab = serve(public_address="http://192.168.1.20:8000")
    teacher = opened(page, lab, recurrent_scale=1.2)
    code = code_of(teacher)
    for student in students:
        student.goto(f"{lab}/join?code={code}")
    for student in students:
        expect(student.locator(BAR)).to_have_attribute("data-kind", "following", timeout=30_000)
    expect(teacher.locator(f"{ROOM} .attendance")).to_contain_text(str(STUDENTS))
    teacher.locator(f"{ROOM} [value=close]").click()

    slider(teacher).fill("0.6")
    show(students, as_shown(answer(lab, recurrent_scale=0.6)["log10_gradient_norm"]))
    teacher.get_by_role("textbox", name="Sequence").fill("云在天空里")
    wanted = answer(lab, sequence="云在天空里", recurrent_scale=0.6)
    show(students, as_shown(wanted["log10_gradient_norm"]))

    teacher.goto(f"{lab}/lessons/vanish-or-explode?step=double")
    for student in students:
        student.wait_for_url("**/lessons/vanish-or-explode?*")
    teacher.locator("[data-part=reveal]").click()
    expect(stage(teacher)).to_have_attribute("data-state", "done")
    columns = teacher.locator("[data-timestep]")
    numbers = columns.evaluate_all("all => all.map((each) => each.dataset.log10Gradient)")
    theirs = as_shown(answer(lab, sequence=POEM, recurrent_scale=2)["log10_gradient_norm"])
    for student, kind in zip(students, KINDS * 3, strict=False):
        language = kind["locale"].split("-US")[0]
        assert student.locator("html").get_attribute("lang") == language
        show([student], numbers if language == "en" else theirs)
