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
    key = page.locator(".legend .looks")
    expect(key).to_be_visible()
    expect(page.locator("[data-part=verdict]")).to_contain_text("The gradient arrives")
    last = len(trace.tokens)
    page.locator(f"[data-timestep='{last}']").click()
    page.locator(f"[data-timestep='{last - 2}']").click()
    page.mouse.move(5, 5)
    expect(key).to_have_text(f"attention of the output at t = {last}")  # as the gradient's
    page.get_by_role("radio", name=f"that of t = {last - 2}").click()
    expect(key).to_have_text(f"attention of the output at t = {last - 2}")
    page.get_by_role("radio", name="the last").click()
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


def test_a_weight_of_attention_is_typed_and_a_step_of_learning_moves_them_all(
    page: Page, server: str, complaints: list[str]
) -> None:
    fields = {"sequence": "abb", "hidden_size": 2, "architecture": "encoder-decoder"}
    opened(page, server, **fields, attention="additive")
    card = page.locator("[data-part=by-hand]")
    card.locator("summary").click()
    card.get_by_role("spinbutton", name="W_qv, from unit 2 to unit 1").fill("-1.5")
    card.get_by_role("spinbutton", name="v_a of unit 1").fill("2")
    expect(page).to_have_url(re.compile(r"by_hand=W_qv_1_2\+-1\.5\+v_a_1\+2"))
    by_hand = "W_qv_1_2 -1.5 v_a_1 2"
    trace = engine.trace(**fields, attention="additive", by_hand=by_hand)
    first = page.locator("[data-timestep='1']")
    expect(first).to_have_attribute("data-log10-share", f"{trace.log10_share()[0]:.2f}")
    expect(card.locator(".facts dd")).to_have_count(2)
    back, difference = card.locator(".facts dd").all_inner_texts()
    assert back == difference
    expect(card.locator(".learning output")).to_have_text(f"L = {np.nansum(trace.losses):.3g}")
    card.get_by_role("button", name="Take the step").click()
    expect(page).to_have_url(re.compile("U_a_2_2"))
    expect(page).to_have_url(re.compile("W_qh_1_1"))
    page.get_by_role("radiogroup", name="Attention").get_by_role("radio", name="none").check(
        force=True
    )
    expect(page).not_to_have_url(re.compile("by_hand"))
    assert_accessible(page)


def test_step_factors_are_those_of_the_recurrence_and_attention_comes_on_top(
    page: Page, server: str, complaints: list[str]
) -> None:
    fields = {"sequence": "the clouds", "architecture": "encoder-decoder", "attention": "dot"}
    charts.opened(page, server, "step_factors", **fields)
    found = engine.step_factors(engine.trace(**fields))
    shown = charts.drawn(page, "step_factors")
    charts.same(shown["product"]["y"], 10**found.log10_ratio)
    reading = charts.reading(page, "step_factors")
    expect(reading).to_contain_text("the path from step to step alone")
    page.locator("[data-timestep='4']").click()
    page.locator(".step .equations").scroll_into_view_if_needed()
    ratio = 10 ** found.log10_ratio[found.timesteps.tolist().index(4)]
    expect(page.locator(".factor.result").first).to_contain_text(f"= {ratio:.2f}")
