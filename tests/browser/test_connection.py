"""Between the page and the server: what a person sees while something is in the way."""

import json
from typing import Any

from playwright.sync_api import Page, expect
from websockets.sync.client import connect

from tests.browser.test_lab import answer, as_shown

LARGEST = {"sequence": "ab" * 1000, "hidden_size": 512, "cell": "lstm"}


def test_a_busy_server_is_told_until_it_has_room_and_then_shows_what_was_asked(
    page: Page, serve: Any
) -> None:
    url = serve(runs=1, patience=0.1)
    with connect(url.replace("http", "ws") + "/api/stream", max_size=None) as other:
        other.send(json.dumps({"id": 1, "experiment": LARGEST}))
        other.recv()
        page.goto(f"{url}/?recurrent_scale=0.5")
        expect(page.locator("#notice")).to_contain_text("busy")
    expect(page.locator("#notice")).to_be_hidden(timeout=10_000)
    trace = answer(url, recurrent_scale=0.5)
    expect(page.locator("[data-timestep='1']")).to_have_attribute(
        "data-log10-gradient", as_shown(trace["log10_gradient_norm"])[0]
    )
