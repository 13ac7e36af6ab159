"""A step that waits for an answer: what cannot be used is not there, the stage is not covered."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.windows import show_lesson

COVERED = """() => {
  const box = (node) => node.getBoundingClientRect();
  const waiting = box(document.querySelector(".waiting"));
  return [...document.querySelectorAll(".gutter span, .above p")].filter((node) => {
    const { left, right, top, bottom } = box(node);
    return node.checkVisibility({ visibilityProperty: true }) && node.textContent.trim() &&
      left < waiting.right && right > waiting.left && top < waiting.bottom && bottom > waiting.top;
  }).map((node) => node.textContent);
}"""
"""What of the stage lies under the words that say that it waits."""

GAP = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const between = [...document.querySelectorAll(".strip .control, .board > *")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .map((node) => node.getBoundingClientRect().bottom)
    .filter((bottom) => bottom < box(".walk").top);
  return box(".walk").top - Math.max(box(".words").bottom, ...between);
}"""
"""How far Next is below the words, and what a class can use below them."""


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_waiting_stage_offers_nothing_that_cannot_be_used(
    page: Page, server: str, language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    show_lesson(page, server, "quiz", view="projector", lang=language, step="explode")
    for name in (".caption", ".weights", "[data-part=fold]", ".pins [data-part=pin]"):
        expect(page.locator(name)).to_be_hidden()
    assert page.evaluate(COVERED) == []
    show_lesson(page, server, "quiz", view="projector", lang=language, step="squashed")
    assert page.evaluate(COVERED) == []


@pytest.mark.pages
def test_on_a_phone_nothing_empty_is_between_the_choices_and_next(borrow: Any, server: str) -> None:
    page = borrow(**PHONE)
    for slug, step in (("quiz", "squashed"), ("short-window", "healthy")):
        show_lesson(page, server, slug, lang="en", step=step)
        assert page.evaluate(GAP) < 40, step


@pytest.mark.pages
@pytest.mark.parametrize("step", ["losses", "weights"])
def test_an_output_shows_a_target_whole_or_not_at_all(borrow: Any, server: str, step: str) -> None:
    page = borrow(**PHONE)
    show_lesson(page, server, "quiz", lang="zh-CN", step=step)
    page.locator("[data-part=reveal]").click()
    outputs = page.locator(".output[data-seen=target]:not(:empty)")
    expect(outputs.first).to_be_visible()
    cut = outputs.evaluate_all(
        """(all) => all.flatMap((output) => {
          const box = output.getBoundingClientRect();
          return [...output.children].filter((word) => {
            const { left, right, top, width } = word.getBoundingClientRect();
            const seen = width && top < box.bottom - 4;
            return seen && (left < box.left - 1 || right > box.right + 1);
          }).map((word) => word.textContent);
        })"""
    )
    assert cut == []
