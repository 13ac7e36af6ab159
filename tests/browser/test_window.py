"""Windows of every size and zoom: what belongs together is on the screen together."""

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import LETTERS
from tests.browser.test_lab import complaints, opened, stage

__all__ = ["complaints"]

pytestmark = pytest.mark.layout

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
  const boxes = { play: "#play", slider: "#recurrent_scale" };
  const found = Object.fromEntries(Object.entries(boxes).map(([name, selector]) => {
    const box = document.querySelector(selector).getBoundingClientRect().toJSON();
    return [name, box];
  }));
  const stage = document.querySelector("#stage");
  const size = (name) => parseFloat(stage.style.getPropertyValue(name));
  const track = stage.querySelector(".track").getBoundingClientRect();
  const top = track.top + size("--bars-top");
  const bars = { ...track.toJSON(), top, height: size("--bars-height") };
  found.bars = { ...bars, y: top, bottom: top + bars.height };
  return Object.entries(found).map(([name, box]) => {
    const low = name === "bars" ? box.bottom - 2 : box.y + box.height / 2;
    const hit = document.elementFromPoint(box.x + box.width / 2, low);
    const own = hit?.closest("#stage, #play, #recurrent_scale")?.id;
    return { name, own, ...box };
  });
}"""
"""Where Play, the slider and the bars are, and what a pointer there, at the bars low, meets."""
WORDS = [
    "[data-view='projector'] .caption",
    ".verdict",
    ".stage .loss",
    ".bars-title",
    ".pace",
    ".control[data-field='recurrent_scale'] label",
    ".control[data-field='recurrent_scale'] .exact",
    "#play",
    "#recurrent_scale",
    "#present",
]


def beside_each_other(page: Page) -> None:
    """Nothing of what is shown is printed over another, as far as it is in the window."""
    boxes: dict[str, dict[str, float]] = page.evaluate(
        """(selectors) => Object.fromEntries(selectors.flatMap((selector) => {
          const node = document.querySelector(selector);
          if (!node?.checkVisibility() || !node.getClientRects().length) return [];
          const words = document.createRange();
          words.selectNodeContents(node);
          const inside = node.matches("p, label") ? words : node;
          return [[selector, inside.getBoundingClientRect().toJSON()]];
        }))""",
        WORDS,
    )
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        across = min(a["right"], b["right"]) - max(a["left"], b["left"])
        down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
        assert across <= 1 or down <= 1, f"{one} over {other}"


@pytest.mark.parametrize(
    ("fields", "letters"),
    [
        ({}, "narrow"),
        ({"cell": "lstm"}, "wide"),
        ({"view": "projector"}, "wide"),
        ({"view": "projector", "lang": "zh-CN"}, "narrow"),
        ({"lang": "zh-CN"}, "wide"),
        ({"architecture": "many-to-many", "tokens": "words"}, "wide"),
        ({"recurrent_scale": 3, "view": "projector", "cell": "lstm"}, "narrow"),
    ],
)
def test_the_slider_the_bars_and_play_are_on_the_screen_together(
    page: Page, server: str, complaints: list[str], fields: dict[str, Any], letters: str
) -> None:
    assert letters in LETTERS
    opened(page, server, **fields)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        assert page.evaluate("scrollY") == 0
        for box in page.evaluate(TOGETHER):
            where = f"{box['name']}, {name}: {box}"
            assert box["top"] >= 0, where
            assert box["left"] >= 0, where
            assert box["bottom"] <= height, where
            assert box["right"] <= width, where
            expected = {"play": "play", "slider": "recurrent_scale", "bars": "stage"}[box["name"]]
            assert box["own"] == expected, where
            if box["name"] == "bars":
                least = LEAST_BARS if fields.get("cell") != "lstm" else LEAST_BARS / 2
                assert box["height"] >= least, where
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        beside_each_other(page)


@pytest.mark.parametrize(
    ("size", "letters", "fields"),
    [
        ((640, 360), "wide", {}),
        ((844, 390), "narrow", {"lang": "zh-CN"}),
        ((640, 360), "wide", {"view": "projector", "cell": "lstm"}),
        ((853, 480), "wide", {"view": "projector"}),
    ],
)
def test_in_a_low_window_nothing_moves_when_words_wrap(
    page: Page,
    server: str,
    complaints: list[str],
    size: tuple[int, int],
    letters: str,
    fields: dict[str, Any],
) -> None:
    assert letters in LETTERS
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(page, server, recurrent_scale=0, **fields)
    seen = walked(page)
    assert len(seen["places"]) == 1, seen
    assert len(seen["lines"]) > 1, "the words never wrapped"


def walked(page: Page) -> dict[str, Any]:
    """Drag the scale and walk the run; return where things were, and how high the words."""
    page.evaluate(
        """async () => {
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const found = { places: {}, lines: {} };
          const [verdict, caption] = ["verdict", "caption"].map((id) =>
            document.getElementById(id)
          );
          const parts = ["stage", "play", "recurrent_scale"].map((id) =>
            document.getElementById(id)
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
        page.locator("#timeline").evaluate(
            """(node) => {
              node.value = Number(node.value) - 2;
              node.dispatchEvent(new Event("input", { bubbles: true }));
            }"""
        )
    seen: dict[str, Any] = page.evaluate("() => window.walked")
    return seen


@pytest.mark.parametrize(
    ("size", "letters", "fields"),
    [((640, 360), "wide", {}), ((375, 667), "wide", {"lang": "zh-CN"}), ((844, 390), "narrow", {})],
)
def test_the_whole_player_is_reached_in_a_small_window(
    page: Page,
    server: str,
    complaints: list[str],
    size: tuple[int, int],
    letters: str,
    fields: dict[str, Any],
) -> None:
    assert letters in LETTERS
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    opened(page, server, **fields)
    put_away = [page.locator(part) for part in ("#restart", "#end", "#speed", "#phase-backward")]
    for part in put_away:
        expect(part).to_be_hidden()
    before = stage(page).bounding_box()
    rest = page.locator("#rest")
    rest.click()
    for part in (*put_away, page.locator("#play"), page.locator("#timeline"), rest):
        expect(part).to_be_in_viewport(ratio=1)
    assert stage(page).bounding_box() == before
    page.locator("#restart").click()
    expect(page.locator("#timeline")).to_have_value("0")
    page.locator("#end").click()
    expect(stage(page)).to_have_attribute("data-state", "done")
    page.keyboard.press("Escape")
    expect(rest).to_be_focused()
    expect(rest).to_have_attribute("aria-expanded", "false")
    for part in put_away:
        expect(part).to_be_hidden()


def test_play_plays_in_the_projector_view(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, view="projector")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(stage(page)).to_have_attribute("data-state", "forward")


def test_what_has_the_focus_is_not_under_the_dock(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 640, "height": 360})
    opened(page, server)
    dock = page.locator("#recurrent_scale").bounding_box()
    assert dock
    for part in ("#pin", "#tab-gradient_norm", "#reset"):
        page.evaluate("scrollTo(0, 0)")
        page.locator(part).focus()
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 360 - 52, part


@pytest.mark.parametrize("path", ["/lessons", "/"])
def test_a_row_that_is_cut_fades_out_at_the_end_that_goes_on(
    page: Page, server: str, complaints: list[str], path: str
) -> None:
    page.set_viewport_size({"width": 280, "height": 667})
    page.goto(f"{server}{path}")
    row = page.locator(".masthead nav" if path == "/lessons" else ".tabs").first
    assert row.evaluate("node => node.scrollWidth - node.clientWidth") > 0
    for place, ends in (
        ("0", "after"),
        ("(node.scrollWidth - node.clientWidth) / 2", "before after"),
        ("node.scrollWidth", "before"),
    ):
        row.evaluate(f"node => {{ node.scrollLeft = {place}; }}")
        expect(row).to_have_attribute("data-more", ends)
        expect(row).not_to_have_css("mask-image", "none")
    page.set_viewport_size({"width": 1280, "height": 667})
    expect(row).to_have_css("mask-image", "none")
