"""A training in small windows: its buttons stay, and its maps come into view."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import LETTERS
from tests.browser.test_layout import LEAVING, OVERLAPPING, ROOM
from tests.browser.windows import SIZES

PEEKING = """() => {
  const { bottom } = document.querySelector("#transport").getBoundingClientRect();
  return document.querySelector(".key").getBoundingClientRect().bottom - bottom;
}"""
"""How much of the key is seen under the buttons."""


@pytest.mark.parametrize(
    ("size", "language", "letters"),
    [
        ("1280x720 at 200 %", "en", "wide"),
        ("1280x720 at 200 %", "zh-CN", "narrow"),
        ("a phone on its side", "zh-CN", "wide"),
        ("a phone", "en", "narrow"),
        ("a phone", "en", "wide"),
    ],
)
def test_in_a_small_window_start_is_reached_and_brings_the_maps_into_view(
    page: Page, server: str, complaints: list[str], size: str, language: str, letters: str
) -> None:
    assert letters in LETTERS
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{server}/train?lang={language}&steps=50")
    assert page.evaluate(LEAVING, ROOM) == []
    assert page.evaluate(OVERLAPPING, ROOM) == []
    page.locator("[data-part=start]").click()
    expect(page.locator("#transport")).to_have_attribute("data-state", "over", timeout=60_000)
    for part in ("[data-part=start]", "[data-part=step]", ".reach"):
        expect(page.locator(part).first).to_be_in_viewport(ratio=1)
    peeks = page.evaluate(PEEKING)
    assert peeks <= 0, "a strip of the key is seen"
    buttons, reach = (page.locator(part).first.bounding_box() for part in ("#transport", ".reach"))
    assert buttons and reach
    assert reach["y"] >= buttons["y"] + buttons["height"]
    assert page.evaluate(LEAVING, ROOM) == []
    assert page.evaluate(OVERLAPPING, ROOM) == []
