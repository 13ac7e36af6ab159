"""The page's sentences where little leads back: cuts, clipping, no memory, two cells."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import lab, opened, slider, stage
from tests.browser.test_stage import near

__all__ = ["lab"]

COLUMNS = """() => {
  const canvas = document.querySelector("[data-part=stage] canvas");
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  const sums = new Array(width).fill(0);
  data.forEach((value, i) => sums[(i >> 2) % width] += value * (i % 251 + 1));
  return sums;
}"""
"""A number for each column of the stage's pixels."""


def changed_places(page: Page, before: list[int]) -> list[float]:
    """Return where across the stage, from 0 to 1, its picture is another one."""
    after: list[int] = page.evaluate(COLUMNS)
    pairs = zip(before, after, strict=True)
    return [i / len(after) for i, (a, b) in enumerate(pairs) if a != b]


def test_truncation_has_a_control_and_the_stage_shows_the_cuts(lab: Page) -> None:
    caption = lab.locator("[data-part=caption]")
    expect(caption).to_contain_text("has reached t = 1")
    before = lab.evaluate(COLUMNS)
    slider(lab, "Truncated BPTT: cut after").fill("8")
    expect(caption).to_contain_text("The gradient ends at t = 17: none reaches t = 1.")
    expect(lab.get_by_role("button", name="truncated BPTT cuts the path")).to_have_count(2)
    lab.wait_for_function(  # out of view it follows a little later
        f"before => ({COLUMNS})().filter((sum, i) => sum !== before[i]).length > 2", arg=before
    )
    expect(slider(lab, "Timeline")).to_have_attribute(
        "aria-valuetext", "done: the gradient ends at t = 17"
    )
    slider(lab, "Timeline").fill("34")
    expect(caption).to_contain_text("no gradient comes from t = 17 back to t = 16")
    lab.wait_for_url("**/?truncate=8")
    lab.get_by_role("button", name="Pin this run").click()
    slider(lab, "Truncated BPTT: cut after").fill("0")
    expect(lab.locator("[data-pin='1']").first).to_contain_text("cut after 8 steps")


def test_clipping_has_a_control_and_the_stage_says_what_it_does(lab: Page) -> None:
    limit, clip = slider(lab, "Clip the gradient’s norm at"), lab.locator("[data-part=clip]")
    limit.fill("1")
    expect(clip).to_have_text("Clipping: weights’ gradient × 0.32")
    expect(lab.locator("[data-part=caption]")).to_contain_text("from 3.13 to 1")
    limit.fill("5")
    expect(clip).to_have_text("Clipping: nothing to clip")
    limit.fill("0")
    expect(clip).to_have_text("")


@pytest.mark.pages
def test_chrono_is_for_gates_and_replaces_the_forget_bias(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cell="lstm")
    chrono, bias = slider(page, "Chrono: longest memory"), slider(page, "Forget gate bias")
    expect(bias).to_be_enabled()
    chrono.fill("20")
    expect(bias).to_be_disabled()
    expect(page.locator("[data-part=stage][data-state=done]")).to_be_visible()
    page.get_by_role("radio", name="RNN").check()
    expect(chrono).to_be_disabled()
    expect(page.locator("[data-part=verdict]")).to_contain_text("vanishes")
    expect(page.locator(".error:visible")).to_have_count(0)


@pytest.mark.pages
def test_without_memory_the_weight_scale_says_why_it_does_nothing(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cell="feedforward")
    expect(slider(page)).to_be_disabled()
    expect(page.locator("[data-part=no-memory]")).to_contain_text("no recurrent weights to scale")
    page.get_by_role("button", name="Fold into one cell").click()
    expect(page.locator("[data-part=caption]")).to_contain_text(
        "Nothing leads from one timestep to the next"
    )
    page.get_by_role("radio", name="RNN").check()
    expect(slider(page)).to_be_enabled()
    expect(page.locator("[data-part=no-memory]")).to_be_hidden()


@pytest.mark.pages
@pytest.mark.parametrize(("part", "low", "high"), [("encoder", 0.0, 0.5), ("decoder", 0.4, 1.0)])
def test_a_matrix_of_the_encoder_or_of_the_decoder_lights_its_own_arrows_alone(
    page: Page, server: str, complaints: list[str], part: str, low: float, high: float
) -> None:
    opened(page, server, architecture="encoder-decoder", sequence="clouds")
    before = page.evaluate(COLUMNS)
    page.get_by_role("button", name=f"W_hh of the {part}").focus()
    lit = changed_places(page, before)
    assert low < lit[0] < lit[-1] < high


def test_an_encoder_decoder_folds_into_two_cells(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, architecture="encoder-decoder", sequence="clouds")
    page.get_by_role("button", name="Fold into two cells").click()
    expect(page.locator("[data-part=caption]")).to_contain_text(
        "Two cells: the encoder’s, used 6 times"
    )
    expect(page.locator(".timestep:not(.far)")).to_have_count(2)
    assert near(page) == [1, 7]
    slider(page, "Timeline").fill("9")
    expect(page.locator(".timestep[aria-current]")).to_have_attribute("data-timestep", "9")
    assert near(page) == [6, 9]


@pytest.mark.pages
def test_a_state_that_overflows_is_not_said_to_have_been_reached(
    page: Page, server: str, complaints: list[str]
) -> None:
    fields: dict[str, Any] = {"activation": "identity", "recurrent_scale": 10}
    opened(page, server, sequence="ab" * 200, **fields)
    expect(page.locator("[data-part=verdict]")).to_contain_text("Overflow. The numbers grew")
    expect(page.locator("[data-part=caption]")).to_contain_text("before any loss was reached")
    assert "recurrent_scale" in parse_qs(urlsplit(page.url).query)
    assert (
        stage(page).locator("[data-timestep='399']").get_attribute("aria-label") == "t = 399, “a”"
    )


TIMESTEPS = r"""() => [...document.querySelectorAll(".verdict, .caption")].flatMap((node) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const lines = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    for (const { index, 0: { length } } of text.data.matchAll(/t\s=\s\d+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + length);
      lines.push(range.getClientRects().length);
    }
  }
  return lines;
})"""
"""On how many lines each timestep stands that the verdict and the caption name."""


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_timestep_is_not_broken_across_lines(page: Page, server: str, language: str) -> None:
    opened(page, server, layers=2, lang=language)
    for width in range(320, 420, 6):
        page.set_viewport_size({"width": width, "height": 844})
        assert set(page.evaluate(TIMESTEPS)) == {1}, width
