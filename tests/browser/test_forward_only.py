"""A step of a lesson shows what was taught: first states alone, then answers, then the way back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import stage


@pytest.mark.layout
def test_the_stage_gives_no_answer_before_the_class_is_asked_for_it(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/lessons/why-memory?step=remembers&lang=en")
    expect(stage(page)).to_have_attribute("data-state", "forward")
    page.get_by_role("button", name="Go to the end").click()
    expect(stage(page)).to_have_attribute("data-state", "forward")
    expect(page.locator(".caption")).to_contain_text("t = 5 reads")
    expect(page.locator(":is([data-prediction], [data-target])")).to_have_count(0)
    for part in (".gutter [data-row=output]", "[data-weight=W_hy]", "[data-part=stage] .loss"):
        expect(page.locator(part)).to_be_hidden()
    cells = page.get_by_role("radiogroup", name="Cell").locator("label:visible")
    expect(cells).to_have_text(["RNN", "No memory"])
    cells.last.click()
    expect(page.locator("[data-part=step-text]")).to_contain_text("They are the same")
    expect(stage(page)).to_have_attribute("data-state", "forward")


def test_the_stage_shows_no_way_back_before_it_is_taught(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/why-memory?step=a-guess&lang=en")
    expect(stage(page)).to_have_attribute("data-state", "loss")
    page.get_by_role("button", name="Go to the end").click()
    expect(stage(page)).to_have_attribute("data-state", "loss")
    timeline = page.get_by_role("slider", name="Timeline")
    assert timeline.get_attribute("max") == "6"
    for part in (
        ".bars-title",
        "[data-part=pace]",
        ".ticks",
        "[data-part=verdict]",
        "[data-part=phase-backward]",
    ):
        expect(page.locator(part)).to_be_hidden()
    names = page.locator(".timestep").evaluate_all("all => all.map((each) => each.ariaLabel)")
    assert len(names) == 5
    assert not [name for name in names if "gradient" in name]
    page.locator(".timestep").first.hover()
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    expect(tip).not_to_contain_text(re.compile("gradient|arrives"))


@pytest.mark.pages
def test_the_way_back_comes_with_the_lesson_on_it(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/backwards?step=walk&lang=en")
    expect(page.locator(".bars-title")).to_be_visible()
    expect(page.locator("[data-part=phase-backward]")).to_be_visible()
