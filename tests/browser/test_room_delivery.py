"""A room on a bad network: a proxy without sockets, a server and a Wi-Fi that go and come back."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.proxy import Proxy, Sockets
from tests.browser.test_lab import answer, as_shown, opened, slider
from tests.browser.test_rooms import BAR, ROOM, code_of, joined

pytestmark = pytest.mark.delivery
AWAY = 20
"""Seconds."""
BACK = 3_000
"""Milliseconds until all are back."""


@pytest.fixture
def lab(serve: Callable[..., str]) -> str:
    return serve(public_address="http://192.168.1.20:8000")


@pytest.fixture
def proxied(lab: str) -> Iterator[Callable[..., Proxy]]:
    """The lab behind proxies, by what they do with sockets."""
    proxies: list[Proxy] = []

    def start(sockets: Sockets, port: int = 0) -> Proxy:
        proxies.append(Proxy(lab, sockets, port))
        return proxies[-1]

    yield start
    for each in proxies:
        each.close()


def first_bar(server: str, **fields: float) -> str:
    """Return the number of the first bar of an experiment."""
    return as_shown(answer(server, **fields)["log10_gradient_norm"])[0]


def shows(page: Page, value: str, timeout: int = 15_000) -> None:
    bar = page.locator("[data-timestep='1']")
    expect(bar).to_have_attribute("data-log10-gradient", value, timeout=timeout)


@pytest.mark.parametrize("sockets", ["403", "mute"])
def test_a_class_follows_over_http_where_no_socket_opens(
    page: Page,
    lab: str,
    proxied: Callable[..., Proxy],
    borrow: Callable[..., Page],
    sockets: Sockets,
) -> None:
    proxy = proxied(sockets)
    teacher = opened(page, proxy.url, recurrent_scale=1.2)
    code = code_of(teacher)
    phone = joined(borrow(**PHONE), proxy.url, code)
    expect(teacher.locator(f"{ROOM} .attendance")).to_contain_text("1")
    teacher.get_by_role("checkbox", name="Students may try").check()
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "trying")
    teacher.locator(f"{ROOM} [value=close]").click()
    for scale in (0.5, 0.7, 0.9):
        slider(teacher).fill(str(scale))
    shows(phone, first_bar(lab, recurrent_scale=0.9))
    assert proxy.refused
    teacher.get_by_role("button", name="Room").click()
    teacher.locator(f"{ROOM} [value=end]").click()
    teacher.locator(f"{ROOM} [value=end-all]").click()
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "over")


def test_a_training_is_watched_over_http_alone(
    page: Page, proxied: Callable[..., Proxy], borrow: Callable[..., Page]
) -> None:
    proxy = proxied("403")
    page.goto(f"{proxy.url}/train?steps=60")
    code = code_of(page)
    page.locator(f"{ROOM} [value=close]").click()
    phone = borrow(**PHONE)
    phone.goto(f"{proxy.url}/join?code={code}")
    phone.wait_for_url("**/train?*")
    page.get_by_role("button", name="Start").click()
    for cell in ("rnn", "lstm"):
        card = f"[data-cell={cell}][data-state]"
        for each in (page, phone):
            expect(each.locator(card)).to_have_attribute("data-state", "finished", timeout=90_000)
            expect(each.locator(card)).to_have_attribute("data-step", "60")
    assert proxy.refused


def test_a_server_that_was_away_has_its_class_back_at_once(
    page: Page, lab: str, proxied: Callable[..., Proxy], borrow: Callable[..., Page]
) -> None:
    proxy = proxied("pass")
    teacher = opened(page, proxy.url, recurrent_scale=1.2)
    code = code_of(teacher)
    desk = joined(borrow(**ELSEWHERE), proxy.url, code)
    teacher.locator(f"{ROOM} [value=close]").click()
    proxy.close()
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "lost")
    slider(teacher).fill("0.5")
    time.sleep(AWAY)
    proxied("pass", proxy.port)
    shows(desk, first_bar(lab, recurrent_scale=0.5), BACK)
    expect(desk.locator(BAR)).to_have_attribute("data-kind", "following")


def test_a_phone_whose_network_was_gone_is_back_at_once(
    page: Page, lab: str, borrow: Callable[..., Page]
) -> None:
    teacher = opened(page, lab, recurrent_scale=1.2)
    code = code_of(teacher)
    phone = joined(borrow(**PHONE), lab, code)
    teacher.locator(f"{ROOM} [value=close]").click()
    phone.context.set_offline(True)
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "lost")
    slider(teacher).fill("0.5")
    time.sleep(AWAY)
    phone.context.set_offline(False)
    shows(phone, first_bar(lab, recurrent_scale=0.5), BACK)
    expect(phone.locator(BAR)).to_have_attribute("data-kind", "following")
