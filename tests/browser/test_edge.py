"""The edge under the slider: measured on the network of the stage, or not there."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import lab, opened, slider
from unrolled import engine

__all__ = ["lab"]


def test_the_mark_is_where_the_engine_finds_as_much_at_the_first_timestep_and_goes_there(
    lab: Page,
) -> None:
    mark = lab.locator("[data-part=edge] button")
    edge = engine.sweep(engine.Experiment(), np.linspace(0.05, 4, 80), 1).edge_scale
    expect(mark).to_have_text(f"edge {edge:.2f}")
    mark.focus()
    expect(lab.get_by_role("tooltip")).to_contain_text("as much gradient arrives at t = 1")
    mark.press("Enter")
    exact = lab.get_by_role("spinbutton", name="Recurrent weight scale: type a value")
    expect(exact).to_have_value(f"{edge:.2f}")
    expect(mark).to_have_text(f"edge {edge:.2f}")


def test_there_is_no_map_where_nothing_depends_on_the_scale(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cell="feedforward")
    expect(page.locator("[data-part=edge]")).to_be_hidden()


@pytest.mark.pages
def test_a_drag_of_the_scale_asks_for_no_further_map(lab: Page) -> None:
    expect(lab.locator("[data-part=edge]")).to_have_attribute("data-ready", "true")
    asked: list[str] = []
    lab.on("request", lambda request: asked.append(request.url))
    for scale in ("0.5", "2", "3"):
        slider(lab).fill(scale)
        expect(lab.locator("[data-part=verdict]")).not_to_be_empty()
    lab.get_by_role("spinbutton", name="Seed").fill("1")
    expect(lab.locator("[data-part=edge]")).to_have_attribute("data-ready", "false")
    expect(lab.locator("[data-part=edge]")).to_have_attribute("data-ready", "true")
    assert len([url for url in asked if url.endswith("/api/sweep")]) == 1
