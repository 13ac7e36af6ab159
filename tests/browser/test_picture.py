"""The picture shows the engine's numbers: bars, arrows, tiles and predictions, pixel by pixel."""

import math
import random
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from unrolled.app.figures import colours

CEILING = 2.0
WIDEST, ALL_ARRIVES = 12, 6
PIXEL = 1.6
"""How far a drawn edge may be from where it belongs: half a pixel on either side, and its blur."""
MEASURE = """(step) => {
  const stage = document.querySelector("[data-part=stage]");
  const canvas = stage.querySelector("canvas");
  const ratio = canvas.width / canvas.clientWidth;
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const style = getComputedStyle(stage);
  const [floor, rise, tile, tall, ...paths] =
    ["floor", "rise", "token-top", "token-height",
      "hidden-top", "hidden-height", "cell-top", "cell-height"]
      .map((name) => parseFloat(style.getPropertyValue(`--${name}`)));
  const at = (x, y) => {
    const i = 4 * (Math.round(y * ratio) * width + Math.round(x * ratio));
    return [...data.subarray(i, i + 4)];
  };
  const alike = (a, b) => a[3] > 200 && a.every((value, i) => Math.abs(value - b[i]) < 40);
  const places = [...document.querySelectorAll("[data-timestep]")].map((each) => {
    const left = new DOMMatrix(getComputedStyle(each).transform).e;
    const pitch = parseFloat(each.style.getPropertyValue("--pitch"));
    return { x: left + pitch / 2, pitch,
      box: parseFloat(each.style.getPropertyValue("--box")) };
  });
  return places.map(({ x, pitch, box }, t) => {
    const colour = at(x, floor - 2);
    let top = floor - 2;
    while (alike(at(x, top), colour)) top -= step;
    const inked = at(x - box / 2 + 3, tile + tall - 5);
    const room = pitch - box - 3;
    const from = x + pitch / 2 + Math.max(room, Math.min(0.6 * pitch, 13)) / 2 - 2;
    const shaft = (row, high) => {
      const way = row + 0.68 * high;
      const arrow = at(from, way);
      let wide = 0;
      for (let y = way - 9; y < way + 9; y += step) wide += alike(at(from, y), arrow) ? step : 0;
      return wide;
    };
    return { bar: floor - top, rise, colour, tile: inked,
      arrow: shaft(paths[0], paths[1]), cell: shaft(paths[2], paths[3]),
      above: at(x, floor - rise - 3)[3] };
  });
}"""

CELLS = """(units) => {
  const stage = document.querySelector("[data-part=stage]");
  const canvas = stage.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const ratio = canvas.width / canvas.clientWidth;
  const [top, tall] = ["top", "height"]
    .map((name) => parseFloat(getComputedStyle(stage).getPropertyValue(`--hidden-${name}`)));
  return [...document.querySelectorAll("[data-timestep]")].map((each) => {
    const left = new DOMMatrix(getComputedStyle(each).transform).e;
    const box = parseFloat(each.style.getPropertyValue("--box"));
    const x = left + parseFloat(each.style.getPropertyValue("--pitch")) / 2 - 0.35 * box;
    return Array.from({ length: units }, (_, unit) => {
      const y = top + 3 + (unit + 0.5) * (tall - 6) / units;
      const { data } = pen.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1);
      return [...data.subarray(0, 3)];
    });
  });
}"""


def experiment(seed: int, cell: str) -> dict[str, Any]:
    """A random experiment whose whole chain has room for full columns."""
    draw = random.Random(seed)
    return {
        "sequence": "".join(draw.choices("abcdefg h", k=draw.randint(8, 22))) + "xy",
        "cell": cell,
        "activation": draw.choice(["tanh", "tanh", "relu"] if cell == "rnn" else ["tanh"]),
        "initialization": draw.choice(["orthogonal", "gaussian"]),
        "recurrent_scale": round(draw.uniform(0.3, 2.6), 2),
        "hidden_size": draw.randint(4, 24),
        "seed": draw.randint(0, 99),
    }


def shade(share: float, theme: str) -> np.ndarray[Any, Any]:
    """The colour of a share: paper at 1/10,000, ink from a half to twice, crimson from thirty."""
    none, ink, many = (
        np.array([int(colours(theme)[f"gradient-{name}"][i : i + 2], 16) for i in (1, 3, 5)])
        for name in ("none", "all", "many")
    )
    if share < 0.5:
        lost = (math.sqrt(0.5) - math.sqrt(share)) / (math.sqrt(0.5) - 0.01)
        return ink + (none - ink) * min(1.0, lost)
    gained = min(1.0, max(0.0, (math.log10(share) - math.log10(2)) / math.log10(15)))
    return ink + (many - ink) * gained


@pytest.mark.parametrize(
    ("seed", "cell", "theme", "bars"),
    [
        (1, "rnn", "light", "linear"),
        (2, "lstm", "dark", "linear"),
        (3, "gru", "light", "powers"),
        (4, "rnn", "dark", "powers"),
    ],
)
def test_bars_arrows_tiles_and_predictions_are_the_engines(
    page: Page, server: str, seed: int, cell: str, theme: str, bars: str
) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    fields = experiment(seed, cell)
    trace = httpx.post(f"{server}/api/trace", json=fields).json()
    page.goto(f"{server}/?{httpx.QueryParams(fields | {'bars': bars})}")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-bars", bars)

    norms = np.array(trace["log10_gradient_norm"])
    shares = 10 ** (norms - norms[-1])
    cells = np.array(trace["log10_cell_gradient_norm"] or norms)
    cell_shares = 10 ** (cells - cells[-1])
    learned = np.array(trace["log10_input_gradient_norm"])  # beside a cell state h is not all
    tiles = 10 ** (learned - learned[-1]) if cell == "lstm" else shares
    drawn = page.evaluate(MEASURE, 0.25)
    assert len(drawn) == len(shares)
    for t, (share, mark) in enumerate(zip(shares, drawn, strict=True), start=1):
        at = share / CEILING if bars == "linear" else (math.log10(share) + 8) / 12
        height = min(at, 1) * mark["rise"]
        if at >= 1:
            assert mark["above"] == 255, f"t = {t} breaks through the ceiling"
        elif height > 4:
            assert mark["bar"] == pytest.approx(height, abs=PIXEL), f"the bar of t = {t}"
            np.testing.assert_allclose(mark["colour"][:3], shade(share, theme), atol=6)
        np.testing.assert_allclose(mark["tile"][:3], shade(tiles[t - 1], theme), atol=6)
        paths = {"lstm": {"arrow": share, "cell": cell_shares[t - 1]}, "rnn": {"arrow": share}}
        for path, arriving in paths.get(cell, {}).items():
            if arriving > 0.5 and t < len(shares):
                width = min(ALL_ARRIVES * arriving, WIDEST)
                assert mark[path] == pytest.approx(width, abs=PIXEL), f"the {path} to t = {t}"

    last = page.locator("[data-timestep]").last
    likely = int(np.argmax(trace["probabilities"][-1]))
    expect(last).to_have_attribute("data-prediction", trace["vocabulary"][likely])
    expect(last).to_have_attribute("data-target", trace["vocabulary"][trace["targets"][-1]])
    shown = page.locator("[data-timestep]").evaluate_all(
        "all => all.map((each) => each.dataset.log10Share)"
    )
    assert shown == [f"{value:.2f}" for value in norms - norms[-1]]


@pytest.mark.parametrize("units", [pytest.param(4, marks=pytest.mark.pages), 30])
def test_each_unit_has_the_colour_of_its_state(page: Page, server: str, units: int) -> None:
    fields = {"sequence": "abcdefgh", "hidden_size": units, "input_scale": 3}
    hidden = np.array(httpx.post(f"{server}/api/trace", json=fields).json()["hidden"])
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{server}/?{httpx.QueryParams(fields)}")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    low, zero, high = (
        np.array([int(colours("light")[f"state-{name}"][i : i + 2], 16) for i in (1, 3, 5)])
        for name in ("negative", "zero", "positive")
    )
    part = np.abs(hidden)[..., None]
    shades = zero + part * (np.where(hidden[..., None] < 0, low, high) - zero)
    np.testing.assert_allclose(page.evaluate(CELLS, units), shades, atol=3)


@pytest.mark.pages
def test_the_same_state_makes_the_same_picture(page: Page, server: str) -> None:
    stage = page.locator("[data-part=stage]")
    pixels = "() => document.querySelector('[data-part=stage] canvas').toDataURL()"
    page.goto(f"{server}/?recurrent_scale=2.2")
    expect(stage).to_have_attribute("data-state", "done")
    page.evaluate(pixels)  # a canvas that was read is painted by the processor from then on
    scale = page.get_by_role("slider", name="Recurrent weight scale", exact=True)
    for value in ("2.25", "2.2"):
        scale.fill(value)
        expect(page).to_have_url(f"{server}/?recurrent_scale={value}")
    fresh = page.evaluate(pixels)
    for value in ("0.3", "3", "2.2"):
        scale.fill(value)
        expect(page).to_have_url(f"{server}/?recurrent_scale={value}")
    assert page.evaluate(pixels) == fresh


@pytest.mark.pages
def test_powers_of_ten_are_in_the_address(page: Page, server: str) -> None:
    stage = page.locator("[data-part=stage]")
    page.goto(f"{server}/")
    expect(stage).to_have_attribute("data-state", "done")
    page.get_by_role("button", name="Powers of ten").click()
    expect(stage).to_have_attribute("data-bars", "powers")
    expect(page).to_have_url(f"{server}/?bars=powers")
    page.reload()
    expect(stage).to_have_attribute("data-bars", "powers")
    expect(page.locator(".ticks span").first).to_have_text("10−8")


@pytest.mark.pages
def test_the_end_is_not_told_before_the_way_back_is_walked(page: Page, server: str) -> None:
    page.goto(f"{server}/?recurrent_scale=3")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    page.get_by_role("button", name="Restart").click()
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "idle")
    assert {mark["above"] for mark in page.evaluate(MEASURE, 1)} == {0}
