"""Attention, as a person turns it on and reads it."""

import re

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser import test_charts as charts
from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import opened, stage
from unrolled import engine


def test_attention_brings_the_gradient_back_to_the_first_token(
    page: Page, server: str, complaints: list[str]
) -> None:
    fields = {"sequence": "the clouds", "recurrent_scale": 0.7}
    opened(page, server, **fields)
    control = page.get_by_role("radiogroup", name="Attention")
    expect(control).to_be_hidden()
    page.get_by_role("radio", name="encoder-decoder").check(force=True)
    first = page.locator("[data-timestep='1']")
    for attention, choice in (("none", "none"), ("additive", "additive"), ("dot", "dot product")):
        control.get_by_role("radio", name=choice).check(force=True)
        asked = {**fields, "architecture": "encoder-decoder", "attention": attention}
        trace = engine.trace(**asked)
        expect(first).to_have_attribute("data-log10-share", f"{trace.log10_share()[0]:.2f}")
    expect(page.locator(".legend .looks")).to_be_visible()
    expect(page.locator("[data-part=verdict]")).to_contain_text("The gradient arrives")
    last = len(trace.tokens)
    page.locator(f"[data-timestep='{last}']").click()
    most = int(trace.attention[-1].argmax())
    looks = page.locator("[data-part=detail] .facts")
    expect(looks).to_contain_text(f"t = {most + 1} “{trace.tokens[most]}”")
    page.locator("[data-timestep='2']").click()
    page.locator(".step .equations").scroll_into_view_if_needed()
    expect(page.locator(".step .way")).to_contain_text("what attention sends there")
    assert_accessible(page)
    expect(page).to_have_url(re.compile("attention=dot"))
    page.get_by_role("radio", name="many → one").check(force=True)
    expect(page).not_to_have_url(re.compile("attention"))
    expect(control).to_be_hidden()
    expect(stage(page)).to_have_attribute("data-state", "done")
    assert complaints == []


def test_the_sweep_shows_how_much_attention_brings_to_each_distance(
    page: Page, server: str, complaints: list[str]
) -> None:
    fields = {"sequence": "the clouds", "architecture": "encoder-decoder", "attention": "dot"}
    charts.opened(page, server, "sweep", **fields)
    found = engine.sweep(engine.Experiment(**fields), np.arange(1, 41) / 10, 20)
    charts.same(np.array(charts.drawn(page, "sweep")["median"]["z"]), found.median.T)
    reading = charts.reading(page, "sweep")
    expect(reading).to_contain_text(f"at least {10 ** found.log10_share.min():.2g} times")
    expect(reading).to_contain_text("You are at g = 1.00")
    panel = page.locator("#chart-sweep")
    panel.get_by_text("Show as a table").click()
    expect(panel.get_by_role("columnheader", name="overflowed")).to_be_visible()
    expect(panel.get_by_role("columnheader", name="factor per timestep")).to_have_count(0)
    expect(page.locator("[data-part=edge]")).to_have_attribute("data-ready", "true")
