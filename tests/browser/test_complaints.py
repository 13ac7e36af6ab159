"""The complaints that the other tests hear of a page."""

from playwright.sync_api import Page

from tests.browser.conftest import listened

SEEN = """(url) => new Promise((done) => {
  navigator.sendBeacon(url);
  const image = new Image();
  image.onload = image.onerror = done;
  image.src = url;
})"""


def test_a_request_for_another_host_is_heard(page: Page, server: str) -> None:
    page.goto(f"{server}/healthz")
    heard = listened(page)
    page.evaluate("() => fetch('./healthz')")
    assert heard == []
    for url in ("https://example.org/", "http://192.0.2.1/"):
        page.evaluate(SEEN, url)
        assert f"asked {url}" in heard
