"""The window on another screen: a laptop's pixels, then a projector's, then a zoomed page's."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import opened
from tests.browser.test_train import SMALL, trained

pytestmark = pytest.mark.layout

DENSITIES = (2, 1, 1.5)
PARTS = {
    "/": ("[data-part=stage] canvas", "[data-part=step] canvas", ".multiples canvas"),
    "/train": (".network .curve", ".reach canvas", "[data-part=legend]"),
}
SHARPNESS = """(density) => [...document.querySelectorAll("canvas")]
  .filter((canvas) => canvas.checkVisibility())
  .map((canvas) => {
    const { width, height } = canvas.getBoundingClientRect();
    const [across, down] = [width, height].map((size) => Math.round(size * density));
    return [canvas.width - across, canvas.height - down];
  })"""
"""How many pixels each canvas has too many, across and down."""
MARKS = """() => [...document.querySelectorAll("canvas")]
  .filter((canvas) => canvas.checkVisibility())
  .map((canvas) => {
    const { width, height } = canvas.getBoundingClientRect();
    const small = new OffscreenCanvas(Math.round(width), Math.round(height));
    const pen = small.getContext("2d");
    pen.drawImage(canvas, 0, 0, small.width, small.height);
    const { data } = pen.getImageData(0, 0, small.width, small.height);
    const [across, down] = [[], []];
    for (let i = 3; i < data.length; i += 4) {
      if (data[i] < 90) continue;
      across.push((i >> 2) % small.width);
      down.push(Math.floor((i >> 2) / small.width));
    }
    const least = (places) => places.reduce((a, b) => Math.min(a, b), Infinity);
    const most = (places) => places.reduce((a, b) => Math.max(a, b), 0);
    return [across, down].flatMap((places) => [least(places), most(places)]);
  })"""
"""From where to where each canvas is drawn on, across and down, in the style sheet's pixels."""


@pytest.mark.parametrize("path", PARTS)
def test_every_canvas_is_drawn_for_the_screen_that_the_window_moves_to(
    page: Page, server: str, complaints: list[str], path: str
) -> None:
    screen = page.context.new_cdp_session(page)

    def move(density: float) -> None:
        size: dict[str, Any] = {"width": 1280, "height": 1600, "mobile": False}
        screen.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": density})
        page.wait_for_function(
            f"density => ({SHARPNESS})(density).every(([x, y]) => x === 0 && y === 0)", arg=density
        )

    page.set_viewport_size({"width": 1280, "height": 1600})
    if path == "/train":
        move(1)  # an empty sheet is one too
        trained(page, server, **SMALL)
    else:
        opened(page, server, cell="gru")
        page.locator("[data-part=compare-cells]").click()
        expect(page.locator(".multiples canvas")).to_have_count(3)
        expect(page.locator("[data-part=step] canvas").first).to_be_visible()
    for part in PARTS[path]:
        expect(page.locator(part).first).to_be_visible()
    places = []
    for density in DENSITIES:
        move(density)
        places.append(page.evaluate(MARKS))
    first, *others = places
    for other in others:
        for here, there in zip(first, other, strict=True):
            assert there == pytest.approx(here, abs=2)
