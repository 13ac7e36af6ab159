"""The projector view, the list of keys, the sheet of a phone, the first visit's hint, print."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.letters import LETTERS
from tests.browser.rest import at_rest
from tests.browser.test_lab import lab, opened, slider, stage
from tests.browser.views import show_as

__all__ = ["lab"]


def test_projecting_leaves_the_stage_its_sentence_play_and_one_slider(lab: Page) -> None:
    lab.get_by_role("button", name="Present").click()
    expect(lab).to_have_url(re.compile("view=projector"))
    expect(slider(lab)).to_be_visible()
    expect(lab.locator("[data-part=caption]")).to_be_visible()
    expect(lab.get_by_role("button", name="Play")).to_be_visible()
    for hidden in (
        "#sequence",
        "[data-part=charts]",
        "[data-part=timeline]",
        "[data-part=restart]",
        "[data-part=pin]",
        ".brand",
    ):
        expect(lab.locator(hidden)).to_be_hidden()
    lab.keyboard.press("Escape")
    expect(lab.locator("#sequence")).to_be_visible()
    expect(lab).not_to_have_url(re.compile("view="))


@pytest.mark.layout
@combined(scheme=["light", "dark"], letters=LETTERS)
def test_the_projector_view_is_readable_and_accessible(
    page: Page, server: str, scheme: Any
) -> None:
    show_as(page, scheme, 1280, 720)
    opened(page, server, cell="lstm")
    words = ("[data-part=caption]", "[data-timestep='3'] .token")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    near = [page.locator(each).evaluate(size) for each in words]
    opened(page, server, view="projector", cell="lstm")
    far = [page.locator(each).evaluate(size) for each in words]
    assert all(of > 1.25 * at for of, at in zip(far, near, strict=True))
    overflow = "document.documentElement.scrollHeight - innerHeight"
    assert page.evaluate(overflow) <= 0
    bottom = slider(page).bounding_box()
    assert bottom
    assert bottom["y"] + bottom["height"] <= 720
    assert_accessible(page)


def test_a_clicker_steps_while_projecting_even_from_the_slider(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, view="projector")
    slider(page).focus()
    before = slider(page).input_value()
    page.keyboard.press("PageUp")
    expect(stage(page)).to_have_attribute("data-state", "backward")
    page.keyboard.press("PageDown")
    expect(stage(page)).to_have_attribute("data-state", "done")
    assert slider(page).input_value() == before


@pytest.mark.pages
def test_the_view_stays_in_the_address_while_the_experiment_changes(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, view="projector")
    slider(page).fill("2")
    expect(page).to_have_url(re.compile("recurrent_scale=2"))
    expect(page).to_have_url(re.compile("view=projector"))


@pytest.mark.pages
def test_an_address_that_is_come_back_to_says_whether_the_page_is_projected(lab: Page) -> None:
    lab.get_by_role("radio", name="LSTM").check(force=True)
    expect(lab).to_have_url(re.compile("cell=lstm"))
    lab.get_by_role("button", name="Present").click()
    lab.go_back()
    expect(slider(lab)).to_be_visible()
    expect(lab).to_have_url(re.compile(r"/\?view=projector$"))
    lab.reload()
    expect(lab.locator("#sequence")).to_be_hidden()
    lab.keyboard.press("Escape")
    lab.go_forward()
    expect(lab).to_have_url(re.compile(r"/\?cell=lstm$"))


def test_a_question_mark_lists_the_keys(lab: Page) -> None:
    lab.keyboard.press("?")
    dialog = lab.get_by_role("dialog", name="What am I looking at?")
    expect(dialog).to_contain_text("fold the chain into one cell")
    lab.keyboard.press("f")
    expect(stage(lab)).to_have_attribute("data-folded", "false")
    lab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    lab.keyboard.press("f")
    expect(stage(lab)).to_have_attribute("data-folded", "true")


@pytest.mark.pages
def test_keys_are_left_alone_while_something_is_typed(lab: Page) -> None:
    box = lab.get_by_role("textbox", name="Sequence")
    box.fill("")
    box.press_sequentially("puff?")
    expect(box).to_have_value("puff?")
    expect(stage(lab)).to_have_attribute("data-folded", "false")


def test_on_a_phone_the_settings_are_in_a_sheet(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server)
    seed = page.get_by_role("spinbutton", name="Seed")
    expect(seed).to_be_hidden()
    page.get_by_role("button", name="All settings").click()
    expect(seed).to_be_visible()
    seed.fill("5")
    expect(page).to_have_url(re.compile("seed=5"))
    page.get_by_role("button", name="Close the settings").click()
    expect(seed).to_be_hidden()


@pytest.mark.layout
@combined(size={"small": (360, 740), "large": (430, 932)}, path=["/", "/train"], letters=LETTERS)
def test_the_button_that_closes_the_sheet_is_its_head_and_covers_nothing(
    page: Page, server: str, complaints: list[str], path: str, size: tuple[int, int]
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{server}{path}")
    page.get_by_role("button", name="All settings").click()
    close, sheet = page.get_by_role("button", name="Close the settings"), page.locator("#secondary")
    sheet.evaluate("node => node.scrollTo(0, node.scrollHeight)")
    head, rest = close.bounding_box(), sheet.bounding_box()
    assert head
    assert rest
    assert (head["x"], head["width"]) == (rest["x"], rest["width"]) == (0, width)
    assert head["y"] + head["height"] == pytest.approx(rest["y"])
    assert rest["y"] + rest["height"] == pytest.approx(height)
    page.get_by_role("button", name="Reset the settings").click(trial=True)
    for control in page.locator(".primary .control:visible").all():
        control.evaluate("node => node.scrollIntoView()")
        box = control.bounding_box()
        assert box
        assert box["y"] + box["height"] <= head["y"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="All settings")).to_be_focused()


@pytest.mark.usefixtures("clock")
def test_the_first_visit_is_shown_where_to_drag_and_only_once(
    page: Page, server: str, complaints: list[str]
) -> None:
    lab = opened(page, server)
    at_rest(lab)
    hint = lab.locator("[data-part=hint]")
    expect(hint).to_be_visible()
    slider(lab).fill("2")
    expect(hint).to_be_hidden()
    lab.reload()
    expect(stage(lab)).to_have_attribute("data-state", "done")
    at_rest(lab)
    expect(hint).to_be_hidden()


def test_the_stage_tells_its_story_in_words(lab: Page) -> None:
    story = lab.locator("#story")
    expect(story).to_contain_text("vanishes.")
    expect(story).to_contain_text("most of the gradient arrives at t = 24, 100%")
    expect(story).to_contain_text("least at t = 1,")


def test_a_handout_has_the_picture_and_no_controls(lab: Page) -> None:
    lab.emulate_media(media="print")
    expect(lab.locator("[data-part=verdict]")).to_be_visible()
    expect(stage(lab)).to_be_visible()
    for hidden in (
        "#sequence",
        "#transport",
        "[data-part=help-button]",
        "[data-part=pin]",
        "[data-part=export]",
        ".language",
    ):
        expect(lab.locator(hidden)).to_be_hidden()


def printed(page: Page, selector: str, *, at: str = "node => node.innerText") -> Any:
    """Return the text of a part of the page as it is printed."""
    page.evaluate(
        """([selector, at]) => addEventListener("afterprint", () => {
            window.printed = eval(at)(document.querySelector(selector));
        }, { once: true })""",
        [selector, at],
    )
    page.pdf()
    return page.evaluate("window.printed")


@pytest.fixture
def away(borrow: Callable[..., Page], server: str) -> Page:
    """The lab with its chart and its equation drawn, and then out of view."""
    page = borrow(clock=True, bypass_csp=True)
    page.set_viewport_size({"width": 1280, "height": 480})
    opened(page, server)
    page.locator("#tab-gradient_norm").click()
    for part in ("#chart-gradient_norm .js-plotly-plot", "[data-part=step] .heatmap"):
        page.locator(part.split()[0]).scroll_into_view_if_needed()
        expect(page.locator(part).first).to_be_visible(timeout=20_000)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("[data-part=detail]")).not_to_be_in_viewport()
    return page


@pytest.mark.layout
def test_a_chart_that_is_out_of_view_is_printed_of_the_run_that_is_drawn(away: Page) -> None:
    plot = "#chart-gradient_norm .plot"
    trace = "plot => plot.data.find(({ meta }) => meta === 'run-0').y[0].toFixed(2)"
    slider(away).fill("2")
    expect(away.locator("[data-part=verdict]")).to_contain_text("explodes")
    share = away.locator("[data-timestep='1']").get_attribute("data-log10-share")
    at_rest(away)
    assert away.locator(plot).evaluate(trace) != share
    assert printed(away, plot, at=trace) == share


@pytest.mark.layout
def test_an_equation_of_another_run_is_not_printed(away: Page) -> None:
    slider(away).fill("2")
    expect(away.locator("[data-part=step]")).to_be_hidden()
    assert "stale" in printed(away, "[data-part=step]", at="node => node.className")


@pytest.mark.layout
def test_an_equation_that_is_out_of_view_is_printed_as_the_playhead_has_it(away: Page) -> None:
    slider(away, "Timeline").fill("48")
    away.locator("[data-part=detail]").scroll_into_view_if_needed()
    expect(away.locator("[data-part=step] .way")).to_contain_text("Backward: what t = 2")
    away.evaluate("scrollTo(0, 0)")
    expect(away.locator("[data-part=detail]")).not_to_be_in_viewport()
    slider(away, "Timeline").fill("2")
    at_rest(away)
    assert "Forward" in printed(away, "[data-part=step] .way")


@pytest.mark.layout
def test_a_chart_that_is_still_loading_is_not_printed(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 480})
    opened(page, server)
    page.emulate_media(media="print")
    expect(page.locator("[data-part=charts]")).to_be_hidden()
    expect(page.locator("[data-part=step] .readout")).to_be_hidden()
