"""Several teachers of a room, their notes on another device, and what students show."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.test_lab import gradients, opened, slider, stage
from tests.browser.test_room_lessons import at_step
from tests.browser.test_rooms import BAR, ROOM, code_of, joined

pytestmark = pytest.mark.delivery


@pytest.fixture
def lab(serve: Callable[..., str]) -> str:
    return serve(public_address="http://192.168.1.20:8000")


def link(teacher: Page, lab: str, which: str) -> str:
    """Return the address of the code for one who leads."""
    teacher.locator(f"{ROOM} [value={which}]").click()
    address = teacher.locator(f"{ROOM} .address")
    expect(address).to_have_text(re.compile("#lead="))
    expect(teacher.locator(f"{ROOM} .code")).to_be_hidden()
    return address.inner_text().replace("http://192.168.1.20:8000", lab)


def alike(teacher: Page, other: Page) -> None:
    expect(stage(teacher)).to_have_attribute("data-state", "done")
    (first, *_) = gradients(teacher)
    bar = other.locator("[data-timestep='1']")
    expect(bar).to_have_attribute("data-log10-gradient", first)


def test_a_colleague_takes_the_lead_and_gives_it_back(
    page: Page, lab: str, borrow: Callable[..., Page], complaints: list[str]
) -> None:
    teacher = opened(page, lab, recurrent_scale=1.2)
    code_of(teacher)
    address = link(teacher, lab, "colleague")
    assert_accessible(teacher, ROOM)
    teacher.locator(f"{ROOM} [value=students]").click()
    expect(teacher.locator(f"{ROOM} .code")).to_be_visible()
    teacher.locator(f"{ROOM} [value=close]").click()
    colleague = borrow(**ELSEWHERE)
    colleague.goto(address)
    expect(colleague.locator(BAR)).to_have_attribute("data-kind", "following")
    slider(teacher).fill("0.7")
    alike(teacher, colleague)
    expect(slider(colleague)).to_have_value("0.7")
    assert_accessible(colleague)

    colleague.get_by_role("button", name="Take the lead").click()
    expect(colleague.locator(BAR)).to_be_hidden()
    expect(slider(colleague)).to_have_value("0.7")
    expect(teacher.locator(BAR)).to_have_attribute("data-kind", "following")
    slider(colleague).fill("1.5")
    expect(slider(teacher)).to_have_value("1.5")
    alike(colleague, teacher)
    teacher.get_by_role("button", name="Take the lead").click()
    expect(colleague.locator(BAR)).to_have_attribute("data-kind", "following")


def test_the_notes_of_a_lesson_lead_from_another_device(
    page: Page, lab: str, borrow: Callable[..., Page], complaints: list[str]
) -> None:
    page.goto(f"{lab}/lessons/unrolling")
    code = code_of(page)
    address = link(page, lab, "own")
    page.locator(f"{ROOM} [value=close]").click()
    desk = borrow(**ELSEWHERE)
    desk.goto(f"{lab}/join?code={code}")
    desk.wait_for_url("**/lessons/unrolling?*")
    notes = borrow(**PHONE)
    notes.goto(address)
    notes.get_by_role("link", name="Notes").tap()
    expect(notes.locator("[data-part=step-title]")).to_have_text(
        page.locator("[data-part=step-title]").inner_text()
    )
    expect(notes.locator("[data-part=alone]")).to_be_hidden()
    notes.locator("[data-part=next]").tap()
    at_step(page, 1)
    at_step(desk, 1)
    page.locator("[data-part=next]").click()
    expect(notes.locator("[data-part=jump]")).to_have_value("2")
    at_step(desk, 2)


def test_a_student_who_tries_shows_it_to_the_class(
    page: Page, lab: str, borrow: Callable[..., Page], complaints: list[str]
) -> None:
    teacher = opened(page, lab, recurrent_scale=1.2)
    code = code_of(teacher)
    desk = joined(borrow(**ELSEWHERE), lab, code)
    phone = joined(borrow(**PHONE), lab, code)
    teacher.get_by_role("checkbox", name="Students may try").check()
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "trying")
    slider(desk).fill("3")
    desk.get_by_role("button", name="Show this to the teacher").click()
    expect(desk.locator(BAR)).to_contain_text("can see it")
    offer = teacher.locator(f"{ROOM} .offers button")
    expect(offer).to_have_text(re.compile("A student.*3"))
    for button in ("close", "end"):
        expect(teacher.locator(f"{ROOM} [value={button}]")).to_be_in_viewport(ratio=1)
    assert_accessible(teacher, ROOM)
    offer.click()
    expect(slider(teacher)).to_have_value("3")
    alike(desk, teacher)
    alike(teacher, phone)


def test_a_student_who_wandered_off_finds_the_way_back(
    page: Page, lab: str, borrow: Callable[..., Page], complaints: list[str]
) -> None:
    page.goto(f"{lab}/train")
    code = code_of(page)
    page.locator(f"{ROOM} [value=close]").click()
    page.locator("[name=task]").first.select_option("text")
    phone = borrow(**PHONE)
    phone.goto(f"{lab}/join?code={code}")
    phone.wait_for_url("**/train?*")
    expect(phone.locator("[name=task]").first).to_have_value("text")
    phone.goto(f"{lab}/lessons")
    phone.get_by_role("link", name="Back to the class").tap()
    phone.wait_for_url("**/train?*")
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "following")
    assert_accessible(phone)
    page.get_by_role("button", name="Room").click()
    page.locator(f"{ROOM} [value=end]").click()
    page.locator(f"{ROOM} [value=end-all]").click()
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "over")
    phone.goto(f"{lab}/lessons")
    expect(phone.get_by_role("link", name="Back to the class")).to_have_count(0)


def test_a_teacher_with_a_phone_opens_asks_and_ends(lab: str, borrow: Callable[..., Page]) -> None:
    phone = borrow(**PHONE)
    phone.goto(lab)
    phone.locator("[data-part=help-button]").tap()
    way = phone.get_by_role("button", name="A room for the class")
    expect(way).to_be_in_viewport(ratio=1)
    way.tap()
    phone.locator(f"{ROOM} [value=open]").tap()
    expect(phone.locator(f"{ROOM} .code")).not_to_be_empty()
    sizes = phone.locator(f"{ROOM} button:visible").evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    phone.locator(f"{ROOM} [value=question]").tap()
    phone.get_by_role("radio", name="The gradient at t = 1").check()
    phone.locator("[data-part=ask] [value=ask]").tap()
    for command in ("show", "hide"):
        phone.locator(f"[data-part=class-question] [value={command}]").tap()
    phone.locator("[data-part=help-button]").tap()
    way.tap()
    for command in ("end", "end-all"):
        phone.locator(f"{ROOM} [value={command}]").tap()
    expect(phone.locator(ROOM)).to_be_hidden()
