"""Questions to a class in a room: what everyone answers, and what is kept of it."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.test_lab import answer, opened
from tests.browser.test_rooms import BAR, ROOM, Borrow

pytestmark = pytest.mark.delivery

CARD = ".class-question"
HOSTILE = "<img src=x onerror=\"document.title='taken'\"> or <b>all</b>?"


def room_of(teacher: Page, lab: str, *, names: bool = False) -> str:
    """Open a room on the teacher's lab, and return its code."""
    opened(teacher, lab, recurrent_scale=1.2)
    teacher.get_by_role("button", name="Room").click()
    expect(teacher.get_by_role("button", name="End the room")).to_be_hidden()
    assert_accessible(teacher, ROOM)
    teacher.get_by_role("checkbox", name="Ask students for a name").set_checked(names)
    teacher.get_by_role("button", name="Open the room").click()
    code = teacher.locator(f"{ROOM} .code")
    expect(code).not_to_be_empty()
    expect(teacher.get_by_role("button", name="Open the room")).to_be_hidden()
    teacher.get_by_role("button", name="Close").click()
    return code.inner_text()


def joined(page: Page, lab: str, code: str) -> Page:
    page.goto(f"{lab}/join?code={code}")
    expect(page.locator(BAR)).to_have_attribute("data-kind", "following")
    return page


def make(teacher: Page, what: str, **fields: str) -> None:
    """Ask the class by the keyboard."""
    teacher.get_by_role("button", name="Room").press("Enter")
    teacher.get_by_role("button", name="Ask the class").press("Enter")
    teacher.locator(f"[name=what][value={what}]").check()
    for name, text in fields.items():
        teacher.locator(f"[name={name}]").fill(text)


def ask(teacher: Page) -> None:
    teacher.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(teacher.locator(CARD)).to_be_visible()


def send(student: Page) -> None:
    student.locator(f"{CARD} .reply button").press("Enter")


def lead(teacher: Page, name: str) -> None:
    teacher.get_by_role("button", name=name).press("Enter")


def table(teacher: Page, folder: Path) -> list[dict[str, str]]:
    """Save the answers, and return the rows."""
    teacher.get_by_role("button", name="Room").press("Enter")
    with teacher.expect_download() as saved:
        teacher.get_by_role("button", name="Save the answers").press("Enter")
    saved.value.save_as(folder / "answers.csv")
    teacher.get_by_role("button", name="Close").press("Enter")
    text = (folder / "answers.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def room(page: Page, server: str, borrow: Borrow) -> list[Page]:
    """A teacher, a student at a desk, and one with a phone in Chinese."""
    code = room_of(page, server)
    phone = borrow(**PHONE | {"locale": "zh-CN"})
    return [page, joined(borrow(**ELSEWHERE), server, code), joined(phone, server, code)]


def test_two_rounds_of_a_choice_stand_side_by_side_and_equal_what_was_sent(
    room: list[Page], tmp_path: Path
) -> None:
    teacher, desk, phone = room
    make(teacher, "choice", words=HOSTILE)
    lead(teacher, "Ask")
    expect(teacher.get_by_role("alert").filter(visible=True)).to_contain_text("two choices")
    for row, text in enumerate(("nothing", HOSTILE, "all of it")):
        teacher.locator("[name=choice]").nth(row).fill(text)
    expect(teacher.locator("[name=choice]:visible")).to_have_count(4)
    teacher.get_by_role("radio", name="Choice C is right").check()
    assert_accessible(teacher, "dialog[data-part=ask]")
    ask(teacher)
    expect(teacher.locator(f"{CARD} .told")).to_have_text("0 of 2 have answered")
    for student in (desk, phone):
        expect(student.locator(f"{CARD} .asked")).to_have_text(HOSTILE)
        assert_accessible(student)
    send(phone)
    expect(phone.locator(f"{CARD} .error")).to_contain_text("先选")
    phone.get_by_role("radio").nth(1).check()
    send(phone)
    expect(phone.locator(f"{CARD} .told")).to_contain_text("已收到")
    desk.get_by_role("radio").nth(0).check()
    send(desk)
    desk.get_by_role("radio").nth(2).check()
    expect(desk.locator(f"{CARD} .told")).to_contain_text("not sent yet")
    send(desk)
    expect(desk.locator(f"{CARD} .told")).to_contain_text("Your answer is in")
    desk.reload()
    expect(desk.get_by_role("radio").nth(2)).to_be_checked()
    expect(teacher.locator(f"{CARD} .told")).to_have_text("2 of 2 have answered")
    assert teacher.locator(f"{CARD} .vote").count() == desk.locator(f"{CARD} .vote").count() == 0
    teacher.reload()
    expect(teacher.locator(f"{CARD} .told")).to_have_text("2 of 2 have answered")
    lead(teacher, "Show the answers")
    for each in room:
        expect(each.locator(f"{CARD} .vote")).to_contain_text(["0", "1", "1"])
        expect(each.locator(f"{CARD} [data-right]")).to_contain_text("all of it")
    told = desk.locator(f"{CARD} .told")
    expect(told).to_contain_text("closed. A nothing 0 (0%)")  # the results are heard, too
    lead(teacher, "Vote again")
    expect(told).to_contain_text(
        f"round 2: answer it once more. You can change your answer until it is closed. {HOSTILE}"
    )
    phone.locator(f"{CARD} .choose input").nth(2).check()
    send(phone)
    expect(phone.locator(f"{CARD} .told")).to_contain_text("已收到")
    assert phone.locator(f"{CARD} .vote:visible").count() == 0
    lead(teacher, "Show the answers")
    expect(desk.locator(f"{CARD} [data-right] .vote")).to_contain_text(
        ["Round 1 · 1 (50%)", "Round 2 · 1 (100%)"]
    )
    assert_accessible(teacher)
    assert_accessible(phone)
    rows = table(teacher, tmp_path)
    assert sorted((row["round"], row["answer"], row["name"]) for row in rows) == [
        ("1", "B", ""),
        ("1", "C", ""),
        ("2", "C", ""),
    ]
    for each in room:
        assert "taken" not in each.title()


class Line:
    """A line that sockets to a room go through; it can be cut."""

    def __init__(self, page: Page) -> None:
        self.cut = False
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/api/rooms/*", self.pass_on)

    def pass_on(self, socket: WebSocketRoute) -> None:
        if self.cut:
            return socket.close()
        socket.connect_to_server()
        self.sockets.append(socket)

    def lose(self) -> None:
        self.cut = True
        for socket in self.sockets:
            socket.close()


def test_a_second_question_is_announced_though_the_first_has_no_answer(
    room: list[Page],
) -> None:
    teacher, desk, phone = room
    for number in (1, 2):
        make(teacher, "choice", words="?")
        for row, text in enumerate(("yes", "no")):
            teacher.locator("[name=choice]").nth(row).fill(text)
        lead(teacher, "Ask")
        expect(desk.locator(CARD).get_by_role("status")).to_contain_text(f"Question {number} ")
        expect(phone.locator(CARD).get_by_role("status")).to_contain_text(f"第 {number} 题")


def test_an_answer_that_was_sent_without_a_connection_arrives_once(
    room: list[Page], server: str, tmp_path: Path
) -> None:
    teacher, desk, phone = room
    line = Line(phone)
    phone.reload()
    make(teacher, "gradient")
    ask(teacher)
    number = phone.locator(f"{CARD} input[type=number]")
    number.fill("-11")
    send(phone)
    expect(phone.locator(f"{CARD} .error")).to_contain_text("−10 到 10")
    for each in room:
        expect(each.locator("form.lab")).to_have_attribute("data-backward", "false")
    line.lose()
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "lost")
    for value in ("-3", "-2"):
        number.fill(value)
        send(phone)
        expect(phone.locator(f"{CARD} .told")).to_contain_text("没有连接")
    phone.reload()
    desk.locator(f"{CARD} input[type=number]").fill("-5.5")
    send(desk)
    expect(teacher.locator(f"{CARD} .told")).to_have_text("1 of 1 have answered")
    line.cut = False
    expect(phone.locator(f"{CARD} .told")).to_contain_text("已收到")
    expect(teacher.locator(f"{CARD} .told")).to_have_text("2 of 2 have answered")
    lead(teacher, "Show the answers")
    truth = answer(server, recurrent_scale=1.2)["log10_gradient_norm"][0]
    said = desk.locator(f"{CARD} figcaption").inner_text()
    shown = re.search(r"the lab: (\S+)", said)
    assert shown
    assert float(shown[1].replace("−", "-")) == pytest.approx(truth, rel=0.05)
    assert sorted(row["answer"] for row in table(teacher, tmp_path)) == ["-2", "-5.5"]


def test_a_curve_is_drawn_over_the_bars_with_a_finger_or_by_keys(
    room: list[Page], server: str
) -> None:
    teacher, desk, phone = room
    make(teacher, "curve")
    ask(teacher)
    field = desk.get_by_role("slider", name="Your curve")
    send(desk)
    expect(desk.locator(f"{CARD} .error")).to_contain_text("Draw")
    field.press("ArrowRight")
    for _ in range(4):
        field.press("ArrowUp")
    expect(field).to_have_attribute("aria-valuetext", "t = 2: 70% of the height")
    send(desk)
    expect(desk.locator(f"{CARD} .told")).to_contain_text("Your answer is in")
    box = phone.locator(f"{CARD} .drawing svg").bounding_box()
    assert box
    phone.mouse.move(box["x"] + 2, box["y"] + box["height"] * 0.9)
    phone.mouse.down()
    phone.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] * 0.1)
    phone.mouse.up()
    send(phone)
    expect(phone.locator(f"{CARD} .told")).to_contain_text("已收到")
    expect(teacher.locator(f"{CARD} .told")).to_have_text("2 of 2 have answered")
    lead(teacher, "Show the answers")
    bars = len(answer(server, recurrent_scale=1.2)["log10_gradient_norm"])
    for each in room:
        expect(each.locator(f"{CARD} polyline.one")).to_have_count(2)
        expect(each.locator(f"{CARD} polyline.median")).to_have_count(1)
        expect(each.locator(f"{CARD} .results rect.truth")).to_have_count(bars)
        expect(each.locator("form.lab")).to_have_attribute("data-backward", "true")


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
