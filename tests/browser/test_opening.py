"""The opening of a first visit: what it shows, what ends it, and that it leaves nothing behind."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.conftest import PHONE
from tests.browser.rest import draw_until
from tests.browser.test_lab import gradients, opened, slider, stage

FRAMES = 50  # milliseconds from one picture to the next: no more are counted
SEEN = "() => localStorage.getItem('unrolled.opening')"
STANDING = """() => {
  const { dataset: { state, folded } } = document.querySelector("[data-part=stage]");
  const current = document.querySelector("[aria-current=step]").dataset.timestep;
  const values = (selector) => [...document.querySelectorAll(selector)].map(({ value }) => value);
  const said = (selector) =>
    [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
  return [
    location.href, history.length, state, folded, current,
    values("#sequence, [data-part=timeline], #recurrent_scale, [name=cell]:checked"),
    said("[data-part=verdict], .chips li"),
    document.querySelector("[data-part=play]").getAttribute("aria-label"),
  ];
}"""
"""How the lab stands."""
SHOWN = """() => ({
  caption: [...document.querySelectorAll("[data-part=opening]:not([hidden]) li:not([hidden])")]
    .map((each) => each.textContent.trim()).join(),
  state: document.querySelector("[data-part=stage]").dataset.state,
  folded: document.querySelector("[data-part=stage]").dataset.folded,
  scale: Number(document.querySelector("#recurrent_scale").value),
  hint: document.querySelector("[data-part=hint]").checkVisibility(),
})"""


@pytest.fixture
def newcomer(borrow: Callable[..., Page]) -> Page:
    """A page of a browser that has never been here, where pictures may move by a clock of ours."""
    return borrow(visited=False, clock=True, reduced_motion="no-preference")


def until(page: Page, wanted: str | None) -> list[dict[str, Any]]:
    """Let the page's time run until a caption stands there, or none; what was seen on the way."""
    stands = f"() => document.querySelector('.opening').dataset.caption === {json.dumps(wanted)}"
    return draw_until(page, stands.replace("null", "undefined"), FRAMES, SHOWN)


def begun(page: Page) -> None:
    expect(page.locator("[data-part=opening]")).to_have_attribute("data-caption", "1")


def as_in(seen: list[dict[str, Any]], name: str) -> list[Any]:
    """The values of one name, each once as long as it stays."""
    values = [each[name] for each in seen]
    return [value for i, value in enumerate(values) if i == 0 or values[i - 1] != value]


def test_a_first_visit_sees_one_cell_unroll_read_err_and_learn_and_the_slider_move(
    newcomer: Page, server: str
) -> None:
    newcomer.goto(server)
    begun(newcomer)
    entries = newcomer.evaluate("history.length")
    expect(stage(newcomer)).to_have_attribute("data-folded", "true")
    expect(stage(newcomer)).to_have_attribute("data-state", "idle")
    seen = until(newcomer, None)
    shown = [each for each in as_in(seen, "caption") if each]
    assert len(shown) == 5
    assert as_in(seen, "state") == ["idle", "forward", "loss", "backward", "done"]
    assert as_in(seen, "folded") == ["true", "false"]
    scales = as_in(seen, "scale")
    low, high = scales.index(0.5), scales.index(2.5)
    assert scales[: low + 1] == sorted(scales[: low + 1], reverse=True)
    assert scales[low : high + 1] == sorted(scales[low : high + 1])
    assert scales[high:] == sorted(scales[high:], reverse=True)
    assert scales[0] == scales[-1] == 1
    assert as_in(seen, "hint") == [False, True]
    assert {each["state"] for each in seen if each["scale"] != 1} == {"done"}
    expect(newcomer.locator("[data-part=hint]")).to_be_visible()
    assert newcomer.url.rstrip("/") == server
    assert newcomer.evaluate("history.length") == entries
    standing = newcomer.evaluate(STANDING)
    bars = gradients(newcomer)
    newcomer.get_by_role("button", name="Play").click()
    newcomer.clock.run_for(4 * FRAMES)
    expect(newcomer.get_by_role("button", name="Pause")).to_be_visible()
    newcomer.reload()
    expect(stage(newcomer)).to_have_attribute("data-state", "done")
    assert newcomer.locator("[data-part=opening]").is_hidden()
    assert newcomer.evaluate(STANDING) == standing
    assert gradients(newcomer) == bars


@pytest.mark.pages
def test_the_slider_moves_the_engines_numbers_and_can_be_taken_over(
    newcomer: Page, server: str
) -> None:
    trace = newcomer.request.post(f"{server}/api/trace", data={"recurrent_scale": 0.5}).json()
    first = f"{trace['log10_gradient_norm'][0]:.2f}"
    newcomer.goto(server)
    begun(newcomer)
    until(newcomer, "5")
    low = "() => document.querySelector('#recurrent_scale').value === '0.5'"
    draw_until(newcomer, low, FRAMES, held=True)
    shown = f"() => document.querySelector(\"[data-log10-gradient='{first}'][data-timestep='1']\")"
    draw_until(newcomer, shown, 0)
    thumb = slider(newcomer)
    box = thumb.bounding_box()
    assert box
    thumb.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    expect(newcomer.locator("[data-part=opening]")).to_be_hidden()
    expect(thumb).to_have_value("4")
    newcomer.clock.run_for(1000)
    expect(newcomer).to_have_url(f"{server}/?recurrent_scale=4")


@pytest.mark.layout
@combined(scheme=["light", "dark"])
def test_every_caption_is_accessible_while_the_picture_moves(
    newcomer: Page, server: str, scheme: Any
) -> None:
    newcomer.emulate_media(color_scheme=scheme)
    newcomer.goto(server)
    begun(newcomer)
    for wanted in "12345":
        until(newcomer, wanted)
        newcomer.wait_for_function("() => !document.querySelector('.cards').getAnimations().length")
        assert_accessible(newcomer)


@pytest.mark.parametrize("how", ["ArrowRight", "Space", "Tab", "f", "?", "Escape", "touch"])
def test_any_key_or_touch_ends_it_and_does_nothing_else(
    newcomer: Page, server: str, how: str
) -> None:
    newcomer.goto(server)
    begun(newcomer)
    until(newcomer, {"Space": "2", "touch": "3", "Tab": "4", "f": "5"}.get(how, "1"))
    if how == "touch":
        newcomer.locator("[data-timestep='9']").click(force=True)
    else:
        newcomer.keyboard.press(how)
    expect(newcomer.locator("[data-part=opening]")).to_be_hidden()
    expect(stage(newcomer)).to_have_attribute("data-state", "done")
    standing = newcomer.evaluate(STANDING)
    newcomer.emulate_media(reduced_motion="reduce")
    newcomer.reload()
    expect(stage(newcomer)).to_have_attribute("data-state", "done")
    assert newcomer.evaluate(STANDING) == standing


@pytest.mark.pages
@pytest.mark.parametrize("at", ["1", "2", "4", "5", None])
def test_it_is_seen_again_from_the_help_and_gives_back_what_stood_there(
    borrow: Callable[..., Page], server: str, at: str | None
) -> None:
    page = borrow(clock=True, reduced_motion="no-preference")
    pin = urlencode({"cell": "gru"})
    opened(page, server, cell="lstm", recurrent_scale=1.7, sequence="abcdefgh", pin=pin)
    expect(page.locator("[data-part=multiples] figure")).to_have_count(2)
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    page.locator("[data-part=fold]").click()
    page.clock.run_for(1000)
    standing = page.evaluate(STANDING)
    page.get_by_role("button", name="What am I looking at?").click()
    page.get_by_role("button", name="Show the opening again").click()
    begun(page)
    expect(page.locator("[data-timestep]")).to_have_count(24)
    until(page, at)
    if at:
        page.keyboard.press("Enter")
    expect(page.locator("[data-part=opening]")).to_be_hidden()
    expect(page.locator("[data-timestep]")).to_have_count(7)
    assert page.evaluate(STANDING) == standing
    page.clock.run_for(1000)
    assert page.evaluate(STANDING) == standing


@pytest.mark.parametrize(
    "address", ["/?recurrent_scale=2", "/?pin=cell%3Dgru", "/?view=projector", "/lessons/{lesson}"]
)
def test_an_address_of_something_in_particular_skips_the_opening(
    newcomer: Page, server: str, address: str
) -> None:
    from unrolled.app.lessons import shelf

    newcomer.goto(server + address.format(lesson=shelf().all("en")[0].slug))
    expect(stage(newcomer)).not_to_have_attribute("data-run", "")
    assert newcomer.evaluate(SEEN) is None


@pytest.mark.pages
def test_a_page_that_is_a_part_of_another_does_not_begin_with_it(
    newcomer: Page, server: str
) -> None:
    newcomer.goto(f"{server}/healthz")
    newcomer.evaluate("""() => {
      const frame = document.createElement("iframe");
      frame.src = "./";
      document.body.append(frame);
    }""")
    expect(newcomer.frame_locator("iframe").locator("[data-part=stage]")).to_have_attribute(
        "data-run", "1"
    )
    assert newcomer.evaluate(SEEN) is None


@pytest.mark.layout
def test_where_nothing_may_move_the_captions_are_a_list_beside_the_end(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow(visited=False)
    page.goto(server)
    expect(stage(page)).to_have_attribute("data-state", "done")
    captions = page.get_by_role("complementary").get_by_role("listitem")
    expect(captions).to_have_count(5)
    for each in captions.all():
        expect(each).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-part=opening]")).to_be_hidden()
    page.reload()
    expect(stage(page)).to_have_attribute("data-state", "done")
    expect(page.locator("[data-part=opening]")).to_be_hidden()


@pytest.mark.pages
def test_a_question_mark_first_answers_what_is_seen_and_has_keys_where_there_are_any(
    borrow: Callable[..., Page], server: str
) -> None:
    for touch in (False, True):
        page = opened(borrow(**PHONE if touch else {}), server)
        page.get_by_role("button", name="What am I looking at?").click()
        dialog = page.get_by_role("dialog", name="What am I looking at?")
        expect(dialog.get_by_role("listitem")).to_have_count(6)
        expect(dialog.get_by_role("heading", name="Keys")).to_be_visible(visible=not touch)
