"""A class that trains at once: who finds no place waits in line, and sees it."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.delivery


def test_a_page_that_finds_no_place_says_how_many_come_first_and_begins_by_itself(
    page: Page, serve
):
    url = serve(trainings=1)
    page.goto(f"{url}/train?cells=rnn&steps=100000")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".count")).to_contain_text("step")
    other = page.context.new_page()
    other.goto(f"{url}/train?cells=rnn&steps=20")
    other.get_by_role("button", name="Start", exact=True).click()
    expect(other.locator("#notice")).to_contain_text("Before yours: 0")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(other.locator("#notice")).to_be_hidden()
    expect(other.locator(".count")).to_contain_text("20")
