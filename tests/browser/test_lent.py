from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.lent import Lent
from tests.browser.rest import hold_clock

LEFT = "() => [localStorage.length, sessionStorage.length, document.cookie, history.length]"


def visited(lent: Lent, server: str) -> Page:
    page = lent.context.new_page()
    page.goto(f"{server}/healthz")
    return page


def test_a_test_finds_nothing_of_the_one_before(
    browser: Browser, browser_context_args: dict[str, Any], server: str
) -> None:
    lent = Lent(browser, browser_context_args, server)
    page = visited(lent, server)
    new = page.evaluate(LEFT)
    page.evaluate("localStorage.a = sessionStorage.a = document.cookie = 'a=b'")
    page.goto("about:blank")
    lent.context.route("**", lambda route: route.abort())
    lent.empty()
    assert page.is_closed()
    page = visited(lent, server)
    assert page.evaluate(LEFT) == new
    lent.context.close()


def test_a_context_whose_clock_was_taken_over_is_not_used_again(
    browser: Browser, browser_context_args: dict[str, Any], server: str
) -> None:
    lent = Lent(browser, browser_context_args, server)
    hold_clock(visited(lent, server))
    lent.empty()
    assert not lent.usable
