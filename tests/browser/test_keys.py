"""Keys without another one: letters, digits, signs and the space. They can be switched off."""

import string
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.combinations import combined
from tests.browser.test_lab import lab, stage
from tests.browser.test_train import transport
from unrolled.app.exports.tables import EXPORTS
from unrolled.engine import Experiment

__all__ = ["lab"]

PAGES = (
    "/",
    "/?view=projector",
    "/train?cells=rnn&length=4&hidden_size=4&steps=5",
    "/lessons/first-look",
    "/lessons/first-look?view=projector",
    "/lessons/first-look/notes",
)
CHARACTERS = " " + string.ascii_letters + string.digits + string.punctuation
STANDING = """() => [
  location.href,
  document.documentElement.dataset.view,
  ...["[data-part=stage]", "#transport", "#step-title", "[data-part=question]"].map((part) => {
    const node = document.querySelector(part);
    return [node?.innerText, JSON.stringify(node?.dataset), !!node?.querySelector("[data-mark]")];
  }),
  ...["[data-part=help]", "[data-part=blank]", "[data-part=spotlight]"].map((part) =>
    document.querySelector(part)?.checkVisibility() ?? false
  ),
]"""
"""What a key could change: where the page is, what it shows, and what covers it."""


def at_rest(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("body")).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """Wait for the story, which is written last; a step that asks first has none."""
    if page.locator("[data-part=stage]").count():
        page.wait_for_function(
            """() => {
              const text = (name) => document.querySelector(`[data-part=${name}]`).textContent;
              const { run } = document.querySelector("[data-part=stage]").dataset;
              return run && (!text("verdict") || text("story"));
            }"""
        )


def press_everything(page: Page) -> None:
    page.keyboard.type(CHARACTERS)


def switch(page: Page) -> Any:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page.get_by_role("switch", name="Keys that are one letter")


@pytest.fixture
def first_lesson() -> str:
    from unrolled.app.lessons import shelf

    return shelf().all("en")[0].slug


@pytest.mark.layout
def test_keys_of_one_character_stay_off_on_every_page_once_they_are_switched_off(
    page: Page, server: str, complaints: list[str], first_lesson: str
) -> None:
    *others, notes = [server + path.replace("first-look", first_lesson) for path in PAGES]
    at_rest(page, notes)
    expect(switch(page)).to_be_checked()
    page.get_by_role("switch").uncheck()
    page.keyboard.press("Escape")
    for address in (notes, *others):
        at_rest(page, address)
        before = page.evaluate(STANDING)
        press_everything(page)
        assert page.evaluate(STANDING) == before, address
        if "projector" not in address:  # the same dialog
            page.get_by_role("button", name="What am I looking at?").click()
            expect(page.get_by_role("switch")).not_to_be_checked()


def test_with_the_letters_off_a_focused_control_still_takes_space_and_arrows(lab: Page) -> None:
    switch(lab).uncheck()
    lab.keyboard.press("Escape")
    lab.locator("[data-part=fold]").focus()
    lab.keyboard.press("Space")
    expect(stage(lab)).to_have_attribute("data-folded", "true")
    lab.locator("#recurrent_scale").focus()
    lab.keyboard.press("ArrowRight")
    expect(lab.locator("#recurrent_scale")).to_have_value("1.05")
    lab.locator("#sequence").fill("")
    lab.keyboard.type("fp?")
    expect(lab.locator("#sequence")).to_have_value("fp?")
    lab.get_by_role("button", name="What am I looking at?").click()
    lab.get_by_role("switch").check()
    lab.keyboard.press("Escape")
    lab.locator("[data-part=fold]").focus()
    lab.keyboard.press("f")
    expect(stage(lab)).to_have_attribute("data-folded", "false")


def test_a_replay_has_the_switch_too(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    file.write_bytes(EXPORTS["html"].make(Experiment("abc")))
    page.emulate_media(reduced_motion="reduce")
    page.goto(file.as_uri())
    settled(page)
    while page.evaluate("localStorage.getItem('unrolled.letters')") is None:
        # Chromium loses one in some thirty writes to the storage of a file.
        switch(page).uncheck()
        page.reload()
        settled(page)
    before = page.evaluate(STANDING)
    press_everything(page)
    assert page.evaluate(STANDING) == before


def test_the_letters_of_training_start_it_and_leave_its_map_alone(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}{PAGES[2]}")
    page.keyboard.press("Space")
    transport(page, "over")
    page.locator(".reach").focus()
    page.keyboard.press("p")
    expect(page.locator("html")).to_have_attribute("data-view", "projector")


@combined(path=["/", "/train"], key=["b", "."])
def test_a_projected_page_is_darkened_and_lit_again_as_a_lesson_is(
    page: Page, server: str, complaints: list[str], path: str, key: str
) -> None:
    page.goto(f"{server}{path}?view=projector")
    dark = page.locator("[data-part=blank]")
    page.keyboard.press(key)
    expect(dark).to_be_visible()
    page.keyboard.press(key)
    expect(dark).to_be_hidden()
    page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(dark).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-view", "projector")
    page.keyboard.press("Escape")
    page.keyboard.press(key)
    expect(dark).to_be_hidden()
