"""A room in a lesson: the class goes where its teacher goes, and sees what is pointed at."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import PHONE
from tests.browser.test_lab import answer, as_shown, gradients, opened, slider, stage
from tests.browser.test_rooms import BAR, ROOM, code_of, joined

pytestmark = pytest.mark.delivery

STEP = "[data-part=step-title]"
POEM = "床前明月光疑是地上霜举头望明月低头思故乡"
"""What the lesson reads in Chinese."""


def current(page: Page) -> int:
    """The number of the step that is shown."""
    expect(page.locator("[data-part=walk] [aria-current=step]")).to_have_count(1)
    found: int = page.evaluate(
        "() => [...document.querySelectorAll('[data-part=walk] li')]"
        ".findIndex((dot) => dot.querySelector('[aria-current]'))"
    )
    return found


def at_step(page: Page, n: int) -> None:
    page.wait_for_function(
        "(n) => document.querySelectorAll('[data-part=walk] li')[n]"
        "?.querySelector('[aria-current=step]')",
        arg=n,
    )
    assert current(page) == n


def alike(teacher: Page, student: Page) -> None:
    """Wait until a student's screen has the numbers of the teacher's."""
    expect(stage(teacher)).to_have_attribute("data-state", "done")
    wanted = gradients(teacher)
    for t, value in enumerate(wanted, 1):
        bar = student.locator(f"[data-timestep='{t}']")
        expect(bar).to_have_attribute("data-log10-gradient", value)
    expect(student.locator("[data-timestep]")).to_have_count(len(wanted))


def own_language(server: str, teacher: Page, student: Page) -> None:
    """Wait until a student has the Chinese text of the step, with the teacher's settings."""
    expect(stage(teacher)).to_have_attribute("data-state", "done")
    scale = float(slider(teacher).input_value())
    trace = answer(server, sequence=POEM, recurrent_scale=scale)
    wanted = as_shown(trace["log10_gradient_norm"])
    for t, value in enumerate(wanted, 1):
        bar = student.locator(f"[data-timestep='{t}']")
        expect(bar).to_have_attribute("data-log10-gradient", value)
    expect(student.locator("[data-timestep]")).to_have_count(len(wanted))


def test_a_page_that_loads_slowly_is_begun_once_however_often_the_teacher_moves(
    page: Page, server: str, borrow: Callable[..., Page], reachable: None
) -> None:
    opened(page, server)
    student, heard, asked = borrow(), [], []
    student.on("websocket", lambda way: way.on("framereceived", lambda frame: heard.append(frame)))
    joined(student, server, code_of(page))
    page.get_by_role("button", name="Close").press("Enter")
    student.route("**/lessons/*", lambda route: asked.append(route))
    page.goto(f"{server}/lessons/vanish-or-explode")
    expect(stage(page)).to_have_attribute("data-state", "done")
    for step in ("2", "3"):
        before = len(heard)
        page.locator(f"[data-part=walk] li:nth-child({step}) > *").click()
        while len(heard) == before:
            page.wait_for_timeout(20)
    assert len(asked) == 1
    student.route("**/lessons/*", lambda route: route.continue_())
    asked[0].continue_()
    at_step(student, current(page))


def test_the_class_goes_where_the_teacher_goes(
    page: Page, serve: Callable[..., str], borrow: Callable[..., Page], complaints: list[str]
) -> None:
    server = serve(public_address="http://192.168.1.20:8000")
    teacher = opened(page, server, recurrent_scale=1.2)
    code = code_of(teacher)
    phone = joined(borrow(**PHONE | {"locale": "zh-CN"}), server, code)
    teacher.goto(f"{server}/lessons/vanish-or-explode")
    phone.wait_for_url("**/lessons/vanish-or-explode?*")
    expect(phone.locator(BAR)).to_contain_text("第 1 步")
    assert phone.locator("html").get_attribute("lang") == "zh-CN"
    expect(phone.locator("[data-part=waiting]")).to_be_visible()
    expect(phone.locator(".question")).to_have_attribute("inert", "")
    own_language(server, teacher, phone)

    teacher.locator("[data-part=reveal]").click()
    expect(phone.locator("[data-part=waiting]")).to_be_hidden()
    expect(phone.locator(".chips [data-pin]")).to_have_count(1)
    own_language(server, teacher, phone)
    teacher.locator("[data-part=next]").click()
    at_step(phone, 1)
    expect(phone.locator(BAR)).to_contain_text("第 2 步")
    own_language(server, teacher, phone)
    phone.evaluate("scrollTo(0, 300)")
    gap = """() => document.querySelector("[data-part=stage]").getBoundingClientRect().top -
      document.querySelector("[data-part=class-bar]").getBoundingClientRect().bottom"""
    assert abs(phone.evaluate(gap)) <= 1  # the stage stays, below the bar
    expect(phone.locator("[data-part=step-text] [data-claim]").first).to_have_text(
        re.compile("[0-9]")
    )

    teacher.locator("[data-timestep='2']").hover()
    expect(phone.locator("[data-timestep='2']")).to_have_attribute("data-lit", "x")
    teacher.locator("h1").hover()
    expect(phone.locator("[data-lit]")).to_have_count(0)
    assert_accessible(phone)

    teacher.get_by_role("button", name="Room").click()
    teacher.get_by_role("checkbox", name="Students may try").check()
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "trying")
    phone.locator("[data-part=next]").tap()
    at_step(phone, 2)
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "alone")
    expect(phone.locator(BAR)).to_contain_text("第 2 步")
    phone.locator(f"{BAR} [data-do=back]").tap()
    at_step(phone, 1)
    own_language(server, teacher, phone)
    teacher.locator(f"{ROOM} [value=close]").click()
    teacher.get_by_role("link", name="Lab", exact=True).click()
    phone.wait_for_url("**/?room=*")
    alike(teacher, phone)
