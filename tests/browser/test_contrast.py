"""A contrast theme of the system: its colours alone, and everything still told apart."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_lab import opened

pytestmark = pytest.mark.layout

COLOURS = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const row = pen.getImageData(0, Math.floor(image.height / 2), image.width, 1).data;
  const counts = {};
  for (let i = 0; i < row.length; i += 4) {
    const colour = row.slice(i, i + 3).join();
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return counts;
}"""
"""How often each colour stands in the middle row of a picture."""
SYSTEM = """(names) => {
  const probe = document.createElement("span");
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  const colours = names.map((name) => {
    for (const each of ["Canvas", name]) {
      probe.style.color = each;
      pen.fillStyle = getComputedStyle(probe).color;
      pen.fillRect(0, 0, 1, 1);
    }
    return pen.getImageData(0, 0, 1, 1).data.slice(0, 3).join();
  });
  probe.remove();
  return colours;
}"""
"""Colours of the theme as they look on its canvas: some let it through."""


def system(page: Page, *names: str) -> list[str]:
    colours: list[str] = page.evaluate(SYSTEM, names)
    return colours


def colours(part: Locator) -> dict[str, int]:
    part.scroll_into_view_if_needed()
    part.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    picture = base64.b64encode(part.screenshot()).decode()
    counts: dict[str, int] = part.page.evaluate(COLOURS, picture)
    return counts


def painted(part: Locator) -> Any:
    return part.evaluate(
        """node => {
          const { color, backgroundColor, borderTopColor } = getComputedStyle(node);
          return [color, backgroundColor, borderTopColor];
        }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tracks_thumbs_and_what_is_chosen_are_seen_in_a_contrast_theme(
    page: Page, server: str, scheme: Any
) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    opened(page, server)
    canvas, highlight = system(page, "Canvas", "Highlight")
    page.locator("[data-part=timeline]").fill("30")
    for slider in page.locator("input[type=range]:visible").all():
        for _ in range(20):  # it may not be painted yet where it was scrolled to
            seen = colours(slider)
            if track := sum(count for colour, count in seen.items() if colour != canvas):
                break
        width = slider.evaluate("node => node.clientWidth")
        assert track > 0.8 * width, slider.get_attribute("id")
        if slider.is_enabled():
            assert seen.get(highlight, 0) > 1, slider.get_attribute("id")
        assert seen.get(canvas, 0) > 5, "the thumb stands out of its track"
    for group in page.locator(".segmented:visible").all():
        chosen, *others = (
            group.locator("input:checked + span").all()
            + group.locator("input:not(:checked) + span").all()
        )
        for other in others:
            assert painted(chosen)[1] != painted(other)[1]
    tab, other = page.get_by_role("tab", selected=True), page.get_by_role("tab", selected=False)
    assert painted(tab)[1] != painted(other.first)[1]
    for switch in (page.locator("[data-part=fold]"), page.locator("[data-part=bars]")):
        before = painted(switch)
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "true")
        assert painted(switch)[1] != before[1]
    here, there = page.locator(".masthead nav a").nth(0), page.locator(".masthead nav a").nth(1)
    edge = "node => getComputedStyle(node).borderBottomColor"
    assert here.evaluate(edge) != there.evaluate(edge)


def test_a_choice_that_cannot_be_changed_can_still_be_read(page: Page, server: str) -> None:
    page.emulate_media(forced_colors="active")
    opened(page, server, cell="gru")
    chosen = page.locator("[name=activation]:checked + span")
    other = page.locator("[name=activation]:not(:checked) + span").first
    words, ground, edge = painted(chosen)
    assert words != ground
    assert edge != painted(other)[2]


def test_a_guess_is_seen_in_a_contrast_theme(page: Page, server: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{server}/train")
    guess, other = (
        page.locator("[data-part=guess] button").nth(0),
        page.locator("[data-part=guess] button").nth(1),
    )
    guess.click()
    expect(guess).to_have_attribute("aria-pressed", "true")
    assert painted(guess)[1] != painted(other)[1]


def test_the_stage_is_drawn_in_the_colours_of_the_theme(page: Page, server: str) -> None:
    opened(page, server)
    pixels = "() => document.querySelector('[data-part=stage] canvas').toDataURL()"
    usual = page.evaluate(pixels)
    page.emulate_media(forced_colors="active")
    page.wait_for_function(f"usual => ({pixels})() !== usual", arg=usual)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_darkened_screen_is_dark_in_a_contrast_theme_too(
    page: Page, server: str, scheme: Any
) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    opened(page, server, view="projector")
    page.keyboard.press("b")
    expect(page.locator("[data-part=blank]")).to_have_css("background-color", "rgb(0, 0, 0)")
