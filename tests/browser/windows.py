"""Windows of every size and zoom, and a page shown in them."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.test_lab import stage

SIZES = {
    "1280x720 at 200 %": (640, 360),
    "1280x720 at 150 %": (853, 480),
    "a laptop": (1366, 768),
    "a laptop with a toolbar": (1366, 641),
    "a phone": (375, 667),
    "a phone on its side": (844, 390),
    "1280x720": (1280, 720),
}
LEAST_BARS = 40
"""Pixels of the bars' height that can still be told apart."""
TOGETHER = """() => {
  const boxes = { play: "[data-part=play]", slider: "#recurrent_scale" };
  const found = Object.fromEntries(Object.entries(boxes).map(([name, selector]) => {
    const box = document.querySelector(selector).getBoundingClientRect().toJSON();
    return [name, box];
  }));
  const stage = document.querySelector("[data-part=stage]");
  const size = (name) => parseFloat(stage.style.getPropertyValue(name));
  const track = stage.querySelector(".track").getBoundingClientRect();
  const top = track.top + size("--bars-top");
  const bars = { ...track.toJSON(), top, height: size("--bars-height") };
  found.bars = { ...bars, y: top, bottom: top + bars.height };
  return Object.entries(found).map(([name, box]) => {
    const low = name === "bars" ? box.bottom - 2 : box.y + box.height / 2;
    const hit = document.elementFromPoint(box.x + box.width / 2, low);
    const met = hit?.closest("[data-part=stage], [data-part=play], #recurrent_scale");
    const own = met?.dataset.part ?? met?.id;
    return { name, own, ...box };
  });
}"""
"""Where Play, the slider and the bars are, and what a pointer there, at the bars low, meets."""


def show_lesson(page: Page, server: str, slug: str, size: str | None = None, **fields: str) -> None:
    """Open a step of a lesson, in a window of a size, once its network has been run."""
    if size:
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    page.goto(f"{server}/lessons/{slug}?{query}")
    expect(stage(page)).not_to_have_attribute("data-run", "")


def windows(page: Page) -> Iterator[tuple[str, int, int]]:
    """Resize the window to each size in turn; yield its name, width and height once it is drawn."""
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        yield name, width, height


def walked(page: Page) -> dict[str, Any]:
    """Drag the scale and walk the run; return where things were, and how high the words."""
    page.evaluate(
        """async () => {
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const found = { places: {}, lines: {} };
          const [verdict, caption] = ["verdict", "caption"].map((name) =>
            document.querySelector(`.${name}`)
          );
          const parts = ["[data-part=stage]", "[data-part=play]", "#recurrent_scale"].map(
            (name) => document.querySelector(name)
          );
          const note = () => {
            const places = parts.map((node) => {
              const { top, height } = node.getBoundingClientRect();
              return [top, height].map(Math.round).join("+");
            });
            found.places[places.join(" ")] = verdict.textContent + "|" + caption.textContent;
            const lines = [verdict, caption].map((node) => node.offsetHeight);
            found.lines[lines.join(" ")] = true;
          };
          new MutationObserver(note).observe(document.body, {
            subtree: true,
            childList: true,
            characterData: true,
          });
          note();
          window.walked = found;
        }"""
    )
    for value in (0.1, 0.8, 1, 1.2, 1.4, 2, 2.6, 4):
        run = stage(page).get_attribute("data-run") or ""
        page.locator("#recurrent_scale").fill(str(value))
        expect(stage(page)).not_to_have_attribute("data-run", run)
        expect(stage(page)).to_have_attribute("data-state", "done")
    for _ in range(25):
        page.locator("[data-part=timeline]").evaluate(
            """(node) => {
              node.value = Number(node.value) - 2;
              node.dispatchEvent(new Event("input", { bubbles: true }));
            }"""
        )
    seen: dict[str, Any] = page.evaluate("() => window.walked")
    return seen
