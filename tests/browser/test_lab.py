"""The lab, used as a person uses it."""

import json
import math
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.letters import LETTERS
from tests.browser.rest import at_rest
from tests.browser.views import show_as

SEQUENCES = {
    "English": "the clouds are in the sky",
    "Chinese": "天空中飘着白云",
    "an emoji family": "我爱👨‍👩‍👧🇨🇳 ok",
    "80 characters": "eighty characters in all, with the spaces counted, and one emoji at the end: "
    + "ok!",
}


@pytest.fixture
def lab(page: Page, server: str, complaints: list[str]) -> Page:
    """The lab, open and at rest."""
    return opened(page, server)


def opened(page: Page, server: str, **fields: Any) -> Page:
    """The lab as a later visit finds it."""
    page.goto(f"{server}/?{urlencode(fields)}" if fields else server)
    expect(stage(page)).to_have_attribute("data-state", "done", timeout=20_000)
    return page


def stage(page: Page) -> Locator:
    return page.locator("[data-part=stage]")


def slider(page: Page, name: str = "Recurrent weight scale") -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def gradients(page: Page) -> list[str]:
    return page.locator("[data-timestep]").evaluate_all(
        "columns => columns.map(column => column.dataset.log10Gradient)"
    )


def answer(server: str, **fields: Any) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{server}/api/trace",
        data=json.dumps(fields).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        trace: dict[str, Any] = json.load(response)
    return trace


def as_shown(log10_norms: list[float | None]) -> list[str]:
    return ["-inf" if norm is None else f"{norm:.2f}" for norm in log10_norms]


def test_something_is_seen_at_once_without_reading(lab: Page) -> None:
    expect(lab.locator("[data-timestep]")).to_have_count(24)
    expect(lab.get_by_role("status", name="Verdict")).to_contain_text("vanishes")
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value("the clouds are in the sky")


@combined(sequence=SEQUENCES, scale=[0.5, 1, 3])
def test_the_stage_shows_what_the_engine_answers(
    page: Page, server: str, complaints: list[str], sequence: str, scale: float
) -> None:
    opened(page, server, sequence=sequence, recurrent_scale=scale)
    trace = answer(server, sequence=sequence, recurrent_scale=scale)
    assert gradients(page) == as_shown(trace["log10_gradient_norm"])
    tokens = page.locator("[data-timestep] .token").all_text_contents()
    assert [{"space": " "}.get(token, token) for token in tokens] == trace["tokens"]


@combined(
    cell=["rnn", "lstm", "gru", "feedforward"],
    architecture=["many-to-one", "one-to-many", "many-to-many", "encoder-decoder"],
)
def test_every_cell_and_architecture_is_shown_as_the_engine_has_it(
    page: Page, server: str, complaints: list[str], cell: str, architecture: str
) -> None:
    opened(page, server, cell=cell, architecture=architecture)
    trace = answer(server, cell=cell, architecture=architecture)
    assert gradients(page) == as_shown(trace["log10_gradient_norm"])


def test_a_typed_sequence_is_unrolled_as_it_is_typed(lab: Page, server: str) -> None:
    box = lab.get_by_role("textbox", name="Sequence")
    box.fill("")
    box.press_sequentially("云在天空里👨‍👩‍👧!", delay=15)
    expect(lab.locator("[data-timestep]")).to_have_count(6)
    trace = answer(server, sequence="云在天空里👨‍👩‍👧!")
    expect(lab.locator("[data-timestep='6']")).to_have_attribute(
        "data-log10-gradient", as_shown(trace["log10_gradient_norm"])[5]
    )
    assert gradients(lab) == as_shown(trace["log10_gradient_norm"])


@pytest.mark.layout
def test_words_are_segmented_in_chinese_too(lab: Page) -> None:
    lab.get_by_role("radio", name="Words").check(force=True)
    lab.get_by_role("textbox", name="Sequence").fill("云在天空里 the sky")
    expect(lab.locator("[data-timestep] .token")).to_have_text(["云", "在", "天空", "里", "the"])


def test_the_gradient_follows_the_thumb(lab: Page, server: str) -> None:
    for scale, verdict in ((0.5, "vanishes"), (3, "explodes")):
        slider(lab).fill(str(scale))
        expect(lab.get_by_role("status", name="Verdict")).to_contain_text(verdict)
        trace = answer(server, recurrent_scale=scale)
        assert gradients(lab) == as_shown(trace["log10_gradient_norm"])


@pytest.mark.pages
def test_a_fast_drag_ends_on_its_last_value(lab: Page, server: str) -> None:
    thumb = slider(lab)
    box = thumb.bounding_box()
    assert box
    lab.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    lab.mouse.down()
    lab.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=60)
    lab.mouse.up()
    scale = float(thumb.input_value())
    assert scale > 3
    expected = as_shown(answer(server, recurrent_scale=scale)["log10_gradient_norm"])
    expect(lab.locator("[data-timestep='1']")).to_have_attribute("data-log10-gradient", expected[0])
    assert gradients(lab) == expected


def test_without_memory_no_gradient_reaches_back(lab: Page) -> None:
    lab.get_by_role("radio", name="No memory").check(force=True)
    expect(lab.locator("[data-timestep='1']")).to_have_attribute("data-log10-gradient", "-inf")
    expect(lab.get_by_role("status", name="Verdict")).to_contain_text("Without recurrent weights")


@pytest.mark.usefixtures("clock")
def test_play_walks_forward_then_meets_the_loss_then_walks_back(page: Page, server: str) -> None:
    opened(page, server, sequence="abcd")
    page.evaluate(
        """() => {
          window.states = [];
          const stage = document.querySelector("[data-part=stage]");
          new MutationObserver(() => window.states.push(stage.dataset.state))
            .observe(stage, { attributeFilter: ["data-state"] });
        }"""
    )
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.clock.run_for(20_000)
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    states = page.evaluate("() => window.states.filter((s, i, all) => s !== all[i - 1])")
    assert states == ["idle", "forward", "loss", "backward", "done"]


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_pause_stops_the_walk(page: Page, server: str, complaints: list[str]) -> None:
    lab = opened(page, server)
    lab.get_by_role("button", name="Play").click()
    expect(stage(lab)).to_have_attribute("data-state", "forward")
    lab.get_by_role("button", name="Pause").click()
    timeline = slider(lab, "Timeline")
    position = timeline.input_value()
    at_rest(lab)
    assert timeline.input_value() == position


def test_stepping_and_scrubbing_reach_every_phase(lab: Page) -> None:
    lab.get_by_role("button", name="Restart").click()
    expect(stage(lab)).to_have_attribute("data-state", "idle")
    lab.get_by_role("button", name="Step forward").click()
    expect(stage(lab)).to_have_attribute("data-state", "forward")
    expect(lab.get_by_role("heading", name="Timestep t = 1")).to_be_visible()
    timeline = slider(lab, "Timeline")
    timeline.fill("25")
    expect(stage(lab)).to_have_attribute("data-state", "loss")
    timeline.fill("26")
    expect(stage(lab)).to_have_attribute("data-state", "backward")
    lab.get_by_role("button", name="Step back").click()
    expect(stage(lab)).to_have_attribute("data-state", "loss")


@pytest.mark.pages
def test_the_playhead_stays_at_the_loss_while_the_sequence_changes(lab: Page) -> None:
    slider(lab, "Timeline").fill("25")
    lab.get_by_role("textbox", name="Sequence").press_sequentially("!")
    expect(lab.locator("[data-timestep]")).to_have_count(25)
    expect(stage(lab)).to_have_attribute("data-state", "loss")
    lab.get_by_role("radio", name="Encoder-decoder").check(force=True)
    expect(lab.locator("[data-timestep]")).not_to_have_count(25)
    expect(stage(lab)).to_have_attribute("data-state", "loss")


def test_a_click_on_a_timestep_shows_it_in_numbers(lab: Page, server: str) -> None:
    lab.locator("[data-timestep='24']").click()
    detail = lab.locator("[data-part=detail]")
    expect(detail.get_by_role("heading", name="Timestep t = 24")).to_be_visible()
    trace = answer(server)
    likeliest = sorted(trace["probabilities"][23], reverse=True)[:5]
    shown = detail.locator(".outputs .p").all_text_contents()
    assert [float(p.rstrip("%")) / 100 for p in shown] == pytest.approx(likeliest, abs=0.00051)
    norm = detail.locator("dt", has_text="Its norm").locator("+ dd").inner_text()
    expected = 10 ** trace["log10_gradient_norm"][23]
    assert float(norm) == pytest.approx(expected, rel=0.05)


def test_the_address_keeps_the_experiment_through_reload_and_back(lab: Page) -> None:
    lab.get_by_role("radio", name="LSTM").check(force=True)
    expect(lab).to_have_url(re.compile("cell=lstm"))
    lab.get_by_role("textbox", name="Sequence").fill("天空 & 100%?")
    expect(lab).to_have_url(re.compile("sequence="))
    assert parse_qs(urlsplit(lab.url).query) == {"cell": ["lstm"], "sequence": ["天空 & 100%?"]}
    lab.reload()
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value("天空 & 100%?")
    expect(lab.get_by_role("radio", name="LSTM")).to_be_checked()
    expect(lab.locator("[data-timestep]")).to_have_count(9)
    lab.go_back()
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value("the clouds are in the sky")
    expect(lab.get_by_role("radio", name="LSTM")).to_be_checked()
    expect(lab.locator("[data-timestep]")).to_have_count(24)


def test_a_bad_sequence_is_explained_beside_the_field_and_the_picture_stays(lab: Page) -> None:
    before = gradients(lab)
    box = lab.get_by_role("textbox", name="Sequence")
    for sequence, words in (("", "is empty"), ("a", "has one token"), ("ab" * 1001, "2002 tokens")):
        box.fill(sequence)
        expect(lab.locator("#sequence-error")).to_contain_text(words)
        expect(box).to_have_attribute("aria-invalid", "true")
        assert gradients(lab) == before
    box.fill("ok then")
    expect(lab.locator("#sequence-error")).to_be_hidden()
    expect(lab.locator("[data-timestep]")).to_have_count(6)


@pytest.mark.pages
def test_half_a_character_is_refused_in_words(lab: Page) -> None:
    lab.get_by_role("textbox", name="Sequence").evaluate(
        """box => { box.value = "ab\\ud800";
        box.dispatchEvent(new InputEvent("input", { bubbles: true })); }"""
    )
    expect(lab.locator("#sequence-error")).to_contain_text("(U+D800) at position 3")


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_letters_under_composition_are_not_the_sequence_yet(
    page: Page, server: str, complaints: list[str]
) -> None:
    lab = opened(page, server)
    field = lab.get_by_role("textbox", name="Sequence")
    field.fill("")
    expect(lab.locator("#sequence-error")).to_be_visible()
    hands = lab.context.new_cdp_session(lab)
    for letters in ("n", "ni", "ni h", "ni hao"):
        hands.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
        at_rest(lab)
        expect(field).to_have_value(letters)
    expect(lab.locator("#sequence-error")).to_be_visible()
    hands.send("Input.insertText", {"text": "你好你好"})
    expect(lab.locator("#sequence-error")).to_be_hidden()
    expect(field).to_have_value("你好你好")
    expect(lab.locator("[data-timestep='2'] .token")).to_have_text("好")


@pytest.mark.pages
def test_a_number_out_of_its_range_names_the_range(lab: Page) -> None:
    field = lab.get_by_role("spinbutton", name="Hidden units")
    error = lab.locator("#hidden_size-error")
    for value in ("", "513", "2.5", "-1"):
        field.fill(value)
        expect(error).to_contain_text("from 1 to 512")
        field.fill("16")
        expect(error).to_be_hidden()


def test_a_link_with_an_unknown_cell_explains_itself_and_still_shows_a_network(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/?cell=perceptron")
    expect(page.locator("#cell-error")).to_contain_text("perceptron")
    expect(page.locator("[data-timestep]")).to_have_count(24)


def test_a_state_that_overflows_is_told_and_not_shown_as_nan(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, activation="relu", recurrent_scale=10, sequence="ab" * 250)
    expect(page.get_by_role("status", name="Verdict")).to_contain_text("Overflow")
    assert "NaN" not in page.locator("body").inner_text()


@pytest.mark.delivery
def test_the_largest_experiment_arrives_and_can_be_interrupted(
    page: Page, server: str, complaints: list[str]
) -> None:
    fields = {"sequence": "ab" * 1000, "hidden_size": 512, "recurrent_scale": 10, "cell": "lstm"}
    page.goto(f"{server}/?{urlencode(fields)}")
    expect(page.locator("[data-timestep]")).to_have_count(1999, timeout=30_000)
    page.get_by_role("textbox", name="Sequence").fill("short again")
    expect(page.locator("[data-timestep]")).to_have_count(10, timeout=30_000)


def test_a_lost_connection_is_mended(page: Page, server: str, complaints: list[str]) -> None:
    sockets = []
    page.route_web_socket(
        re.compile("/api/stream"), lambda ws: sockets.append((ws, ws.connect_to_server()))
    )
    opened(page, server)
    for side in sockets[-1]:
        side.close()
    slider(page).fill("0.5")
    expect(page.locator("#notice")).to_be_hidden()
    trace = answer(server, recurrent_scale=0.5)
    expect(page.locator("[data-timestep='1']")).to_have_attribute(
        "data-log10-gradient", as_shown(trace["log10_gradient_norm"])[0]
    )


@pytest.mark.pages
def test_both_charts_are_drawn_with_the_engines_numbers(
    page: Page, server: str, complaints: list[str]
) -> None:
    lab = opened(page, server, architecture="many-to-many")
    trace = answer(server, architecture="many-to-many")
    for tab, chart in (("Gradient matrix", "gradient_matrix"), ("Hidden states", "hidden_states")):
        lab.get_by_role("tab", name=tab).click()
        plot = lab.locator(f"#chart-{chart} .js-plotly-plot")
        expect(plot.locator(".heatmaplayer image")).to_be_visible(timeout=20_000)
        z = plot.evaluate("plot => plot.data[0].z.map(row => Array.from(row))")
        if chart == "hidden_states":
            expected = [list(unit) for unit in zip(*trace["hidden"], strict=True)]
        else:
            z, expected = z[-1:], [trace["log10_share"]]
        for row, expected_row in zip(z, expected, strict=True):
            assert row == pytest.approx(expected_row, rel=1e-6, abs=1e-6)


def test_everything_works_by_keyboard_alone(lab: Page) -> None:
    box = lab.get_by_role("textbox", name="Sequence")
    box.focus()
    lab.keyboard.press("Tab")
    lab.keyboard.press("ArrowRight")
    expect(lab.get_by_role("radio", name="Words")).to_be_checked()
    lab.keyboard.press("Tab")
    lab.keyboard.press("ArrowRight")
    expect(lab.get_by_role("radio", name="LSTM")).to_be_checked()
    slider(lab).focus()
    before = slider(lab).input_value()
    lab.keyboard.press("ArrowRight")
    assert float(slider(lab).input_value()) > float(before)
    expect(lab.locator("[data-timestep]")).to_have_count(5)
    lab.locator("[data-timestep][tabindex='0']").focus()
    lab.keyboard.press("End")
    expect(lab.locator("[data-timestep]").last).to_be_focused()
    lab.keyboard.press("ArrowLeft")
    expect(lab.get_by_role("heading", name="Timestep t = 4")).to_be_visible()
    lab.get_by_role("button", name="Step back").focus()
    lab.keyboard.press("Enter")
    expect(stage(lab)).to_have_attribute("data-state", "backward")
    lab.get_by_role("tab", name="Step factors").focus()
    lab.keyboard.press("ArrowRight")
    expect(lab.get_by_role("tab", name="Hidden states")).to_have_attribute("aria-selected", "true")


@pytest.mark.layout
@combined(
    width=[1440, 1280, 390],
    sequence={"5": "short", "80": SEQUENCES["80 characters"], "2000": "ab" * 1000},
    letters=LETTERS,
)
def test_nothing_is_wider_than_the_window(
    page: Page, server: str, complaints: list[str], width: int, sequence: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, server, sequence=sequence)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@combined(scheme=["light", "dark"], width=[1440, 390])
def test_axe_finds_nothing(page: Page, server: str, scheme: Any, width: int) -> None:
    show_as(page, scheme, width, 900)
    opened(page, server)
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=20_000)
    if width == 390:
        page.get_by_role("button", name="All settings").click()
    page.get_by_role("spinbutton", name="Hidden units").fill("0")
    expect(page.locator("#hidden_size-error")).to_be_visible()
    assert_accessible(page)


@pytest.mark.pages
@pytest.mark.parametrize(
    ("motion", "states"), [("no-preference", ["loss", "backward", "done"]), ("reduce", ["done"])]
)
def test_the_gradient_flows_back_once_on_opening_unless_motion_is_unwelcome(
    borrow: Callable[..., Page], server: str, motion: Any, states: list[str]
) -> None:
    page = borrow(reduced_motion=motion)
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.states = [];
          const stage = document.querySelector("[data-part=stage]");
          new MutationObserver(() => window.states.push(stage.dataset.state))
            .observe(stage, { attributeFilter: ["data-state"] });
        })"""
    )
    opened(page, server)
    seen = page.evaluate("() => window.states.filter((s, i, all) => s !== all[i - 1])")
    assert [state for state in seen if state not in ("idle", "forward")][-len(states) :] == states
    assert ("backward" in seen) == ("backward" in states)


def test_dark_and_light_differ_and_the_stage_follows(page: Page, server: str) -> None:
    page.emulate_media(color_scheme="light")
    opened(page, server)
    pixels = "() => document.querySelector('[data-part=stage] canvas').toDataURL()"
    light = page.evaluate(pixels)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => ({pixels})() !== light", arg=light)


@pytest.mark.pages
def test_log_norms_keep_their_sign_beyond_floating_point(page: Page, server: str) -> None:
    opened(page, server, sequence="ab" * 1000, recurrent_scale=0.1, activation="identity")
    first = float(gradients(page)[0])
    assert first < -1900
    assert math.isfinite(first)
