"""A network is trained with attention, and opened in the lab with the lines of what it looks at."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import stage
from tests.browser.test_train import button, network, opened, run_of, trained, transport
from tests.browser.test_train_plan import choose
from unrolled import engine

REVERSE = {"task": "reverse", "hidden_size": 8, "steps": 40}


def test_attention_is_a_choice_of_the_tasks_that_have_an_encoder(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn,feedforward")
    choice = page.get_by_role("radiogroup", name="Attention")
    expect(choice).to_be_hidden()
    choose(page, "reverse")
    expect(choice.get_by_role("radio", name="none")).to_be_checked()
    choice.get_by_role("radio", name="additive").check(force=True)
    expect(page).to_have_url(
        re.compile("attention=additive&?.*task=reverse|task=reverse.*attention=additive")
    )
    choose(page, "dates")
    expect(choice.get_by_role("radio", name="additive")).to_be_checked()
    assert_accessible(page)
    choose(page, "copying")
    expect(choice).to_be_hidden()
    expect(page).not_to_have_url(re.compile("attention"))
    choose(page, "examples")
    expect(choice.get_by_role("radio", name="none")).to_be_checked()


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_the_network_that_was_trained_opens_with_what_it_looks_at(
    page: Page, server: str, complaints: list[str], attention: str
) -> None:
    trained(page, server, cells="gru,feedforward", attention=attention, **REVERSE)
    run = run_of("gru", attention=attention, **REVERSE)
    for _ in run.steps():
        pass
    gru = network(page, "gru")
    expect(gru).to_have_attribute("data-step", "40")
    expect(network(page, "feedforward")).to_have_attribute("data-step", "40")
    expect(page.locator(".again")).to_be_hidden()
    with page.context.expect_page() as popup:
        gru.locator(".open").click()
    lab = popup.value
    expect(stage(lab)).to_have_attribute("data-state", "done", timeout=20_000)
    expect(lab.locator(".legend .looks")).to_be_visible()
    expect(lab.locator("[data-field=attention]")).to_be_hidden()
    trace = engine.trace_of(run.checkpoint().experiment())
    shares = lab.locator("[data-timestep]").evaluate_all(
        "columns => columns.map(column => Number(column.dataset.log10Share))"
    )
    assert shares == pytest.approx(trace.log10_share().tolist(), abs=0.0051)
    lab.get_by_role("textbox", name="Sequence").fill("stone")
    expect(lab.locator("[data-timestep]")).to_have_count(11)
    expect(lab.locator(".legend .looks")).to_be_visible()
    other = engine.trace_of(run.checkpoint().experiment(sequence="stone"))
    lab.locator("[data-timestep='11']").click()
    most = int(np.nanargmax(other.attention[-1]))
    looks = lab.locator("[data-part=detail] .facts")
    expect(looks).to_contain_text(f"t = {most + 1} “{other.tokens[most]}”")


def test_attention_without_an_encoder_is_refused_at_its_field_and_can_be_taken_back(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", attention="dot", hidden_size=8, steps=20)
    button(page, "Start").click()
    expect(page.locator("#attention-error")).to_contain_text("“Recall the first letter”")
    transport(page, "idle")
    choice = page.get_by_role("radiogroup", name="Attention")
    choice.get_by_role("radio", name="none").check(force=True)
    expect(choice).to_be_hidden()
    button(page, "Start").click()
    transport(page, "over")
