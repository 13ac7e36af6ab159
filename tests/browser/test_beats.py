"""A lesson at the pace of a class: nothing plays by itself, and a key moves one beat."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import slider, stage

WALK = "/lessons/backwards?step=walk&lang=en"


def test_a_key_moves_one_beat_and_after_the_last_the_step(page: Page, server: str) -> None:
    page.goto(server + WALK)
    timeline = page.get_by_role("slider", name="Timeline")
    expect(stage(page)).not_to_have_attribute("data-run", "")
    expect(timeline).to_have_value("0")
    for beat in range(1, 12):
        page.keyboard.press("ArrowRight")
        expect(timeline).to_have_value(str(beat))
    page.keyboard.press("ArrowLeft")
    expect(timeline).to_have_value("10")
    page.keyboard.press("ArrowRight")
    expect(stage(page)).to_have_attribute("data-state", "done")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-part=step-title]")).to_have_text("A product, step by step")


@pytest.mark.pages
def test_a_beat_moves_and_then_rests(page: Page, server: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(server + WALK)
    timeline = page.get_by_role("slider", name="Timeline")
    expect(stage(page)).not_to_have_attribute("data-run", "")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("ArrowRight")  # the beat that is under way is done at once
    expect(timeline).to_have_value("1")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(timeline).to_have_value("2")


@pytest.mark.pages
def test_after_the_last_step_the_next_lesson_comes(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/one-step?step=answer&lang=en")
    expect(stage(page)).to_have_attribute("data-state", "loss")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-part=lesson-title]")).to_have_text("Four ways to use it")


@pytest.mark.pages
def test_notes_that_follow_no_window_say_so(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/backwards/notes")
    expect(page.get_by_text("These notes follow no window.")).to_be_visible()


def test_a_key_opens_the_notes_while_projecting(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/backwards?lang=en&view=projector")
    expect(stage(page)).not_to_have_attribute("data-run", "")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    expect(popup.value.locator("[data-part=step-title]")).to_have_text("Who is to blame?")
    popup.value.close()


@pytest.mark.pages
def test_the_window_of_the_notes_has_the_keys_of_the_class(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/backwards?lang=en")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Notes").click()
    notes = popup.value
    expect(notes.locator("[data-part=step-title]")).to_have_text("Who is to blame?")
    expect(notes.locator("[data-part=alone]")).to_be_hidden()
    notes.keyboard.press("c")
    expect(page.locator("[data-part=question]").get_by_role("status")).to_have_text("Right.")
    notes.keyboard.press("PageDown")
    expect(notes.locator("[data-part=step-title]")).to_have_text("Walking back")
    expect(stage(page)).to_have_attribute("data-state", "idle")
    notes.keyboard.press("PageDown")
    expect(page.get_by_role("slider", name="Timeline")).to_have_value("1")
    notes.keyboard.press(".")
    expect(page.locator("[data-part=blank]")).to_be_visible()
    notes.close()


@pytest.mark.pages
def test_a_prediction_is_answered_by_the_stage_it_was_asked_of(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/vanish-or-explode?step=predict&lang=en&recurrent_scale=0.5")
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(slider(page)).to_have_value("1")
    before = float(page.locator(".timestep").first.get_attribute("data-log10-share") or 0)
    page.keyboard.press("b")
    expect(slider(page)).to_have_value("0.5")
    expect(page.locator(".pins")).to_contain_text("1")
    page.wait_for_function(
        "before => Number(document.querySelector('.timestep').dataset.log10Share) < before - 2",
        arg=before,
    )
    expect(stage(page)).to_have_attribute("data-state", "done")


def test_a_word_on_the_stage_can_be_tapped_for_an_answer(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/why-memory?step=blank&lang=en")
    reply = page.locator("[data-part=question]").get_by_role("status")
    page.locator(".timestep").nth(2).click()  # none of the choices
    expect(reply).to_have_text("Not this one. Try once more.")
    expect(page.locator("[data-part=question] li[data-mark=wrong]")).to_have_count(0)
    page.locator(".timestep").nth(3).click()
    expect(page.locator("[data-part=question] li[data-mark=wrong]")).to_have_count(1)
    page.locator(".timestep").nth(1).focus()
    page.keyboard.press("Enter")
    expect(reply).to_have_text("Right.")


HEIGHTS = """sketch => [...sketch.querySelector("polyline").points].map(
  (point) => point.y / sketch.getBoundingClientRect().height)"""
"""The places of a drawn line's points, as shares of the height of the bars."""


PLACES = """sketch => [...sketch.querySelector("polyline").points].flatMap((point) => {
  const { width, height } = sketch.getBoundingClientRect();
  return [point.x / width, point.y / height];
})"""


def test_a_line_that_a_class_draws_stays_while_the_bars_move_and_the_window(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/lessons/vanish-or-explode?step=predict&lang=en")
    expect(stage(page)).to_have_attribute("data-state", "done")
    box = page.locator(".sketch").bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] - 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 30)
    page.mouse.up()
    line = page.locator(".sketch polyline")
    drawn = page.locator(".sketch").evaluate(HEIGHTS)
    assert len(drawn) == 24
    page.keyboard.press("b")
    expect(slider(page)).to_have_value("0.5")
    page.wait_for_function(
        f"""drawn => ({HEIGHTS})(document.querySelector(".sketch"))
          .every((height, at) => Math.abs(height - drawn[at]) < 0.01)""",
        arg=drawn,
    )
    places = page.locator(".sketch").evaluate(PLACES)
    page.set_viewport_size({"width": 1000, "height": 640})
    page.wait_for_function(
        f"""places => ({PLACES})(document.querySelector(".sketch"))
          .every((place, at) => Math.abs(place - places[at]) < 0.01)
          && document.querySelector(".sketch").getBoundingClientRect().width < 700""",
        arg=places,
    )
    page.keyboard.press("ArrowRight")
    expect(line).to_have_count(0)
