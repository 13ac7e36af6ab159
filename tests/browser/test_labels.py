"""Outputs that are labels of their own: typed, seen and kept in the address."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_lab import opened


def test_the_outputs_are_the_labels_that_are_typed(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence="这部电影太棒了", tokens="words", target="正面")
    labels = page.get_by_role("textbox", name="Labels")
    labels.fill("正面 / 负面")
    last = page.locator("[data-timestep='3']")
    expect(last).to_have_attribute("data-prediction", "负面")
    expect(page).to_have_url(re.compile("labels="))
    labels.fill("好评 / 差评")
    expect(page.locator("#target-error")).to_contain_text("none of the labels")
    labels.fill("")
    expect(page.locator("#target-error")).to_be_hidden()
    page.get_by_role("radio", name="one → many").check(force=True)
    expect(labels).to_be_hidden()
