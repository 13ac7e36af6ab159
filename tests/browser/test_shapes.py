"""The lesson of the four shapes: networks that were trained, a picture that is read, two cells."""

import re

from playwright.sync_api import Page, expect


def test_one_word_flips_the_label_and_an_unknown_word_is_refused_by_name(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/lessons/four-ways?lang=zh-CN")
    expect(page.locator("[data-timestep='3']")).to_have_attribute("data-prediction", "正面")
    sequence = page.get_by_role("textbox", name="序列")
    sequence.fill("这部电影太难看了")
    expect(page.locator("[data-timestep='5']")).to_have_attribute("data-prediction", "负面")
    sequence.fill("这部电影太长了")
    error = page.locator("[data-field=sequence] .error")
    expect(error).to_contain_text("长")
    expect(error).to_contain_text("喜欢")


def test_a_picture_is_drawn_where_it_is_read_and_the_letters_are_read_next(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/lessons/four-ways?step=caption")
    page.locator("[data-part=reveal]").click()
    picture = page.locator("[data-timestep='1'] .token").get_by_role("img")
    expect(picture).to_have_attribute("aria-label", "A picture of 8 × 8 pixels, 44 of them dark")
    expect(page.locator("[data-timestep='2'] .token")).to_have_text("c")


def test_the_lab_opens_a_network_of_the_lessons_by_its_link(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons/four-ways?step=tags")
    expect(page.locator("[data-timestep='2']")).to_have_attribute("data-prediction", "VERB")
    page.get_by_role("link", name="Open in the lab").click()
    expect(page).to_have_title(re.compile("unrolled"))
    expect(page.locator("[data-timestep='2']")).to_have_attribute("data-prediction", "VERB")
    page.get_by_role("textbox", name="Sequence").fill("children play")
    expect(page.locator("[data-timestep='2']")).to_have_attribute("data-prediction", "VERB")


def test_a_word_that_is_fed_back_is_read_when_it_has_been_said(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.goto(f"{server}/lessons/four-ways?step=encoder-decoder&lang=en&view=projector")
    read = page.locator("[data-timestep='4']")
    expect(read).to_have_accessible_name("t = 4, reads what is said at t = 3")
    for _ in range(2):
        page.keyboard.press("PageDown")
    expect(page.locator("[data-timestep='2']")).to_have_attribute("aria-current", "step")
    expect(read.locator(".token")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(read.locator(".token")).to_be_visible()
    expect(page.locator("[data-timestep='5'] .token")).to_be_hidden()
