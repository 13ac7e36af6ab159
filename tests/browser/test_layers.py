"""Layers on top of one another, and both directions, as a person sees and chooses them."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from unrolled.app.exports.tables import EXPORTS
from unrolled.engine import Experiment, deep_trace_of

CODE = ("PyTorch script", "Notebook (PyTorch)", "Keras script")
REPLAY = "Replay (one HTML file, works offline)"
FIELDS = {"cell": "gru", "layers": 3, "directions": 2}


def told(page: Page) -> list[str | None]:
    return [
        page.locator(f"[data-timestep='{t}']").get_attribute("data-log10-share") for t in (1, 24)
    ]


def rounded(share: Any) -> list[str]:
    return [f"{share[t]:.2f}".replace("-0.00", "0.00") for t in (0, 23)]


def test_each_layer_has_its_row_and_any_comes_in_front(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/?cell=gru&layers=3&directions=2")
    stage, rows = page.locator("[data-part=stage]"), page.locator("[data-part=layers]")
    expect(stage).to_have_attribute("data-state", "done")
    trace = deep_trace_of(Experiment(**FIELDS))
    shares = trace.log10_shares()
    arrived = [
        f"{share[-level.reverse]:.2f}" for level, share in zip(trace.levels, shares, strict=True)
    ]
    heads = rows.locator(".levels > *")
    found = [head.get_attribute("data-log10-share") for head in heads.all()]
    assert found == [arrived[k] for k in (4, 5, 2, 3, 0, 1)]
    sent = 10**trace.log10_sent_norms
    titles = [head.get_attribute("title") or "" for head in heads.all()]
    for title, k in zip(titles, (4, 5, 2, 3, 0, 1), strict=True):
        assert f"100% is a norm of {sent[k]:.2g}" in title
    verdict = page.locator("[data-part=verdict]")
    expect(verdict).to_contain_text("Layer 3, reading forward: The gradient")
    expect(page.locator(".gutter [data-row=below]")).to_have_text("h(2)")  # what layer 3 reads
    track = page.locator("input[type=range][name=layer]")
    assert track.evaluate("node => node.style.getPropertyValue('--share')") == "0.5"
    page.locator("[data-part=detail]").scroll_into_view_if_needed()
    step = page.locator("[data-part=step]")
    first = "Layer 3, reading forward: Backward: before t = 1 there is only the state 0"
    expect(step).to_contain_text(first)
    expect(step.locator(".equation")).not_to_have_count(0)
    assert_accessible(page)

    export = page.locator("[data-part=export]")
    export.locator("summary").click()
    files = ["Table (CSV)", "Everything (JSON)", "Arrays (NPZ, for NumPy)", *CODE, REPLAY]
    expect(export.locator("a:visible")).to_have_text(files)
    export.locator("summary").click()

    rows.get_by_role("button", name=re.compile("^Layer 1, reading forward")).click()
    expect(verdict).to_contain_text("Layer 1, reading forward: The gradient")
    page.get_by_role("slider", name="Timeline").fill("28")
    expect(step).to_contain_text("t = 22 hands to t = 21. The last term comes down from layer 2.")
    expect(page.get_by_role("grid", name="W_xh^(2)T δ_21^(2)")).to_be_visible()
    expect(page.locator("[data-part=factors]")).to_contain_text("carry path")
    page.get_by_role("slider", name="Timeline").fill("49")
    expect(rows.locator("button[aria-pressed=true]")).to_have_attribute("data-layer", "1")
    assert told(page) == rounded(shares[0])
    expect(page).to_have_url(re.compile("layer=1"))

    rows.get_by_role("button", name=re.compile("^Layer 3, reading from the end")).click()
    expect(verdict).to_contain_text("Layer 3, reading from the end: The gradient")
    expect(page).to_have_url(re.compile("layer=-3"))
    assert told(page) == rounded(shares[5])
    page.get_by_role("slider", name="Timeline").fill("3")
    caption = page.locator("[data-part=caption]")
    expect(caption).to_contain_text("t = 22 reads the states of layer 2 in both directions")
    expect(page.locator("[aria-current=step]")).to_have_attribute("data-timestep", "22")
    page.get_by_role("slider", name="Timeline").fill("49")

    for name in ("Layers", "Directions"):
        page.get_by_role("slider", name=name, exact=True).press("Home")
    expect(rows).to_be_hidden()
    export.locator("summary").click()
    expect(export.locator("a:visible")).to_have_count(len(EXPORTS))
    expect(verdict).not_to_contain_text("ayer")
    assert complaints == []


@pytest.mark.pages
def test_a_replay_brings_any_layer_in_front(page: Page, tmp_path: Path) -> None:
    file, experiment = tmp_path / "run.html", Experiment(**FIELDS, sequence="the clouds")
    file.write_bytes(EXPORTS["html"].make(experiment))
    page.goto(file.as_uri())
    stage = page.locator("[data-part=stage]")
    expect(stage).to_have_attribute("data-state", "done", timeout=15_000)
    shares = deep_trace_of(experiment).log10_shares()
    for name, layer, k in (("Layer 1, reading from the end", -1, 1), ("Layer 2, reading fo", 2, 2)):
        page.get_by_role("button", name=re.compile(f"^{name}")).click()
        first = page.locator("[data-timestep='1']")
        expect(first).to_have_attribute("data-log10-share", f"{shares[k][0]:.2f}")
        expect(page.locator("[data-part=verdict]")).to_contain_text(name)
        expect(page.locator("[data-part=handout]")).to_contain_text(f"layer={layer}")
