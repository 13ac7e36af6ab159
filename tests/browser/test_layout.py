"""The page holds in any letters, and nothing moves when its words change."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.repertoire import rare

pytestmark = pytest.mark.layout

PAGES = ["/", "/train", "/lessons", "/lessons/vanish-or-explode"]
SIZES = {"desk": (1440, 900), "slide": (1280, 720), "tablet": (761, 900), "phone": (390, 844)}
ROOM = 1.5
"""Pixels that borders and rounding take."""
NOTHING = {"\N{FUNCTION APPLICATION}", "\N{ZERO WIDTH SPACE}"}
"""After tanh in MathML, and before Plotly's words: nothing is drawn for them."""

LEAVING = """(room) => {
  const name = (node) => node.dataset?.part || node.id || String(node.className) || node.localName;
  const apart = ".unseen, .skip, .sign, svg, canvas, math, .js-plotly-plot, .stage, option";
  const found = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px wider than the window`);
  for (const node of document.querySelectorAll("body *")) {
    const style = getComputedStyle(node);
    if (!node.checkVisibility({ visibilityProperty: true }) || node.closest(apart)) continue;
    if (style.display.startsWith("inline") || style.overflowX !== "visible") continue;
    if (node.clientWidth && node.scrollWidth > node.clientWidth + room) {
      found.push(`${name(node)} holds ${node.scrollWidth} px in ${node.clientWidth}`);
    }
  }
  return found;
}"""

OVERLAPPING = """(room) => {
  const texts = [];
  const above = ["fixed", "sticky"];
  const layer = (node) => node && !above.includes(getComputedStyle(node).position)
    ? layer(node.parentElement)
    : node;
  const seen = (node) => {  // as much of a place as is not cut off
    const whole = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
    if (!node || node === document.body) return whole;
    const { position, overflowX, overflowY } = getComputedStyle(node);
    const around = above.includes(position) ? whole : seen(node.parentElement);
    const box = node.getBoundingClientRect();
    if (overflowX !== "visible") {
      around.left = Math.max(around.left, box.left);
      around.right = Math.min(around.right, box.right);
    }
    if (overflowY !== "visible") {
      around.top = Math.max(around.top, box.top);
      around.bottom = Math.min(around.bottom, box.bottom);
    }
    return around;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    const apart = parent.closest("script, .unseen, .skip, .sign, math, option");
    if (apart || !node.data.trim() || parent.offsetWidth < 2) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const place = seen(parent);
    for (const { left, top, right, bottom } of range.getClientRects()) {
      const air = (bottom - top) / 4;  // above and below the letters of a line
      const box = {
        left: Math.max(left, place.left),
        right: Math.min(right, place.right),
        top: Math.max(top + air, place.top),
        bottom: Math.min(bottom - air, place.bottom),
      };
      const text = { parent, words: node.data.trim(), over: layer(parent), ...box };
      if (box.right > box.left) texts.push(text);
    }
  }
  const found = [];
  texts.forEach((one, i) => {
    for (const other of texts.slice(i + 1)) {
      if (one.parent === other.parent || one.over !== other.over) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > room && down > room) found.push(`“${one.words}” on “${other.words}”`);
    }
  });
  return found;
}"""

WATCH = """() => {
  const [stage, transport] = [".stage", ".transport"].map((name) => document.querySelector(name));
  const verdict = document.querySelector("[data-part=verdict]");
  const caption = document.querySelector("[data-part=caption]");
  window.seen = { places: new Set(), words: new Set() };
  const note = () => {
    const places = [stage, transport].map((node) => node.getBoundingClientRect().top + scrollY);
    window.seen.places.add(places.join(" "));
    window.seen.words.add(verdict.textContent + caption.textContent);
  };
  new MutationObserver(note).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  note();
}"""


def opened(page: Page, server: str, path: str, size: str, language: str, **fields: Any) -> Page:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    fields = {"lang": language, **fields}
    page.goto(f"{server}{path}?" + "&".join(f"{name}={value}" for name, value in fields.items()))
    if page.locator("[data-part=stage]").count():
        expect(page.locator("[data-part=stage]")).not_to_have_attribute("data-run", "")
    return page


@pytest.mark.parametrize("letters", ["wide"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_no_words_leave_their_place_or_lie_on_others(
    page: Page, server: str, path: str, size: str
) -> None:
    for language in ("en", "zh-CN"):
        opened(page, server, path, size, language)
        assert page.evaluate(LEAVING, ROOM) == [], language
        assert page.evaluate(OVERLAPPING, ROOM) == [], language


@pytest.mark.parametrize("letters", ["wide"])
@pytest.mark.parametrize("path", ["/", "/train", "/lessons/vanish-or-explode"])
def test_no_words_leave_their_place_on_a_projector(page: Page, server: str, path: str) -> None:
    opened(page, server, path, "slide", "en", view="projector")
    assert page.evaluate(LEAVING, ROOM) == []
    assert page.evaluate(OVERLAPPING, ROOM) == []


def test_nothing_is_printed_on_an_empty_stage(page: Page, server: str) -> None:
    page.route_web_socket("**/api/stream", lambda _: None)  # it opens, and nothing comes
    page.route("**/api/trace", lambda _: None)
    page.goto(server)
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-run", "")
    expect(page.locator(".gutter span").filter(visible=True)).to_have_count(0)
    assert page.evaluate(OVERLAPPING, ROOM) == []


@pytest.mark.parametrize(
    ("letters", "size", "language"),
    [
        ("wide", "slide", "en"),
        ("narrow", "slide", "zh-CN"),
        ("narrow", "tablet", "en"),
        ("wide", "phone", "zh-CN"),
        ("narrow", "phone", "en"),
    ],
)
def test_the_stage_stays_while_the_scale_is_dragged_and_the_run_is_walked(
    page: Page, server: str, size: str, language: str
) -> None:
    opened(page, server, "/", size, language, recurrent_scale=0)
    stage = page.locator("[data-part=stage]")
    expect(stage).to_have_attribute("data-state", "done")
    page.evaluate(WATCH)
    scale = page.locator("#recurrent_scale")
    for value in (0.1, 0.5, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.5, 2.6, 3, 4):
        run = stage.get_attribute("data-run") or ""
        scale.fill(str(value))
        expect(stage).not_to_have_attribute("data-run", run)
    timeline = page.locator("[data-part=timeline]")
    timeline.press("Home")
    for _ in range(50):
        timeline.press("ArrowRight")
    expect(stage).to_have_attribute("data-state", "done")
    seen = page.evaluate("() => [[...seen.places], seen.words.size]")
    assert len(seen[0]) == 1, seen
    assert seen[1] > 30


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_stays_where_it_is_when_another_chart_is_chosen(
    page: Page, server: str, language: str
) -> None:
    opened(page, server, "/", "slide", language)
    tabs = page.get_by_role("tab")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    charts = page.locator("[data-part=charts]")
    expect(charts).to_have_attribute("data-ready", "true", timeout=30_000)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    tabs.first.scroll_into_view_if_needed()
    place = top(tabs.first)
    for name in ("hidden_states", "lyapunov", "gradient_norm"):
        page.locator(f"#tab-{name}").click()
        expect(charts).to_have_attribute("data-ready", "true", timeout=30_000)
        assert top(tabs.first) == place, name


def top(node: Locator) -> float:
    box = node.bounding_box()
    assert box
    return box["y"]


@pytest.mark.parametrize("path", ["/?architecture=one-to-many", "/?cell=lstm", "/train"])
def test_every_letter_on_the_page_is_in_usual_fonts(page: Page, server: str, path: str) -> None:
    page.goto(server + path)
    if page.locator("[data-part=stage]").count():
        expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
        page.locator("[data-part=step]").scroll_into_view_if_needed()
        expect(page.locator("[data-part=step] math").first).to_be_attached()
    text = page.locator("body").inner_text()
    titles = page.locator("[title]").evaluate_all("nodes => nodes.map((node) => node.title)")
    assert not rare(text + "".join(titles)) - NOTHING
    assert "<su" not in text + page.locator("body").aria_snapshot()
