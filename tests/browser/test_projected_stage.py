"""A lesson on a projector of 720 lines: all of its stage is there, nothing on anything else."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.combinations import combined
from tests.browser.letters import LETTERS
from tests.browser.test_lab import stage
from unrolled.app.i18n.catalog import languages

LEAST = 30
"""Pixels of a bar that all of the gradient reaches, above a chart."""


def apart(first: Locator, second: Locator) -> bool:
    a, b = first.bounding_box(), second.bounding_box()
    assert a and b
    return (
        a["x"] + a["width"] <= b["x"]
        or b["x"] + b["width"] <= a["x"]
        or a["y"] + a["height"] <= b["y"]
        or b["y"] + b["height"] <= a["y"]
    )


@pytest.mark.parametrize("language", languages())
def test_scales_bars_answer_and_help_are_whole(page: Page, server: str, language: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    step = "vanish-or-explode?step=three-factors"
    page.goto(f"{server}/lessons/{step}&lang={language}&view=projector")
    expect(stage(page)).to_have_attribute("data-state", "done")
    gradient, state = page.locator(".bars-title .legend"), page.locator(".above .legend")
    for scale in (gradient, state):
        expect(scale).to_be_visible()
    assert apart(gradient, page.locator("[data-part=bars]"))
    assert apart(state, page.locator(".stage .loss > :first-child"))
    assert apart(state, page.locator(".stage .loss > :last-child"))
    rise = "node => parseFloat(node.style.getPropertyValue('--rise'))"
    assert stage(page).evaluate(rise) / 2 >= LEAST
    answer = page.locator(".timestep .output:not(:empty)")
    assert apart(answer, page.locator(".stage .loss > :last-child"))
    assert answer.evaluate("node => node.scrollWidth <= node.clientWidth")
    feet = "node => getComputedStyle(node).overflowY === 'visible'"
    assert page.locator(".stage .loss > :first-child").evaluate(feet)
    page.keyboard.press("?")
    dialog = page.locator("[data-part=help]")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("node => node.scrollHeight <= node.clientHeight")


INSIDE = """node => {
  const line = node.closest(".bars-head").getBoundingClientRect();
  const own = node.getBoundingClientRect();
  return own.top >= line.top - 2 && own.bottom <= line.bottom + 2;
}"""
"""Whether a part of the bars' title is in its line, where it is seen."""


@pytest.mark.layout
@combined(language=languages(), letters=LETTERS, width=[1440, 1280, 1180], cell=["rnn", "lstm"])
def test_the_colours_of_the_bars_leave_the_pace_of_a_layer_its_room(
    page: Page, server: str, language: str, letters: str, width: int, cell: str
) -> None:
    assert letters in LETTERS
    page.set_viewport_size({"width": width, "height": 720})
    halving = f"cell={cell}&layers=2&directions=2&recurrent_scale=0.5"
    page.goto(f"{server}/?{halving}&lang={language}")
    expect(stage(page)).to_have_attribute("data-state", "done")
    pace = page.locator("[data-part=pace]")
    expect(pace).not_to_be_empty()
    if width == 1440:
        expect(pace).to_be_visible()
        assert pace.evaluate("node => node.scrollWidth <= node.clientWidth")
    key = page.locator(".bars-title .legend")
    expect(key).to_be_visible()
    assert key.evaluate(INSIDE)
    if pace.is_visible():  # it is not where the stage holds few letters
        assert apart(page.locator(".bars-title .legend"), pace)
        assert apart(page.locator(".bars-title > :first-child"), pace)


@pytest.mark.layout
@combined(language=languages(), width=[1440, 1280, 1024])
def test_a_long_caption_is_beside_the_tools(
    page: Page, server: str, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(f"{server}/?layers=2&directions=2&view=projector&lang={language}")
    expect(stage(page)).to_have_attribute("data-state", "done")
    page.locator("[data-part=room-button]").evaluate("node => node.append(': 300')")
    assert apart(page.locator(".caption"), page.locator(".tools"))


ROOM = """node => {
  const { left, right } = node.getBoundingClientRect();
  const shown = [...node.children].filter((part) =>
    part.offsetWidth && part.offsetTop < node.clientHeight / 2
  );
  const column = node.closest(".columns").getBoundingClientRect();
  return Math.min(column.right - right, ...shown.flatMap((part) => {
    const box = part.getBoundingClientRect();
    return [box.left - left, right - box.right];
  }));
}"""
"""The least distance of what a box says from its edges, and of the box from that of the stage."""


@pytest.mark.layout
@combined(language=languages(), letters=LETTERS, view=["", "projector"])
def test_the_only_answer_and_its_target_have_room_in_their_box(
    page: Page, server: str, complaints: list[str], language: str, view: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/lessons/vanish-or-explode?step=brake&lang={language}&view={view}")
    answer = page.locator(".timestep .output[data-seen=target]:not(:empty)")
    expect(answer).to_be_visible()
    assert answer.evaluate(ROOM) > 0.9
    gradient = page.locator(".bars-title .legend")
    expect(gradient).to_be_visible()
    assert apart(gradient, page.locator("[data-part=bars]"))
