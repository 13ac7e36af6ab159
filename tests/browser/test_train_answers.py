"""Predictions and texts are shown as they are, with the name of the network that made them."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_train import (
    POEM,
    SMALL,
    WRITING,
    button,
    network,
    opened,
    run_of,
    trained,
    transport,
    writes,
    written,
)
from unrolled import engine

FEW = {"hidden_size": 8, "steps": 30}
CHINESE = "春天来了，花开了，鸟儿在树上唱歌。" * 6


def last(task: str, **fields: Any) -> tuple[engine.TrainingRun, engine.TrainingStep]:
    run = run_of("gru", task, **fields)
    return run, [*run.steps()][-1]


@pytest.mark.pages
def test_the_text_of_another_network_is_gone_when_a_new_run_refuses_the_beginning(
    page: Page, server: str
) -> None:
    trained(page, server, cells="rnn", **WRITING, start="the ")
    writes(page, "rnn", written("rnn", 80, "the "))
    page.get_by_role("textbox", name="Your text, or your examples").fill(CHINESE)
    button(page, "Start again").click()
    expect(page.locator("#start-error")).to_be_visible()
    transport(page, "over")
    writing = network(page, "rnn").locator(".writing")
    for part in (".by", ".given", ".text"):
        expect(writing.locator(part)).to_be_empty()
    page.get_by_role("textbox", name="Begin with").fill("春")
    expect(writing.locator(".given")).to_have_text("春")
    expect(writing.locator(".by")).to_have_text("after 80 steps")


@pytest.mark.pages
def test_numbers_that_follow_each_other_are_a_curve(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, task="sine", cells="gru", **FEW)
    run, step = last("sine", **FEW)
    items = network(page, "gru").locator(".answers li")
    for b, answer in enumerate(step.answers):
        item = items.nth(b)
        expect(item.get_by_role("img", name="Target and prediction of 40 values")).to_be_visible()
        expect(item).not_to_contain_text(re.compile(r"\d\.\d\d.*\d\.\d\d.*\d\.\d\d"))
        targets = [float(each) for each in run.task.targets(run.task.probes, b)]
        off = max(
            abs(float(said) - each) for said, each in zip(answer.predictions, targets, strict=True)
        )
        shown = item.locator(".sure").inner_text().removeprefix("off by ").removesuffix(" at most")
        assert float(shown) == pytest.approx(off, rel=0.06)
        wanted, predicted = (
            [
                float(corner.split(",")[1])
                for corner in str(item.locator(f"polyline.{name}").get_attribute("points")).split()
            ]
            for name in ("target", "prediction")
        )
        above = [
            (float(one) - other, low - high)
            for one, other, low, high in zip(
                answer.predictions, targets, wanted, predicted, strict=True
            )
        ]
        assert all(number * drawn >= 0 for number, drawn in above)


def test_a_picture_is_pixels(page: Page, server: str, complaints: list[str]) -> None:
    trained(page, server, task="glyph", cells="gru", **FEW)
    task = engine.task("glyph")
    items = network(page, "gru").locator(".answers li")
    for b in range(3):
        token = task.reads(task.probes, b)[0]
        name = f"A picture of 8 × 8 pixels, {token.count('#')} of them dark"
        picture = items.nth(b).get_by_role("img", name=name)
        assert str(picture.locator("path").get_attribute("d")).count("h1v1") == token.count("#")
        expect(items.nth(b)).not_to_contain_text("#")
        expect(items.nth(b).locator(".target").last).to_have_text("[end]")


@pytest.mark.parametrize("task", ["text", "copying", "tags-zh", "recall"])
def test_right_and_wrong_outputs_are_marked_under_their_targets(
    page: Page, server: str, complaints: list[str], task: str
) -> None:
    trained(page, server, task=task, cells="gru", **FEW)
    run, step = last(task, **FEW)
    items = network(page, "gru").locator(".answers li")
    for b, answer in enumerate(step.answers):
        targets = run.task.targets(run.task.probes, b)
        right = [each for each, target in zip(answer.right, targets, strict=True) if target]
        pairs = items.nth(b).locator(".pair:not(.names)")
        shown = pairs.evaluate_all(
            """pairs => pairs.map(pair => [
              pair.classList.contains("right"),
              pair.classList.contains("wrong"),
              getComputedStyle(pair, "::after").content])"""
        )
        marks = [[each, not each, '""' if each else '"×"'] for each in right[-24:]]
        assert shown == marks
        places = pairs.evaluate_all(
            """pairs => pairs.map(pair => [".target", ".prediction"].map(name => {
              const { left, right, top } = pair.querySelector(name).getBoundingClientRect();
              return [(left + right) / 2, top];
            }))"""
        )
        for (target, above), (prediction, below) in places:
            assert target == pytest.approx(prediction, abs=1)
            assert above < below


@pytest.mark.pages
@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"task": "dates"}, "Three new examples, not used in training"),
        ({"task": "text", "examples": POEM}, "Three examples"),
        ({"task": "examples", "examples": "a => b\nb => a"}, "Three examples"),
    ],
)
def test_only_examples_that_are_not_trained_on_are_called_new(
    page: Page, server: str, complaints: list[str], fields: dict[str, str], title: str
) -> None:
    trained(page, server, cells="gru", **FEW, **fields)
    expect(network(page, "gru").locator(".of-answers")).to_have_text(title)


def test_the_network_that_opens_is_the_one_that_is_read_or_says_that_it_is_the_nearest(
    page: Page, server: str, complaints: list[str]
) -> None:
    trained(page, server, cells="rnn", **SMALL | {"steps": 200})
    rnn = network(page, "rnn")
    rnn.get_by_role("grid").focus()
    kinds = set()
    for key in ("Home", *["ArrowRight"] * 8, *["PageUp"] * 2, "End"):
        page.keyboard.press(key)
        after = int(re.findall(r"After (\d+) steps", rnn.locator(".place").inner_text())[0])
        words = rnn.locator(".open").inner_text()
        opens = int(re.findall(r"after (\d+) steps", words)[0])
        assert (after == opens) == ("nearest" not in words)
        kinds.add(after == opens)
    assert kinds == {True, False}


@pytest.mark.pages
def test_a_fourth_network_says_which_one_makes_room(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cells="rnn,lstm,gru")
    told = page.locator("[data-part=crowded]")
    page.get_by_role("checkbox", name="No memory").check(force=True)
    expect(told).to_have_text("Three at most: RNN was taken out to make room.")
    page.get_by_role("checkbox", name="GRU", exact=True).uncheck(force=True)
    expect(told).to_be_empty()
