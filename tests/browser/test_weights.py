"""Rules of a part win against those of the row that it stands in."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import opened

pytestmark = pytest.mark.layout

PLACES = """([inner, outer]) => [inner, outer].map((selector) =>
  document.querySelector(selector).getBoundingClientRect().toJSON())"""
BACKGROUND = "(node) => getComputedStyle(node).backgroundColor"


def test_a_guess_that_is_pressed_is_read_under_a_pointer(page: Page, server: str) -> None:
    page.goto(f"{server}/train")
    guess = page.locator("[data-part=guess] button").first
    guess.click()
    expect(guess).to_have_attribute("aria-pressed", "true")
    page.mouse.move(0, 0)
    pressed = guess.evaluate(BACKGROUND)
    guess.hover()
    assert guess.evaluate(BACKGROUND) == pressed


def test_a_training_keeps_the_width_of_start_and_its_heading_clear_of_the_tools(
    page: Page, server: str
) -> None:
    page.set_viewport_size({"width": 853, "height": 480})
    page.goto(f"{server}/train")
    start = page.locator("[data-part=start]")
    width = start.evaluate("(node) => node.offsetWidth")
    start.evaluate("(node) => { node.textContent = '…'; }")
    assert start.evaluate("(node) => node.offsetWidth") == width
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("[data-part=present]").click()
    verdict, tools = page.evaluate(PLACES, [".verdict", ".masthead"])
    assert verdict["right"] <= tools["left"] or verdict["top"] >= tools["bottom"]


def test_the_button_that_folds_the_player_is_at_the_end_of_its_row(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 700, "height": 844})
    opened(page, server)
    page.locator("[data-part=rest]").click()
    button, row = page.evaluate(PLACES, ["[data-part=rest]", ".transport"])
    assert row["right"] - button["right"] < button["width"]


def test_on_a_phone_a_scale_that_does_nothing_is_not_to_be_dragged(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server, cell="feedforward")
    page.locator("[data-part=hint]").evaluate("(node) => { node.hidden = false; }")
    expect(page.locator("[data-part=no-memory]")).to_be_visible()
    expect(page.locator("[data-part=hint]")).to_be_hidden()
