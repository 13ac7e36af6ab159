"""The lab at a prefix, behind a real nginx, which strips it, and a real Caddy, which keeps it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests import proxies
from tests.browser.test_exports import saved
from tests.browser.test_lab import answer, as_shown, gradients, opened, slider, stage
from tests.browser.test_lessons import code_on_screen
from tests.browser.test_train import SMALL, network, trained
from tests.conftest import Served
from tests.lessons import ENGLISH, SLUG, written
from unrolled.app.settings import Settings

pytestmark = pytest.mark.delivery

NOWHERE = "/lessons/nope/deeper"
LINKED = ENGLISH.replace("Ask:", "Then [train](/train). Ask:")


@pytest.fixture(scope="module", params=["nginx-stripped", "caddy-kept"])
def prefixed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a lab behind a proxy, with the small lesson."""
    if help_ := proxies.missing(request.param):
        pytest.skip(help_)
    folder = written(tmp_path_factory.mktemp("lessons"), en=LINKED)
    served = Served(Settings(lessons=folder), behind=request.param)
    yield served.url
    served.stop()


@pytest.fixture(scope="module")
def browsing(
    browsers: Callable[[str | None], Browser], browser_context_args: dict[str, Any]
) -> Iterator[BrowserContext]:
    """One context for all, so that the modules are fetched once."""
    context = browsers(None).new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def tab(browsing: BrowserContext, prefixed: str) -> Iterator[Page]:
    """A page on which nothing is asked for but below the prefix, and nothing goes wrong."""
    wrong: list[str] = []

    def asked(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and not (
            parts.netloc == urlsplit(prefixed).netloc and parts.path.startswith(proxies.PREFIX)
        ):
            wrong.append(url)

    def said(message: ConsoleMessage) -> None:
        if not message.location["url"].endswith(NOWHERE):
            wrong.append(message.text)

    page = browsing.new_page()
    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda socket: asked(socket.url))
    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    page.close()
    assert wrong == []


def test_the_lab_follows_the_thumb_over_its_socket(tab: Page, prefixed: str) -> None:
    opened(tab, prefixed)
    expect(tab).to_have_url(f"{prefixed}/")
    slider(tab).fill("3")
    norms = answer(prefixed, recurrent_scale=3)["log10_gradient_norm"]
    expect(tab.locator("[data-timestep='1']")).to_have_attribute(
        "data-log10-gradient", as_shown(norms)[0]
    )
    assert gradients(tab) == as_shown(norms)
    expect(tab).to_have_url(f"{prefixed}/?recurrent_scale=3")
    tab.get_by_role("tab", name="Lyapunov").click()
    expect(tab.locator("#chart-lyapunov .plot .main-svg").first).to_be_visible(timeout=20_000)


def test_a_table_is_taken_away(tab: Page, prefixed: str) -> None:
    opened(tab, prefixed, cell="lstm")
    assert saved(tab, "link", "Table (CSV)").read_bytes()
    assert "<canvas" in saved(tab, "link", "Replay").read_text(encoding="utf-8")


def test_a_network_is_trained_and_opened_in_the_lab(tab: Page, prefixed: str) -> None:
    trained(tab, prefixed, cells="rnn", **SMALL)
    with tab.context.expect_page() as popup:
        network(tab, "rnn").get_by_role("link").click()
    expect(popup.value).to_have_url(re.compile(f"^{prefixed}/\\?checkpoint="))
    expect(popup.value.locator("[data-part=trained]")).to_be_visible()
    expect(stage(popup.value)).to_have_attribute("data-state", "done")
    popup.value.close()


def test_a_lesson_is_found_shown_and_led(tab: Page, prefixed: str) -> None:
    tab.goto(f"{prefixed}/lessons/")
    tab.get_by_role("link", name="First steps").click()
    expect(stage(tab)).not_to_have_attribute("data-run", "")
    tab.get_by_role("button", name="Next", exact=True).click()
    expect(tab).to_have_url(re.compile(f"^{prefixed}/lessons/{SLUG}\\?step=predict"))
    tab.locator("[data-part=previous]").click()
    with tab.context.expect_page() as popup:
        tab.get_by_role("button", name="Notes").click()
    notes = popup.value
    notes.get_by_role("link", name="train", exact=True).click()
    expect(notes).to_have_url(f"{prefixed}/train")
    notes.close()


def test_the_language_stays_from_page_to_page(tab: Page, prefixed: str) -> None:
    tab.goto(f"{prefixed}/lessons/own/notes")
    tab.get_by_role("link", name="中文").click()
    expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")
    tab.get_by_role("link", name="训练").click()
    expect(tab).to_have_url(f"{prefixed}/train")
    expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")
    tab.context.clear_cookies()


def test_a_wrong_turn_leads_back_to_the_lab(tab: Page, prefixed: str) -> None:
    answered = tab.goto(f"{prefixed}{NOWHERE}")
    assert answered
    assert answered.status == 404
    tab.get_by_role("link", name="Go on in the lab").click()
    expect(tab).to_have_url(f"{prefixed}/")


def test_the_description_asks_the_api_that_it_describes(tab: Page, prefixed: str) -> None:
    tab.goto(f"{prefixed}/docs")
    tab.get_by_role("button", name="GET /healthz").first.click()
    tab.get_by_role("button", name="Try it out").click()
    with tab.expect_response(re.compile("healthz")) as heard:
        tab.get_by_role("button", name="Execute").click()
    assert heard.value.url == f"{prefixed}/healthz"
    assert json.loads(heard.value.body()) == {"status": "ok"}


def test_a_phone_finds_the_page_below_the_prefix(
    tab: Page, prefixed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unrolled.app.web.qr.is_loopback", lambda host: False)
    tab.goto(f"{prefixed}/lessons/{SLUG}?step=compare")
    assert code_on_screen(tab) == tab.url
