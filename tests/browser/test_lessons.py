"""A lesson as a class, a student and a teacher use it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import Download, Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.letters import LETTERS
from tests.browser.rest import animated
from tests.browser.test_lab import slider, stage
from tests.browser.views import show_as
from tests.lessons import SLUG, written
from unrolled.app.i18n.catalog import languages
from unrolled.app.lessons import shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.rendering import decided
from unrolled.app.lessons.schema import Question, Step

LESSONS = [found.slug for found in shelf().all("en")]
VIEWS: dict[str, tuple[str, int, int]] = {
    "light": ("light", 1280, 720),
    "dark": ("dark", 1280, 720),
    "phone": ("light", 390, 844),
    "projector": ("light", 1280, 720),
}
CUT = """node => {
  const words = document.createRange();
  words.selectNodeContents(node);
  return words.getBoundingClientRect().width - node.getBoundingClientRect().width;
}"""
"""How much of a line's width is cut, in fractions of a pixel: the least is an ellipsis."""
DRAWN = """button => {
  let drawn = 0;
  const pen = CanvasRenderingContext2D.prototype;
  const { clearRect } = pen;
  pen.clearRect = function (...area) {
    drawn += 1;
    clearRect.apply(this, area);
  };
  button.click();
  pen.clearRect = clearRect;
  return drawn;
}"""
"""Presses a button, and counts what is drawn before the press has ended."""
HOSTILE = {
    "title": "<img src=x onerror=window.hurt=1>",
    "text": "<script>window.hurt=1</script> [x](javascript:window.hurt=1) **bold**",
}


@pytest.fixture(scope="module")
def teaching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a lab with the small lesson."""
    from tests.conftest import Served
    from unrolled.app.settings import Settings

    served = Served(Settings(lessons=written(tmp_path_factory.mktemp("lessons"))))
    yield served.url
    served.stop()


@pytest.fixture
def lesson(page: Page, teaching: str, complaints: list[str]) -> Page:
    return opened(page, teaching)


def opened(page: Page, server: str, step: str = "begin", more: str = "") -> Page:
    page.goto(f"{server}/lessons/{SLUG}?step={step}{more}")
    expect(stage(page)).not_to_have_attribute("data-run", "")
    return page


def title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


@pytest.mark.pages
def test_the_list_leads_to_the_lesson(page: Page, teaching: str, complaints: list[str]) -> None:
    page.goto(f"{teaching}/lessons")
    page.get_by_role("link", name="First steps").click()
    title(page, "It reads")


def test_a_step_is_the_lab_in_its_state_with_its_parts_and_words(lesson: Page) -> None:
    title(lesson, "It reads")
    expect(stage(lesson)).to_have_attribute("data-state", "forward")
    expect(lesson.get_by_role("slider", name="Timeline")).to_have_value("12")
    expect(slider(lesson)).to_be_visible()
    expect(lesson.get_by_role("radiogroup", name="Cell")).to_be_visible()
    for hidden in ("#sequence", "[data-part=charts]", "[data-part=detail]", "[data-part=pin]"):
        expect(lesson.locator(hidden)).to_be_hidden()
    expect(lesson.locator(".claim")).to_have_text("falls below 0.1")
    expect(lesson.locator("[data-part=step-text] math")).to_be_visible()


def test_a_walk_through_the_steps_is_in_the_address_and_goes_back(lesson: Page) -> None:
    drawn = lesson.get_by_role("button", name="Next", exact=True).evaluate(DRAWN)
    assert drawn == 0, "the stage of the step before is drawn again, and the page laid out for it"
    title(lesson, "Larger weights")
    expect(lesson).to_have_url(re.compile("step=predict"))
    expect(lesson.locator("[data-part=walk] [aria-current]")).to_have_text("2. Larger weights")
    lesson.get_by_role("button", name="Step 4", exact=True).click()
    title(lesson, "Two cells")
    expect(lesson.locator("[data-part=sources]")).to_contain_text("Elman")
    expect(lesson.locator(".chips")).to_contain_text("LSTM")
    lesson.go_back()
    title(lesson, "Larger weights")
    lesson.go_back()
    title(lesson, "It reads")
    expect(lesson.locator(".chips")).to_be_hidden()


@pytest.mark.pages
def test_a_hash_names_a_step_too(page: Page, teaching: str, complaints: list[str]) -> None:
    page.goto(f"{teaching}/lessons/{SLUG}#by-hand")
    title(page, "By hand")


def test_a_step_can_be_changed_shared_and_reset(lesson: Page) -> None:
    slider(lesson).fill("3")
    expect(lesson).to_have_url(re.compile("recurrent_scale=3"))
    lesson.reload()
    expect(slider(lesson)).to_have_value("3")
    lesson.get_by_role("button", name="Reset this step").click()
    expect(slider(lesson)).to_have_value("1")
    expect(lesson).not_to_have_url(re.compile("recurrent_scale"))
    expect(lesson.get_by_role("slider", name="Timeline")).to_have_value("12")


@pytest.mark.pages
def test_a_change_does_not_follow_to_the_next_step(lesson: Page) -> None:
    slider(lesson).fill("3")
    expect(lesson).to_have_url(re.compile("recurrent_scale=3"))
    lesson.keyboard.press("PageDown")
    lesson.get_by_role("button", name="Next", exact=True).click()
    expect(slider(lesson)).to_have_value("2")


def test_the_class_predicts_before_it_sees(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "predict")
    expect(stage(page)).to_have_attribute("data-state", "idle")
    expect(page.get_by_text("The picture waits")).to_be_visible()
    for held in ("[data-part=verdict]", "#transport", "[data-part=caption]"):
        expect(page.locator(held)).to_be_hidden()
    veil = "getComputedStyle(document.querySelector('.track'), '::after').content"
    assert page.evaluate(veil) == '"?"'
    page.keyboard.press("a")
    question = page.locator("[data-part=question]")
    expect(question.get_by_role("status")).to_have_text("Not this one. Try once more.")
    expect(question.locator("[data-mark=right]")).to_have_count(0)
    expect(question.locator("p:visible")).to_have_count(1)
    expect(stage(page)).to_have_attribute("data-state", "idle")
    page.get_by_role("button", name="It falls.").click()
    expect(question.get_by_role("status")).to_contain_text("Not this one either")
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(page.locator("[data-part=verdict]")).to_contain_text("explodes")
    for why in (
        "The weights are no longer 1.",
        "Each step multiplies it by about 2.",
        "So it did at scale 1.",
    ):
        expect(question).to_contain_text(why)


@pytest.mark.pages
def test_a_prediction_is_remembered_until_the_step_is_reset(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "predict")
    page.keyboard.press("2")
    expect(page.locator("[data-part=question]").get_by_role("status")).to_have_text("Right.")
    page.keyboard.press("ArrowRight")
    title(page, "By hand")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-mark=right]")).to_contain_text("It grows.")
    expect(stage(page)).to_have_attribute("data-state", "done")
    page.get_by_role("button", name="Reset this step").click()
    expect(page.locator("[data-mark=right]")).to_have_count(0)
    expect(stage(page)).to_have_attribute("data-state", "idle")


@pytest.mark.pages
def test_another_language_leaves_the_answer_and_the_playhead_as_they_were(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "predict", "&lang=en")
    page.keyboard.press("a")
    page.keyboard.press("b")
    slider(page).fill("3")
    page.get_by_role("slider", name="Timeline").fill("30")
    page.get_by_role("link", name="中文").click()
    title(page, "更大的权重")
    expect(page).to_have_url(re.compile("recurrent_scale=3"))
    expect(page.locator("[data-mark=wrong]")).to_contain_text("不变。")
    expect(page.locator("[data-part=timeline]")).to_have_value("30")
    page.reload()
    expect(page.locator("[data-mark=wrong]")).to_contain_text("不变。")


@pytest.mark.pages
def test_the_answer_is_shown_without_a_prediction(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "predict")
    page.get_by_role("button", name="Show it").click()
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(page.locator("[data-mark=right]")).to_contain_text("It grows.")
    reply = page.locator("[data-part=question]").get_by_role("status")
    expect(reply).to_have_text("This is the answer.")
    expect(reply).to_be_focused()


def test_a_number_is_worked_out_by_hand(page: Page, teaching: str, complaints: list[str]) -> None:
    opened(page, teaching, "by-hand")
    hidden = "node => getComputedStyle(node).visibility"
    answer = page.locator("[data-array=h_t] canvas")
    given = page.locator("[data-array='W_{hh}'] canvas")
    expect(given.first).to_be_visible()
    assert answer.first.evaluate(hidden) == "hidden"
    expect(page.locator(".vector li").first).to_have_text("−0.21")
    box = page.get_by_role("textbox", name="Your number")
    reply = page.locator("[data-part=question]").get_by_role("status")
    for typed, said in (
        ("x", "Type a number"),
        ("0.39", "the sign is not"),
        ("-0.5", "too small"),
        ("0", "too large"),
    ):
        box.fill(typed)
        box.press("Enter")
        expect(reply).to_contain_text(said)
        expect(stage(page)).to_have_attribute("data-state", "idle")
    box.fill("−0,39")
    page.get_by_role("button", name="Check").click()
    expect(reply).to_contain_text("The computed value is −0.39.")
    expect(reply).to_contain_text("Well done.")
    expect(stage(page)).to_have_attribute("data-state", "forward")
    assert answer.first.evaluate(hidden) == "visible"


# --- presenting ----------------------------------------------------------------------------------


def test_presenting_is_walked_with_a_clicker_and_darkened(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "begin", "&view=projector")
    slider(page).focus()
    page.keyboard.press("PageDown")
    title(page, "Larger weights")
    page.keyboard.press("PageUp")
    title(page, "It reads")
    page.keyboard.press(" ")
    title(page, "Larger weights")
    expect(page).to_have_url(re.compile("view=projector"))
    page.keyboard.press(".")
    expect(page.locator("[data-part=blank]")).to_be_visible()
    page.keyboard.press(".")
    expect(page.locator("[data-part=blank]")).to_be_hidden()
    page.keyboard.press("s")
    page.mouse.move(600, 300)
    expect(page.locator("[data-part=spotlight]")).to_be_visible()
    assert page.locator("[data-part=spotlight]").evaluate(
        "node => node.style.getPropertyValue('--x')"
    ) == ("600px")
    page.keyboard.press("Escape")
    expect(page.locator("[data-part=spotlight]")).to_be_hidden()
    expect(page).to_have_url(re.compile("view=projector"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("view=projector"))


@pytest.mark.pages
def test_b_darkens_the_screen_where_it_answers_nothing(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "predict")
    page.keyboard.press("b")
    expect(page.locator("[data-part=question]").get_by_role("status")).to_have_text("Right.")
    page.keyboard.press("b")
    expect(page.locator("[data-part=blank]")).to_be_hidden()
    page.keyboard.press(".")
    expect(page.locator("[data-part=blank]")).to_be_visible()
    opened(page, teaching)
    page.keyboard.press("b")
    expect(page.locator("[data-part=blank]")).to_be_visible()


@pytest.mark.pages
def test_the_step_stays_on_screen_for_the_last_row(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    near = opened(page, teaching).locator("[data-part=step-text]").evaluate(size)
    for step in ("begin", "predict"):
        opened(page, teaching, step, "&view=projector")
        page.keyboard.press("a")
        for part in (
            "[data-part=stage]",
            "#step-title",
            "[data-part=step-text]",
            "[data-part=next]",
        ):
            box = page.locator(part).bounding_box()
            assert box
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 720, part
        assert page.locator("[data-part=step-text]").evaluate(size) > near
        words = "node => node.scrollHeight - node.clientHeight"
        assert page.locator("[data-part=words]").evaluate(words) <= 0


@pytest.mark.layout
@combined(slug=[*LESSONS, QUIZ], language=languages(), letters=LETTERS)
def test_every_step_of_a_lesson_fits_a_projector(
    page: Page, server: str, complaints: list[str], slug: str, language: str, letters: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/lessons/{slug}?view=projector&lang={language}")
    steps = shelf().get(slug, language).steps
    for number, step in enumerate(steps, start=1):
        expect(page).to_have_url(re.compile(f"step={step.id}|view=projector&lang={language}$"))
        ends = slug == QUIZ and not step.question
        counted = "" if ends else re.compile(rf"\b{number}\b")
        expect(page.locator("[data-part=step-count]")).to_have_text(counted)
        expect(page.locator("[data-part=walk] [aria-current]")).to_have_text(
            re.compile(rf"^{number}\. ")
        )
        expect(stage(page)).not_to_have_attribute("data-run", "")
        if step.question:
            page.locator("[data-part=reveal]").click()
            expect(page.locator("[data-part=question] .reply")).to_be_in_viewport(ratio=0.95)
        words = page.locator("[data-part=words]")
        assert words.evaluate("node => node.scrollHeight - node.clientHeight") <= 0, step.id
        expect(words).to_have_attribute("data-more", "")
        if "charts" in step.view.show:
            drawn = page.locator("[data-part=charts] .plot:visible")
            expect(drawn).to_be_visible()
            chart = drawn.bounding_box()
            play = page.locator("[data-part=play]").bounding_box()
            assert chart
            assert play
            assert chart["y"] + chart["height"] <= play["y"], step.id
        answer = page.locator(".stage .loss > :first-child")
        assert answer.evaluate(CUT) < 0.02, step.id
        if "sequence" in step.view.show:
            read = page.locator("[name=sequence]")
            assert read.evaluate("node => node.scrollWidth - node.clientWidth") <= 0, step.id
        if "by_hand" in step.view.show:
            fields = page.locator("[data-part=by-hand] [data-matrix^=W_hh] input")
            expect(fields).not_to_have_count(0)
            for typed in fields.all():
                expect(typed).to_be_in_viewport(ratio=1)
        box = stage(page).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720, step.id
        go_on(page, step, "PageDown")


@pytest.mark.pages
def test_every_step_has_the_same_axis(page: Page, server: str, complaints: list[str]) -> None:
    ticks = stage(page).locator(".ticks span")
    page.goto(f"{server}/lessons/short-window?step=window")
    expect(stage(page)).to_have_attribute("data-state", "done")
    axis = ticks.all_inner_texts()
    assert len(axis) > 2
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("step=shorter"))
    expect(ticks).to_have_text(axis)


@pytest.mark.pages
def test_the_arcs_of_attention_are_drawn_above_the_columns_of_the_last_step(
    page: Page, server: str
) -> None:
    for step, drawn in (("gru", False), ("after", True)):
        page.goto(f"{server}/lessons/gates?step={step}")
        expect(stage(page)).to_have_attribute("data-state", "done")
        middle = page.locator("[data-timestep='8']").bounding_box()
        track = page.locator(".stage .track").bounding_box()
        assert middle
        assert track
        expect(page.locator(".legend .attention")).to_have_js_property("hidden", not drawn)
        arcs = page.locator("[data-part=stage] canvas").evaluate(
            """(canvas, x) => {
              const copy = new OffscreenCanvas(1, canvas.height).getContext("2d");
              copy.drawImage(canvas, -x, 0);
              const { top, bottom } = document.querySelector("[data-row=cell]")
                .getBoundingClientRect();
              const above = (top + bottom) / 2 - canvas.getBoundingClientRect().top;
              const { data } = copy.getImageData(0, 0, 1, above);
              const teal = (value, i) =>
                i % 4 === 0 && value < 60 && data[i + 1] > 90 && data[i + 2] > 120;
              return data.some(teal);
            }""",
            round(middle["x"] + middle["width"] / 2 - track["x"]),
        )
        assert arcs is drawn, step


def test_the_teacher_s_window_is_in_step_both_ways(lesson: Page) -> None:
    with lesson.expect_popup() as popup:
        lesson.get_by_role("button", name="Notes").click()
    notes = popup.value
    title(notes, "It reads")
    expect(notes.locator("[data-part=notes] strong")).to_have_text("what is a timestep?")
    expect(notes.locator("[data-part=coming]")).to_have_text("Larger weights")
    expect(notes.locator("[data-part=step-clock]")).to_have_text(re.compile(r"0:0\d of 0:30"))
    expect(notes.locator("[data-part=lesson-clock]")).to_have_text(re.compile(r"0:0\d of \d+:\d\d"))
    lesson.get_by_role("button", name="Next", exact=True).click()
    title(notes, "Larger weights")
    expect(notes.locator("[data-part=asked]")).to_contain_text("It grows.")
    notes.get_by_role("button", name="Next", exact=True).click()
    title(lesson, "By hand")
    notes.get_by_role("combobox", name="Go to").select_option("4. Two cells")
    title(lesson, "Two cells")
    expect(notes.locator("[data-part=coming]")).to_have_text("the end of the lesson")
    lesson.go_back()
    title(notes, "By hand")
    notes.close()


@pytest.mark.pages
def test_the_spotlight_stays_and_the_screen_lights_up_with_the_next_step(lesson: Page) -> None:
    lesson.keyboard.press("s")
    lesson.keyboard.press("b")
    lesson.keyboard.press("ArrowRight")
    title(lesson, "Larger weights")
    expect(lesson.locator("[data-part=blank]")).to_be_hidden()
    expect(lesson.locator("[data-part=spotlight]")).to_be_visible()


@pytest.mark.pages
def test_escape_closes_a_dialog_and_does_not_end_presenting(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "begin", "&view=projector")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="What am I looking at?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="What am I looking at?")).to_be_hidden()
    expect(page).to_have_url(re.compile("view=projector"))


def code_on_screen(page: Page) -> str:
    """Return the address in the QR code on the screen."""
    page.get_by_role("button", name="QR").click()
    picture = page.get_by_role("img", name=re.compile("QR code of http"))
    expect(picture).to_be_visible()
    pixels = picture.evaluate(
        """async (image) => {
          await image.decode();
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 400;
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0, 400, 400);
          return [...pen.getImageData(0, 0, 400, 400).data].filter((_, i) => i % 4 === 0);
        }"""
    )
    read = zxingcpp.read_barcode(np.array(pixels, np.uint8).reshape(400, 400))
    assert read
    expect(page.locator("[data-part=qr] .address")).to_have_text(read.text)
    text: str = read.text
    return text


@pytest.mark.pages
@pytest.mark.usefixtures("reachable")
def test_a_phone_reads_the_same_state_off_the_screen(lesson: Page) -> None:
    slider(lesson).fill("3")
    expect(lesson).to_have_url(re.compile("recurrent_scale=3"))
    assert code_on_screen(lesson) == lesson.url


@pytest.mark.pages
@pytest.mark.usefixtures("reachable")
def test_the_address_of_a_projected_page_opens_the_usual_page_on_a_phone(
    page: Page, teaching: str, complaints: list[str]
) -> None:
    opened(page, teaching, "compare", "&view=projector")
    assert code_on_screen(page) == f"{teaching}/lessons/{SLUG}?step=compare"


@pytest.mark.pages
@pytest.mark.usefixtures("reachable")
def test_a_lesson_of_ones_own_opens_on_a_phone_too(own: Page, borrow: Callable[..., Page]) -> None:
    write(own)
    own.get_by_role("button", name="Show the lesson").click()
    title(own, "An RNN")
    phone = borrow(**PHONE)
    phone.goto(code_on_screen(own))
    is_shown(phone)


@pytest.mark.pages
def test_a_lab_that_phones_cannot_reach_says_how_to_be_reached(page: Page, teaching: str) -> None:
    opened(page, teaching)
    page.get_by_role("button", name="QR").click()
    expect(page.get_by_role("alert")).to_contain_text("HOST=0.0.0.0")


# --- a lesson of one's own -----------------------------------------------------------------------


@pytest.fixture
def own(page: Page, teaching: str, complaints: list[str]) -> Page:
    page.goto(f"{teaching}/lessons/own")
    expect(stage(page)).to_have_attribute("data-state", "done")
    return page


def write(page: Page) -> None:
    """Two steps, the second of them an LSTM, and the lesson's title."""
    page.get_by_role("textbox", name="Title of the lesson").fill("Mine")
    page.get_by_role("button", name="Record this state").click()
    page.get_by_role("textbox", name="Title of step 1").fill("An RNN")
    page.get_by_role("textbox", name="Words of step 1").fill("It *forgets*.")
    page.get_by_role("radio", name="LSTM").check()
    expect(stage(page)).to_have_attribute("data-rows", re.compile("cell"))
    page.get_by_role("button", name="Record this state").click()
    page.get_by_role("textbox", name="Title of step 2").fill("An LSTM")
    page.get_by_role("textbox", name="Words of step 2").fill("It keeps.")


def is_shown(page: Page) -> None:
    title(page, "An RNN")
    expect(page.locator("[data-part=step-text] em")).to_have_text("forgets")
    expect(page.get_by_role("radio", name="RNN")).to_be_checked()
    page.get_by_role("button", name="Next", exact=True).click()
    title(page, "An LSTM")
    expect(page.get_by_role("radio", name="LSTM")).to_be_checked()


def test_a_lesson_is_recorded_put_in_order_and_shown(own: Page) -> None:
    write(own)
    own.get_by_role("button", name="Move step 2 up").click()
    own.get_by_role("button", name="Move step 1 down").click()
    own.get_by_role("button", name="Show the lesson").click()
    is_shown(own)
    own.get_by_role("button", name="Edit the lesson").click()
    own.get_by_role("button", name="Remove step 2").click()
    expect(own.locator(".recorded > li")).to_have_count(1)


def ask(page: Page) -> None:
    """A note to the first step, and a question with two choices of which the second is right."""
    step = page.locator(".recorded > li").first
    step.get_by_text("Teacher’s note").click()
    step.get_by_role("textbox", name="Teacher’s note to step 1").fill("Ask **them** first.")
    step.get_by_text("Question", exact=True).click()
    step.get_by_role("textbox", name="Question of step 1").fill("Will it *fade*?")
    for letter, text, why in (("a", "No.", "It is random."), ("c", "Yes.", "Each step is small.")):
        step.get_by_role("textbox", name=f"Choice {letter} of step 1", exact=True).fill(text)
        step.get_by_role("textbox", name=f"Reply to choice {letter} of step 1").fill(why)
    step.get_by_role("radio", name="Choice c of step 1 is right").check()


@pytest.mark.pages
def test_a_teacher_writes_a_note_and_a_question(own: Page) -> None:
    write(own)
    ask(own)
    own.get_by_role("button", name="Show the lesson").click()
    question = own.locator("[data-part=question]")
    expect(question.locator("em")).to_have_text("fade")
    expect(stage(own)).to_have_attribute("data-state", "idle")
    with own.expect_popup() as popup:
        own.get_by_role("button", name="Notes").click()
    expect(popup.value.locator("[data-part=notes] strong")).to_have_text("them")
    expect(popup.value.locator("[data-part=asked]")).to_contain_text("Yes. Each step is small.")
    popup.value.close()
    own.get_by_role("button", name="No.").click()
    expect(question).to_contain_text("It is random.")
    expect(question.get_by_role("status")).to_contain_text("Not this one")
    own.get_by_role("button", name="Yes.").click()
    expect(question.get_by_role("status")).to_have_text("Right.")
    own.get_by_role("button", name="Edit the lesson").click()
    own.get_by_role("button", name="Show the lesson").click()
    expect(question.locator("em")).to_have_text("fade")
    expect(question.locator("[data-mark=right]")).to_have_count(0)
    expect(stage(own)).to_have_attribute("data-state", "idle")


@pytest.mark.pages
def test_a_note_and_a_question_are_in_the_file_and_can_be_changed(
    own: Page, tmp_path: Path
) -> None:
    write(own)
    ask(own)
    path = tmp_path / "lesson.json"
    saved(own).save_as(path)
    own.get_by_role("button", name="Clear the lesson").click()
    own.locator("[data-part=own-open]").set_input_files(path)
    title(own, "An RNN")
    own.get_by_role("button", name="Edit the lesson").click()
    step = own.locator(".recorded > li").first
    step.get_by_text("Question", exact=True).click()
    second = step.get_by_role("textbox", name="Choice b of step 1", exact=True)
    expect(second).to_have_value("Yes.")
    expect(step.get_by_role("radio", name="Choice b of step 1 is right")).to_be_checked()
    for name in ("Question of step 1", "Choice a of step 1", "Choice b of step 1"):
        step.get_by_role("textbox", name=name, exact=True).fill("")
    own.get_by_role("button", name="Show the lesson").click()
    title(own, "An RNN")
    expect(own.locator("[data-part=question]")).to_be_hidden()


@pytest.mark.pages
def test_a_question_with_one_choice_is_refused_with_the_remedy(page: Page, teaching: str) -> None:
    page.goto(f"{teaching}/lessons/own")
    write(page)
    step = page.locator(".recorded > li").first
    step.get_by_text("Question", exact=True).click()
    step.get_by_role("textbox", name="Choice a of step 1", exact=True).fill("No.")
    page.get_by_role("button", name="Show the lesson").click()
    expect(page.get_by_role("alert")).to_contain_text("2 to 4 choices")


@pytest.mark.pages
def test_a_file_that_is_refused_in_chinese_is_told_of_by_the_names_of_the_page(
    page: Page, teaching: str, tmp_path: Path
) -> None:
    path = tmp_path / "lesson.json"
    page.goto(f"{teaching}/lessons/own?lang=zh-CN")
    step = {"id": "a", "experiment": {"cell": "rn"}}
    for lesson, told in (
        ([], "打不开这个课程。课程应为由名称和值组成的表，现在是 []"),
        ({"steps": [step]}, "打不开这个课程。课程的步骤“a”：experiment 无法运行：循环单元必须是"),
    ):
        words = {"title": "我的", "steps": {"a": {"title": "一步", "text": "看。"}}}
        path.write_text(json.dumps({"lesson": lesson, "words": words}), encoding="utf-8")
        page.locator("[data-part=own-open]").set_input_files(path)
        expect(page.get_by_role("alert")).to_contain_text(told)


def test_a_draft_stays_in_the_browser(own: Page, teaching: str) -> None:
    write(own)
    own.goto(f"{teaching}/lessons/own")
    expect(own.get_by_role("textbox", name="Title of step 2")).to_have_value("An LSTM")


@pytest.mark.pages
def test_a_draft_outlives_another_s_link_and_a_press_of_start_anew(
    own: Page, teaching: str, borrow: Callable[..., Page]
) -> None:
    write(own)
    own.get_by_role("button", name="Copy as a link").click()
    expect(own).to_have_url(re.compile("#lesson="))
    mine = borrow(**ELSEWHERE)
    mine.goto(f"{teaching}/lessons/own")
    mine.get_by_role("button", name="Record this state").click()
    mine.get_by_role("textbox", name="Title of step 1").fill("Precious")
    mine.goto(f"{teaching}/lessons")
    mine.goto(own.url)
    is_shown(mine)
    mine.goto(f"{teaching}/lessons/own")
    first = mine.get_by_role("textbox", name="Title of step 1")
    expect(first).to_have_value("Precious")
    for taken in ("Remove step 1", "Clear the lesson"):
        mine.get_by_role("button", name=taken).click()
        expect(first).to_have_count(0)
        mine.get_by_role("button", name="Bring it back").click()
        expect(first).to_have_value("Precious")
    mine.evaluate("address => { location.href = address }", own.url)
    is_shown(mine)


def saved(page: Page) -> Download:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    return download.value


@pytest.mark.pages
def test_a_file_and_a_link_open_as_what_they_hold(
    own: Page, teaching: str, tmp_path: Path, borrow: Callable[..., Page]
) -> None:
    write(own)
    path = tmp_path / "lesson.json"
    saved(own).save_as(path)
    own.get_by_role("button", name="Copy as a link").click()
    expect(own).to_have_url(re.compile("#lesson="))
    fresh = borrow(**ELSEWHERE)
    fresh.goto(f"{teaching}/lessons/own")
    fresh.locator("[data-part=own-open]").set_input_files(path)
    is_shown(fresh)
    fresh.evaluate("localStorage.clear()")
    fresh.goto("about:blank")
    fresh.goto(own.url)
    is_shown(fresh)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("not JSON", "damaged"),
        (json.dumps({"lesson": {}}), "needs the tables lesson and words"),
        (
            json.dumps(
                {
                    "lesson": {"steps": [{"id": "a", "experiment": {"cell": "rn"}}]},
                    "words": {"title": "x", "steps": {"a": {"title": "x", "text": ""}}},
                }
            ),
            "Cell must be one of RNN",
        ),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(
    page: Page, teaching: str, tmp_path: Path, content: str, reason: str
) -> None:
    page.goto(f"{teaching}/lessons/own")
    path = tmp_path / "bad.json"
    path.write_text(content)
    page.locator("[data-part=own-open]").set_input_files(path)
    expect(page.get_by_role("alert")).to_contain_text(reason)
    expect(page.get_by_role("button", name="Record this state")).to_be_visible()


def test_nothing_in_a_file_is_executed(own: Page, tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    hostile = {
        "lesson": {"steps": [{"id": "a", "experiment": {}}], "sources": [HOSTILE["text"]]},
        "words": {"title": HOSTILE["title"], "goal": HOSTILE["text"], "steps": {"a": HOSTILE}},
    }
    path.write_text(json.dumps(hostile))
    own.locator("[data-part=own-open]").set_input_files(path)
    expect(own.locator("[data-part=step-text] strong")).to_have_text("bold")
    expect(own.get_by_role("heading", level=1)).to_have_text(HOSTILE["title"])
    own.get_by_role("button", name="Edit the lesson").click()
    expect(own.get_by_role("textbox", name="Words of step 1")).to_have_value(HOSTILE["text"])
    assert own.evaluate("window.hurt") is None
    for selector in ("script:not([src], [type])", "img[src=x]", "a[href^='javascript']"):
        expect(own.locator(f"main {selector}")).to_have_count(0)


@pytest.mark.pages
def test_a_lesson_of_ones_own_has_a_teacher_s_window_too(own: Page) -> None:
    write(own)
    own.get_by_role("button", name="Show the lesson").click()
    title(own, "An RNN")
    with own.expect_popup() as popup:
        own.get_by_role("button", name="Notes").click()
    title(popup.value, "An RNN")
    own.get_by_role("button", name="Next", exact=True).click()
    title(popup.value, "An LSTM")
    popup.value.close()


@pytest.mark.pages
def test_the_parts_on_screen_are_chosen(own: Page) -> None:
    own.get_by_role("button", name="Record this state").click()
    own.get_by_text("Parts on screen").click()
    own.get_by_role("checkbox", name="Seed").check()
    own.get_by_role("checkbox", name="Weight scale", exact=True).uncheck()
    own.get_by_role("button", name="Show the lesson").click()
    expect(own.get_by_role("spinbutton", name="Seed")).to_be_visible()
    expect(slider(own)).to_be_hidden()


@pytest.mark.pages
def test_a_damaged_link_is_refused(page: Page, teaching: str) -> None:
    page.goto(f"{teaching}/lessons/own#lesson=AAAA")
    expect(page.get_by_role("alert")).to_contain_text("damaged")


# --- for everyone --------------------------------------------------------------------------------


@pytest.mark.pages
def test_a_lesson_is_taken_by_keyboard_alone(lesson: Page) -> None:
    lesson.keyboard.press("ArrowRight")
    title(lesson, "Larger weights")
    expect(lesson.get_by_role("heading", level=1)).to_be_focused()
    lesson.keyboard.press("Tab")
    expect(lesson.get_by_role("button", name="It stays the same.")).to_be_focused()
    lesson.keyboard.press("Tab")
    lesson.keyboard.press("Enter")
    expect(lesson.locator("[data-part=question]").get_by_role("status")).to_have_text("Right.")
    lesson.get_by_role("button", name="Next", exact=True).focus()
    lesson.keyboard.press("Enter")
    title(lesson, "By hand")


def go_on(page: Page, step: Step, key: str) -> None:
    """Go to the next step by a key, past the words and the beats of this one."""
    page.locator("[data-part=words]").evaluate("node => node.scrollTo(0, node.scrollHeight)")
    if step.view.play:
        expect(stage(page)).to_have_attribute("data-state", "idle")  # no longer of the last step
        page.keyboard.press("End")
        timeline = page.locator("[data-part=timeline]")
        expect(timeline).to_have_value(timeline.get_attribute("max") or "")
    page.keyboard.press(key)


def answer_by_keyboard(page: Page, number: int, step: Step, asked: Question) -> None:
    if not asked.answer:
        right = asked.right or decided(step, asked)
        page.keyboard.press("abcd"[[each.id for each in asked.choices].index(right)])
        return
    config = json.loads(page.locator("#config").text_content() or "")
    answer = config["lesson"]["steps"][number - 1]["question"]["answer"]
    while page.evaluate("document.activeElement.closest('[data-part=question] input') === null"):
        page.keyboard.press("Tab")
    page.keyboard.type(f"{answer['value']:.{answer['digits']}f}")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")


@pytest.mark.layout
@combined(
    path=["/", "/train", "/lessons", f"/lessons/{SLUG}"],
    width=[390, 761],
    letters=LETTERS,
    language=languages(),
)
def test_on_a_phone_and_a_tablet_the_names_of_the_pages_are_whole(
    page: Page, teaching: str, complaints: list[str], width: int, path: str, language: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{teaching}{path}?lang={language}")
    cut = "node => node.scrollWidth - node.clientWidth"
    assert page.locator(".masthead nav").evaluate(cut) <= 0
    assert page.locator(".masthead .language").evaluate("node => node.offsetHeight") < 48
    assert page.evaluate("document.documentElement.scrollWidth") <= width


STEPS: dict[str, Callable[[Page], Any] | None] = {
    "predict": lambda page: page.keyboard.press("a"),
    "begin": None,
    "by-hand": lambda page: page.get_by_role("button", name="Show it").click(),
    "compare": None,
}


@pytest.mark.layout
@combined(step=list(STEPS), view=["light", "dark", "phone"], more=["", "&view=projector"])
def test_axe_finds_nothing_in_a_lesson(
    page: Page, teaching: str, step: str, view: str, more: str
) -> None:
    show_as(page, *VIEWS[view])
    opened(page, teaching, step, more)
    animated(page)
    assert_accessible(page)
    if act := STEPS[step]:
        act(page)
        animated(page)
        assert_accessible(page)


@pytest.mark.layout
@combined(view=["light", "dark", "phone"], path=["", "/own", f"/{SLUG}/notes?step=predict"])
def test_axe_finds_nothing_around_the_lessons(
    page: Page, teaching: str, view: str, path: str
) -> None:
    show_as(page, *VIEWS[view])
    page.goto(f"{teaching}/lessons{path}")
    if path == "/own":
        page.get_by_role("button", name="Record this state").click()
        for menu in ("Teacher’s note", "Question", "Parts on screen"):
            page.locator(".recorded").get_by_text(menu, exact=True).click()
    animated(page)
    assert_accessible(page)
