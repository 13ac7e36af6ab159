"""Windows of every size and zoom: what belongs together is on the screen together."""

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import LETTERS
from tests.browser.test_lab import opened, stage
from tests.browser.windows import LEAST_BARS, TOGETHER, walked, windows

pytestmark = pytest.mark.layout

WORDS = [
    "[data-view='projector'] .caption",
    ".verdict",
    ".stage .loss",
    ".bars-title",
    ".pace",
    ".control[data-field='recurrent_scale'] label",
    ".control[data-field='recurrent_scale'] .exact",
    "[data-part=play]",
    "#recurrent_scale",
    "[data-part=present]",
]


def beside_each_other(page: Page, window: str) -> None:
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
        assert across <= 1 or down <= 1, f"{one} over {other}, {window}: {a}, {b}"


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
    for name, width, height in windows(page):
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
        beside_each_other(page, name)


@pytest.mark.parametrize(
    "fields",
    [
        {"layers": 4},
        {"layers": 2, "directions": 2, "cell": "lstm"},
        {"layers": 3, "directions": 2, "lang": "zh-CN"},
        {"layers": 2, "directions": 2, "architecture": "many-to-many"},
    ],
)
def test_play_is_above_the_fold_however_many_layers_there_are(
    page: Page, server: str, fields: dict[str, Any]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, server, **fields)
    expect(page.locator("[data-part=layers]")).to_be_visible()
    expect(page.locator("[data-part=transport]")).to_be_in_viewport(ratio=1)


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


@pytest.mark.parametrize(
    ("language", "view", "fields"),
    [
        ("en", "projector", {"layers": 3, "directions": 2}),
        ("zh-CN", "", {"cell": "lstm", "layers": 2, "layer": 1}),
        ("zh-CN", "", {"cell": "gru", "architecture": "many-to-many"}),
        ("en", "projector", {"cell": "gru", "architecture": "many-to-many"}),
        ("zh-CN", "projector", {"architecture": "encoder-decoder", "attention": "dot"}),
    ],
)
def test_nothing_moves_when_the_captions_of_any_kind_of_network_wrap(
    page: Page, server: str, complaints: list[str], language: str, view: str, fields: dict[str, Any]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, server, sequence="hello world", lang=language, view=view, **fields)
    seen = walked(page)
    assert len(seen["places"]) == 1, seen
    kept = page.locator(".unsaid").all_text_contents()
    assert not [text for text in kept if "undefined" in text]


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
    put_away = [
        page.locator(part)
        for part in (
            "[data-part=restart]",
            "[data-part=end]",
            "[data-part=speed]",
            "[data-part=phase-backward]",
        )
    ]
    for part in put_away:
        expect(part).to_be_hidden()
    before = stage(page).bounding_box()
    rest = page.locator("[data-part=rest]")
    rest.click()
    for part in (
        *put_away,
        page.locator("[data-part=play]"),
        page.locator("[data-part=timeline]"),
        rest,
    ):
        expect(part).to_be_in_viewport(ratio=1)
    assert stage(page).bounding_box() == before
    page.locator("[data-part=restart]").click()
    expect(page.locator("[data-part=timeline]")).to_have_value("0")
    page.locator("[data-part=end]").click()
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


def test_the_focus_is_not_under_the_dock(page: Page, server: str, complaints: list[str]) -> None:
    page.set_viewport_size({"width": 640, "height": 360})
    opened(page, server)
    dock = page.locator("#recurrent_scale").bounding_box()
    assert dock
    for part in ("[data-part=pin]", "#tab-gradient_norm", "[data-part=reset]"):
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
