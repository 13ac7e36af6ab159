"""A lesson on a large screen: what is around its letters grows with them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import stage


@pytest.mark.layout
def test_a_button_is_as_high_as_its_letters(page: Page, server: str, complaints: list[str]) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server}/lessons/why-memory?step=a-guess&view=projector&lang=en")
    expect(stage(page)).not_to_have_attribute("data-run", "")
    low = page.locator(":is(.board button, .board select):visible").evaluate_all(
        """all => all.filter((node) => {
          const letters = parseFloat(getComputedStyle(node).fontSize);
          return node.textContent.trim() && node.clientHeight < 1.15 * letters;
        }).map((node) => node.outerHTML)"""
    )
    assert low == []


@pytest.mark.layout
def test_a_square_with_a_number_grows_with_the_window(
    page: Page, server: str, complaints: list[str]
) -> None:
    number = page.locator(".heatmap canvas").first
    wide = []
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        if not wide:
            page.goto(f"{server}/lessons/one-step?step=check&view=projector&lang=en")
        page.wait_for_function(
            "([wide]) => document.querySelector('.heatmap canvas')?.offsetWidth > (wide ?? 0)",
            arg=wide,
        )
        wide.append(number.evaluate("node => node.offsetWidth"))
    assert wide[1] > 1.3 * wide[0]
