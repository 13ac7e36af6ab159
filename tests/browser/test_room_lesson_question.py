"""The question of a lesson's step, to a class in a room."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import PHONE
from tests.browser.test_room_questions import CARD, ask, joined, lead, make, send
from tests.browser.test_rooms import ROOM, Borrow

pytestmark = pytest.mark.delivery


def test_a_lesson_asks_each_student_in_their_own_language(
    page: Page, server: str, borrow: Borrow
) -> None:
    page.goto(f"{server}/lessons/gates")
    page.get_by_role("button", name="Room").click()
    page.get_by_role("button", name="Open the room").click()
    code = page.locator(f"{ROOM} .code")
    expect(code).not_to_be_empty()
    page.get_by_role("button", name="Close").click()
    phone = joined(borrow(**PHONE | {"locale": "zh-CN"}), server, code.inner_text())
    question = page.locator("[data-part=question]")
    while question.is_hidden():
        page.get_by_role("button", name="Next").first.click()
    page.get_by_role("button", name="Room").click()
    page.get_by_role("button", name="Ask the class").click()
    for each in page.locator("dialog[data-part=ask] .switch:visible").all():
        box = each.bounding_box()
        assert box
        assert box["height"] < 60
    page.keyboard.press("Escape")
    make(page, "lesson")
    ask(page)
    wanted = question.locator(".ask").inner_text()
    expect(page.locator(f"{CARD} .asked")).to_have_text(wanted)
    theirs = phone.locator("[data-part=question] .ask")
    expect(phone.locator(f"{CARD} .asked")).to_have_text(theirs.inner_text())
    assert theirs.inner_text() != wanted
    first = phone.locator("[data-part=question] .answers li button > span").first
    text = phone.locator(f"{CARD} .choose .text").first
    assert text.text_content() == first.text_content()
    phone.locator(f"{CARD} .choose input").first.check()
    send(phone)
    expect(phone.locator(f"{CARD} .told")).to_contain_text("已收到")
    lead(page, "Show the answers")
    expect(phone.locator(f"{CARD} [data-right]")).to_have_count(1)
    assert_accessible(phone)
    letters = phone.locator("[data-timestep] .token").all_inner_texts()
    assert "".join(letters) in "他渴了所以他喝水床前明月光疑是地上霜举头望明月低头思故乡"
    page.get_by_role("button", name="Next").first.click()
    expect(phone.locator(CARD)).to_be_hidden()
    expect(page.locator(CARD)).to_be_hidden()
