"""A worksheet and its key on paper: one sheet each, A4 or Letter, black on white."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.accessible import assert_accessible
from tests.browser.views import show_as
from unrolled.app.lessons import shelf

SLUGS = [lesson.slug for lesson in shelf().all("en")]


@pytest.mark.pages
@pytest.mark.parametrize(("language", "paper"), [("en", "Letter"), ("zh-CN", "A4")])
def test_each_key_is_one_sheet_of_paper(
    borrow: Callable[..., Page], server: str, language: str, paper: str
) -> None:
    page = borrow()
    for slug in SLUGS:
        page.goto(f"{server}/lessons/{slug}/key?lang={language}")
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))
        assert len(sheets) == 1, slug


@pytest.mark.pages
def test_a_dark_sheet_is_printed_black_on_white(borrow: Callable[..., Page], server: str) -> None:
    page = borrow()
    show_as(page, "dark", 1280, 720)
    page.goto(f"{server}/lessons/gates/worksheet")
    ink = "getComputedStyle(document.querySelector('.sheet h1')).color"
    assert page.evaluate(ink) != "rgb(0, 0, 0)"
    page.emulate_media(media="print")
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.locator(".masthead").is_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_sheet_fits_the_window_and_is_accessible(
    borrow: Callable[..., Page], server: str, width: int
) -> None:
    page = borrow()
    show_as(page, "light", width, 720)
    page.goto(f"{server}/lessons/one-step/key")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)
