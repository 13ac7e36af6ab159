"""A lesson in small windows: what its words speak of is on the screen together with its player."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import LETTERS
from tests.browser.test_lab import stage
from tests.browser.test_layout import LEAVING, OVERLAPPING, ROOM
from tests.browser.windows import LEAST_BARS, TOGETHER, show_lesson, walked, windows
from unrolled.app.i18n.catalog import languages
from unrolled.app.lessons import shelf

pytestmark = pytest.mark.layout

EXPECTED = {"play": "play", "slider": "recurrent_scale", "bars": "stage"}

DRAWN = """() => {
  const charts = document.querySelector("[data-part=charts]");
  return [charts, ...charts.querySelectorAll("[role=tabpanel]")].every((node) =>
    !node.checkVisibility() || node.scrollWidth <= node.clientWidth + 1
  );
}"""
"""Whether a chart has been drawn for the window as it is now."""


def shown(page: Page, server: str, slug: str, step: str, language: str) -> None:
    show_lesson(page, server, slug, step=step, lang=language)
    if page.locator("[data-part=reveal]").is_visible():
        page.locator("[data-part=reveal]").click()
        expect(page.locator("[data-part=question] .reply")).to_be_visible()


def holds(page: Page, where: str) -> None:
    """The slider, the bars and Play are in the window together, and all words in their places."""
    size = page.viewport_size
    assert size
    if size["width"] <= 760:  # the lesson is one column: down to the bars
        page.evaluate(
            "document.querySelector('[data-part=stage]').scrollIntoView({ block: 'end' })"
        )
    page.wait_for_function(DRAWN)
    dragged = page.locator("#recurrent_scale").is_visible()
    least = LEAST_BARS / 2 if page.locator(".bars-title").is_visible() else 0
    for box in page.evaluate(TOGETHER):
        if box["name"] == "slider" and not dragged:
            continue
        assert box["top"] >= 0, (where, box)
        assert box["bottom"] <= size["height"], (where, box)
        assert box["right"] <= size["width"], (where, box)
        assert box["own"] == EXPECTED[box["name"]], (where, box)
        assert box["name"] != "bars" or box["height"] >= least, (where, box)
    assert page.evaluate(LEAVING, ROOM) == [], where
    assert page.evaluate(OVERLAPPING, ROOM) == [], where


@pytest.mark.parametrize(
    ("slug", "step", "language", "letters"),
    [
        ("vanish-or-explode", "three-factors", "en", "wide"),
        ("vanish-or-explode", "edge", "zh-CN", "narrow"),
        ("one-step", "check", "en", "wide"),
        ("gates", "forget-bias", "zh-CN", "wide"),
        ("four-ways", "choose", "en", "narrow"),
    ],
)
def test_the_slider_the_bars_and_play_of_a_lesson_are_on_the_screen_together(
    page: Page,
    server: str,
    complaints: list[str],
    slug: str,
    step: str,
    language: str,
    letters: str,
) -> None:
    assert letters in LETTERS
    shown(page, server, slug, step, language)
    for name, *_ in windows(page):
        holds(page, name)


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("slug", [lesson.slug for lesson in shelf().all("en")])
def test_every_step_of_a_lesson_holds_in_every_window(
    page: Page, server: str, slug: str, language: str
) -> None:
    for step in shelf().get(slug, language).steps:
        shown(page, server, slug, step.id, language)
        for name, *_ in windows(page):
            holds(page, f"{step.id}, {name}")


@pytest.mark.parametrize(
    ("size", "language"),
    [((640, 360), "zh-CN"), ((390, 844), "en"), ((390, 844), "zh-CN"), ((844, 390), "en")],
)
def test_in_a_small_window_nothing_of_a_lesson_moves_while_the_scale_is_dragged(
    page: Page, server: str, complaints: list[str], size: tuple[int, int], language: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    shown(page, server, "vanish-or-explode", "vanish", language)
    stage(page).evaluate("node => node.scrollIntoView({ block: 'end' })")
    seen = walked(page)
    assert len(seen["places"]) == 1, seen


def test_everything_of_a_lesson_is_reached_where_it_is_low(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 640, "height": 360})
    shown(page, server, "vanish-or-explode", "edge", "en")
    for part in (
        "[data-part=next]",
        "[data-part=previous]",
        "[data-part=restore]",
        "#seed",
        "[name=activation]",
        "#sequence",
    ):
        reached = page.locator(part).first
        reached.scroll_into_view_if_needed()
        expect(reached).to_be_in_viewport(ratio=0.9)
    page.locator("[data-part=rest]").click()
    for part in (
        "[data-part=restart]",
        "[data-part=back]",
        "[data-part=forward]",
        "[data-part=end]",
        "[data-part=speed]",
        "[data-part=timeline]",
    ):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)


def test_the_answer_is_told_to_its_end_on_a_phone(
    page: Page, server: str, complaints: list[str]
) -> None:
    for slug, step in (("why-memory", "a-guess"), ("four-ways", "many-to-one")):
        show_lesson(page, server, slug, "a phone", step=step, lang="en")
        told = page.locator("[data-part=stage] .loss > :first-child")
        expect(told).to_contain_text("prediction")
        assert told.evaluate("node => node.scrollWidth <= node.clientWidth"), slug


def test_a_phone_has_room_for_the_names_of_all_pages(
    page: Page, server: str, complaints: list[str]
) -> None:
    for language in languages():
        show_lesson(page, server, "why-memory", "a phone", step="swap", lang=language)
        links = page.locator(".masthead nav")
        assert links.evaluate("node => node.scrollWidth <= node.clientWidth"), language
        for button in page.locator(".masthead .tools button:visible").all():
            box = button.bounding_box()
            assert box
            assert box["height"] < 48, language


def test_the_way_on_is_on_a_tall_phone_once_it_was_answered(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for step in ("blank", "same-word"):
        show_lesson(page, server, "why-memory", step=step, lang="en")
        page.locator("[data-part=reveal]").click()
        expect(page.locator("[data-part=question] .reply")).to_be_in_viewport(ratio=1)
        onward = page.locator("[data-part=next]")
        expect(onward).to_be_in_viewport(ratio=1)
        low, dock = onward.bounding_box(), page.locator("[data-part=transport]").bounding_box()
        assert low
        assert dock
        assert low["y"] + low["height"] <= dock["y"]
