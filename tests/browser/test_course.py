"""Along the course: routes over lesson borders, what is kept, and an end that leads on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from unrolled.app.classroom import routes
from unrolled.app.lessons import shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.rendering import decided

ROUTE = routes(shelf(), "en")[0]


def at(page: Page, slug: str, step: str) -> None:
    page.wait_for_url(lambda url: f"/lessons/{slug}" in url and f"step={step}" in url)


def border() -> int:
    """The first stop of the route whose next is in another lesson."""
    pairs = zip(ROUTE.stops, ROUTE.stops[1:], strict=False)
    return next(i for i, (a, b) in enumerate(pairs) if a.lesson is not b.lesson)


@pytest.mark.pages
def test_next_leads_along_the_route_over_the_border_of_a_lesson_and_back(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow()
    here, there = ROUTE.stops[border()], ROUTE.stops[border() + 1]
    page.goto(f"{server}/lessons/{here.lesson.slug}?step={here.step}&route={ROUTE.name}&lang=en")
    page.get_by_role("button", name="Next", exact=True).click()
    at(page, there.lesson.slug, there.step)
    assert f"route={ROUTE.name}" in page.url
    page.keyboard.press("ArrowLeft")
    at(page, here.lesson.slug, here.step)


@pytest.mark.pages
def test_the_notes_lead_over_the_border_too_and_tell_the_time_that_is_left(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow()
    here, there = ROUTE.stops[border()], ROUTE.stops[border() + 1]
    page.goto(f"{server}/lessons/{here.lesson.slug}?step={here.step}&route={ROUTE.name}&lang=en")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Notes").click()
    notes = opened.value
    period = notes.locator("[data-part='period-clock']")
    expect(period).to_contain_text("left")
    expect(period).to_contain_text("ahead")
    notes.get_by_role("button", name="Next", exact=True).click()
    at(page, there.lesson.slug, there.step)
    expect(notes.locator("[data-part='lesson-title']")).to_have_text(there.lesson.title)
    expect(period).to_contain_text("left")


@pytest.mark.pages
def test_an_answer_outlives_a_reload_and_is_forgotten_on_request(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow()
    lesson = shelf().all("en")[0]
    step = next(step for step in lesson.steps if step.question)
    page.goto(f"{server}/lessons/{lesson.slug}?step={step.id}&lang=en")
    words = page.locator("[data-part='words']")
    expect(words).to_have_attribute("data-waits", "true")
    page.locator(f"[data-choice='{step.question.right}']").click()
    expect(words).to_have_attribute("data-waits", "false")
    page.reload()
    expect(words).to_have_attribute("data-waits", "false")
    expect(page.locator(".answers [aria-pressed='true']")).to_have_count(1)
    expect(page.locator(".walk [data-progress='answered']")).to_have_count(1)
    page.goto(f"{server}/lessons?lang=en")
    expect(page.locator(f"[data-lesson='{lesson.slug}'] .progress")).to_contain_text("1 of")
    assert_accessible(page)
    page.get_by_role("button", name="Forget my answers").click()
    expect(page.locator(".progress:visible")).to_have_count(0)
    page.goto(f"{server}/lessons/{lesson.slug}?step={step.id}&lang=en")
    expect(words).to_have_attribute("data-waits", "true")


@pytest.mark.pages
def test_a_rehearsal_s_answers_are_put_aside_before_a_class_and_come_back(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow()
    here = ROUTE.stops[0]
    step = next(step for step in here.lesson.steps if step.question)
    page.goto(f"{server}/lessons/{here.lesson.slug}?step={step.id}&route={ROUTE.name}&lang=en")
    words, fresh = page.locator("[data-part='words']"), page.locator("[data-part='fresh']")
    expect(page.locator("[data-part='step-count']")).to_contain_text("this way: 1")
    page.locator(f"[data-choice='{step.question.right}']").click()
    expect(words).to_have_attribute("data-waits", "false")
    expect(fresh).to_be_hidden()
    page.keyboard.press("p")
    expect(fresh).to_contain_text("Answers from before")
    expect(words).to_have_attribute("data-waits", "false")
    assert_accessible(page)
    fresh.get_by_role("button", name="Start fresh").press("Enter")
    expect(words).to_have_attribute("data-waits", "true")
    fresh.get_by_role("button", name="Bring the answers back").press("Enter")
    expect(words).to_have_attribute("data-waits", "false")
    page.keyboard.press("p")
    page.keyboard.press("p")
    fresh.get_by_role("button", name="Start fresh").press("Enter")
    page.goto(f"{server}/lessons?lang=en")
    page.get_by_role("button", name="Bring the answers back").click()
    expect(page.locator(f"[data-lesson='{here.lesson.slug}'] .progress")).to_be_visible()


@pytest.mark.pages
def test_the_end_of_each_lesson_leads_on_and_the_last_one_to_the_quiz(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow()
    first, second, *_ = lessons = shelf().all("en")
    page.goto(f"{server}/lessons/{first.slug}?step={first.steps[-1].id}&lang=en")
    ending = page.get_by_role("region", name="And now")
    expect(ending.get_by_role("link", name=second.title)).to_be_attached()
    page.get_by_role("button", name="Next", exact=True).click()
    at(page, second.slug, second.steps[0].id)
    page.goto(f"{server}/lessons/{lessons[-1].slug}?step={lessons[-1].steps[-1].id}&lang=en")
    page.get_by_role("button", name="Next", exact=True).click()
    at(page, QUIZ, shelf().get(QUIZ, "en").steps[0].id)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_quiz_counts_first_answers_and_ends_in_ways_on(
    borrow: Callable[..., Page], server: str, language: str
) -> None:
    page = borrow()
    quiz = shelf().get(QUIZ, language)
    page.goto(f"{server}/lessons/{QUIZ}?lang={language}")
    for number, step in enumerate(step for step in quiz.steps if step.question):
        right = decided(step, step.question)
        counted = page.locator("[data-part='step-count']")
        expect(counted).to_have_text(re.compile(rf"\b{number + 1}\b.*\b8\b"))
        wrong = next(choice.id for choice in step.question.choices if choice.id != right)
        expect(page.locator("[data-part='words']")).to_have_attribute("data-waits", "true")
        for answer in (wrong, right) if number == 0 else (right,):
            page.locator(f"[data-choice='{answer}']").click()
        expect(page.locator("[data-part='words']")).to_have_attribute("data-waits", "false")
        page.locator("[data-part='next']").click()
    expect(page.locator("[data-part='step-count']")).to_have_text("")
    score = page.locator("[data-part='score']")
    expect(score.locator("p")).to_contain_text("7")
    expect(score.locator("[data-mark='right']")).to_have_count(7)
    addresses = page.locator("[data-part='ending'] a").evaluate_all("all => all.map((a) => a.href)")
    for way in ("/train", "/lessons", "/?lang" if language != "en" else "/"):
        assert any(way in address for address in addresses)
    assert_accessible(page)
    page.locator("[data-part='next']").click()
    page.wait_for_url("**/lessons")
    done = {"en": "Done", "zh-CN": "已完成"}[language]
    expect(page.locator("[data-lesson='quiz'] .progress")).to_have_text(done)


ROWS = """() => {
  const tops = [...document.querySelectorAll(".walk li button")].map((dot) =>
    dot.checkVisibility() ? dot.getBoundingClientRect().top : 0
  );
  return new Set(tops).size;
}"""
"""In how many rows the dots of the steps are."""


@pytest.mark.layout
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_dots_of_the_steps_are_in_one_row(page: Page, server: str, language: str) -> None:
    for slug in (*(lesson.slug for lesson in shelf().all("en")), QUIZ):
        for view in ("", "projector"):
            page.goto(f"{server}/lessons/{slug}?lang={language}&view={view}")
            for width, height in ((1920, 1080), (1280, 720), (1024, 768), (800, 900), (375, 667)):
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate(ROWS) == 1, (slug, view, width)
