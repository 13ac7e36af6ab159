"""The card on which the weights of a small network are set by hand."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import answer, as_shown, gradients, opened

SMALL = {"sequence": "abab", "hidden_size": 2}
SAME = """() => {
  const stage = document.querySelector("[data-part=stage]");
  const network = document.querySelector(".hand-network");
  return network.dataset.run === stage.dataset.run && Number(stage.dataset.run) > 1 &&
    network.querySelector(".network-answer").textContent ===
      stage.querySelector(".loss").textContent;
}"""
"""Whether the network beside the numbers is that of the stage, after a change."""

TOGETHER = """() => {
  const [stage, numbers] = ["[data-part=stage]", ".hand-numbers"].map((each) =>
    document.querySelector(each));
  return Number(stage.dataset.run) > 1 && numbers.dataset.run === stage.dataset.run;
}"""
"""Whether the numbers are those of the run on the stage, after a change."""

IN_VIEW = """() => {
  const network = document.querySelector(".hand-network").getBoundingClientRect();
  const field = document.activeElement.getBoundingClientRect();
  return network.top >= 0 && network.bottom <= field.top && field.bottom <= innerHeight;
}"""
"""Whether the network is in the window, and above the field that has the focus."""

SEEN = """node => {
  const [told, field] = [node, document.activeElement].map((each) => each.getBoundingClientRect());
  node.style.pointerEvents = "auto";
  const seen = [[8, 8], [told.width - 8, told.height - 8]].every(([x, y]) =>
    document.elementFromPoint(told.left + x, told.top + y) === node);
  node.style.pointerEvents = "";
  const away = Math.max(told.top - field.bottom, field.top - told.bottom);
  return seen && away >= 0 && away < 24 && innerWidth >= document.documentElement.scrollWidth;
}"""
"""Whether a message is seen whole, at the field that has the focus and not over it."""


def test_a_number_is_typed_stepped_dragged_and_undone(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, **SMALL)
    card = page.locator("[data-part=by-hand]")
    card.locator("summary").click()
    field = card.get_by_role("spinbutton", name="W_hh, from unit 2 to unit 1")
    drawn = field.input_value()
    field.fill("0,5")
    expect(page).to_have_url(re.compile(r"by_hand=W_hh_1_2\+0\.5"))
    set_by_hand = answer(server, **SMALL, by_hand="W_hh_1_2 0.5")
    assert gradients(page) == as_shown(set_by_hand["log10_gradient_norm"])
    back, difference = card.locator(".facts dd").all_inner_texts()
    assert back == difference
    real = [set_by_hand["network"]["weight_hh_l0"][k][k] for k in (0, 1)]
    expect(card.locator(".eigenvalues")).to_contain_text("Eigenvalues of Whh:")
    assert real[0] != real[1]

    field.press("ArrowUp")
    field.press("Shift+ArrowDown")
    expect(field).to_have_value("-0.4")
    expect(page).to_have_url(re.compile(r"W_hh_1_2\+-0\.4"))
    bias = card.get_by_role("spinbutton", name="b_y of b", exact=True)
    bias.scroll_into_view_if_needed()
    box = bias.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 10, steps=5)
    page.mouse.up()
    expect(bias).to_have_value("1")
    expect(page).to_have_url(re.compile(r"b_y_b\+1"))
    assert_accessible(page, "[data-part=by-hand]")

    bias.press("Control+z")
    expect(page).not_to_have_url(re.compile("b_y_b"))
    for button, value in (("All random again", drawn), ("Undo", "-0.4"), ("Redo", drawn)):
        card.get_by_role("button", name=button).click()
        expect(field).to_have_value(value)
    expect(page).not_to_have_url(re.compile("by_hand"))

    for typed in ("abc", "1e9"):
        field.fill(typed)
        expect(card.locator(".weight-wrong")).to_contain_text(f"“{typed}” is no number from −1000")
    for typed in ("abc", ""):
        field.fill(typed)
        field.press("ArrowUp")
        expect(field).to_have_value(re.compile(r"^-?[0-9.]+$"))
        expect(field).not_to_have_attribute("aria-invalid", "true")
        expect(card.locator(".weight-wrong")).to_be_hidden()
    field.fill("0.5")
    card.locator(".rate").fill("x")
    expect(card.locator(".rate-wrong")).to_contain_text("η: “x” is no number")
    card.locator(".rate").fill("0.1")
    page.get_by_role("radio", name="GRU", exact=True).check()
    expect(card.locator(".dropped")).to_contain_text("the weights that were set by hand are gone")
    card.get_by_role("button", name="Bring both back").click()
    expect(page).to_have_url(re.compile(r"by_hand=W_hh_1_2\+0\.5"))
    expect(page.get_by_role("radio", name="RNN", exact=True)).to_be_checked()
    expect(card.locator(".dropped")).to_be_hidden()


@pytest.mark.pages
def test_a_number_that_was_typed_is_undone_apart_from_the_steps_after_it(
    page: Page, server: str
) -> None:
    opened(page, server, **SMALL, by_hand="b_y_a 0")
    field = page.locator("[data-weight=W_hh_2_1]")
    field.fill("0.5")
    for _ in range(3):
        field.press("ArrowUp")
    expect(field).to_have_value("0.8")
    field.press("Control+z")
    expect(field).to_have_value("0.5")


@pytest.mark.parametrize(
    ("language", "width", "height"),
    [
        ("en", 1280, 720),
        pytest.param("zh-CN", 1280, 720, marks=pytest.mark.layout),
        ("en", 390, 844),
        pytest.param("zh-CN", 390, 844, marks=pytest.mark.layout),
    ],
)
@pytest.mark.parametrize("of", ["", "b_y_a 0"])
def test_a_text_that_is_no_number_is_told_at_its_field_beside_the_number_in_force(
    page: Page, server: str, language: str, width: int, height: int, of: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, server, **SMALL, by_hand=of, lang=language)
    card = page.locator("[data-part=by-hand]")
    if not of:
        card.locator("summary").click()
    fields = card.locator(".matrices input")
    for field in (fields.first, card.locator("[data-weight=W_hh_2_1]"), fields.last):
        field.click()
        field.press("Control+a")
        page.keyboard.type("1e9")
        expect(field).to_have_attribute("aria-invalid", "true")
        wrong = card.locator(".weight-wrong")
        expect(wrong).to_contain_text("“1e9”")
        expect(wrong).to_contain_text({"en": "It is still 1;", "zh-CN": "仍为 1。"}[language])
        assert wrong.evaluate(SEEN)
        page.keyboard.press("Control+z")  # what is in force may change beside what is typed
        expect(wrong).not_to_contain_text({"en": "still 1;", "zh-CN": "仍为 1。"}[language])
        field.blur()
        expect(wrong).to_be_hidden()
    rate = card.locator(".rate")
    rate.click()
    for typed in ("x", ""):
        rate.fill(typed)
        wrong = card.locator(".rate-wrong")
        expect(wrong).to_contain_text({"en": "It is still 0.5;", "zh-CN": "仍为 0.5。"}[language])
        assert wrong.evaluate(SEEN)
    rate.blur()
    expect(rate).to_have_value("0.5")
    expect(wrong).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (1280, 720),
        *(pytest.param(*size, marks=pytest.mark.layout) for size in ((1440, 900), (390, 844))),
    ],
)
def test_the_network_is_in_view_beside_the_number_that_is_changed(
    page: Page, server: str, complaints: list[str], width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, server, sequence="the clouds", hidden_size=3, by_hand="b_y_t 0")
    card = page.locator("[data-part=by-hand]")
    fields = card.locator(".matrices input")
    for field in (fields.first, card.locator("[data-weight=W_hh_2_1]"), fields.last):
        field.press("ArrowUp")
        page.wait_for_function(SAME)
        page.wait_for_function(IN_VIEW)
    pixels = "canvas => canvas.toDataURL()"
    before = card.locator(".hand-network canvas").evaluate(pixels)
    fields.last.press("Shift+ArrowUp")
    expect(page).to_have_url(re.compile(r"b_y_\w+\+1\.1"))
    assert card.locator(".hand-network canvas").evaluate(pixels) != before


def test_a_number_that_is_changed_stays_where_it_is_when_a_card_above_it_grows(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    held: list[Route] = []
    page.route("**/api/step", lambda route: held.append(route))
    opened(page, server, sequence="the clouds", hidden_size=3, by_hand="b_y_t 0")
    step = page.locator("[data-part=step]")
    with page.expect_request("**/api/step"):
        page.locator("[data-part=by-hand] .matrices input").first.focus()
    field = page.locator("[data-weight=W_hh_2_1]")
    field.focus()
    page.wait_for_function(IN_VIEW)
    before, height = field.bounding_box(), "step => step.offsetHeight"
    empty = step.evaluate(height)
    with page.expect_response("**/api/step"):
        held.pop().continue_()
    expect(step.locator(".equation").first).to_be_visible()
    assert step.evaluate(height) > empty + 40
    page.wait_for_function(IN_VIEW)
    assert field.bounding_box() == pytest.approx(before, abs=1)


def test_an_answer_from_before_a_key_takes_no_number_back(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence="the clouds", hidden_size=3, by_hand="b_y_t 0")
    field = page.locator("[data-part=by-hand] .matrices input").last
    expect(field).to_have_value("0")
    held: list[Route] = []
    page.route("**/api/weights", lambda route: held.append(route))
    with page.expect_request("**/api/weights"):
        field.focus()
    field.press("ArrowUp")
    expect(field).to_have_value("0.1")
    page.wait_for_function(TOGETHER)
    with page.expect_response("**/api/weights"):
        held.pop().continue_()
    expect(field).to_have_value("0.1")
    field.press("ArrowUp")
    expect(field).to_have_value("0.2")
    page.wait_for_function(TOGETHER)
    assert not held, "each run brings its numbers along"


@pytest.mark.pages
def test_an_address_with_numbers_opens_the_card_and_a_large_network_has_a_way_to_a_small(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, **SMALL, by_hand="W_hh_1_1 0.25")
    card = page.locator("[data-part=by-hand]")
    field = card.get_by_role("spinbutton", name="W_hh, from unit 1 to unit 1")
    expect(field).to_have_value("0.25")
    card.get_by_role("textbox", name="As text").fill("W_hh_1_7 1")
    expect(card.locator(".error")).to_contain_text("no weight of this network")
    card.get_by_role("textbox", name="As text").fill("")
    page.locator("input[type=range][name=hidden_size]").fill("16")
    expect(card).to_contain_text("at most 4 hidden units; this one has 16")
    card.get_by_role("button", name="Use 4 units").click()
    expect(card.get_by_role("spinbutton", name="W_hh, from unit 4 to unit 4")).to_be_visible()
    expect(page).not_to_have_url(re.compile("by_hand"))


@pytest.mark.pages
def test_a_step_of_learning_is_shown_by_timestep_and_taken(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, **SMALL, by_hand="W_hh_1_1 0.25")
    card = page.locator("[data-part=by-hand]")
    field = card.get_by_role("spinbutton", name="W_hh, from unit 1 to unit 1")
    field.click()
    card.get_by_role("checkbox", name="Show one step of learning").check()
    trace = answer(server, **SMALL, by_hand="W_hh_1_1 0.25")
    after = 0.25 - 0.5 * trace["weight_gradients"]["weight_hh_l0"][0][0]
    expect(card.locator("td", has=page.locator("[data-weight=W_hh_1_1]"))).to_contain_text(
        f"→ {after:.4g}"
    )
    expect(card.locator(".update")).to_contain_text(f"= {after:.6f}"[:8])
    assert card.locator(".adds li").count() == len(trace["tokens"])
    card.get_by_role("button", name="Take the step").click()
    expect(field).to_have_value(f"{after:.6g}")
    expect(page).to_have_url(re.compile("W_hy"))
    new = answer(server, **SMALL, by_hand=parse_qs(urlparse(page.url).query)["by_hand"][0])
    assert sum(filter(None, new["losses"])) < sum(filter(None, trace["losses"]))


@pytest.mark.pages
def test_the_card_is_open_in_the_lab_that_a_step_of_learning_leads_to(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/lessons/backwards?step=update")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    page.get_by_role("link", name="Open in the lab").click()
    expect(page.locator("[data-part=by-hand] .matrices input").first).to_be_in_viewport()
