"""A teacher with a clicker in one hand and a mouse in the other."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import slider, stage

PREDICT = "/lessons/vanish-or-explode?step=predict&lang=en&view=projector"


def heading(page: Page) -> str:
    return page.locator("#step-title").inner_text()


def read(page: Page) -> None:
    """Scroll the words of the step to their end."""
    page.locator("[data-part=words]").evaluate("node => node.scrollTo(0, node.scrollHeight)")


@pytest.mark.parametrize("where", ["class", "notes"])
def test_a_clicker_shows_the_answer_before_it_goes_on(
    page: Page, server: str, complaints: list[str], where: str
) -> None:
    page.goto(server + PREDICT.replace("projector", "projector" if where == "class" else ""))
    expect(stage(page)).to_have_attribute("data-state", "done")
    asked, hand = heading(page), page
    if where == "notes":
        with page.expect_popup() as popup:
            page.get_by_role("button", name="Notes").click()
        hand = popup.value
        expect(hand.locator("[data-part=step-title]")).to_have_text(asked)
    hand.keyboard.press("PageDown")
    expect(page.locator("[data-part=question]").get_by_role("status")).to_be_visible()
    expect(slider(page)).to_have_value("0.5")
    expect(page.locator("#step-title")).to_have_text(asked)
    read(page)
    hand.keyboard.press("PageDown")
    expect(page.locator("#step-title")).not_to_have_text(asked)
    hand.keyboard.press("PageUp")
    expect(page.locator("#step-title")).to_have_text(asked)
    expect(slider(page)).to_have_value("0.5")
    if hand is not page:
        hand.close()


@pytest.mark.parametrize("way", ["button", "key"])
def test_after_a_wrong_choice_the_answer_is_shown_on_request(
    page: Page, server: str, complaints: list[str], way: str
) -> None:
    page.goto(server + PREDICT)
    expect(stage(page)).to_have_attribute("data-state", "done")
    page.locator("[data-choice=even]").click()
    expect(page.locator(".question .reply")).to_have_text("Not this one. Try once more.")
    if way == "button":
        page.locator("[data-part=reveal]").click()
    else:
        page.keyboard.press("PageDown")
    expect(slider(page)).to_have_value("0.5")
    expect(page.locator("[data-part=reveal]")).to_be_hidden()


@pytest.mark.pages
def test_after_the_answer_was_shown_by_its_button_an_arrow_goes_on(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(server + PREDICT)
    expect(stage(page)).to_have_attribute("data-state", "done")
    asked = heading(page)
    page.locator("[data-part=reveal]").click()
    expect(slider(page)).to_have_value("0.5")
    read(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step-title")).not_to_have_text(asked)


@pytest.mark.pages
@pytest.mark.parametrize("key", ["ArrowRight", "PageDown"])
def test_a_control_that_the_mouse_has_set_leaves_the_keys_to_the_lesson(
    page: Page, server: str, complaints: list[str], key: str
) -> None:
    page.goto(server + PREDICT.replace("step=predict", "step=vanish"))
    expect(stage(page)).to_have_attribute("data-state", "done")
    shown, box = heading(page), slider(page).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle + 60)
    page.mouse.up()
    value = slider(page).input_value()
    page.keyboard.press(key)
    expect(page.locator("#step-title")).not_to_have_text(shown)
    assert slider(page).input_value() != value  # the step's own


def test_a_slider_that_the_keyboard_has_reached_keeps_its_arrows(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(server + PREDICT.replace("step=predict", "step=vanish"))
    expect(stage(page)).to_have_attribute("data-state", "done")
    shown, value = heading(page), float(slider(page).input_value())
    slider(page).click()  # a hand that had used the mouse
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(slider(page)).to_be_focused()
    before = float(slider(page).input_value())
    page.keyboard.press("ArrowRight")
    assert float(slider(page).input_value()) > before
    assert value
    assert heading(page) == shown


@pytest.mark.pages
def test_the_decoder_speaks_beat_by_beat(page: Page, server: str, complaints: list[str]) -> None:
    page.goto(f"{server}/lessons/four-ways?step=encoder-decoder&lang=en&view=projector")
    expect(stage(page)).to_have_attribute("data-state", "idle")
    read(page)
    said = page.locator(".timestep [data-seen=prediction], .timestep [data-seen=target]")
    for columns in (1, 2, 3):
        page.keyboard.press("PageDown")
        expect(said).to_have_count(columns)


@pytest.mark.pages
def test_a_clicker_shows_the_rest_of_the_words_before_it_goes_on(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/lessons/four-ways?step=caption&lang=en&view=projector")
    expect(stage(page)).to_have_attribute("data-state", "idle")
    then = page.locator("[data-part=step-then]")
    then.evaluate("node => node.style.paddingTop = '480px'")  # more than fits, in any letters
    asked = heading(page)
    page.keyboard.press("PageDown")
    last = page.locator("[data-part=step-then] > :last-child")
    expect(last).not_to_be_in_viewport(ratio=1)
    page.keyboard.press("PageDown")
    expect(last).to_be_in_viewport(ratio=1)
    expect(page.locator("#step-title")).to_have_text(asked)
    page.keyboard.press("PageUp")
    expect(page.locator("#step-title")).to_be_in_viewport(ratio=1)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(page.locator("#step-title")).not_to_have_text(asked)
