"""Questions to a class in a room: what everyone answers, and what is kept of it."""

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import PHONE
from tests.browser.test_lab import opened
from tests.browser.test_rooms import BAR, ROOM, Borrow


def room_of(teacher: Page, lab: str, *, names: bool = False) -> str:
    """Open a room on the teacher's lab, and return its code."""
    opened(teacher, lab, recurrent_scale=1.2)
    teacher.get_by_role("button", name="Room").click()
    assert_accessible(teacher, ROOM)
    teacher.get_by_role("checkbox", name="Ask students for a name").set_checked(names)
    teacher.get_by_role("button", name="Open the room").click()
    code = teacher.locator(f"{ROOM} .code")
    expect(code).not_to_be_empty()
    teacher.get_by_role("button", name="Close").click()
    return code.inner_text()


def test_a_room_that_asks_for_names_says_so_and_takes_no_markup(
    page: Page, server: str, borrow: Borrow
) -> None:
    code = room_of(page, server, names=True)
    phone = borrow(**PHONE)
    phone.goto(f"{server}/join?code={code}")
    name = phone.get_by_role("textbox", name="Your name")
    expect(name).to_be_focused()
    expect(phone.get_by_text("at most 40")).to_be_visible()
    phone.get_by_text("What a room keeps").click()
    assert_accessible(phone)
    name.fill("<b>Ada</b>")
    name.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("<b>Ada</b>")
    name.fill("Ada")
    name.press("Enter")
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "following")
    phone.reload()
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "following")
    phone.evaluate("localStorage.removeItem('unrolled.seat')")
    phone.reload()
    phone.locator(BAR).get_by_role("link").click()
    expect(name).to_be_focused()
