"""Gated cells: what fresh gates do, the button that opens them, and the cells side by side."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import answer, as_shown, gradients, lab, opened, slider

__all__ = ["lab"]


def test_a_fresh_cell_says_what_its_gates_keep_as_the_engine_has_it(
    page: Page, server: str, complaints: list[str]
) -> None:
    for cell, gate in (("lstm", "f"), ("gru", "z")):
        opened(page, server, cell=cell)
        rows = answer(server, cell=cell)["gates"][gate]
        kept = sum(map(sum, rows)) / (len(rows) * len(rows[0]))
        expect(page.locator("[data-part=gates]")).to_contain_text(
            f"each step keeps {kept:.0%} of the memory"
        )


def test_a_button_opens_the_gates_and_the_gradient_arrives(lab: Page, server: str) -> None:
    gates = lab.locator("[data-part=gates]")
    expect(gates).to_be_hidden()
    for cell, bias in (("GRU", "update_bias"), ("LSTM", "forget_bias")):
        lab.get_by_role("radio", name=cell, exact=True).check(force=True)
        gates.get_by_role("button", name="Open the gates").press("Enter")
        expect(gates).to_contain_text("The gates are open: each step keeps 95% of the memory.")
        expect(gates.get_by_role("button", name="Open the gates")).to_be_hidden()
        expect(lab.get_by_role("radio", name=cell, exact=True)).to_be_focused()
        found = answer(server, cell=cell.lower(), **{bias: 3})["log10_gradient_norm"]
        assert found[0] - found[-1] > -1, "the gradient arrives"
        assert gradients(lab) == as_shown(found)
        expect(lab).to_have_url(re.compile(f"{bias}=3"))


@pytest.mark.pages
def test_the_bias_of_the_gate_that_the_cell_has_is_a_setting(lab: Page, server: str) -> None:
    for cell, has, other in (("GRU", "Update", "Forget"), ("LSTM", "Forget", "Update")):
        lab.get_by_role("radio", name=cell, exact=True).check(force=True)
        expect(slider(lab, f"{has} gate bias")).to_be_enabled()
        expect(slider(lab, f"{other} gate bias")).to_be_hidden()
    lab.get_by_role("radio", name="GRU", exact=True).check(force=True)
    slider(lab, "Update gate bias").fill("-2")
    expect(lab).to_have_url(re.compile("update_bias=-2"))
    assert gradients(lab) == as_shown(
        answer(server, cell="gru", update_bias=-2)["log10_gradient_norm"]
    )


@pytest.mark.pages
def test_chrono_initialization_dims_the_bias_of_the_gate_that_the_cell_has(
    page: Page, server: str, complaints: list[str]
) -> None:
    for cell, has, other in (("gru", "Update", "Forget"), ("lstm", "Forget", "Update")):
        opened(page, server, cell=cell, chrono=20)
        expect(slider(page, f"{has} gate bias")).to_be_disabled()
        expect(slider(page, f"{has} gate bias")).to_be_visible()
        expect(slider(page, f"{other} gate bias")).to_be_hidden()


@pytest.mark.pages
def test_the_cells_side_by_side_have_open_gates_and_follow_the_slider(
    lab: Page, server: str
) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    expect(lab.locator(".followed")).to_contain_text("Open gates, bias 3: GRU, LSTM.")
    slider(lab).fill("2.5")
    names = lab.locator(".multiples strong")
    expect(names).to_have_text(["Now: RNN.", "GRU", "LSTM"])
    for cell in ("gru", "lstm"):
        norms = answer(server, cell=cell, recurrent_scale=2.5, forget_bias=3, update_bias=3)
        lab.get_by_role("button", name=cell.upper(), exact=True).click()
        expect(names.first).to_have_text(f"Now: {cell.upper()}.")
        expect(slider(lab)).to_have_value("2.5")
        assert gradients(lab) == as_shown(norms["log10_gradient_norm"])
        expect(lab.locator(".chips li")).to_have_count(2)


@pytest.mark.pages
def test_a_pin_stays_as_it_was_beside_cells_that_follow(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, follow="lstm", pin="recurrent_scale=0.5")
    slider(page).fill("2")
    expect(page.locator(".chips li")).to_have_text(["weight scale 0.5×", "LSTM×"])
    expect(page.locator(".followed")).to_contain_text("Gate bias: LSTM 1.")


@pytest.mark.pages
def test_the_gru_of_2014_is_explained_under_its_name_where_there_is_room(
    page: Page, server: str
) -> None:
    opened(page, server, cell="gru-2014")
    about = page.locator("[data-part=cell-about]")
    expect(about).to_contain_text("the reset gate acts before the recurrent weights")
    page.set_viewport_size({"width": 375, "height": 667})
    expect(about).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("radio", name="GRU", exact=True).check(force=True)
    expect(about).to_be_hidden()
