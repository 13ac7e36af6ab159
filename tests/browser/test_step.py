"""The step in numbers, read as a person reads it."""

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.conftest import PHONE
from tests.browser.letters import LETTERS
from tests.browser.views import show_as
from unrolled import engine
from unrolled.app.runs import equations

HINT = "Every square is a number"


def opened(page: Page, server: str, **fields: Any) -> Page:
    """The lab at rest, with the numbers in view."""
    page.goto(f"{server}/?{urlencode(fields)}")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    page.locator("[data-part=detail]").scroll_into_view_if_needed()
    expect(step(page).locator(".heatmap").first).to_be_visible()
    return page


@pytest.fixture
def lab(page: Page, server: str, complaints: list[str]) -> Page:
    choose(opened(page, server), 17)
    return page


def step(page: Page) -> Locator:
    return page.locator("[data-part=step]")


def heatmap(page: Page, name: str) -> Locator:
    """The first array of this name."""
    return step(page).locator(f'[role=grid][aria-label^="{name},"]').first


def readout(page: Page) -> Locator:
    return step(page).locator(".readout")


def read_out(page: Page) -> float:
    """The number in the line under the equations."""
    text = readout(page).inner_text().partition("= ")[2].replace("−", "-")
    mantissa, _, exponent = text.partition(" × 10")
    return float(mantissa) * 10.0 ** int(exponent or 0)


def answer(server: str, **fields: Any) -> dict[str, Any]:
    request = urllib.request.Request(f"{server}/api/trace", data=json.dumps(fields).encode())
    with urllib.request.urlopen(request) as response:
        trace: dict[str, Any] = json.load(response)
    return trace


def choose(page: Page, timestep: int) -> None:
    page.locator(f"[data-part=stage] [data-timestep='{timestep}']").click()
    expect(heatmap(page, f"∂L/∂h_{timestep}")).to_be_visible()


def seek(page: Page, position: int) -> None:
    page.get_by_role("slider", name="Timeline").fill(str(position))


def point_at(array: Locator, row: int, column: int = 1) -> None:
    """Hover a number, counted from 1."""
    box = array.locator("canvas").bounding_box()
    rows, columns = (int(array.get_attribute(f"aria-{n}count") or 0) for n in ("row", "col"))
    assert box
    x, y = (column - 0.5) * box["width"] / columns, (row - 0.5) * box["height"] / rows
    array.locator("canvas").hover(position={"x": x, "y": y})


def test_a_click_on_a_timestep_shows_its_equation_and_its_numbers(lab: Page, server: str) -> None:
    trace = answer(server)
    expect(lab.get_by_role("heading", name="Timestep t = 17 · “n”")).to_be_visible()
    expect(step(lab).locator(".way")).to_have_text("Backward: what t = 17 hands to t = 16.")
    assert step(lab).locator("math").count() > 5
    for timestep, row in ((17, 1), (17, 16), (16, 5)):
        point_at(heatmap(lab, f"∂L/∂h_{timestep}"), row)
        expect(readout(lab)).to_contain_text(f"[{row}] = ")
        assert read_out(lab) == pytest.approx(
            trace["hidden_gradient"][timestep - 1][row - 1], rel=1e-3
        )
    point_at(heatmap(lab, "W_hh^T"), 3, 7)
    expect(readout(lab)).to_contain_text("[3, 7]")
    assert read_out(lab) == pytest.approx(trace["network"]["weight_hh_l0"][6][2], rel=1e-3)


@combined(cell=["lstm", "gru", "rnn"], letters=LETTERS)
def test_the_symbols_of_an_equation_stand_on_one_line_and_take_no_more_room_than_they_need(
    page: Page, server: str, complaints: list[str], cell: str
) -> None:
    page.set_viewport_size({"width": 1265, "height": 720})
    opened(page, server, cell=cell)
    lines = (
        step(page)
        .locator(".equation")
        .evaluate_all(
            """lines => lines.map((line) => ({
          baselines: [...line.querySelectorAll(".formula")].map((formula) => {
            const mark = document.createElement("span");
            mark.style.display = "inline-block";
            formula.append(mark);
            const { bottom } = mark.getBoundingClientRect();
            mark.remove();
            return bottom;
          }),
          unused: line.scrollWidth - Math.max(
            ...[...line.children].map((child) => child.offsetLeft + child.offsetWidth),
          ) + line.offsetLeft,
          letter: parseFloat(getComputedStyle(line.querySelector(".formula")).fontSize),
        }))"""
        )
    )
    assert len(lines) >= 2
    for line in lines:
        assert max(line["baselines"]) - min(line["baselines"]) < line["letter"] / 8
        assert line["unused"] < line["letter"]
    cut = "node => node.scrollWidth - node.clientWidth"
    assert step(page).locator(".equations").evaluate(cut) <= 0


def test_the_playhead_decides_which_way_the_equation_goes(lab: Page, server: str) -> None:
    seek(lab, 12)
    array = heatmap(lab, "h_12")
    expect(array).to_be_visible()
    expect(step(lab).locator(".way")).to_contain_text("Forward")
    expect(lab.locator("[data-part=factors]")).to_be_hidden()
    point_at(array, 4)
    expect(readout(lab)).to_contain_text("[4] = ")
    assert read_out(lab) == pytest.approx(answer(server)["hidden"][11][3], rel=1e-3)
    seek(lab, 30)
    expect(heatmap(lab, "∂L/∂h_20")).to_be_visible()
    expect(lab.locator("[data-part=factors]")).to_be_visible()


def test_the_equations_are_copied_as_tex(lab: Page) -> None:
    lab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    step(lab).get_by_role("button", name="Copy the equations as TeX").click()
    expect(step(lab).get_by_role("status")).to_have_text("The equations are in the clipboard.")
    text = equations.Text(engine.trace().cell_pass(), 2, 1)
    lines = text.backward(goes_on=True, enters=False)
    assert lab.evaluate("navigator.clipboard.readText()") == text.tex(lines)


@pytest.mark.pages
def test_the_readout_goes_with_the_pointer(lab: Page) -> None:
    expect(readout(lab)).to_contain_text(HINT)
    point_at(heatmap(lab, "W_hh^T"), 2, 2)
    expect(readout(lab)).to_contain_text("[2, 2] = ")
    lab.locator("[data-part=caption]").hover()
    expect(readout(lab)).to_contain_text(HINT)


@pytest.mark.pages
def test_arrow_keys_walk_within_an_array_and_tab_leaves_it(lab: Page) -> None:
    array = heatmap(lab, "W_hh^T")
    array.focus()
    expect(readout(lab)).to_contain_text("[1, 1] = ")
    for key, place in (
        ("ArrowDown", "[2, 1]"),
        ("ArrowRight", "[2, 2]"),
        ("End", "[2, 16]"),
        ("ArrowRight", "[2, 16]"),
        ("ArrowUp", "[1, 16]"),
        ("Home", "[1, 1]"),
        ("Control+End", "[16, 16]"),
    ):
        lab.keyboard.press(key)
        expect(readout(lab)).to_contain_text(f"{place} = ")
        expect(array.get_by_role("gridcell")).to_contain_text(f"{place} = ")
    expect(lab.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    lab.keyboard.press("Tab")
    expect(array).not_to_be_focused()
    expect(readout(lab)).not_to_contain_text("[16, 16]")


@pytest.mark.layout
def test_a_touch_reads_a_number(borrow: Callable[..., Page], server: str) -> None:
    page = opened(borrow(**PHONE), server)
    expect(readout(page)).to_have_text("Every square is a number: tap it to read it.")
    array = heatmap(page, "W_hh^T")
    array.tap(position={"x": 3, "y": 3})
    expect(readout(page)).to_contain_text("[1, 1] = ")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_factors_and_their_product_are_shown_with_a_sentence(lab: Page) -> None:
    rows = lab.locator("[data-part=factors] .factor dd:last-child").all_inner_texts()
    weights, saturation, alignment, product = (float(row[2:]) for row in rows)
    assert weights * saturation * alignment == pytest.approx(product, abs=0.02)
    expect(lab.locator("[data-part=factors] .sentence")).to_contain_text(
        re.compile("tanh is (saturated|bent)")
    )


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_cells_show_two_paths_with_their_shares(
    page: Page, server: str, complaints: list[str], cell: str
) -> None:
    opened(page, server, cell=cell)
    choose(page, 12)
    shares = page.locator("[data-part=factors] .split b").all_inner_texts()
    assert sum(int(share.rstrip("%")) for share in shares) == pytest.approx(100, abs=1)
    expect(step(page).locator(".path")).to_have_count(2)


def test_a_symbol_lights_the_stage_and_the_stage_lights_the_symbol(lab: Page) -> None:
    column = lab.locator("[data-part=stage] [data-timestep='16']")
    point_at(heatmap(lab, "∂L/∂h_16"), 2)
    expect(column).to_have_attribute("data-lit", "d_h")
    point_at(heatmap(lab, "W_hh^T"), 2)
    expect(lab.locator("[data-weight=W_hh]:visible")).to_have_class("pointed")
    lab.locator("[data-part=caption]").hover()
    expect(lab.locator("[data-weight=W_hh]:visible")).not_to_have_class("pointed")
    expect(lab.locator("[data-part=stage] [data-lit]")).to_have_count(0)
    column.hover(position={"x": 10, "y": 120})
    expect(step(lab).locator(".term.lit")).to_have_count(1)
    expect(step(lab).locator(".term.lit").get_by_role("grid")).to_have_accessible_name(
        "∂L/∂h_16, 16 by 1 numbers"
    )
    seek(lab, 16)
    expect(heatmap(lab, "h_16")).to_be_visible()
    column.locator(".token").hover()
    expect(step(lab).locator(".term.lit math")).to_have_text("Wxhx16")


@pytest.mark.pages
def test_a_drag_asks_once_for_its_last_value(lab: Page, server: str) -> None:
    asked: list[dict[str, Any]] = []
    lab.on("request", lambda r: asked.append(r.post_data_json) if "/api/step" in r.url else None)
    thumb = lab.get_by_role("slider", name="Recurrent weight scale", exact=True)
    thumb.evaluate(
        """thumb => [1.2, 1.4, 1.6, 1.8, 2].forEach((scale) => {
            thumb.value = scale;
            thumb.dispatchEvent(new InputEvent("input", { bubbles: true }));
        })"""
    )
    lab.locator("[data-part=detail]").scroll_into_view_if_needed()
    expect(lab.locator("[data-part=factors] .factor dd:last-child").first).to_have_text("× 2.00")
    assert len(asked) <= 2
    assert asked[-1]["experiment"]["recurrent_scale"] == 2


@pytest.mark.delivery
def test_an_answer_that_comes_late_does_not_stay(lab: Page) -> None:
    def late(route: Route) -> None:
        if route.request.post_data_json["timestep"] == 9:
            lab.locator("[data-part=stage] [data-timestep='5']").click()
            expect(lab.locator("[data-part=stage] [data-timestep='5']")).to_have_attribute(
                "aria-current", "step"
            )
        route.continue_()

    lab.route("**/api/step", late)
    lab.locator("[data-part=stage] [data-timestep='9']").click()
    expect(heatmap(lab, "∂L/∂h_5")).to_be_visible()
    expect(lab.get_by_role("heading", name="Timestep t = 5")).to_be_visible()
    expect(step(lab).locator(".way")).to_have_text("Backward: what t = 5 hands to t = 4.")


@pytest.mark.pages
@pytest.mark.parametrize("speed", ["2×", "1×"])
def test_the_title_and_the_equation_keep_step_with_the_playhead_while_a_run_plays(
    page: Page, server: str, complaints: list[str], speed: str
) -> None:
    opened(page, server, sequence="the clouds are")
    page.evaluate(
        """() => {
            const named = (part) =>
                document.querySelector(part).textContent.match(/t\\s=\\s(\\d+)/)[1];
            const stale = () => document.querySelector("[data-part=step].stale");
            window.seen = [];
            const look = () => {
                const current = document.querySelector("[aria-current=step]").dataset.timestep;
                const title = named("#detail-title");
                window.seen.push([current, title, stale() ? null : named("[data-part=step] .way")]);
                requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        }"""
    )
    page.get_by_role("combobox", name="Speed").select_option(speed)
    page.get_by_role("button", name="Play").click()
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "forward")
    expect(page.locator("[data-part=stage]")).to_have_attribute(
        "data-state", "done", timeout=20_000
    )
    expect(step(page).locator(".way")).to_contain_text("here the gradient ends")
    seen = page.evaluate("window.seen")
    assert [each for each in seen if each[0] != each[1]] == []
    assert [each for each in seen if each[2] not in (None, each[0])] == []
    assert len({way for _, _, way in seen} - {None}) > 2


@pytest.mark.pages
def test_an_equation_that_was_left_behind_out_of_view_is_not_seen(
    page: Page, server: str, complaints: list[str]
) -> None:
    choose(opened(page, server), 17)
    page.set_viewport_size({"width": 1280, "height": 480})
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("[data-part=detail]")).not_to_be_in_viewport()
    page.locator("[data-part=stage] [data-timestep='9']").press("Enter")
    expect(page.locator("#detail-title")).to_contain_text("t = 9")
    expect(heatmap(page, "∂L/∂h_17")).to_be_hidden()
    page.locator("[data-part=detail]").scroll_into_view_if_needed()
    expect(heatmap(page, "∂L/∂h_9")).to_be_visible()


@pytest.mark.pages
def test_a_state_that_overflowed_is_told_without_an_error(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/?activation=relu&recurrent_scale=10&sequence={'ab' * 250}")
    expect(page.get_by_role("status", name="Verdict")).to_contain_text("Overflow")
    page.locator("[data-part=detail]").scroll_into_view_if_needed()
    expect(step(page).locator(".way")).to_contain_text("No loss was reached")
    seek(page, 450)
    expect(step(page).locator(".way")).to_contain_text("overflowed")
    seek(page, 3)
    expect(heatmap(page, "h_3")).to_be_visible()


def test_a_large_network_is_sampled_and_says_so(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, hidden_size=130)
    expect(step(page).locator(".way")).to_contain_text("One hidden unit in 3 is shown.")
    heatmap(page, "W_hh^T").focus()
    page.keyboard.press("ArrowDown")
    expect(readout(page)).to_contain_text("[4, 1] = ")


@pytest.mark.pages
def test_a_run_too_large_for_numbers_is_told_without_asking(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/?hidden_size=160&sequence={'ab' * 1000}")
    expect(page.locator("[data-part=stage]")).to_have_attribute(
        "data-state", "done", timeout=30_000
    )
    page.locator("[data-part=detail]").scroll_into_view_if_needed()
    expect(step(page).locator(".way")).to_contain_text("too large")


@pytest.mark.delivery
def test_numbers_that_cannot_be_loaded_are_told_and_asked_for_again(
    page: Page, server: str
) -> None:
    opened(page, server)
    page.route("**/api/step", lambda route: route.abort())
    page.locator("[data-part=stage] [data-timestep='9']").click()
    expect(step(page).locator(".way")).to_contain_text("could not be loaded")
    page.unroute("**/api/step")
    choose(page, 10)


@pytest.mark.layout
@combined(scheme=["light", "dark"], width=[1440, 390], cell=["rnn", "lstm"])
def test_axe_finds_nothing(page: Page, server: str, scheme: Any, width: int, cell: str) -> None:
    show_as(page, scheme, width, 900)
    opened(page, server, cell=cell)
    for position in (12, 40):
        seek(page, position)
        expect(step(page).locator(".way")).to_contain_text("ward: ")
        expect(step(page)).not_to_have_class(re.compile("stale"))
        step(page).locator(".heatmap").nth(1).focus()
        expect(readout(page)).to_contain_text(" = ")
        assert_accessible(page)


@pytest.mark.pages
def test_the_bar_of_the_two_paths_is_as_long_as_their_shares(page: Page, server: str) -> None:
    page.goto(f"{server}/?cell=minlstm")
    page.locator("[data-timestep='12']").click()
    carry, recurrent = page.locator(".paths .carry"), page.locator(".paths .recurrent")
    expect(carry).to_be_visible()
    boxes = [each.bounding_box() for each in (carry, recurrent)]
    assert boxes[0] and boxes[1] and boxes[1]["width"] == 0 < boxes[0]["width"]
