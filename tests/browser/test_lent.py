from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lent import Lent

STANDING = """() => [
  localStorage.length, sessionStorage.length, document.cookie, history.length,
  innerWidth, matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("print").matches,
  matchMedia("(forced-colors: active)").matches, document.querySelector(":hover") === null,
]"""


@pytest.fixture
def lent(browser: Browser, browser_context_args: dict[str, Any], server: str) -> Iterator[Lent]:
    lent = Lent(browser, server, browser_context_args)
    yield lent
    lent.context.close()


def at_home(lent: Lent, server: str) -> Page:
    page = lent.page()
    page.goto(f"{server}/healthz")
    return page


def test_a_test_finds_a_page_like_a_new_one(lent: Lent, server: str) -> None:
    at_home(lent, server)
    lent.empty()
    page = at_home(lent, server)
    new = page.evaluate(STANDING)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.evaluate("localStorage.a = sessionStorage.a = document.cookie = 'a=b'")
    page.evaluate("history.pushState(null, '', '?a=b')")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark", media="print", forced_colors="active")
    page.mouse.move(5, 5)
    assert [a == b for a, b in zip(page.evaluate(STANDING), new, strict=True)] == [False] * len(new)
    page.route("**", lambda route: route.abort())
    lent.context.route("**", lambda route: route.abort())
    other = lent.context.new_page()
    lent.empty()
    assert other.is_closed()
    again = at_home(lent, server)
    assert again is page
    assert again.evaluate(STANDING) == new
    again.evaluate("console.log('a word')")
    assert heard == []


@pytest.mark.parametrize(
    "act",
    [
        lambda page, server: page.add_init_script("window.a = 1"),
        lambda page, server: page.context.new_cdp_session(page),
        lambda page, server: page.goto(f"{server}/healthz".replace("127.0.0.1", "localhost")),
        lambda page, server: page.close(),
    ],
    ids=["script", "session", "origin", "closed"],
)
def test_a_page_to_which_something_was_done_that_lasts_is_not_lent_again(
    lent: Lent, server: str, act: Callable[[Page, str], object]
) -> None:
    page = lent.page()
    act(page, server)
    lent.empty()
    assert lent.page() is not page
    assert page.is_closed()


def test_two_pages_that_are_lent_at_once_are_two(lent: Lent) -> None:
    assert lent.page() is not lent.page()
