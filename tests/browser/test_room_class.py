"""A class as it is taught: a colleague, notes on a phone, a lesson of one's own, a training."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.test_room_lessons import at_step
from tests.browser.test_room_questions import CARD, ask, lead, make, send
from tests.browser.test_room_teachers import lab, link
from tests.browser.test_rooms import BAR, ROOM, code_of, joined

__all__ = ["lab"]
pytestmark = pytest.mark.delivery
Borrow = Callable[..., Page]
OWN = {
    "lesson": {
        "steps": [{"id": "step-1", "experiment": {"cell": "gru"}, "view": {"show": ["stage"]}}]
    },
    "words": {"title": "Mine", "steps": {"step-1": {"title": "My first step", "text": "My words"}}},
}


def led(teacher: Page, lab: str, path: str = "") -> str:
    """Open a room on a page, and return its code."""
    teacher.goto(f"{lab}/{path}")
    code = code_of(teacher)
    teacher.locator(f"{ROOM} [value=close]").click()
    return code


def covers(page: Page, part: str) -> bool:
    """Return whether the question stands over a part of the page."""
    found: bool = page.evaluate(
        """([card, part]) => {
          const [a, b] = [card, part].map((each) =>
            document.querySelector(each).getBoundingClientRect());
          return a.left < b.right - 1 && b.left < a.right - 1 &&
            a.top < b.bottom - 1 && b.top < a.bottom - 1;
        }""",
        [CARD, part],
    )
    return found


@pytest.mark.parametrize("path", ["?", "lessons/vanish-or-explode?step=vanish&"])
def test_a_question_covers_nothing_that_it_asks_about(
    page: Page, lab: str, borrow: Borrow, path: str
) -> None:
    phone = borrow(**PHONE | {"locale": "zh-CN"})
    code = led(page, lab, f"{path}view=projector")
    phone.goto(f"{lab}/join?code={code}")
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "following")
    make(page, "curve")
    ask(page)
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(f"{CARD} [value=show]")).to_be_in_viewport(ratio=1)
        for part in ("[data-part=stage]", ".timeline"):
            assert not covers(page, part), (width, part)
    assert_accessible(page)
    expect(phone.locator(CARD)).to_be_visible()
    assert not covers(phone, "[data-part=stage]")
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_colleague_sees_what_teachers_see_and_shows_the_answer_of_another(
    page: Page, lab: str, borrow: Borrow
) -> None:
    page.goto(lab)
    code = code_of(page)
    address = link(page, lab, "colleague")
    page.locator(f"{ROOM} [value=students]").click()
    page.locator(f"{ROOM} [value=close]").click()
    colleague, student = borrow(**ELSEWHERE), joined(borrow(**PHONE), lab, code)
    colleague.goto(address)
    make(page, "choice", words="Which?")
    for row, text in enumerate(("one", "two")):
        page.locator("[name=choice]").nth(row).fill(text)
    page.get_by_role("radio", name="Choice B is right").check()
    ask(page)
    student.locator(f"{CARD} .choose input").first.check()
    send(student)
    expect(colleague.locator(f"{CARD} .told")).to_have_text("1 of 1 have answered")
    expect(colleague.locator(f"{CARD} .lead")).to_be_hidden()
    expect(colleague.locator(f"{BAR} .here")).to_contain_text("1")
    assert_accessible(colleague)
    colleague.get_by_role("button", name="Take the lead").click()
    expect(page.locator(BAR)).to_have_attribute("data-kind", "following")
    lead(colleague, "Show the answers")
    for screen in (colleague, page, student):
        expect(screen.locator(f"{CARD} [data-right]")).to_contain_text("two")
    expect(page.locator(f"{CARD} .lead")).to_be_hidden()
    colleague.get_by_role("button", name="Room").click()
    colleague.evaluate("print = () => {}")
    colleague.get_by_role("button", name="Print the answers").click()
    colleague.emulate_media(media="print")
    expect(colleague.locator("section.report")).to_contain_text("Which?")
    assert_accessible(colleague, "section.report")
    colleague.emulate_media(media="screen")


def test_notes_on_a_phone_do_what_a_clicker_does(page: Page, lab: str, borrow: Borrow) -> None:
    page.goto(f"{lab}/lessons/vanish-or-explode")
    code_of(page)
    address = link(page, lab, "own")
    page.locator(f"{ROOM} [value=close]").click()
    notes = borrow(**PHONE)
    notes.goto(address)
    notes.get_by_role("link", name="Notes").tap()
    expect(notes.locator("[data-part=alone]")).to_be_hidden()
    notes.get_by_role("button", name="Dark").tap()
    expect(page.locator("[data-part=blank]")).to_be_visible()
    notes.get_by_role("button", name="Dark").tap()
    expect(page.locator("[data-part=blank]")).to_be_hidden()
    expect(page.locator("[data-part=waiting]")).to_be_visible()
    make(page, "lesson")
    ask(page)
    expect(notes.locator(f"{CARD} .told")).to_have_text("0 of 0 have answered")
    notes.get_by_role("button", name="Show the answers").tap()
    expect(page.locator(f"{CARD} [data-right]")).to_have_count(1)
    expect(notes.locator(f"{CARD} [data-right]")).to_have_count(1)
    assert_accessible(notes)
    notes.get_by_role("button", name="Onward").tap()
    expect(page.locator("[data-part=waiting]")).to_be_hidden()
    at_step(page, 0)
    notes.locator("[data-part=next]").tap()
    at_step(page, 1)


def test_a_lesson_of_the_teachers_own_has_its_words_on_every_screen(
    page: Page, lab: str, borrow: Borrow
) -> None:
    code = led(page, lab)
    student = joined(borrow(**PHONE), lab, code)
    page.goto(f"{lab}/lessons/own")
    page.locator("[data-part=own-open]").set_input_files(
        {"name": "lesson.json", "mimeType": "application/json", "buffer": json.dumps(OWN).encode()}
    )
    student.wait_for_url("**/lessons/own?*")
    expect(student.locator("[data-part=step-title]")).to_have_text("My first step")
    expect(student.locator("[data-part=step-text]")).to_have_text("My words")
    bar = student.get_by_role("status", name="Your room")
    expect(bar).to_have_text(f"Room {code}: the teacher has moved to step 1 of this lesson.")
    expect(student.locator("[data-part=editor]")).to_be_hidden()
    expect(student.locator("[data-part=own-edit]")).to_have_count(0)
    expect(student.locator("[name=cell][value=gru]").first).to_be_checked()


def test_a_class_watches_one_training_and_the_moment_that_the_teacher_looks_at(
    page: Page, lab: str, borrow: Borrow
) -> None:
    code = led(page, lab, "train")
    phone = borrow(**PHONE | {"locale": "zh-CN"})
    phone.goto(f"{lab}/join?code={code}")
    phone.wait_for_url("**/train?*")
    page.locator("[name=steps]").first.fill("60")
    page.get_by_role("button", name="Start").click()
    cards = "[data-cell=lstm]"
    expect(page.locator(cards)).to_have_attribute("data-state", "finished", timeout=60_000)
    expect(phone.locator(cards)).to_have_attribute("data-state", "finished", timeout=30_000)
    expect(phone.locator(cards)).to_have_attribute("data-step", "60")
    page.locator(f"{cards} .reach").focus()
    step = page.locator(f"{cards} .reach").get_attribute("data-step")
    expect(phone.locator(f"{cards} .reach")).to_have_attribute("data-step", step or "")
    assert_accessible(phone)


def test_a_training_goes_on_for_all_when_a_colleague_or_ones_own_phone_takes_the_lead(
    page: Page, lab: str, borrow: Borrow
) -> None:
    page.goto(f"{lab}/train?steps=20000")
    code = code_of(page)
    colleague = link(page, lab, "colleague")
    page.locator(f"{ROOM} [value=students]").click()
    ways = [colleague, link(page, lab, "own")]
    page.locator(f"{ROOM} [value=close]").click()
    student = borrow(**PHONE)
    student.goto(f"{lab}/join?code={code}")
    student.wait_for_url("**/train?*")
    page.get_by_role("button", name="Start").click()
    card = "[data-cell=lstm]"
    others = [page]
    told = ["is led from another device now", "gone to another device again"]
    for way, device, words in zip(ways, (ELSEWHERE, PHONE), told, strict=True):
        leads = borrow(**device)
        leads.goto(way)
        expect(leads.locator(card)).to_have_attribute("data-state", "training", timeout=30_000)
        leads.get_by_role("button", name="Take the lead").click()
        expect(leads.locator(BAR)).to_be_hidden()
        expect(leads.locator("[data-part=lead-news]")).to_have_text("You lead the class now.")
        expect(student.locator(BAR)).to_contain_text(words)
        for each in (leads, student, *others):
            expect(each.locator(card)).to_have_attribute("data-state", "training", timeout=30_000)
            before = int(each.locator(card).get_attribute("data-step") or 0)
            expect(each.locator(card)).not_to_have_attribute("data-step", str(before))
        for each in others:
            expect(each.locator(BAR)).to_have_attribute("data-kind", "following")
            expect(each.locator(BAR)).to_contain_text(re.compile("another device .*Yours follows"))
        others.append(leads)


def test_the_end_of_a_room_is_confirmed_by_the_keyboard(
    page: Page, lab: str, borrow: Borrow
) -> None:
    page.goto(lab)
    code = code_of(page)
    student = joined(borrow(**PHONE), lab, code)
    expect(page.locator(f"{ROOM} .attendance")).to_contain_text("1")
    end = page.get_by_role("button", name="End the room")
    end.press("Enter")
    expect(page.locator(f"{ROOM} .ending")).to_contain_text(re.compile("room: 1"))
    assert_accessible(page, ROOM)
    expect(page.get_by_role("button", name="Keep it open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(end).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(student.locator(BAR)).to_have_attribute("data-kind", "over")
    expect(page.locator(ROOM)).to_be_hidden()
