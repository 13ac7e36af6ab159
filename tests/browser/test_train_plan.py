"""The page shows the run of the chosen plan: a guess before it, and the first run slowly."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_train import (
    LONG,
    SMALL,
    button,
    network,
    opened,
    trained,
    transport,
)
from unrolled.app.runs.frames import decode


def choose(page: Page, task: str) -> None:
    page.get_by_role("combobox", name="Task").select_option(task)


def guess(page: Page, name: str) -> None:
    page.get_by_role("group", name="Which will learn it?").get_by_role("button", name=name).click()


@pytest.mark.pages
def test_another_task_has_no_results_until_it_is_trained_and_the_first_ones_come_back(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn,lstm", **SMALL)
    rnn = network(page, "rnn")
    sentence = rnn.locator(".sentence").inner_text()
    choose(page, "copying")
    transport(page, "idle")
    expect(rnn.locator(".sentence")).to_have_text("Press Start.")
    expect(rnn.get_by_role("grid")).to_have_text("Nothing has been trained yet.")
    for part in (".standings", ".window", ".place", ".answers"):
        expect(rnn.locator(part)).to_be_empty()
    expect(rnn.locator(".open")).to_be_hidden()
    expect(button(page, "Start")).to_be_visible()
    expect(page).to_have_url(re.compile("task=copying"))
    page.go_back()
    transport(page, "over")
    expect(rnn.locator(".sentence")).to_have_text(sentence)
    expect(rnn.locator(".answers li")).to_have_count(3)


@pytest.mark.pages
def test_another_task_ends_the_training_of_the_first(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn", **LONG)
    button(page, "Start").click()
    expect(network(page, "rnn")).to_have_attribute("data-step", re.compile(r"\d"))
    choose(page, "parity")
    transport(page, "idle")
    expect(network(page, "rnn").locator(".sentence")).to_have_text("Press Start.")
    expect(page.locator("[data-part=status]")).to_contain_text("Press Start")
    expect(page).to_have_url(re.compile("task=parity"))
    page.go_back()
    transport(page, "over")
    expect(network(page, "rnn")).to_have_attribute("data-state", "stopped")


@pytest.mark.pages
def test_results_of_other_settings_stand_back_and_say_so(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn", **SMALL)
    board, hint = page.locator("[data-part=networks]"), page.locator(".again")
    expect(hint).to_be_hidden()
    for name, other in (("Hidden units", "9"), ("Learning rate", "0.01")):
        field = page.get_by_role("spinbutton", name=f"{name}: type a value")
        usual = field.input_value()
        field.fill(other)
        expect(hint).to_be_visible()
        expect(board).to_have_class(re.compile("earlier"))
        shade = "node => [getComputedStyle(node, '::after').content, "
        shade += "getComputedStyle(node.querySelector('canvas')).opacity]"
        words, opacity = network(page, "rnn").evaluate(shade)
        assert words == '"trained with other settings"'
        assert float(opacity) < 0.5
        field.fill(usual)
        expect(hint).to_be_hidden()
        expect(board).not_to_have_class(re.compile("earlier"))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([], r"^Done\.\s"),
        (["LSTM"], r"You guessed: LSTM\. That is right\."),
        (["RNN", "LSTM"], r"You guessed: RNN, LSTM\. Learnt by: LSTM\."),
        (["none"], r"You guessed: none\. Learnt by: LSTM\."),
    ],
)
def test_a_guess_is_asked_for_and_stays_with_the_result(
    page: Page, server: str, complaints: list[str], choices: list[str], words: str
) -> None:
    opened(page, server, learning_rate=0.01, length=16, steps=200)
    asked = page.locator("[data-part=guess]")
    for name in choices:
        guess(page, name)
        expect(asked.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    button(page, "Start").click()
    expect(asked).to_be_hidden()
    transport(page, "over")
    expect(page.locator("[data-part=status]")).to_have_text(re.compile(words))
    if not choices:
        expect(page.locator("[data-part=status]")).not_to_contain_text("guessed")
        return
    page.reload()
    transport(page, "over")
    expect(page.locator("[data-part=status]")).to_have_text(re.compile(words))
    expect(asked).to_be_hidden()
    choose(page, "parity")
    expect(asked.get_by_role("button", pressed=True)).to_have_count(0)


@pytest.fixture
def moving(borrow: Callable[..., Page]) -> Page:
    """A page whose pictures may move, with a clock that a test can turn."""
    return borrow(clock=True, reduced_motion="no-preference")


def begun(page: Page, server: str, **fields: object) -> None:
    """A first run, trained to its end and hardly drawn."""
    opened(page, server, cells="rnn", **fields)
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)
    came: list[str] = []

    def note(data: bytes | str) -> None:
        assert isinstance(data, bytes)
        came.append(decode(data)[0]["type"])

    # From its first frame on: a short training may end before a later listener hears of it.
    page.once("websocket", lambda socket: socket.on("framereceived", note))
    button(page, "Start").click()
    while "end" not in came:
        page.evaluate("0")


def test_the_first_run_is_drawn_in_some_seconds_and_the_next_one_at_once(
    moving: Page, server: str
) -> None:
    begun(moving, server, **SMALL)
    rnn = network(moving, "rnn")
    moving.clock.run_for(2_000)
    transport(moving, "running")
    expect(rnn).to_have_attribute("data-step", re.compile(r"^(1\d|2\d)$"))
    moving.clock.run_for(2_000)
    expect(rnn).to_have_attribute("data-step", re.compile(r"^(3\d|4\d)$"))
    moving.clock.run_for(3_000)
    transport(moving, "over")
    expect(rnn).to_have_attribute("data-step", "60")
    moving.clock.resume()
    button(moving, "Start again").click()
    expect(moving.locator("[data-part=skip]")).to_be_hidden()
    transport(moving, "over")


@pytest.mark.pages
def test_the_first_run_pauses_steps_and_can_be_skipped(moving: Page, server: str) -> None:
    begun(moving, server, **SMALL)
    rnn = network(moving, "rnn")
    moving.clock.run_for(2_000)
    button(moving, "Pause").click()
    moving.clock.run_for(1_000)
    transport(moving, "paused")
    at = int(rnn.get_attribute("data-step") or 0)
    assert 10 < at < 30
    button(moving, "Step").click()
    moving.clock.run_for(1_000)
    expect(rnn).to_have_attribute("data-step", str(at + 1))
    button(moving, "Resume").click()
    moving.clock.run_for(1_000)
    assert at + 1 < int(rnn.get_attribute("data-step") or 0) < 60
    button(moving, "Show all now").click()
    moving.clock.run_for(100)
    transport(moving, "over")
    expect(rnn).to_have_attribute("data-step", "60")


def test_on_a_phone_start_brings_the_maps_into_view_and_pause_stays_there(
    borrow: Callable[..., Page], server: str
) -> None:
    page = opened(borrow(**PHONE), server, **LONG)
    reach = network(page, "rnn").locator(".reach")
    button(page, "Start").tap()
    expect(reach).to_be_in_viewport(ratio=1)
    expect(network(page, "rnn").locator(".sentence")).to_be_in_viewport(ratio=1)
    expect(button(page, "Pause")).to_be_in_viewport(ratio=1)
    bar = page.locator("#transport").bounding_box()
    title = network(page, "rnn").locator("h2").bounding_box()
    assert bar and title
    assert bar["y"] + bar["height"] <= title["y"] + 1
    button(page, "Stop").tap()
    transport(page, "over")
