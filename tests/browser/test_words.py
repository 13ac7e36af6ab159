"""Words of any script have a place of their own, on a phone and on a slide."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import LETTERS
from tests.browser.test_exports import saved
from tests.browser.test_lab import opened, stage

pytestmark = pytest.mark.layout

ARABIC = "الطالب يكتب الدرس"
HEBREW = "התלמיד כותב שיעור"
LONG = {
    "Arabic": "فسيكفيكهم والاستقلالية مستشفياتهم أفاستسقيناكموها كتب",
    "Hebrew": "ולכשתתרגלנה להתקדמותכם בהשתלמויותיהם כתב",
    "German": "Donaudampfschifffahrt Rindfleischetikettierung Buch war",
    "Thai": "ประชาธิปไตย นักวิทยาศาสตร์ หนังสือพิมพ์ บ้าน",
    "Hindi": "अंतर्राष्ट्रीयकरण विश्वविद्यालयों क्षत्रियत्व घर",
}
INSIDE = """() => {
  const gap = (one, other) => Math.max(one.left, other.left) - Math.min(one.right, other.right);
  const all = ["[data-part=stage] .loss", "[data-part=stage] .direction"].map((selector) =>
    document.querySelector(selector).getBoundingClientRect().toJSON()
  );
  return { gap: gap(...all), left: Math.min(...all.map(({ left }) => left)),
    right: Math.max(...all.map(({ right }) => right)) };
}"""
"""How far the words about the loss and those about the direction are from each other."""
BETWEEN = """() => [...document.querySelectorAll(".stage .output.wrong")].map((output) => {
  const [said, target] = [...output.children].map((word) => word.getBoundingClientRect());
  return target.top < said.bottom ? target.left - said.right : Infinity;
})"""
"""Pixels between a prediction and the target beside it; one below it is not seen."""
ROWS = """() => {
  const rows = {};
  for (const text of document.querySelectorAll("svg text[text-anchor=middle]")) {
    if (!text.style.font.startsWith("600")) continue;
    const { left, right } = text.getBoundingClientRect();
    (rows[text.getAttribute("y")] ??= []).push([left, right]);
  }
  return Object.values(rows);
}"""
"""From where to where the words of each row of a slide are, from left to right."""


@pytest.mark.parametrize(
    ("sequence", "language", "letters", "width"),
    [
        (ARABIC, "en", "wide", 390),
        (HEBREW, "zh-CN", "narrow", 390),
        (ARABIC, "en", "wide", 320),
        (" ".join(LONG.values()), "en", "narrow", 640),
    ],
)
def test_on_a_phone_the_loss_and_the_way_time_runs_have_each_a_place(
    page: Page,
    server: str,
    complaints: list[str],
    sequence: str,
    language: str,
    letters: str,
    width: int,
) -> None:
    assert letters in LETTERS
    page.set_viewport_size({"width": width, "height": 844})
    for more in ({}, {"architecture": "many-to-many"}):
        opened(page, server, sequence=sequence, tokens="words", lang=language, **more)
        expect(stage(page)).to_have_attribute("data-state", "done")
        expect(page.locator("[data-part=stage] .direction")).to_be_visible()
        seen = page.evaluate(INSIDE)
        assert seen["gap"] >= 4, seen
        assert seen["left"] >= 0, seen
        assert seen["right"] <= width, seen
    assert all(pixels >= 3 for pixels in page.evaluate(BETWEEN))


def test_the_loss_says_all_again_where_there_is_room(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server, sequence=ARABIC, tokens="words")
    words = page.locator("[data-part=stage] .loss").get_by_text("prediction")
    expect(words).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(words).to_be_visible()


@pytest.mark.parametrize("script", LONG)
def test_on_a_slide_a_long_word_stays_in_its_tile(
    page: Page, server: str, complaints: list[str], script: str
) -> None:
    sequence = " ".join([LONG[script]] * 3)
    opened(page, server, sequence=sequence, tokens="words", architecture="many-to-many")
    svg = saved(page, "button", "Picture (SVG)").read_text("utf-8")
    page.goto("about:blank")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.set_content(f"<body style='margin: 0'>{svg}")
    rows = [row for row in page.evaluate(ROWS) if len(row) > 5]
    assert len(rows) == 2  # of tokens and of predictions
    for row in rows:
        for (_, right), (left, _) in pairwise(row):
            assert left - right >= 4, (script, row)
