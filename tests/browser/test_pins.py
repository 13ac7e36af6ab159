"""Pinned runs beside the current one."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import answer, gradients, lab, opened, slider

__all__ = ["lab"]

OPEN = {"forget_bias": 3, "update_bias": 3}
PIXELS = "() => document.querySelector('[data-part=stage] canvas').toDataURL()"


def chips(page: Page) -> list[str]:
    return page.locator(".chips li button:first-child").all_inner_texts()


def test_a_pinned_run_stays_while_the_current_one_changes(lab: Page) -> None:
    lab.get_by_role("button", name="Pin this run").click()
    expect(lab.locator(".chips li")).to_have_text(["the same as now×"])
    slider(lab).fill("0.5")
    expect(lab.locator(".chips li")).to_have_text(["weight scale 1×"])
    expect(lab.locator(".multiples figure")).to_have_count(2)
    expect(lab.locator(".multiples figure").nth(1)).to_contain_text("vanishes.")
    with_pin = lab.evaluate(PIXELS)
    lab.get_by_role("button", name="Unpin weight scale 1").click()
    expect(lab.locator(".multiples")).to_be_hidden()
    assert lab.evaluate(PIXELS) != with_pin


def test_one_click_compares_the_three_cells_with_the_engines_numbers(
    lab: Page, server: str
) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    figures = lab.locator(".multiples figure")
    expect(figures).to_have_count(3)
    for i, cell in enumerate(("rnn", "gru", "lstm")):
        percent = 100 * 10 ** answer(server, cell=cell, **OPEN)["log10_share"][0]
        expect(figures.nth(i)).to_contain_text(re.compile(r"At t\s=\s1: [\d.]+%"))
        shown = re.search(r"At t\s=\s1: ([\d.]+)%", figures.nth(i).inner_text())
        assert shown and abs(float(shown[1]) / percent - 1) < 0.05, cell


def test_beside_the_bars_of_h_a_cell_state_tells_its_own_share(lab: Page, server: str) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    figures = lab.locator(".multiples figure")
    told = figures.nth(2).locator("small")
    expect(told).to_contain_text("Marks: c.")
    norms = answer(server, cell="lstm", **OPEN)["log10_cell_gradient_norm"]
    share = 10 ** (norms[0] - norms[-1])
    shown = re.search(r"1: ([\d.]+)(%| times)", told.inner_text())
    assert shown, told.inner_text()
    assert abs(float(shown[1]) / (100 if shown[2] == "%" else 1) / share - 1) < 0.05
    for one in (0, 1):
        expect(figures.nth(one).locator("small")).to_be_hidden()


@pytest.mark.pages
def test_no_more_than_four_runs_are_compared(lab: Page) -> None:
    pin = lab.get_by_role("button", name="Pin this run")
    for _ in range(3):
        pin.click()
    expect(pin).to_be_disabled()
    assert len(chips(lab)) == 3


@pytest.mark.pages
def test_the_focus_stays_where_it_is_when_a_chip_is_opened_by_keyboard(lab: Page) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").press("Enter")
    lab.get_by_role("button", name="GRU", exact=True).press("Enter")
    was_now = lab.get_by_role("button", name="RNN", exact=True)
    expect(was_now).to_be_focused()
    expect(lab.locator(".multiples strong").first).to_have_text("Now: GRU.")
    expect(was_now).to_be_focused()


@pytest.mark.pages
def test_the_focus_stays_at_the_button_that_pins_when_no_more_can_be_pinned(lab: Page) -> None:
    pin = lab.get_by_role("button", name="Pin this run")
    for _ in range(4):
        pin.press("Enter")
    expect(pin).to_be_disabled()
    expect(pin).to_be_focused()
    assert len(chips(lab)) == 3
    for _ in range(3):
        lab.keyboard.press("Tab")
    expect(lab.get_by_role("button", name="Unpin the same as now").first).to_be_focused()
    lab.keyboard.press("Enter")
    expect(pin).to_be_focused()
    expect(pin).to_be_enabled()


def test_a_chip_makes_its_run_the_current_one(lab: Page) -> None:
    lab.get_by_role("button", name="Pin this run").click()
    slider(lab).fill("3")
    lab.get_by_role("button", name="weight scale 1", exact=True).click()
    expect(slider(lab)).to_have_value("1")


@pytest.mark.pages
def test_runs_side_by_side_keep_their_names_until_another_is_drawn(lab: Page) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    lab.get_by_role("spinbutton", name="Hidden units").fill("513")
    lab.get_by_role("radio", name="LSTM").check(force=True)
    expect(lab.locator("#hidden_size-error")).to_be_visible()
    names = lab.locator(".multiples figcaption strong")
    expect(names).to_have_text(["Now: RNN.", "GRU", "LSTM"])
    expect(lab.locator(".chips li")).to_have_text(["GRU×", "LSTM×"])


def test_the_link_holds_the_pins_through_reload_and_back(lab: Page) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    expect(lab).to_have_url(re.compile("forget_bias=3&update_bias=3&follow=gru&follow=lstm"))
    lab.reload()
    expect(lab.locator(".multiples figure")).to_have_count(3)
    expect(lab.locator(".multiples figure").nth(2)).to_contain_text("At t = 1")
    lab.go_back()
    expect(lab.locator(".chips li")).to_have_count(0)


@pytest.mark.pages
def test_a_pin_that_makes_no_sense_is_explained_and_left_out(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/?pin=hidden_size%3D0")
    expect(page.locator("#notice")).to_contain_text("from 1 to 512")
    expect(page.locator(".chips li")).to_have_count(0)
    assert len(gradients(page)) == 24


@pytest.mark.pages
def test_pins_of_another_length_keep_their_own_timesteps(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence="short", pin="sequence=a+longer+one")
    expect(page.locator(".multiples figure").nth(1)).to_contain_text("At t = 1")
    assert len(gradients(page)) == 4


@pytest.mark.pages
def test_the_chart_of_the_pace_has_a_line_for_each_pinned_run(lab: Page, server: str) -> None:
    lab.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    lab.locator("[data-part=charts]").scroll_into_view_if_needed()
    lab.get_by_role("tab", name="Pace and theory").click()
    plot = lab.locator("#chart-gradient_norm .js-plotly-plot")
    expect(plot.locator(".legendtext", has_text="LSTM")).to_be_visible(timeout=20_000)
    y = plot.evaluate("plot => Array.from(plot.data.find(line => line.name === 'LSTM').y)")
    expected = answer(server, cell="lstm", **OPEN)["log10_share"]
    assert all(abs(ours - theirs) < 1e-9 for ours, theirs in zip(y, expected, strict=True))


def test_a_projector_names_the_lines_of_a_comparison(page: Page, server: str) -> None:
    page.add_init_script(
        """window.written = new Set();
        const pen = CanvasRenderingContext2D.prototype;
        const write = pen.fillText;
        pen.fillText = function (word, ...at) {
          window.written.add(word);
          write.call(this, word, ...at);
        };"""
    )
    page.goto(f"{server}/?cell=lstm")
    page.get_by_role("button", name="Compare RNN, GRU and LSTM").click()
    expect(page.locator(".multiples figure")).to_have_count(3)
    written = "() => ['RNN', 'GRU'].filter((name) => window.written.has(name)).length"
    assert page.evaluate(written) == 0  # the chips say it
    page.get_by_role("button", name="Present").click()
    page.wait_for_function(f"() => ({written})() === 2")
