"""While the slider is dragged, nothing of the page is measured and nothing jumps."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import opened, slider, stage

# Whatever makes the browser lay the page out at once is noted, with the place that asks for it.
NOTED = """() => {
  window.measured = [];
  const sizes = ["Width", "Height", "Left", "Top"];
  const note = (owner, name) => {
    const { get, value } = Object.getOwnPropertyDescriptor(owner, name);
    const asked = function (...args) {
      window.measured.push(`${name} ${new Error().stack}`);
      return (get ?? value).apply(this, args);
    };
    Object.defineProperty(owner, name, get ? { get: asked } : { value: asked });
  };
  for (const size of sizes) note(HTMLElement.prototype, `offset${size}`);
  for (const kind of ["client", "scroll"]) {
    for (const size of sizes) note(Element.prototype, kind + size);
  }
  note(Element.prototype, "getBoundingClientRect");
}"""


def dragged(page: Page, *scales: float) -> None:
    """The slider is at one scale after another, and the stage shows the run of each."""
    for scale in scales:
        before = str(stage(page).get_attribute("data-run"))
        slider(page).fill(str(scale))
        expect(stage(page)).not_to_have_attribute("data-run", before)


def test_a_drag_measures_nothing(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, cell="lstm", pin="cell=gru")
    expect(page.locator(".multiples figure").nth(1)).to_contain_text("t = 1")
    dragged(page, 1.1)
    expect(page.locator("[data-part=edge]")).to_have_attribute("data-ready", "true")
    page.evaluate(NOTED)
    dragged(page, 1.2, 1.3, 1.4)
    assert page.evaluate("window.measured") == []


@pytest.mark.pages
def test_the_tabs_stay_where_they_were_scrolled_to(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server, architecture="many-to-many")
    strip = page.locator("[data-part=charts] .tabs").first
    strip.evaluate("strip => { strip.scrollLeft = strip.scrollWidth; }")
    place = strip.evaluate("strip => strip.scrollLeft")
    assert place > 0
    dragged(page, 1.2, 1.4)
    assert strip.evaluate("strip => strip.scrollLeft") == place
