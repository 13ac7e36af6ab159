"""The page prints in black on white, with its settings, and without controls."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.combinations import combined
from tests.browser.test_lab import opened
from tests.browser.test_train import SMALL, trained
from tests.browser.views import show_as
from unrolled.app.lessons import shelf

pytestmark = pytest.mark.layout

PICTURES = """() => ({
  canvases: [...document.querySelectorAll("[data-part=stage] canvas, [data-part=step] canvas")]
    .map((canvas) => canvas.toDataURL()),
  letters: [...document.querySelectorAll("[data-part=charts] .plot text")]
    .map((text) => getComputedStyle(text).fill),
})"""
BRIGHTNESS = """node => {
  const of = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, x) => sum + +x, 0) / 765;
  const { color, backgroundColor } = getComputedStyle(node);
  return [of(color), backgroundColor === "rgba(0, 0, 0, 0)" ? 1 : of(backgroundColor)];
}"""


def printed(page: Page) -> dict[str, list[str]]:
    """The pictures of a page at the moment in which it is laid out for paper."""
    page.evaluate(
        f"""() => addEventListener("beforeprint", async () => {{
          await null; // what is drawn of what is known already is drawn now
          window.printed = ({PICTURES})();
        }}, {{ once: true }})"""
    )
    page.pdf()
    pictures: dict[str, list[str]] = page.evaluate("window.printed")
    return pictures


def drawn(borrow: Callable[..., Page], server: str, scheme: Any) -> Page:
    page = borrow(clock=True, bypass_csp=True)
    show_as(page, scheme, 1280, 1600)
    opened(page, server, cell="gru")
    expect(page.locator("[data-part=charts]")).to_have_attribute(
        "data-ready", "true", timeout=20_000
    )
    expect(page.locator("[data-part=step] canvas").first).to_be_visible()
    return page


def test_a_dark_page_is_printed_as_a_light_one_and_is_dark_again(
    borrow: Callable[..., Page], server: str
) -> None:
    dark, light = (drawn(borrow, server, scheme) for scheme in ("dark", "light"))
    before, paper, usual = dark.evaluate(PICTURES), printed(dark), light.evaluate(PICTURES)
    assert before["canvases"] != usual["canvases"]
    assert set(before["letters"]) != set(usual["letters"])
    assert paper["canvases"] == usual["canvases"]
    assert set(paper["letters"]) == set(usual["letters"])
    dark.wait_for_function(
        f"before => JSON.stringify(({PICTURES})()) === before",
        arg=dark.evaluate("before => JSON.stringify(before)", before),
    )


def asked(address: str) -> tuple[str, dict[str, str]]:
    """The page of an address, and what is asked of it but for the large view."""
    parts = urlsplit(address)
    return parts.path, {k: v for k, v in parse_qsl(parts.query) if k != "view"}


def test_a_stage_out_of_view_is_printed_and_follows_the_numbers(
    borrow: Callable[..., Page], server: str
) -> None:
    dark, light = (borrow(bypass_csp=True) for _ in range(2))
    for page, scheme in ((dark, "dark"), (light, "light")):
        show_as(page, scheme, 1280, 720)
        opened(page, server, cell="gru")
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(page.locator("[data-part=stage] canvas")).not_to_be_in_viewport()
    before = printed(dark)["canvases"][0]
    light.wait_for_function(f"before => ({PICTURES})().canvases[0] === before", arg=before)
    light.get_by_role("slider", name="Recurrent weight scale").evaluate(
        """slider => {
          slider.value = 2;
          slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }"""
    )
    light.wait_for_function(
        f"before => ({PICTURES})().canvases[0] !== before", arg=before, timeout=5000
    )
    expect(light.locator("[data-part=stage] canvas")).not_to_be_in_viewport()


@combined(place=["lab", "lesson", "train"], view=["", "projector"])
def test_paper_is_white_names_the_settings_and_has_no_controls(
    page: Page, server: str, complaints: list[str], place: str, view: str
) -> None:
    page.emulate_media(color_scheme="dark")
    shown = {"view": view} if view else {}
    if place == "lab":
        opened(page, server, cell="lstm", recurrent_scale=1.5, seed=7, **shown)
        told = {"Cell": "LSTM", "Recurrent weight scale": "1.5", "Seed": "7"}
    elif place == "train":
        trained(page, server, **SMALL, cells="rnn,gru", seed=3, **shown)
        told = {"Cell": "RNN, GRU", "Seed": "3", "Hidden units": str(SMALL["hidden_size"])}
    else:
        slug = shelf().all("en")[0].slug
        page.set_viewport_size({"width": 718, "height": 1000})  # a sheet's
        page.goto(f"{server}/lessons/{slug}" + ("?view=projector" if view else ""))
        expect(page.locator("[data-part=handout] dt").first).to_be_attached()
        begun = shelf().get(slug, "en").steps[0].experiment
        told = {"Seed": str(begun.seed), "Hidden units": str(begun.hidden_size)}
    expect(page.locator("[data-part=handout]")).to_be_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    for name, value in told.items():
        pair = page.locator("[data-part=handout] div").filter(
            has=page.get_by_text(name, exact=True)
        )
        expect(pair.locator("dd")).to_have_text(value)
        expect(pair).to_be_visible()
    address = page.locator("[data-part=handout] dd").last.inner_text()
    assert address.startswith(server)
    path, fields = asked(address)
    assert path == asked(page.url)[0]
    assert fields.items() >= asked(page.url)[1].items()
    for part in page.locator("body, .verdict, .caption, .card, .words, .network").all():
        ink, paper = part.evaluate(BRIGHTNESS)
        assert ink < 0.4
        assert paper > 0.9
    controls = page.locator(
        "button:not(.timestep, .answers button), select, input, summary, .masthead nav a, .open"
    )
    expect(controls.filter(visible=True)).to_have_count(0)


def test_no_equation_and_no_example_is_cut_by_the_end_of_a_sheet(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1600})
    for open_page, parts in (
        (
            lambda: opened(page, server),
            ("[data-part=stage]", "[data-part=step] .equation", ".beside", ".chart"),
        ),
        (lambda: trained(page, server, **SMALL), (".network", ".answers li")),
    ):
        page.emulate_media(media="screen")
        open_page()
        for part in parts:
            expect(page.locator(part).first).to_be_attached()
        page.emulate_media(media="print")
        for each in page.locator(", ".join(parts)).all():
            expect(each).to_have_css("break-inside", "avoid")
