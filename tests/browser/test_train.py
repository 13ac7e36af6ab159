"""The page of training, used as a person uses it."""

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.conftest import PHONE
from tests.browser.letters import LETTERS
from tests.browser.rest import animated, at_rest
from tests.browser.test_exports import saved
from tests.browser.test_lab import slider
from tests.browser.views import show_as
from unrolled import engine
from unrolled.app.i18n.catalog import catalog

SMALL = {"length": 8, "hidden_size": 8, "steps": 60}
LONG = {"length": 10, "hidden_size": 8, "steps": 100_000}
DIVERGING = {
    "task": "adding",
    "optimizer": "sgd",
    "learning_rate": 300,
    "clip_norm": 0,
    "activation": "relu",
    "recurrent_scale": 2,
    "cells": "rnn",
}


def opened(page: Page, server: str, **fields: Any) -> Page:
    page.goto(f"{server}/train?{urlencode(fields)}" if fields else f"{server}/train")
    expect(page.locator(".network").first).to_be_visible()
    return page


def transport(page: Page, state: str) -> None:
    expect(page.locator("#transport")).to_have_attribute("data-state", state, timeout=60_000)


def trained(page: Page, server: str, **fields: Any) -> Page:
    """A run that has come to its end."""
    opened(page, server, **fields)
    button(page, "Start").click()
    transport(page, "over")
    return page


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def network(page: Page, cell: str) -> Locator:
    return page.locator(f".network[data-cell={cell}]")


def steps(page: Page, cell: str = "rnn") -> int:
    return int(network(page, cell).get_attribute("data-step") or 0)


def goes_on(page: Page) -> None:
    """More steps are trained."""
    at = network(page, "rnn").element_handle()
    before = steps(page)
    page.wait_for_function("([at, before]) => at.dataset.step > before", arg=[at, before])


def run_of(cell: str, task: str = "recall", **fields: Any) -> engine.TrainingRun:
    """The page's plan, trained by the engine alone."""
    return engine.TrainingRun(engine.Training(task, cell=cell, **fields))


def records(cell: str, **fields: Any) -> list[engine.TrainingStep]:
    return list(run_of(cell, **fields).steps())


@pytest.mark.delivery
def test_the_first_run_shows_that_the_rnn_does_not_learn_what_the_lstm_does(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server)
    expect(network(page, "rnn").locator(".sentence")).to_have_text(
        "After 600 steps the RNN is no better than guessing: "
        "it has not learnt to bridge 20 timesteps."
    )
    expect(network(page, "lstm").locator(".sentence")).to_contain_text("has learnt to bridge 20")
    expect(network(page, "rnn").locator(".window")).to_contain_text(re.compile(r"arrives \d "))
    expect(network(page, "lstm").locator(".window")).to_contain_text("over all 19 timesteps")


def test_the_picture_holds_the_engines_numbers(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn,gru", **SMALL)
    for cell in ("rnn", "gru"):
        expected = records(cell, **SMALL)
        grid = network(page, cell).get_by_role("grid")
        grid.focus()
        grid.press("Home")
        for step, distance, keys in (
            (1, 0, ["Control+Home"]),
            (2, 1, ["ArrowRight", "ArrowUp"]),
            (27, 1, ["PageUp"]),
            (60, 7, ["End", "Control+End"]),
        ):
            for key in keys:
                grid.press(key)
            norms = expected[step - 1].log10_norm_by_distance
            expect(grid).to_have_attribute("data-step", str(step))
            expect(grid).to_have_attribute("data-distance", str(distance))
            shown = float(grid.get_attribute("data-log10-share") or "nan")
            assert shown == pytest.approx(norms[distance] - norms[0], abs=0.0051)
            expect(network(page, cell).locator(".place")).to_contain_text(
                f"After {step - 1} steps,"
            )


def test_a_run_pauses_takes_single_steps_goes_on_and_stops(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **LONG)
    button(page, "Start").click()
    transport(page, "running")
    expect(network(page, "rnn")).to_have_attribute("data-step", re.compile(r"\d{2,}"))
    button(page, "Pause").click()
    transport(page, "paused")
    alone = 0  # presses in a row that took one step; what was on its way at the pause comes first
    while alone < 2:
        alone = alone + 1 if pressed(page, "Step") == 1 else 0
    button(page, "Resume").click()
    transport(page, "running")
    goes_on(page)
    button(page, "Stop").click()
    transport(page, "over")
    expect(network(page, "rnn")).to_have_attribute("data-state", "stopped")
    expect(button(page, "Pause")).to_be_disabled()


def pressed(page: Page, name: str) -> int:
    """How many steps the network has taken once it has answered to a button."""
    before = steps(page)
    button(page, name).click()
    expect(network(page, "rnn")).not_to_have_attribute("data-step", str(before))
    return steps(page) - before


@pytest.mark.pages
def test_a_step_at_the_start_trains_one_step(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, **LONG)
    button(page, "Step").click()
    for cell in ("rnn", "lstm"):
        expect(network(page, cell)).to_have_attribute("data-step", "1")
    transport(page, "paused")


def test_a_click_opens_the_lab_with_the_weights_of_that_moment(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn,gru", **SMALL)
    expect(network(page, "gru").locator(".open")).to_contain_text("after 60 steps ")
    grid = network(page, "gru").get_by_role("grid")
    box = grid.bounding_box()
    assert box
    with page.context.expect_page() as popup:
        grid.click(position={"x": box["width"] / 2, "y": 30})
    step = int(grid.get_attribute("data-step") or 0)
    assert 20 < step < 40
    lab = popup.value
    expect(lab).to_have_url(re.compile(rf"\?checkpoint=[0-9a-f]{{32}}-{step - 1}$"))
    expect(lab.locator("[data-part=stage]")).to_have_attribute("data-state", "done", timeout=20_000)
    run = run_of("gru", **SMALL)
    for record in run.steps():
        if record.step == step - 1:
            break
    trace = engine.trace_of(run.checkpoint().experiment())
    shown = lab.locator("[data-timestep]").evaluate_all(
        "columns => columns.map(column => Number(column.dataset.log10Gradient))"
    )
    assert shown == pytest.approx(trace.log10_gradient_norm.tolist(), abs=0.0051)
    expect(lab.locator("[data-part=trained]")).to_contain_text(
        f"GRU after {step - 1} training steps"
    )
    table = saved(lab, "link", "Table (CSV)").read_text(encoding="utf-8-sig")
    norms = [float(row["log10_gradient_norm"]) for row in csv.DictReader(io.StringIO(table))]
    assert norms == trace.log10_gradient_norm.tolist()
    for hidden in ("cell", "tokens", "hidden_size", "seed", "architecture"):
        expect(lab.locator(f"[data-field={hidden}]")).to_be_hidden()
    lab.get_by_role("textbox", name="Sequence").fill("Bxyz")
    slider(lab).fill("0.5")
    expect(lab.locator("[data-timestep]")).to_have_count(4)
    expect(lab).to_have_url(re.compile(r"recurrent_scale=0\.5&.*checkpoint="))
    lab.get_by_role("textbox", name="Sequence").fill("B!")
    expect(lab.locator("#sequence-error")).to_contain_text("A B C")
    lab.reload()
    expect(lab.locator("[data-part=trained]")).to_contain_text("GRU after")
    animated(lab)
    assert_accessible(lab)


@pytest.mark.pages
def test_a_map_without_a_pointer_says_how_to_read_it(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **SMALL)
    grid = network(page, "rnn").get_by_role("grid")
    expect(grid).to_have_text("Nothing has been trained yet.")
    button(page, "Start").click()
    transport(page, "over")
    expect(grid).to_contain_text("use the arrow keys")
    grid.focus()
    expect(grid).to_contain_text("After 0 steps, 0 timesteps before the loss")
    button(page, "Start again").focus()
    expect(grid).to_contain_text("use the arrow keys")


@pytest.mark.pages
def test_the_moment_that_is_chosen_by_keyboard_stays_on_the_way_to_its_link(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn,gru", **SMALL)
    network(page, "rnn").get_by_role("grid").focus()
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    page.keyboard.press("Tab")
    link = network(page, "rnn").get_by_role("link")
    expect(link).to_be_focused()
    expect(link).to_contain_text("after 25 steps ")
    with page.context.expect_page() as popup:
        page.keyboard.press("Enter")
    expect(popup.value).to_have_url(re.compile("checkpoint=.*-25$"))
    network(page, "gru").get_by_role("grid").focus()
    expect(link).to_contain_text("after 60 steps ")


@pytest.mark.layout
def test_the_moment_that_is_touched_is_the_one_that_opens(
    borrow: Callable[..., Page], server: str
) -> None:
    page = trained(borrow(**PHONE), server, cells="rnn", **SMALL)
    grid = network(page, "rnn").get_by_role("grid")
    box = grid.bounding_box()
    assert box
    grid.tap(position={"x": box["width"] / 2, "y": 30})
    step = int(grid.get_attribute("data-step") or 0)
    assert 20 < step < 40
    network(page, "rnn").get_by_role("heading", name="Three examples").tap()
    link = network(page, "rnn").get_by_role("link", name=f"after {step - 1} steps ")
    with page.context.expect_page() as popup:
        link.tap()
    expect(popup.value).to_have_url(re.compile(f"checkpoint=.*-{step - 1}$"))


@pytest.mark.pages
def test_a_network_that_is_not_kept_is_told_with_a_way_to_train_one(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/?checkpoint=unknown-5")
    expect(page.locator("[data-part=trained]")).to_contain_text("no longer kept")
    expect(page.locator("[data-part=trained] a")).to_have_attribute("href", "./train")
    expect(page.locator("[data-timestep]")).to_have_count(24)


def test_a_divergence_stays_to_be_seen_at_its_step(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, **DIVERGING)
    fields = {name: value for name, value in DIVERGING.items() if name != "cells"}
    last = records("rnn", **fields)[-1]
    assert last.diverged
    rnn = network(page, "rnn")
    expect(rnn).to_have_attribute("data-state", "diverged")
    expect(rnn).to_have_attribute("data-step", str(last.step))
    expect(rnn.locator(".sentence")).to_contain_text(f"At step {last.step} the {last.diverged}")
    expect(rnn.locator(".sentence")).to_contain_text("Clip")


def test_the_learning_rate_changes_while_it_trains(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **LONG)
    button(page, "Start").click()
    transport(page, "running")
    page.get_by_role("spinbutton", name="Learning rate: type a value").fill("1e9")
    expect(page.locator(".again")).to_be_hidden()
    slider(page, "Hidden units").fill("9")
    expect(page.locator(".again")).to_be_visible()
    button(page, "Stop").click()
    transport(page, "over")


@pytest.mark.pages
def test_a_run_is_told_of_every_way_in_which_its_learning_rate_changes(
    page: Page, server: str, complaints: list[str]
) -> None:
    told: list[float] = []

    def listen(payload: str | bytes) -> None:
        order = json.loads(payload)
        if order.get("do") == "change":
            told.append(order["learning_rate"])

    page.on("websocket", lambda socket: socket.on("framesent", listen))
    opened(page, server, cells="rnn", **LONG)
    button(page, "Start").click()
    expect(network(page, "rnn")).to_have_attribute("data-step", re.compile(r"\d"))
    rate = page.get_by_role("spinbutton", name="Learning rate: type a value")
    usual = float(rate.input_value())
    rate.fill("0.5")
    expect(page).to_have_url(re.compile("learning_rate=0.5"))
    page.go_back()
    expect(rate).to_have_value(str(usual))
    page.go_forward()
    expect(rate).to_have_value("0.5")
    button(page, "Reset the settings").click()
    expect(rate).to_have_value(str(usual))
    assert told == [0.5, usual, 0.5, usual]
    rate.fill("1e10")
    expect(page).to_have_url(re.compile("learning_rate=1"))
    expect(page.locator("#learning_rate-error")).to_be_visible()
    page.go_back()
    expect(page.locator("#learning_rate-error")).to_be_hidden()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"learning_rate": 1e10}, "learning_rate", "from 0 to"),
        ({"hidden_size": 0}, "hidden_size", "from 1 to"),
        ({"length": 5000}, "length", "to 500"),
        ({"task": "chess"}, "task", "chess"),
        ({"task": "text", "examples": "ab"}, "examples", "2 characters"),
        ({"task": "examples", "examples": "cat => cats"}, "examples", "two lines"),
    ],
)
def test_an_invalid_training_is_told_at_its_field(
    page: Page, server: str, complaints: list[str], fields: Any, field: str, words: str
) -> None:
    opened(page, server, **fields)
    button(page, "Start").click()
    expect(page.locator(f"#{field}-error")).to_contain_text(words)
    transport(page, "idle")


@pytest.mark.pages
@pytest.mark.parametrize(
    ("width", "fields", "words"),
    [
        (390, {"task": "adding", "length": 500, "hidden_size": 256, "batch_size": 256}, "work"),
        (1280, {"hidden_size": 0, "view": "projector"}, "from 1 to"),
    ],
)
def test_an_invalid_training_is_told_where_its_field_is_not_shown(
    page: Page, server: str, complaints: list[str], width: int, fields: Any, words: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, server, cells="lstm", **fields)
    button(page, "Start").click()
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#notice")).to_contain_text(words)
    expect(page.locator("[data-part=status]")).not_to_contain_text("Training")
    transport(page, "idle")
    expect(button(page, "Start")).to_be_focused()


@pytest.mark.pages
def test_a_start_that_is_refused_ends_the_run_that_there_was_and_leaves_it_to_be_seen(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **LONG)
    button(page, "Start").click()
    expect(page.locator("[data-part=status]")).to_contain_text("Training RNN")
    expect(network(page, "rnn")).to_have_attribute("data-step", re.compile(r"\d"))
    page.get_by_role("spinbutton", name="Hidden units: type a value").fill("0")
    button(page, "Start again").click()
    expect(page.locator("#hidden_size-error")).to_be_visible()
    transport(page, "over")
    expect(page.locator("[data-part=status]")).not_to_contain_text("Training")
    expect(page.locator(".count")).to_contain_text("of 100,000")
    expect(network(page, "rnn").get_by_role("link")).to_be_visible()


def test_ones_own_examples_are_learnt_or_refused(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="gru", steps=60, hidden_size=8)
    page.get_by_role("combobox", name="Task").select_option("examples")
    box = page.get_by_role("textbox", name="Your text, or your examples")
    expect(box).to_have_value(re.compile("=>"))
    box.fill("a b => b a\nb b => b b\nb a => a b")
    button(page, "Start").click()
    transport(page, "over")
    expect(network(page, "gru").locator(".answers li")).to_have_count(3)
    expect(page).to_have_url(re.compile("examples=a"))
    box.fill("x" * 300_000)
    button(page, "Start again").click()
    expect(page.locator("#examples-error")).to_contain_text("bytes")
    box.fill("a b => b a\nb b => b b")
    button(page, "Start again").click()
    transport(page, "over")
    expect(page.locator("#examples-error")).to_be_hidden()


@pytest.mark.pages
def test_a_text_too_long_for_the_address_outlives_back_and_a_reload(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, task="text", cells="rnn")
    box = page.get_by_role("textbox", name="Your text, or your examples")
    default, long, other = box.input_value(), "to be or not to be " * 200, "the sea is wide " * 200
    for text in (long, other):
        visited = page.evaluate("history.length")
        box.fill(text)
        page.wait_for_function("visited => history.length > visited", arg=visited)
    slider(page, "Hidden units").fill("9")
    expect(page).to_have_url(re.compile("hidden_size=9"))
    page.reload()
    expect(box).to_have_value(other)
    for text in (other, long, default):
        page.go_back()
        expect(box).to_have_value(text)
    page.go_forward()
    expect(box).to_have_value(long)


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_a_text_box_that_is_emptied_stays_empty_until_it_is_left(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, task="text", cells="rnn")
    box = page.get_by_role("textbox", name="Your text, or your examples")
    default = box.input_value()
    assert default
    box.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    at_rest(page)
    expect(box).to_have_value("")
    page.keyboard.type("abc ")
    expect(box).to_have_value("abc ")
    for _ in "abc ":
        page.keyboard.press("Backspace")
    expect(box).to_have_value("")
    page.keyboard.press("Tab")
    expect(box).to_have_value(default)


@pytest.mark.parametrize("task", engine.TASKS)
def test_every_task_is_trained_and_its_answers_shown(
    page: Page, server: str, complaints: list[str], task: str
) -> None:
    trained(page, server, task=task, cells="gru", steps=5, hidden_size=8)
    gru = network(page, "gru")
    expect(gru).to_have_attribute("data-step", "5")
    for prediction in gru.locator(".answers span.prediction").all():
        expect(prediction).not_to_be_empty()
    with page.context.expect_page() as popup:
        gru.get_by_role("link", name="Open the network").click()
    lab = popup.value
    expect(lab.locator("[data-part=stage]")).to_have_attribute("data-state", "done", timeout=20_000)
    expect(lab.locator("[data-part=verdict]")).not_to_contain_text("Only one symbol")


@pytest.mark.pages
@pytest.mark.parametrize("task", ["adding", "glyph"])
def test_the_input_of_an_example_is_shown_whole(
    page: Page, server: str, complaints: list[str], task: str
) -> None:
    trained(page, server, task=task, cells="rnn,lstm,gru", steps=5, hidden_size=8)
    for read in network(page, "gru").locator(".read").all():
        assert read.evaluate("node => node.scrollWidth <= node.clientWidth")
        if task == "adding":
            assert read.inner_text().count("^") == 2


POEM = "the sun is up and the sea is wide\nthe bird sings and the wind blows " * 4
WRITING = {"task": "text", "examples": POEM, "length": 12, "hidden_size": 12, "steps": 80}


def written(
    cell: str,
    step: int,
    start: str = "",
    temperature: float = 1,
    seed: int = 0,
    noise: int | None = None,
) -> str:
    """Return the text of the page's network, by the engine alone."""
    run, network = writer(cell, step, seed)
    rng = np.random.default_rng(seed if noise is None else noise)
    return start + engine.sample(network, run.task, start, 120, temperature, rng)


@cache
def writer(cell: str, step: int, seed: int) -> tuple[engine.TrainingRun, engine.Network]:
    fields = {name: value for name, value in WRITING.items() if name != "task"}
    run = run_of(cell, "text", **fields, seed=seed)
    for _, _ in zip(range(step), run.steps(), strict=False):
        pass
    return run, run.checkpoint().network


def writes(page: Page, cell: str, text: str) -> None:
    """To the letter: the spaces too, and the ends of lines by their name."""
    language = page.locator("html").get_attribute("lang") or ""
    text = text.replace("\n", catalog(language)["sign.000A"])
    node = network(page, cell).locator(".written")
    expect(node).to_have_text(text)
    assert node.text_content() == text


def test_a_network_of_a_text_writes_what_the_engine_draws(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn,lstm", seed=3, **WRITING)
    for cell in ("rnn", "lstm"):
        writes(page, cell, written(cell, 80, seed=3))
        expect(network(page, cell).locator(".by")).to_have_text("after 80 steps")
    temperature = slider(page, "Temperature")
    temperature.fill("0")
    for cell in ("rnn", "lstm"):
        writes(page, cell, written(cell, 80, temperature=0, seed=3))
    temperature.press("ArrowRight")
    writes(page, "rnn", written("rnn", 80, temperature=0.1, seed=3))
    page.get_by_role("textbox", name="Begin with").fill("the ")
    for cell in ("rnn", "lstm"):
        writes(page, cell, written(cell, 80, "the ", 0.1, seed=3))
        expect(network(page, cell).locator(".given")).to_have_text("the ")
    expect(page).to_have_url(re.compile(r"start=the\+&.*temperature=0\.1$"))
    page.reload()
    expect(page.get_by_role("textbox", name="Begin with")).to_have_value("the ")
    expect(temperature).to_have_value("0.1")
    transport(page, "over")  # the run is found again
    writes(page, "lstm", written("lstm", 80, "the ", 0.1, seed=3))


@pytest.mark.pages
def test_another_text_is_drawn_with_the_next_noise_the_same_for_every_network(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn,lstm", seed=3, **WRITING)
    another = button(page, "Another text, drawn with other noise")
    expect(another).to_be_disabled()
    button(page, "Start").click()
    transport(page, "over")
    for cell in ("rnn", "lstm"):
        writes(page, cell, written(cell, 80, seed=3))
    for noise in (4, 5):
        another.click()
        for cell in ("rnn", "lstm"):
            writes(page, cell, written(cell, 80, seed=3, noise=noise))
    slider(page, "Temperature").fill("0")
    expect(another).to_be_disabled()
    slider(page, "Temperature").fill("1")
    button(page, "Start again").click()
    transport(page, "over")
    writes(page, "rnn", written("rnn", 80, seed=3))


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_letters_under_composition_are_not_examples_yet(
    page: Page, server: str, complaints: list[str]
) -> None:
    asked: list[dict[str, Any]] = []
    trained(page, server, cells="rnn", **WRITING)
    writes(page, "rnn", written("rnn", 80))
    page.on(
        "request",
        lambda r: asked.append(r.post_data_json) if r.url.endswith("/api/sample") else None,
    )
    field = page.get_by_role("textbox", name="Begin with")
    field.focus()
    hands = page.context.new_cdp_session(page)
    for letters in ("z", "zh", "zhe"):
        hands.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
        page.mouse.wheel(0, 1)
        at_rest(page)
        expect(field).to_have_value(letters)
        expect(page.locator("#start-error")).to_be_hidden()
    assert asked == []
    hands.send("Input.insertText", {"text": "the "})
    writes(page, "rnn", written("rnn", 80, "the "))
    assert [each["start"] for each in asked] == ["the "]


@pytest.mark.layout
def test_a_touch_is_told_of_no_keys(borrow: Callable[..., Page], server: str) -> None:
    page = trained(borrow(**PHONE), server, cells="rnn", task="recall", **SMALL)
    expect(network(page, "rnn").locator(".place")).to_contain_text("Tap a moment to read it")


def test_pointing_at_a_moment_shows_what_its_weights_wrote(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="gru", **WRITING)
    writes(page, "gru", written("gru", 80))
    grid = network(page, "gru").get_by_role("grid")
    grid.focus()
    for key, step in (("Home", 0), ("PageUp", 25)):
        grid.press(key)
        writes(page, "gru", written("gru", step))
        expect(network(page, "gru").locator(".writing")).to_have_attribute("data-step", str(step))
    button(page, "Start again").focus()
    writes(page, "gru", written("gru", 80))


@pytest.mark.pages
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The beginning has z, which this task does not know"), ("zh-CN", "开头里有 z")],
)
def test_a_start_that_the_text_cannot_have_is_told_at_its_field_and_loses_nothing(
    page: Page, server: str, language: str, words: str
) -> None:
    opened(page, server, cells="rnn", lang=language, **WRITING)
    page.locator("[data-part=start]").click()
    writes(page, "rnn", written("rnn", 80))
    start = page.locator("#start-with")
    start.fill("the zoo")
    expect(page.locator("#start-error")).to_contain_text(words)
    expect(start).to_have_attribute("aria-invalid", "true")
    expect(start).to_have_value("the zoo")
    writes(page, "rnn", written("rnn", 80))
    heat = page.locator("[data-field=temperature] .exact")
    start.fill("the ")
    expect(page.locator("#start-error")).to_be_hidden()
    writes(page, "rnn", written("rnn", 80, "the "))
    heat.fill("11")
    expect(page.locator("#temperature-error")).to_contain_text("10")
    heat.fill("0.5")
    writes(page, "rnn", written("rnn", 80, "the ", 0.5))
    expect(page.locator("#temperature-error")).to_be_hidden()


def note(told: list[str], word: str, request: Request) -> None:
    if request.url.endswith("/api/sample"):
        told.append(word)


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_it_writes_anew_while_it_trains_one_text_at_a_time_and_only_in_view(
    page: Page, server: str, complaints: list[str]
) -> None:
    told: list[str] = []
    page.on("request", partial(note, told, "asked"))
    page.on("requestfinished", partial(note, told, "answered"))
    opened(page, server, cells="rnn", **WRITING | {"steps": 100_000})
    button(page, "Start").click()
    node = network(page, "rnn").locator(".writing")
    expect(node).to_have_attribute("data-step", re.compile(r"\d"))
    for _ in range(2):
        shown = node.get_attribute("data-step") or ""
        expect(node).not_to_have_attribute("data-step", shown)
    assert told[:4] == ["asked", "answered"] * 2
    page.set_viewport_size({"width": 1280, "height": 200})
    expect(node).not_to_be_in_viewport()
    at_rest(page)
    asked = len(told)
    goes_on(page)
    at_rest(page)
    assert len(told) == asked
    button(page, "Stop").click()
    transport(page, "over")


@pytest.mark.parametrize("letters", ["wide"])
def test_nothing_moves_when_a_text_comes(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, cells="rnn,lstm,gru", **WRITING)
    curve = network(page, "rnn").locator(".curve")
    place = "node => node.getBoundingClientRect().top + scrollY"
    idle = curve.evaluate(place)
    button(page, "Start").click()
    transport(page, "over")
    for temperature in ("0", "1", "2"):
        slider(page, "Temperature").fill(temperature)
        network(page, "gru").locator(".writing").scroll_into_view_if_needed()
        writes(page, "gru", written("gru", 80, temperature=float(temperature)))
        assert curve.evaluate(place) == idle


@pytest.mark.pages
def test_only_the_networks_of_a_text_write(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, cells="rnn")
    task = page.get_by_role("combobox", name="Task")
    for name in engine.TASKS:
        task.select_option(name)
        shown = page.locator(".voice, .writing").filter(visible=True)
        expect(shown).to_have_count(2 if name == "text" else 0)


@pytest.mark.delivery
def test_two_pages_train_at_once_and_both_go_on(
    page: Page, server: str, complaints: list[str]
) -> None:
    other = page.context.new_page()
    for each in (page, other):
        opened(each, server, cells="rnn", **LONG)
        button(each, "Start").click()
    for each in (page, other):
        expect(network(each, "rnn")).to_have_attribute("data-step", re.compile(r"\d{2,}"))
        goes_on(each)
        button(each, "Pause").click()
        transport(each, "paused")


@pytest.mark.delivery
def test_closing_the_page_ends_its_run_within_a_second(page: Page, serve: Any) -> None:
    server = serve(trainings=1)
    leaving = page.context.new_page()
    for each in (leaving, page):
        opened(each, server, cells="rnn", **LONG)
    button(leaving, "Start").click()
    expect(network(leaving, "rnn")).to_have_attribute("data-step", re.compile(r"\d{2,}"))
    button(page, "Start").click()
    expect(page.locator("#notice")).to_contain_text("Before yours: 0")
    leaving.close()
    expect(network(page, "rnn")).to_have_attribute("data-step", re.compile(r"\d{2,}"))
    expect(page.locator("#notice")).to_be_hidden()


BAD = {
    "ragged": ("the cat => D N\na dog => D N\nit => P\na hen runs => D N", "Line 4"),
    "empty": (" ", "two lines"),
    "10,000 lines": ("\n".join(f"w{i} => {i % 2}" for i in range(10_000)), "10000 lines"),
    "a line longer than a request": ("x" * 300_000 + " => y\nz => w", "bytes"),
    "no arrow": ("cat => cats\ndog", "Line 2"),
}


@combined(name=[*BAD], language=["en", "zh-CN"])
def test_bad_pasted_examples_are_told_in_the_language_of_the_page_and_the_server_lives(
    page: Page, server: str, complaints: list[str], name: str, language: str
) -> None:
    opened(page, server, task="examples", cells="rnn", steps=30, lang=language)
    examples, words = BAD[name]
    box = page.locator("#examples")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", examples)
    box.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+v")
    page.locator("[data-part=start]").click()
    error = page.locator("#examples-error")
    expect(error).to_be_visible()
    chinese = re.search("[\u4e00-\u9fff]", error.inner_text())
    assert bool(chinese) == (language == "zh-CN")
    if language == "en":
        expect(error).to_contain_text(words)
    transport(page, "idle")
    box.fill("a b => b a\nb b => b b", timeout=60_000)  # a browser removes many lines slowly
    page.locator("[data-part=start]").click()
    transport(page, "over")
    expect(error).to_be_hidden()


@pytest.mark.pages
def test_a_learning_rate_of_0_learns_nothing_and_one_of_a_billion_is_shown_as_it_is(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn", learning_rate=0, **SMALL)
    expect(network(page, "rnn")).to_have_attribute("data-step", str(SMALL["steps"]))
    free = {"task": "adding", "optimizer": "sgd", "clip_norm": 0, "activation": "relu"}
    trained(page, server, cells="rnn", learning_rate=1e9, **free)
    expect(network(page, "rnn")).to_have_attribute("data-state", "diverged")
    trained(page, server, cells="lstm", learning_rate=1e9, **SMALL)
    expect(network(page, "lstm").locator(".sentence")).to_contain_text("worse than guessing")


def test_the_address_holds_the_plan(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server)
    page.get_by_role("combobox", name="Task").select_option("copying")
    rate = page.get_by_role("spinbutton", name="Learning rate: type a value")
    expect(rate).to_have_value("0.02")
    page.get_by_role("checkbox", name="GRU", exact=True).check(force=True)
    slider(page, "Learning rate").fill("-2")
    expect(page).to_have_url(re.compile("cells=rnn%2Clstm%2Cgru&learning_rate=0.01&task=copying"))
    page.reload()
    expect(page.locator(".network")).to_have_count(3)
    expect(page.get_by_role("combobox", name="Task")).to_have_value("copying")
    expect(rate).to_have_value("0.01")
    page.get_by_role("combobox", name="Task").select_option("recall")
    expect(rate).to_have_value("0.003")
    page.get_by_role("combobox", name="Task").select_option("copying")
    expect(rate).to_have_value("0.02")
    expect(page).to_have_url(re.compile(r"cells=rnn%2Clstm%2Cgru&task=copying$"))
    page.go_back()
    expect(rate).to_have_value("0.01")
    page.go_back()
    expect(page.locator(".network")).to_have_count(2)


def test_the_keyboard_reaches_and_does_everything(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **SMALL)
    page.keyboard.press("Space")
    transport(page, "over")
    page.locator("[data-part=stop]").evaluate("node => node.focus()")
    page.locator(".reach").focus()
    page.keyboard.press("End")
    with page.context.expect_page() as popup:
        page.keyboard.press("Enter")
    expect(popup.value).to_have_url(re.compile("checkpoint=.*-59$"))
    page.keyboard.press("?")
    expect(page.locator("[data-part=help]")).to_be_visible()


def test_a_network_that_is_added_joins_at_the_next_start(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **LONG)
    gru = page.get_by_role("checkbox", name="GRU", exact=True)
    gru.check(force=True)
    expect(network(page, "gru").locator(".sentence")).to_have_text("Press Start.")
    gru.uncheck(force=True)
    button(page, "Start").click()
    expect(network(page, "rnn")).to_have_attribute("data-step", re.compile(r"\d{2,}"))
    gru.check(force=True)
    expect(network(page, "gru").locator(".sentence")).to_have_text("It joins at the next start.")
    button(page, "Pause").click()
    transport(page, "paused")
    expect(page.locator(".count")).to_contain_text(re.compile(r"^step \d[\d,]+ of 100,000 · .*RNN"))
    page.wait_for_function(
        "step => document.querySelector('progress').value === Number(step.dataset.step)",
        arg=network(page, "rnn").element_handle(),
    )
    button(page, "Resume").click()
    expect(page.locator("[data-part=status]")).to_contain_text("Training goes on.")
    page.get_by_role("checkbox", name="RNN").uncheck(force=True)
    transport(page, "idle")
    expect(page.locator("[data-part=status]")).to_be_empty()


@pytest.mark.pages
def test_the_focus_goes_from_start_to_pause_once(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **LONG)
    button(page, "Start").press("Enter")
    expect(button(page, "Pause")).to_be_focused()
    page.keyboard.press("Space")
    transport(page, "paused")
    page.keyboard.press("Space")
    transport(page, "running")
    button(page, "Start again").focus()
    goes_on(page)
    expect(button(page, "Start again")).to_be_focused()


@pytest.mark.pages
@pytest.mark.parametrize("view", ["", "projector"])
@pytest.mark.usefixtures("clock")
def test_nothing_but_start_discards_what_has_been_trained(
    page: Page, server: str, complaints: list[str], view: str
) -> None:
    trained(page, server, cells="rnn", **SMALL, **({"view": view} if view else {}))
    run = network(page, "rnn").locator(".open").get_attribute("href")
    expect(button(page, "Step")).to_be_disabled()
    page.evaluate("document.activeElement.blur()")
    for key in ("Space", "ArrowRight", "PageDown"):
        page.keyboard.press(key)
        at_rest(page)
        transport(page, "over")
    assert network(page, "rnn").locator(".open").get_attribute("href") == run
    button(page, "Start again").click()
    expect(network(page, "rnn").locator(".open")).not_to_have_attribute("href", str(run))
    transport(page, "over")


def test_the_live_region_speaks_rarely(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, cells="rnn", **SMALL)
    page.evaluate(
        "window.heard = 0; new MutationObserver(() => heard++)"
        ".observe(document.querySelector('[data-part=status]'), {childList: true})"
    )
    button(page, "Start").click()
    transport(page, "over")
    assert page.evaluate("heard") == 2
    expect(page.get_by_role("status", name="State of the training")).to_contain_text(
        "After 60 steps the RNN"
    )


@pytest.mark.layout
@combined(
    scheme=["light", "dark"],
    size={"desk": (1440, 900), "phone": (390, 844), "projector": (1280, 720)},
    letters=LETTERS,
)
def test_nothing_overflows_and_everyone_can_use_it(
    page: Page, server: str, scheme: Any, size: tuple[int, int]
) -> None:
    width, height = size
    view = "projector" if height == 720 else ""
    show_as(page, scheme, width, height)
    fields = {"view": view} if view else {"cells": "rnn,lstm,gru"}
    shown = (("idle", "recall"), ("over", "recall"), ("over", "text"), ("over", "reverse"))
    for state, task in shown:
        looking = {"attention": "additive"} if task == "reverse" else {}
        own = {**SMALL, **fields, **looking, "task": task}
        (opened if state == "idle" else trained)(page, server, **own)
        if task == "text":
            text = network(page, "rnn").locator(".text")
            text.scroll_into_view_if_needed()
            expect(text).not_to_be_empty()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert_accessible(page)
    if view:
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0


@pytest.mark.layout
@pytest.mark.parametrize("letters", LETTERS)
def test_on_a_tablet_how_far_a_run_is_has_a_line_to_itself(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    trained(page, server, **SMALL)
    lines = "node => node.scrollHeight / parseFloat(getComputedStyle(node).lineHeight)"
    assert page.locator(".count").evaluate(lines) < 1.5
