"""A room: what a teacher does is on every screen, in the student's own language and size."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import save

from tests.app.routes.test_networks import weights
from tests.browser.accessible import assert_accessible
from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.test_lab import answer, as_shown, gradients, opened, slider, stage
from tests.browser.test_network_file import carried

Borrow = Callable[..., Page]
BAR = "[data-part=class-bar]"
NETWORK = "[data-part=trained]"
ROOM = "dialog[data-part=room]"


def code_of(teacher: Page) -> str:
    """Open a room by the keyboard, and return its code."""
    teacher.get_by_role("button", name="Room").press("Enter")
    teacher.get_by_role("button", name="Open the room").press("Enter")
    code = teacher.locator(f"{ROOM} .code")
    expect(code).not_to_be_empty()
    return code.inner_text()


def joined(page: Page, server: str, code: str) -> Page:
    """Join as a student does: by typing the code."""
    page.goto(f"{server}/join")
    page.locator("#room-code").fill(f"{code[:3].lower()} {code[3:]}")
    page.locator("#room-code").press("Enter")
    expect(page.locator(BAR)).to_have_attribute("data-kind", "following")
    expect(stage(page)).to_have_attribute("data-state", "done")
    return page


@pytest.fixture
def room(
    page: Page, server: str, borrow: Borrow, reachable: None, complaints: list[str]
) -> list[Page]:
    """A teacher, a student at a desk, and one with a phone in Chinese."""
    opened(page, server, recurrent_scale=1.2)
    code = code_of(page)
    expect(page.locator(f"{ROOM} .address")).to_have_text(f"{server}/join")
    desk = joined(borrow(**ELSEWHERE), server, code)
    phone = joined(borrow(**PHONE | {"locale": "zh-CN"}), server, code)
    expect(page.locator(f"{ROOM} .attendance")).to_contain_text("2")
    page.get_by_role("button", name="Close").press("Enter")
    return [page, desk, phone]


def show(pages: list[Page], numbers: list[str]) -> None:
    for page in pages:
        first = page.locator("[data-timestep='1']")
        expect(first).to_have_attribute("data-log10-gradient", numbers[0])
        expect(page.locator("[data-timestep]")).to_have_count(len(numbers))
        assert gradients(page) == numbers


def test_a_student_has_the_teachers_numbers_and_may_try_others(
    page: Page, server: str, borrow: Borrow, reachable: None, complaints: list[str]
) -> None:
    opened(page, server, recurrent_scale=1.2)
    desk = joined(borrow(**ELSEWHERE), server, code_of(page))
    page.get_by_role("checkbox", name="Students may try").check()
    page.get_by_role("button", name="Close").press("Enter")
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "trying")
    show([page, desk], as_shown(answer(server, recurrent_scale=1.2)["log10_gradient_norm"]))
    slider(desk).fill("3")
    show([desk], as_shown(answer(server, recurrent_scale=3)["log10_gradient_norm"]))
    desk.get_by_role("button", name="Back to the class").press("Enter")
    slider(page).press("End")
    show([page, desk], as_shown(answer(server, recurrent_scale=4)["log10_gradient_norm"]))


@pytest.mark.delivery
def test_every_screen_shows_the_teachers_numbers_also_after_a_reload(
    room: list[Page], server: str
) -> None:
    teacher, desk, phone = room
    show(room, as_shown(answer(server, recurrent_scale=1.2)["log10_gradient_norm"]))
    teacher.get_by_role("textbox", name="Sequence").fill("云在天空里")
    slider(teacher).press("End")
    wanted = answer(server, sequence="云在天空里", recurrent_scale=4)
    show(room, as_shown(wanted["log10_gradient_norm"]))
    teacher.locator("[data-part=fold]").click()
    teacher.locator("[data-part=timeline]").press("Home")
    for student in (desk, phone):
        expect(student.locator("[data-part=fold]")).to_have_attribute("aria-pressed", "true")
        expect(student.locator("[data-part=timeline]")).to_have_value("0")
        expect(student.locator("#recurrent_scale")).to_have_value("4")
    assert phone.locator("html").get_attribute("lang") == "zh-CN"
    moving = phone.evaluate_handle(
        """() => ({ seen: new Promise((done) => {
          const form = document.querySelector("[data-part=experiment]");
          const bar = form.querySelector("[data-timestep='1']");
          const before = bar.dataset.log10Share;
          const look = () => form.hasAttribute("data-moving") &&
            bar.dataset.log10Share !== before && done(true);
          const all = { attributes: true, subtree: true };
          new MutationObserver(look).observe(form, all);
        }) })"""
    )
    for _ in range(10):
        slider(teacher).press("ArrowLeft")
    assert phone.evaluate("({ seen }) => seen", moving)
    expect(phone.locator("[data-moving]")).to_have_count(0)
    teacher.reload()
    slider(teacher).press("Home")
    wanted = answer(server, sequence="云在天空里", recurrent_scale=0)
    show(room, as_shown(wanted["log10_gradient_norm"]))


@pytest.mark.pages
def test_a_student_is_told_whose_network_the_class_looks_at(
    room: list[Page], server: str, tmp_path: Path
) -> None:
    teacher, desk, phone = room
    for name, cell in (("first", "lstm"), ("second", "gru")):
        file = tmp_path / f"{name}.safetensors"
        file.write_bytes(save(weights(cell)))
        teacher.locator("[data-part=network-file]").set_input_files(file)
        expect(teacher.locator(NETWORK)).to_contain_text(f"{name}.safetensors: {cell.upper()}")
        expect(desk.locator(NETWORK)).to_contain_text(
            f"Your teacher’s own network, {name}.safetensors: {cell.upper()}, 4 hidden units."
        )
        expect(phone.locator(NETWORK)).to_contain_text(f"老师自己的网络 {name}.safetensors")
        for student in (desk, phone):
            expect(student.get_by_role("radiogroup", name="Cell")).to_be_hidden()
    teacher.go_back()  # of two networks, the first again
    expect(desk.locator(NETWORK)).to_contain_text("first.safetensors")
    mine = carried(desk, "mine.safetensors", save(weights("rnn")))
    desk.locator("main").dispatch_event("drop", {"dataTransfer": mine})  # the teacher leads
    assert desk.url == f"{server}/?room={phone.url[-6:]}"
    teacher.get_by_role("button", name="Room").press("Enter")
    teacher.get_by_role("checkbox", name="Students may try").check()
    teacher.get_by_role("button", name="Close").press("Enter")
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "trying")
    desk.locator("main").dispatch_event("drop", {"dataTransfer": mine})
    expect(desk.locator(NETWORK)).to_contain_text("mine.safetensors: RNN")
    expect(desk.locator(NETWORK)).not_to_contain_text("teacher")
    desk.get_by_role("button", name="Back to the class").press("Enter")
    expect(desk.locator(NETWORK)).to_contain_text("Your teacher’s own network, first.safetensors")
    teacher.goto(server)
    for student in (desk, phone):
        expect(student.locator(NETWORK)).to_be_hidden()


@pytest.mark.delivery
def test_a_student_drives_while_students_may_try_and_comes_back(
    room: list[Page], server: str
) -> None:
    teacher, desk, phone = room
    own = as_shown(answer(server, recurrent_scale=1.2)["log10_gradient_norm"])
    alone = as_shown(answer(server, recurrent_scale=3)["log10_gradient_norm"])
    expect(desk.locator(".controls.primary")).to_have_attribute("inert", "")
    desk.keyboard.press("Home")
    desk.keyboard.press("f")
    desk.locator("[data-timestep='3']").click()
    desk.locator("[data-timestep='3']").press("Enter")
    expect(desk.locator("[data-part=fold]")).to_have_attribute("aria-pressed", "false")
    assert desk.locator("[data-part=timeline]").input_value() != "0"
    show(room, own)
    assert_accessible(desk)
    assert_accessible(phone)
    teacher.get_by_role("button", name="Room").click()
    assert_accessible(teacher, ROOM)
    may_try = teacher.get_by_role("checkbox", name="Students may try")
    may_try.check()
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "trying")
    slider(desk).fill("3")
    show([desk], alone)
    show([teacher, phone], own)
    expect(desk.locator(BAR)).to_contain_text("1.2")
    desk.get_by_role("button", name="Back to the class").press("Enter")
    show([desk], own)
    slider(desk).fill("3")
    show([desk], alone)
    may_try.uncheck()
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "following")
    show([desk], own)
    teacher.get_by_role("button", name="End the room").click()
    teacher.get_by_role("button", name="End it for all").click()
    for student in (desk, phone):
        expect(student.locator(BAR)).to_have_attribute("data-kind", "over")
    slider(desk).fill("3")
    show([desk], alone)


@pytest.mark.pages
def test_a_code_of_no_room_is_refused_in_words(page: Page, server: str, borrow: Borrow) -> None:
    for each, words in ((page, "no room"), (borrow(locale="zh-CN"), "没有")):
        each.goto(f"{server}/join?code=BCDFGH")
        expect(each.get_by_role("alert")).to_contain_text(words)
        expect(each.locator("#room-code")).to_be_focused()
        assert_accessible(each)
    page.goto(f"{server}/?room=BCDFGH")
    expect(page.locator(BAR)).to_have_attribute("data-kind", "refused")
    expect(page.locator(BAR).get_by_role("link")).to_be_visible()
