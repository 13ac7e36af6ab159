"""The QR code on a machine that is in several networks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lessons import code_on_screen
from unrolled.app.web.interfaces import Interface

pytestmark = pytest.mark.delivery

ADDRESSES = ("192.168.1.20", "10.42.0.1")


def test_of_several_addresses_one_is_tried_after_the_other(
    page: Page, serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "unrolled.app.web.qr.interfaces", lambda: [Interface("wlan0", a) for a in ADDRESSES]
    )
    monkeypatch.setattr("unrolled.app.web.qr.default_address", lambda: ADDRESSES[0])
    monkeypatch.setattr("unrolled.app.web.qr.contained", lambda: False)
    page.goto(f"{serve(host='0.0.0.0')}/lessons/own?seed=5")
    assert code_on_screen(page) == page.url.replace("127.0.0.1", ADDRESSES[0])
    page.locator("dialog[data-part=qr]").get_by_label("Try another address").select_option(
        ADDRESSES[1]
    )
    expect(page.locator("[data-part=qr] .address")).to_have_text(
        page.url.replace("127.0.0.1", ADDRESSES[1])
    )
    monkeypatch.setattr(
        "unrolled.app.web.qr.interfaces", lambda: [Interface("wlan0", ADDRESSES[1])]
    )
    page.get_by_role("button", name="Close").click()
    code_on_screen(page)
    expect(page.locator("dialog[data-part=qr]").get_by_label("Try another address")).to_be_hidden()
