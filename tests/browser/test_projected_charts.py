"""A chart before a class: read from the last row, its lines told apart, and nothing of it cut."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import show_lesson

CHARTS = {"healthy": "short-window", "three-factors": "vanish-or-explode"}
"""Steps that show a chart, each with its lesson."""
CLASSES = [(1280, 720), (1920, 1080)]

WORDS = """() => {
  const plot = [...document.querySelectorAll(".plot")].find((node) => node.checkVisibility());
  const frame = plot.getBoundingClientRect();
  const written = [...plot.querySelectorAll("text")].filter((node) => node.textContent.trim());
  return written.map((node) => {
    const { x, y, right, bottom, width } = node.getBoundingClientRect();
    return {
      word: node.textContent,
      size: parseFloat(getComputedStyle(node).fontSize),
      seen: width > 0 && node.checkVisibility(),
      cut: x < frame.x - 1 || y < frame.y - 1 || right > frame.right + 1 ||
        bottom > frame.bottom + 1,
    };
  });
}"""
"""The words of the chart that is shown: how large they are, and whether all of each is seen."""

STYLED = """() => {
  const rules = [...document.styleSheets].filter(({ href }) => href).flatMap(function all(sheet) {
    return [...sheet.cssRules].flatMap((rule) => [rule, ...(rule.cssRules ? all(rule) : [])]);
  }).filter((rule) => rule.selectorText && !/^\\s*[*:&]/.test(rule.selectorText));
  const drawn = [...document.querySelectorAll(".plot svg.main-svg g[class]")];
  return rules.map(({ selectorText }) => selectorText)
    .filter((selector) => drawn.some((node) => node.matches(selector)));
}"""
"""The rules of this page that reach into what Plotly draws."""


def words(page: Page) -> list[dict[str, Any]]:
    expect(page.locator("[data-part=charts]")).to_have_attribute("data-ready", "true")
    found: list[dict[str, Any]] = page.evaluate(WORDS)
    return found


def chart(page: Page, server: str, step: str, language: str) -> None:
    show_lesson(page, server, CHARTS[step], view="projector", lang=language, step=step)
    if page.locator("[data-part=reveal]").is_visible():
        page.locator("[data-part=reveal]").click()


@pytest.mark.pages
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("step", CHARTS)
def test_the_words_of_a_chart_are_as_large_as_the_stage_s_and_whole(
    page: Page, server: str, complaints: list[str], step: str, language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    chart(page, server, step, language)
    for width, height in CLASSES:
        page.set_viewport_size({"width": width, "height": height})
        least = page.locator(".timestep .index").first.evaluate(
            "node => parseFloat(getComputedStyle(node).fontSize)"
        )
        page.wait_for_function(
            f"(least) => ({WORDS})().every(({{ size }}) => size >= least - 0.1)", arg=least
        )
        for word in words(page):
            assert word["seen"], (width, word)
            assert not word["cut"], (width, word)


def test_the_lines_of_a_chart_are_named(page: Page, server: str, complaints: list[str]) -> None:
    for size in ((1280, 720), (390, 844)):
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        chart(page, server, "three-factors", "en")
        page.locator("[data-part=charts]").scroll_into_view_if_needed()
        seen = {word["word"] for word in words(page) if word["seen"]}
        assert {"weights", "saturation", "alignment", "product"} <= seen, size


@pytest.mark.pages
def test_no_rule_of_the_page_styles_what_plotly_draws(
    page: Page, server: str, complaints: list[str]
) -> None:
    chart(page, server, "three-factors", "en")
    assert words(page)
    assert page.evaluate(STYLED) == []
