"""Between the page and the server: what a person sees while something is in the way."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import connect

from tests.browser.proxy import Proxy, Sockets
from tests.browser.test_lab import answer, as_shown, slider, stage
from unrolled.app.runs.frames import decode

pytestmark = pytest.mark.delivery

WITHOUT = re.compile("WebSocket.*HTTP")


@pytest.fixture
def proxied(server: str) -> Iterator[Callable[[Sockets], Proxy]]:
    """The lab behind proxies, by what they do with sockets."""
    proxies: list[Proxy] = []

    def start(sockets: Sockets) -> Proxy:
        proxies.append(Proxy(server, sockets))
        return proxies[-1]

    yield start
    for each in proxies:
        each.close()


def shows(page: Page, server: str, **fields: Any) -> None:
    """Expect the stage to show the engine's numbers for an experiment."""
    trace = answer(server, **fields)
    expect(page.locator("[data-timestep='1']")).to_have_attribute(
        "data-log10-gradient", as_shown(trace["log10_gradient_norm"])[0], timeout=15_000
    )


LARGEST = {"sequence": "ab" * 1000, "hidden_size": 512, "cell": "lstm"}


def test_a_busy_server_is_told_until_it_has_room_and_then_shows_what_was_asked(
    page: Page, server: str, serve: Any
) -> None:
    url = serve(runs=1, patience=0.1)
    with connect(url.replace("http", "ws") + "/api/stream", max_size=None) as other:
        other.send(json.dumps({"id": 1, "experiment": LARGEST}))
        other.recv()
        page.goto(f"{url}/?recurrent_scale=0.5")
        expect(page.locator("#notice")).to_contain_text("busy")
    expect(page.locator("#notice")).to_be_hidden()
    shows(page, server, recurrent_scale=0.5)


@pytest.mark.parametrize("sockets", ["silence", "403", "502", "close", "drop", "mute"])
def test_where_no_socket_opens_the_lab_works_over_http_and_says_so(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy], sockets: Sockets
) -> None:
    proxy = proxied(sockets)
    page.goto(proxy.url)
    shows(page, server)
    expect(page.locator("#notice")).to_have_text(WITHOUT)
    assert proxy.refused
    for scale in ("0.4", "0.5", "0.6"):
        slider(page).fill(scale)
    shows(page, server, recurrent_scale=0.6)


def test_over_http_everything_of_the_lab_works(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy]
) -> None:
    proxy = proxied("403")
    page.goto(f"{proxy.url}/?lang=zh-CN&pin=recurrent_scale%3D2")
    shows(page, server)
    expect(page.locator("#notice")).to_have_text(WITHOUT)
    expect(page.locator(".chips li")).to_have_count(1)
    expect(page.locator("[data-part=multiples]")).to_be_visible()
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    expect(page.locator("[data-part=charts] .js-plotly-plot").first).to_be_visible(timeout=20_000)
    page.locator("[data-part=step]").scroll_into_view_if_needed()
    expect(page.locator("[data-part=step] math").first).to_be_visible(timeout=20_000)
    page.locator("[data-part=restart]").click()
    page.locator("[data-part=play]").click()
    expect(stage(page)).to_have_attribute("data-state", "forward")
    page.goto(f"{proxy.url}/lessons/vanish-or-explode")
    expect(stage(page)).not_to_have_attribute("data-run", "")
    expect(page.locator("#notice")).to_have_text(WITHOUT)


def test_a_long_run_is_seen_coming_over_http_and_gives_way_to_the_next(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy]
) -> None:
    page.goto(f"{proxied('403').url}/?cell=lstm&hidden_size=512&sequence={'ab' * 1000}")
    coming = re.compile("forward|loss|backward")
    expect(stage(page)).to_have_attribute("data-state", coming, timeout=30_000)
    page.get_by_role("textbox", name="Sequence").fill("short again")
    expect(page.locator("[data-timestep]")).to_have_count(10, timeout=30_000)


def test_when_sockets_open_again_the_lab_goes_back_to_them(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy]
) -> None:
    proxy = proxied("502")
    page.goto(proxy.url)
    expect(page.locator("#notice")).to_have_text(WITHOUT)
    proxy.sockets = "pass"
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#notice")).to_be_hidden(timeout=15_000)
    posts: list[str] = []
    page.on("request", lambda each: posts.append(each.url))
    slider(page).fill("0.5")
    shows(page, server, recurrent_scale=0.5)
    assert not [url for url in posts if "/api/stream" in url]


def test_while_the_server_is_away_an_old_picture_is_marked_and_then_follows(
    page: Page, server: str, proxied: Callable[[Sockets], Proxy]
) -> None:
    proxy = proxied("pass")
    page.goto(proxy.url)
    shows(page, server)
    port = proxy.port
    proxy.close()
    expect(page.locator("#notice")).to_contain_text("No connection")
    expect(page.locator("[data-behind]")).to_have_count(0)
    slider(page).fill("0.5")
    expect(page.locator("#notice")).to_contain_text("earlier settings")
    for region in ("[data-part=stage]", "[data-part=detail]", "[data-part=charts]"):
        expect(page.locator(region)).to_have_accessible_description(re.compile("earlier settings"))
    assert "not current" in page.evaluate(
        "getComputedStyle(document.querySelector('.stage'), '::after').content"
    )
    slider(page).fill("1")
    expect(page.locator("[data-behind]")).to_have_count(0)
    slider(page).fill("0.5")
    page.locator("#tab-spectrum").click()
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    expect(page.locator("#chart-spectrum")).to_contain_text("asked for again")
    expect(page.locator("[data-behind]")).to_have_count(1)
    back = Proxy(server, "pass", port)
    expect(page.locator("#chart-spectrum .js-plotly-plot")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-behind]")).to_have_count(0, timeout=30_000)
    expect(page.locator("#notice")).to_be_hidden()
    shows(page, server, recurrent_scale=0.5)
    expect(stage(page)).to_have_accessible_description(re.compile("^(?!.*earlier settings)"))
    back.close()


def restarted(proxy: Proxy, serve: Callable[..., str]) -> Proxy:
    """Another server at the same address, which has kept nothing."""
    proxy.close()
    return Proxy(serve(), "pass", proxy.port)


def test_a_lab_whose_trained_network_is_gone_says_so_and_goes_on(
    page: Page, server: str, serve: Callable[..., str], proxied: Callable[[Sockets], Proxy]
) -> None:
    with connect(server.replace("http", "ws") + "/api/train", max_size=None) as training:
        training.send(json.dumps({"id": 1, "train": {"steps": 3, "hidden_size": 4}}))
        header, _ = decode(bytes(training.recv()))
    proxy = proxied("pass")
    page.goto(f"{proxy.url}/?checkpoint={header['run']}-0")
    expect(stage(page)).to_have_attribute("data-state", "done", timeout=20_000)
    expect(page.get_by_role("radiogroup", name="Cell")).to_be_hidden()
    back = restarted(proxy, serve)
    expect(page.locator("[data-part=trained]")).to_contain_text("no longer kept")
    expect(page.get_by_role("radiogroup", name="Cell")).to_be_visible()
    expect(page.locator("#notice")).to_be_hidden()
    page.get_by_role("textbox", name="Sequence").fill("abcdef")
    expect(page.locator("[data-timestep]")).to_have_count(5)
    expect(page).to_have_url(re.compile(r"^(?!.*checkpoint)"))
    back.close()


def test_a_lesson_has_its_trained_network_again_after_a_restart(
    page: Page, serve: Callable[..., str]
) -> None:
    proxy = Proxy(serve(), "pass")
    page.goto(f"{proxy.url}/lessons/short-window?step=it-guesses")
    loss = stage(page).locator(".loss")
    expect(loss).to_contain_text("target")
    shown = loss.inner_text()
    back = restarted(proxy, serve)
    expect(page.locator("#notice")).to_contain_text("No connection")
    expect(page.locator("#notice")).to_be_hidden(timeout=60_000)
    expect(loss).to_have_text(shown, use_inner_text=True)
    back.close()
