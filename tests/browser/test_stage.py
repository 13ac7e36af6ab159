"""The stage: zoom, lens, fold, weights, gates, and the sentence of the moment."""

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.combinations import combined
from tests.browser.letters import LETTERS
from tests.browser.rest import at_rest
from tests.browser.test_lab import answer, as_shown, gradients, lab, opened, stage

__all__ = ["lab"]

LONG = "the quick brown fox jumps over the lazy dog " * 8


def near(page: Page) -> list[int]:
    """The timesteps whose words can be read."""
    timesteps: list[int] = page.locator(".timestep:not(.far)").evaluate_all(
        "columns => columns.map(column => Number(column.dataset.timestep))"
    )
    return timesteps


def test_a_long_sequence_is_a_ribbon_with_a_lens_and_every_number(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence=LONG)
    assert gradients(page) == as_shown(answer(server, sequence=LONG)["log10_gradient_norm"])
    assert near(page)[0] == 1
    assert 10 < len(near(page)) < 30


@pytest.mark.layout
def test_the_number_of_the_last_timestep_is_whole_on_a_phone(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server, sequence="abcdefghijklmnopqrstuvwxyzabcde")
    number = page.locator("[data-timestep='30'] .index")
    expect(number).to_have_text("30")
    room, box = page.locator(".columns").bounding_box(), number.bounding_box()
    assert room
    assert box
    assert box["x"] + box["width"] <= room["x"] + room["width"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.layout
@combined(width=[360, 390, 1440], architecture=["many-to-many", "many-to-one"], letters=LETTERS)
def test_a_long_word_is_shortened_at_its_end_and_stays_in_its_column(
    page: Page, server: str, complaints: list[str], width: int, architecture: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    words = (
        "supercalifragilisticexpialidocious the international organization afternoon " + "z" * 40
    )
    opened(page, server, tokens="words", architecture=architecture, sequence=words)
    for word in page.locator(".timestep span:is(.token, .output):not(:empty)").all():
        left, right, cut, half = word.evaluate(
            """(node) => {
              const [box, column] = [node, node.parentElement].map((of) =>
                of.getBoundingClientRect()
              );
              const words = document.createRange();
              words.selectNodeContents(node);
              return [
                column.left - box.left,
                box.right - column.right,
                box.left - words.getBoundingClientRect().left,
                column.width / 2,
              ];
            }"""
        )
        alone = word.evaluate("node => node.classList.contains('alone')")
        assert cut <= 0
        assert left <= (half if alone else 0)  # the columns before the only answer have none
        assert right <= (8.1 if alone else 0)  # nor is there a column after it
    expect(page.locator("[data-target]").last).to_have_attribute("data-target", "z" * 40)
    first = page.locator("[data-timestep='1']")
    expect(first).to_have_accessible_name(re.compile("supercalifragilisticexpialidocious"))


@pytest.mark.layout
@combined(width=[780, 900, 1100, 1366], letters=LETTERS)
def test_the_sentence_of_the_moment_is_not_squeezed(
    page: Page, server: str, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, server)
    page.get_by_role("slider", name="Timeline").fill("8")
    caption = page.locator("[data-part=caption]")
    expect(caption).to_contain_text("t = 8")
    lines = "node => node.scrollHeight / parseFloat(getComputedStyle(node).lineHeight)"
    assert caption.evaluate(lines) < 2.5


@pytest.mark.layout
@combined(
    width=[761, 768, 820, 900, 1024],
    sequence={"24": "the clouds are in the sky", "1999": "ab" * 1000},
    letters=LETTERS,
)
def test_the_labels_of_the_timeline_stand_apart_and_in_their_card(
    page: Page, server: str, complaints: list[str], width: int, sequence: str
) -> None:
    page.set_viewport_size({"width": width, "height": 1024})
    opened(page, server, sequence=sequence)
    card = page.locator("#transport").bounding_box()
    first, last = page.locator(".phases span").evaluate_all(
        """labels => labels.map((label) => {
          const words = document.createRange();
          words.selectNodeContents(label);
          return words.getBoundingClientRect().toJSON();
        })"""
    )
    assert card
    assert first["right"] < last["left"]
    assert last["right"] < card["x"] + card["width"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.pages
def test_a_click_on_the_ribbon_brings_the_lens(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence=LONG)
    box = page.locator(".columns").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + 60)
    expect(page.locator("[data-timestep='351']")).not_to_have_class("timestep far")
    expect(page.get_by_role("heading", name=re.compile(r"t = 3[45]\d"))).to_be_visible()


@pytest.mark.usefixtures("clock")
def test_the_lens_can_be_dragged(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, sequence=LONG)
    box = page.locator(".columns").bounding_box()
    assert box
    y = box["y"] + 60
    page.mouse.move(box["x"] + 40, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=12)
    expect(page.locator("[data-timestep='176']")).to_be_visible()
    page.mouse.up()
    at_rest(page)
    assert 176 in near(page)
    assert len(near(page)) < 30


@pytest.mark.layout
def test_the_numbers_under_the_lens_do_not_overlap(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence=LONG)
    page.get_by_role("slider", name="Timeline").fill("200")
    expect(page.locator("[data-timestep='200']")).not_to_have_class(re.compile("far"))
    spans: list[list[float]] = page.locator(".timestep.numbered .index").evaluate_all(
        """numbers => numbers.map((number) => number.getBoundingClientRect())
          .map(({ left, right }) => [left, right])"""
    )
    assert len(spans) > 10
    assert all(right <= left for (_, right), (left, _) in itertools.pairwise(spans))


@pytest.mark.layout
def test_the_stage_stays_where_it_is_while_the_sentence_above_it_changes(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1265, "height": 720})
    opened(page, server, cell="lstm")
    tops = []
    for position in (0, 1, 12, 25, 30, 49):
        page.get_by_role("slider", name="Timeline").fill(str(position))
        top = "node => node.getBoundingClientRect().top + scrollY"
        tops.append(stage(page).evaluate(top))
    assert max(tops) - min(tops) < 1


@pytest.mark.pages
def test_the_lens_follows_the_playhead(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, sequence=LONG)
    assert 200 not in near(page)
    page.get_by_role("slider", name="Timeline").fill("200")
    expect(page.locator("[data-timestep='200']")).not_to_have_class(re.compile("far"))


@pytest.mark.layout
@pytest.mark.parametrize("timesteps", [24, 1998])
def test_the_stage_stays_small_at_any_length(
    page: Page, server: str, complaints: list[str], timesteps: int
) -> None:
    opened(page, server, sequence=("abc" * 700)[: timesteps + 1], cell="lstm")
    count = stage(page).evaluate("node => node.querySelectorAll('*').length")
    assert timesteps <= count < 3000


def test_the_chain_folds_into_one_cell_and_unrolls_again(lab: Page) -> None:
    lab.get_by_role("button", name="Fold into one cell").click()
    expect(stage(lab)).to_have_attribute("data-folded", "true")
    expect(lab.locator("[data-part=caption]")).to_contain_text("One cell, used 24 times")
    lab.get_by_role("slider", name="Timeline").fill("7")
    expect(lab.locator(".timestep:not(.far)")).to_have_count(1)
    assert near(lab) == [7]
    lab.get_by_role("button", name="Unroll again").click()
    expect(stage(lab)).to_have_attribute("data-folded", "false")
    expect(lab.locator(".timestep:not(.far)")).to_have_count(24)


def test_pointing_at_a_weight_lights_it_at_every_timestep(lab: Page) -> None:
    pixels = "() => document.querySelector('[data-part=stage] canvas').toDataURL()"
    before = lab.evaluate(pixels)
    for matrix in ("W_xh", "W_hh", "W_hy"):
        button = lab.get_by_role("button", name=matrix)
        button.focus()
        assert lab.evaluate(pixels) != before
        button.blur()
        assert lab.evaluate(pixels) == before


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        ("rnn", "output hidden token index bars"),
        ("gru", "output hidden gates token index bars"),
        ("lstm", "output cell hidden gates token index bars"),
    ],
)
def test_gated_cells_show_their_gates_and_their_cell_state(
    page: Page, server: str, complaints: list[str], cell: Any, rows: str
) -> None:
    opened(page, server, cell=cell)
    expect(stage(page)).to_have_attribute("data-rows", rows)


def test_at_every_moment_a_sentence_says_what_happens(lab: Page) -> None:
    caption, timeline = (
        lab.locator("[data-part=caption]"),
        lab.get_by_role("slider", name="Timeline"),
    )
    for position, words in (
        ("0", "Press Play"),
        ("1", "starts from an empty memory"),
        ("5", "t = 5 reads “c”"),
        ("25", "The right answer is “y”"),
        ("26", "At t = 24 the loss sends out its gradient"),
        ("49", "has reached t = 1"),
    ):
        timeline.fill(position)
        expect(caption).to_contain_text(words)


@pytest.mark.pages
@pytest.mark.usefixtures("clock")
def test_with_less_motion_the_columns_are_where_they_belong_at_once(
    page: Page, server: str, complaints: list[str]
) -> None:
    lab = opened(page, server)
    lab.get_by_role("textbox", name="Sequence").fill("short")
    expect(lab.locator("[data-timestep]")).to_have_count(4)
    lefts = "nodes => nodes.map(node => node.getBoundingClientRect().left)"
    before = lab.locator("[data-timestep]").evaluate_all(lefts)
    at_rest(lab)
    assert lab.locator("[data-timestep]").evaluate_all(lefts) == before


@pytest.mark.pages
def test_on_the_way_back_the_sentence_gives_the_ratio_and_its_reason(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, recurrent_scale=0.5)
    page.get_by_role("slider", name="Timeline").fill("30")
    caption = page.locator("[data-part=caption]")
    expect(caption).to_contain_text("t = 20 receives")
    expect(caption).to_contain_text("the recurrent weights shrink it to 50%")
    norms = answer(server, recurrent_scale=0.5)["log10_gradient_norm"]
    ratio = round(100 * 10 ** (norms[19] - norms[20]))
    expect(caption).to_contain_text(f"receives {ratio}% of the gradient of t = 21")


@pytest.mark.pages
@pytest.mark.parametrize(("cell", "gate"), [("lstm", "forget"), ("gru", "update")])
def test_of_a_gated_cell_the_sentence_gives_the_share_of_the_carry_path(
    page: Page, server: str, complaints: list[str], cell: str, gate: str
) -> None:
    opened(page, server, cell=cell)
    page.get_by_role("slider", name="Timeline").fill("30")
    expect(page.locator("[data-part=caption]")).to_contain_text(f"the {gate} gate’s path")


@pytest.mark.layout
def test_the_labels_of_the_axis_stay_at_their_lines_when_the_stage_changes_its_height(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    opened(page, server)
    assert off_their_lines(page) == []
    height = stage(page).locator("canvas").evaluate("canvas => canvas.height")
    page.set_viewport_size({"width": 1280, "height": 820})
    expect(stage(page).locator("canvas")).not_to_have_js_property("height", height)
    assert off_their_lines(page) == []


def off_their_lines(page: Page) -> list[float]:
    """How many pixels each label of the bars' axis is off the nearest line, where that is seen."""
    apart: list[float] = page.locator("[data-part=stage] canvas").evaluate(
        """(canvas) => {
          const copy = new OffscreenCanvas(1, canvas.height).getContext("2d");
          copy.drawImage(canvas, -1, 0);
          const { data } = copy.getImageData(0, 0, 1, canvas.height);
          const scale = canvas.getBoundingClientRect().height / canvas.height;
          const lines = [...Array(canvas.height).keys()].filter((y) => data[4 * y + 3] > 60);
          const top = canvas.getBoundingClientRect().top;
          return [...document.querySelectorAll("[data-part=stage] .ticks span")].map((label) => {
            const { y, height } = label.getBoundingClientRect();
            const middle = y + height / 2;
            return Math.min(...lines.map((line) => Math.abs(top + (line + 0.5) * scale - middle)));
          });
        }"""
    )
    assert apart
    return [each for each in apart if each > 1.5]


@pytest.mark.pages
def test_the_mark_at_which_a_decoder_begins_is_whole(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    opened(page, server, sequence="the clouds are in", architecture="encoder-decoder")
    token = page.locator("[data-timestep='18'] .token")
    expect(token).to_have_text("<s>")
    assert token.evaluate("each => each.scrollWidth <= each.clientWidth")
