"""A training outlives the page and the connection that began it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.combinations import combined
from tests.browser.proxy import Proxy, Sockets
from tests.browser.test_connection import WITHOUT, proxied
from tests.browser.test_train import (
    LONG,
    SMALL,
    button,
    network,
    opened,
    steps,
    trained,
    transport,
)

pytestmark = pytest.mark.delivery

__all__ = ["proxied"]

DOZENS = re.compile(r"^\d{2,}$")


def begun(page: Page, url: str, **fields: object) -> int:
    """The steps of a training that goes on."""
    opened(page, url, **fields)
    button(page, "Start").click()
    expect(network(page, "rnn")).to_have_attribute("data-step", DOZENS, timeout=20_000)
    return steps(page)


def asks(what: str) -> Callable[[Response], bool]:
    """Whether an answer is to a message that asks a run for this."""
    return lambda answer: f'"do":"{what}"' in (answer.request.post_data or "")


def goes_on(page: Page, after: int, cell: str = "rnn") -> None:
    page.wait_for_function(
        "([cell, after]) => document.querySelector(`[data-cell=${cell}]`)?.dataset.step > after",
        arg=[cell, after],
        timeout=20_000,
    )


def test_a_training_goes_on_after_a_reload(page: Page, server: str, complaints: list[str]) -> None:
    begun(page, server, cells="rnn,lstm", **LONG)
    expect(network(page, "lstm")).to_have_attribute("data-step", DOZENS)
    before = steps(page)
    page.reload()
    transport(page, "running")
    goes_on(page, before)
    expect(network(page, "lstm")).to_have_attribute("data-step", DOZENS, timeout=20_000)
    button(page, "Pause").click()
    transport(page, "paused")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    transport(page, "paused")
    goes_on(page, before - 1)
    paused = steps(page)
    page.get_by_role("button", name="单步", exact=True).click()
    goes_on(page, paused)


def test_a_training_is_found_after_a_reload_with_every_number(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn", **SMALL)
    words = network(page, "rnn").inner_text()
    page.reload()
    transport(page, "over")
    expect(network(page, "rnn")).to_have_text(words, use_inner_text=True)
    opened(page, server, cells="rnn", **SMALL | {"steps": 70})
    transport(page, "idle")


def test_while_the_server_is_away_a_training_waits_and_then_goes_on(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy]
) -> None:
    proxy = proxied("pass")
    before = begun(page, proxy.url, cells="rnn", **LONG)
    port = proxy.port
    proxy.close()
    expect(page.locator("#notice")).to_contain_text("waits")
    expect(network(page, "rnn")).to_have_accessible_description(re.compile("waits"))
    expect(button(page, "Pause")).to_be_disabled()
    assert "waiting" in network(page, "rnn").evaluate("n => getComputedStyle(n, '::after').content")
    back = Proxy(server, "pass", port)
    goes_on(page, before)
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("[data-behind]")).to_have_count(0)
    back.close()


def test_a_training_that_the_server_has_lost_is_told_and_can_begin_again(
    page: Page, serve: Callable[..., str]
) -> None:
    url = serve(training_bytes=0)
    proxy = Proxy(url, "pass")
    begun(page, proxy.url, cells="rnn", **LONG)
    port = proxy.port
    proxy.close()
    expect(page.locator("#notice")).to_contain_text("waits")
    back = Proxy(url, "pass", port)
    expect(page.locator("#notice")).to_contain_text("Start again", timeout=15_000)
    transport(page, "over")
    button(page, "Start again").click()
    transport(page, "running")
    back.close()
    page.goto("about:blank")


def test_a_server_that_is_not_there_is_told_and_what_was_trained_stays(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy]
) -> None:
    proxy = proxied("pass")
    trained(page, proxy.url, cells="rnn", **SMALL)
    status = page.locator("[data-part=status]").inner_text()
    proxy.close()
    button(page, "Start again").click()
    expect(page.locator("#notice")).to_contain_text("cannot be reached", timeout=15_000)
    transport(page, "over")
    expect(page.locator("[data-part=status]")).to_have_text(status, use_inner_text=True)
    expect(page.locator(".count")).to_contain_text("step 60 of 60")
    expect(page.locator("progress")).to_have_js_property("value", 60)
    expect(button(page, "Start again")).to_be_focused()
    network(page, "rnn").get_by_role("link", name="after 60 steps ").wait_for()


@combined(sockets=["403", "silence", "drop"])
def test_where_no_socket_opens_a_network_is_trained_over_http(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy], sockets: Sockets
) -> None:
    proxy = proxied(sockets)
    begun(page, proxy.url, cells="rnn", **LONG)
    expect(page.locator("#notice")).to_have_text(WITHOUT)
    button(page, "Pause").click()
    transport(page, "paused")
    with page.expect_response(asks("step")):
        button(page, "Step").click()
    with page.expect_response(asks("resume")):
        button(page, "Resume").click()
    at = steps(page)
    goes_on(page, at + 1)
    page.reload()
    goes_on(page, at + 1)
    proxy.sockets = "pass"
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#notice")).to_be_hidden(timeout=20_000)
    goes_on(page, steps(page))
    button(page, "Stop").click()
    transport(page, "over")


def test_a_training_goes_to_the_window_that_asks_last(
    page: Page, server: str, complaints: list[str]
) -> None:
    begun(page, server, cells="rnn", **LONG)
    kept = page.evaluate("sessionStorage.getItem('unrolled.trainings')")
    other = page.context.new_page()
    other.add_init_script(f"sessionStorage.setItem('unrolled.trainings', {kept!r})")
    other.goto(page.url)
    transport(other, "running")
    expect(page.locator("#notice")).to_contain_text("another window")
    transport(page, "over")
