"""Every term and symbol opens one sentence, by pointer and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import stage


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_term_of_a_lesson_opens_its_sentence(page: Page, server: str, language: str) -> None:
    page.goto(f"{server}/lessons/gates?step=second-memory&lang={language}")
    expect(stage(page)).to_have_attribute("data-state", "done")
    term = page.locator("button.explained[popovertarget=term-gate_f]")
    sentence = page.locator("[id=term-gate_f]")
    expect(sentence).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(sentence).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(sentence).to_be_hidden()


@pytest.mark.parametrize("path", ["/?lang=en", "/lessons/why-memory?lang=en"])
def test_the_glossary_lists_every_term(page: Page, server: str, path: str) -> None:
    page.goto(server + path)
    page.get_by_role("button", name="Terms and symbols").click()
    listed = page.get_by_role("dialog", name="Terms and symbols")
    expect(listed.get_by_text("Hidden unit: one number of the hidden state.")).to_be_visible()
    assert_accessible(page)
    listed.get_by_role("button", name="Close").click()
    expect(listed).to_be_hidden()
