"""A lesson by the keyboard alone, from its first step to its last, and what axe-core says of it.

The focus is never lost, and the range of the slider is the same all along.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.test_lab import stage
from tests.browser.test_lessons import VIEWS, answer_by_keyboard, go_on
from tests.browser.views import show_as
from unrolled.app.classroom import routes
from unrolled.app.i18n.catalog import languages
from unrolled.app.lessons import shelf
from unrolled.app.lessons.library import QUIZ

SLUGS = [lesson.slug for lesson in shelf().all("en")]
ROUTE = routes(shelf(), "en")[0]
LOST = """async () => {
  await new Promise(requestAnimationFrame); // a step takes the focus in the frame that shows it
  const { activeElement } = document;
  const held = activeElement !== document.body && activeElement.checkVisibility();
  return held ? "" : activeElement.outerHTML.slice(0, 200);
}"""
"""What has the focus, if that is nothing that is seen."""


def by_keys(page: Page, slug: str, language: str, key: str, seen: bool = False) -> None:
    """Take an open lesson to its end; with ``seen``, let axe look at each step and each answer."""
    steps, ranges = shelf().get(slug, language).steps, set()
    for number, step in enumerate(steps, start=1):
        current = page.locator("[data-part=walk] [aria-current]")
        expect(current).to_have_text(re.compile(rf"^{number}\. "))
        expect(stage(page)).not_to_have_attribute("data-run", "")
        assert number == 1 or page.evaluate(LOST) == "", step.id
        if seen:
            assert_accessible(page)
        if asked := step.question:
            answer_by_keyboard(page, number, step, asked)
            good = "[data-part=question] :is([data-mark=right], [data-good=true])"
            expect(page.locator(good).first).to_be_visible()
            assert number == 1 or page.evaluate(LOST) == "", step.id
            if seen:
                assert_accessible(page)
        ranges.add(page.locator("#recurrent_scale").evaluate("({ min, max }) => min + max"))
        if number < len(steps):
            go_on(page, step, key)
    assert len(ranges) == 1


@pytest.mark.pages
def test_a_lesson_is_taken_to_its_end_by_keyboard_alone(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/lessons/unrolling?lang=en&view=projector")
    by_keys(page, "unrolling", "en", "PageDown")


@pytest.mark.layout
@combined(slug=[*SLUGS, QUIZ], language=languages(), view=VIEWS)
def test_every_lesson_is_taken_by_keyboard_alone_and_axe_finds_nothing(
    page: Page, server: str, slug: str, language: str, view: tuple[str, int, int]
) -> None:
    show_as(page, *view)
    shape = "projector" if view is VIEWS["projector"] else ""
    page.goto(f"{server}/lessons/{slug}?lang={language}&view={shape}")
    by_keys(page, slug, language, "PageDown" if shape else "ArrowRight", seen=True)


@pytest.mark.layout
@combined(language=languages(), view=VIEWS)
def test_axe_finds_nothing_on_the_sheets_the_list_the_terms_and_the_route(
    page: Page, server: str, language: str, view: tuple[str, int, int]
) -> None:
    show_as(page, *view)
    stop = ROUTE.stops[1]
    for path in (
        *(f"/{slug}/{sheet}?" for slug in SLUGS for sheet in ("worksheet", "key")),
        "?",
        f"/{stop.lesson.slug}?step={stop.step}&route={ROUTE.name}&",
        f"/{SLUGS[0]}/notes?",
    ):
        page.goto(f"{server}/lessons{path}lang={language}")
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
    page.goto(f"{server}/?lang={language}")
    page.locator("#glossary").evaluate("list => list.showPopover()")  # a phone has it in the help
    expect(page.locator("#glossary")).to_be_visible()
    assert_accessible(page)
