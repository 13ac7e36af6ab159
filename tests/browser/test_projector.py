"""A lesson and a training for a projector, in windows as small as a screen at 200 % has."""

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import LETTERS
from tests.browser.test_classroom import DRAWING
from tests.browser.test_lab import stage
from tests.browser.test_layout import LEAVING, OVERLAPPING, ROOM
from tests.browser.windows import LEAST_BARS, TOGETHER, show_lesson, walked, windows

pytestmark = pytest.mark.layout

PARTS = ("play", "timeline", "restore", "qr-button", "present", "previous", "next")
BUTTONS = ", ".join(f"[data-part={name}]" for name in PARTS) + ", #recurrent_scale"
REACHED = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .map((node) => {
    const box = node.getBoundingClientRect();
    const { x, y, right, bottom } = box;
    const hit = document.elementFromPoint((x + right) / 2, (y + bottom) / 2);
    const name = node.dataset.part ?? node.id;
    return { name, x, y, right, bottom, met: node.contains(hit) };
  })"""
"""Where each of some controls is, and whether a pointer in its middle meets it."""


def controls(page: Page, width: int, height: int) -> set[str]:
    """Every control is in the window, under the pointer that aims at it, and on no other."""
    found: list[dict[str, Any]] = page.evaluate(REACHED, BUTTONS)
    for box in found:
        assert box["met"], box
        assert box["x"] >= 0, box
        assert box["y"] >= 0, box
        assert box["right"] <= width, box
        assert box["bottom"] <= height, box
    for one, other in combinations(found, 2):
        across = min(one["right"], other["right"]) - max(one["x"], other["x"])
        down = min(one["bottom"], other["bottom"]) - max(one["y"], other["y"])
        assert across <= 0 or down <= 0, (one, other)
    return {box["name"] for box in found}


@pytest.mark.parametrize(
    ("slug", "step", "language", "letters"),
    [
        ("vanish-or-explode", "vanish", "en", "wide"),
        ("vanish-or-explode", "three-factors", "zh-CN", "narrow"),
        ("vanish-or-explode", "edge", "en", "wide"),
        ("four-ways", "encoder-decoder", "en", "wide"),
        ("one-step", "check", "zh-CN", "wide"),
    ],
)
def test_words_bars_scale_and_player_of_a_lesson_are_on_the_screen_together(
    page: Page,
    server: str,
    complaints: list[str],
    slug: str,
    step: str,
    language: str,
    letters: str,
) -> None:
    assert letters in LETTERS
    show_lesson(page, server, slug, view="projector", lang=language, step=step)
    for name, width, height in windows(page):
        reached = controls(page, width, height)
        assert {"play", "restore", "present", "previous", "next"} <= reached, name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("document.documentElement.scrollHeight") <= height, name
        places: list[dict[str, Any]] = page.evaluate(TOGETHER)
        bars = next(place for place in places if place["name"] == "bars")
        assert bars["bottom"] <= height, (name, bars)
        assert bars["own"] == "stage", (name, bars)
        if page.locator(".bars-title").is_visible():
            assert bars["height"] >= LEAST_BARS / 2, (name, bars)
        heading = page.locator("#step-title").bounding_box()
        assert heading
        assert heading["y"] >= 0, name


@pytest.mark.parametrize(
    ("size", "step", "letters"),
    [("1280x720 at 150 %", "vanish", "wide"), ("1280x720", "three-factors", "wide")],
)
def test_in_a_projected_lesson_nothing_moves_when_words_wrap(
    page: Page, server: str, complaints: list[str], size: str, step: str, letters: str
) -> None:
    assert letters in LETTERS
    show_lesson(page, server, "vanish-or-explode", size, view="projector", step=step)
    expect(stage(page)).to_have_attribute("data-state", "done")
    seen = walked(page)
    assert len(seen["places"]) == 1, seen


@pytest.mark.parametrize(
    ("cells", "language", "letters"),
    [("rnn,lstm", "en", "wide"), ("rnn,gru,lstm", "zh-CN", "narrow")],
)
def test_a_projected_training_is_whole_in_a_small_window(
    page: Page, server: str, complaints: list[str], cells: str, language: str, letters: str
) -> None:
    assert letters in LETTERS
    page.set_viewport_size({"width": 640, "height": 360})
    page.goto(f"{server}/train?view=projector&cells={cells}&lang={language}&steps=50")
    page.locator("[data-part=start]").click()
    expect(page.locator(".network[data-state='training']")).to_have_count(0, timeout=60_000)
    for name, width, height in windows(page):
        for control in page.evaluate(
            REACHED, "[data-part=start], [data-part=stop], [data-part=present]"
        ):
            assert control["met"], (name, control)
            assert control["bottom"] <= height, (name, control)
            assert control["right"] <= width, (name, control)
        assert page.evaluate(LEAVING, ROOM) == [], name
        more = "node => node.scrollHeight - node.clientHeight"
        if (
            page.locator("[data-part=networks]").evaluate(more) <= 0
        ):  # else what is cut is below the cut
            assert page.evaluate(OVERLAPPING, ROOM) == [], name
        first = page.locator(".reach").first.bounding_box()
        assert first
        assert first["height"] >= 80, name
        assert first["y"] + first["height"] <= height, name


def test_in_a_window_that_grows_the_rows_are_those_of_a_window_opened_so_large(
    page: Page, server: str, complaints: list[str]
) -> None:
    rows = "['token', 'index', 'bars'].map((row) => stage.style.getPropertyValue(`--${row}-top`))"
    page.set_viewport_size({"width": 1280, "height": 720})
    seen = []
    for _ in range(2):
        show_lesson(page, server, "short-window", view="projector", step="healthy")
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.evaluate(DRAWING)
        seen.append(page.evaluate(f"((stage) => {rows})(document.querySelector('.stage'))"))
    assert seen[0] == seen[1]


def test_a_target_of_several_words_is_whole_before_a_class(
    page: Page, server: str, complaints: list[str]
) -> None:
    for size in ((1280, 720), (1920, 1080)):
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        show_lesson(page, server, "four-ways", view="projector", lang="en", step="tags")
        for name in ("sequence", "target"):
            room = page.locator(f"#{name}").evaluate("node => node.clientWidth - node.scrollWidth")
            assert room >= 0, (size, name)
