"""While it is presented, the screen does not dim."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.combinations import combined

HEARD = """
  window.locks = [];
  const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => {
    const lock = await ask(kind);
    window.locks.push(lock);
    return lock;
  };
"""
HELD = "() => window.locks.filter((lock) => !lock.released).length"


def awake(page: Page, is_: bool) -> None:
    page.wait_for_function(f"is => ({HELD})() === Number(is)", arg=is_)


@pytest.fixture
def watched(context: BrowserContext, page: Page, complaints: list[str]) -> Page:
    """A page that remembers the locks which the browser gives it."""
    context.grant_permissions(["screen-wake-lock"])
    page.add_init_script(HEARD)
    return page


@combined(path=["/", "/train", "/lessons/own"])
def test_the_screen_stays_awake_while_the_page_is_projected(
    watched: Page, server: str, path: str
) -> None:
    watched.goto(f"{server}{path}?view=projector")
    awake(watched, True)
    # as the browser does where another page is shown for a while
    watched.evaluate("() => Promise.all(window.locks.map((lock) => lock.release()))")
    awake(watched, False)
    watched.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    awake(watched, True)
    watched.locator("[data-part=present]").click()
    expect(watched.locator("html")).not_to_have_attribute("data-view", "projector")
    awake(watched, False)
    watched.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    watched.locator("[data-part=present]").click()
    watched.locator("[data-part=present]").click()
    awake(watched, False)


@pytest.mark.pages
def test_the_teacher_s_window_keeps_the_screen_awake(watched: Page, server: str) -> None:
    watched.goto(f"{server}/lessons/own/notes")
    awake(watched, True)


@pytest.mark.pages
def test_a_browser_without_locks_presents_all_the_same(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.add_init_script("delete Navigator.prototype.wakeLock")
    page.goto(f"{server}/?view=projector")
    page.locator("[data-part=present]").click()
    expect(page.locator("html")).not_to_have_attribute("data-view", "projector")
