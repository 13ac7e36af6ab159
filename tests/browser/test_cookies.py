"""Cookies of this host, of which every server on it gets all: some then open no socket."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.proxy import Proxy
from tests.browser.test_lab import stage

pytestmark = pytest.mark.delivery

WORDS = {"en": re.compile("very long cookies.*clearing them"), "zh-CN": re.compile("Cookie.*清除")}
LONGEST = 4000
"""Characters of one cookie, about."""


def bake(page: Page, url: str, cookies: int) -> None:
    page.context.add_cookies(
        [{"name": f"c{n}", "value": "x" * LONGEST, "url": url} for n in range(cookies)]
    )


@pytest.mark.parametrize("language", WORDS)
def test_where_no_socket_opens_and_cookies_are_long_the_page_names_them(
    page: Page, server: str, language: str
) -> None:
    proxy = Proxy(server, "403")
    try:
        bake(page, proxy.url, 2)
        page.goto(f"{proxy.url}/?lang={language}")
        expect(page.locator("#notice")).to_have_text(WORDS[language])
        expect(stage(page)).to_have_attribute("data-state", "done")
    finally:
        proxy.close()


def test_this_server_opens_its_socket_for_cookies_that_long(page: Page, server: str) -> None:
    bake(page, server, 5)
    with page.expect_websocket() as opened:
        page.goto(server)
    opened.value.wait_for_event("framereceived")
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(page.locator("#notice")).to_be_hidden()
