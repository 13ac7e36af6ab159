"""Every term and symbol opens one sentence, by pointer and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import stage
from unrolled.app.i18n.catalog import languages


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


@pytest.mark.pages
@pytest.mark.parametrize("language", languages())
def test_a_symbol_of_a_lesson_opens_its_sentence_by_hand_and_by_key(
    page: Page, server: str, language: str
) -> None:
    page.goto(f"{server}/lessons/gates?step=second-memory&lang={language}")
    expect(stage(page)).to_have_attribute("data-state", "done")
    symbol = page.locator("[data-part=step-text] math:has(.product) [data-symbol=gate_f]").first
    sentence = page.locator("[id=term-gate_f]")
    symbol.click()
    expect(sentence).to_be_visible()
    page.keyboard.press("Escape")
    expect(sentence).to_be_hidden()
    known = page.locator("[data-part=step-text] .of-symbol[popovertarget=term-gate_f]")
    expect(known).to_have_count(1)
    for key in ("Enter", " "):
        known.focus()
        expect(page.locator("[data-focus]")).to_have_attribute("data-symbol", "gate_f")
        page.keyboard.press(key)
        expect(sentence).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("step=which-way"))


@pytest.mark.pages
def test_the_equations_of_a_timestep_open_the_same_sentences(page: Page, server: str) -> None:
    page.goto(f"{server}/?lang=en&sequence=hello&cell=gru")
    equations = page.locator("[data-part=step] .equations")
    equations.scroll_into_view_if_needed()
    plain = "nodes => nodes.filter(node => !node.closest('[data-symbol]')).map(n => n.textContent)"
    expect(equations.locator("[data-symbol=gate_z]").first).to_be_visible()
    assert equations.locator("mi").evaluate_all(plain) == []
    equations.locator("[popovertarget=term-gradient]").press("Enter")
    expect(page.locator("[id=term-gradient]")).to_be_visible()
    assert_accessible(page)


@pytest.mark.layout
@pytest.mark.parametrize("path", ["/?lang=en", "/lessons/why-memory?lang=en"])
def test_on_a_phone_the_help_leads_to_the_terms(page: Page, server: str, path: str) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    page.goto(server + path)
    page.get_by_role("button", name="What am I looking at?").click()
    page.get_by_role("dialog").get_by_role("button", name="Terms and symbols").click()
    listed = page.get_by_role("dialog", name="Terms and symbols")
    expect(listed).to_be_visible()
    listed.get_by_role("button", name="Close").click()
    expect(listed).to_be_hidden()


@pytest.mark.layout
@pytest.mark.parametrize("path", ["/lessons/why-memory", "/", "/train"])
@pytest.mark.parametrize("width", [375, 1280])
def test_a_room_is_opened_and_joined_from_a_window_of_any_width(
    page: Page, server: str, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 667})
    page.goto(f"{server}{path}?lang=en")
    page.get_by_role("button", name="What am I looking at?").click()
    help_dialog = page.get_by_role("dialog", name="What am I looking at?")
    expect(help_dialog.get_by_role("link", name="Join a room")).to_be_visible()
    inside = help_dialog.get_by_role("button", name="A room for the class")
    api = help_dialog.get_by_role("link", name="API")
    if width < 600:
        expect(api).to_be_visible()
        assert_accessible(page)
        inside.click()
    else:
        expect(inside).to_be_hidden()
        expect(api).to_be_hidden()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Room", exact=True).click()
    expect(page.get_by_role("dialog", name="A room for the class")).to_be_visible()


@pytest.mark.pages
@pytest.mark.parametrize("path", ["/?lang=en", "/lessons/why-memory?lang=en"])
def test_the_glossary_lists_every_term(page: Page, server: str, path: str) -> None:
    page.goto(server + path)
    page.get_by_role("button", name="Terms and symbols").click()
    listed = page.get_by_role("dialog", name="Terms and symbols")
    expect(listed.get_by_text("Hidden unit: one number of the hidden state.")).to_be_visible()
    assert_accessible(page)
    shown = listed.get_by_role("listitem")
    count = shown.count()
    expect(shown.first).to_contain_text("Timestep")
    listed.get_by_role("radio", name="A to Z").check()
    expect(shown).to_have_count(count)
    expect(shown.first).to_contain_text("Activation")
    listed.get_by_role("searchbox").fill("w_hh")
    expect(shown).to_have_count(1)
    listed.get_by_role("radio", name="By topic").check()
    expect(listed.get_by_role("heading", level=3)).to_have_text(["Inside a step"])
    listed.get_by_role("searchbox").fill("zebra")
    expect(listed.get_by_role("status")).to_be_visible()
    listed.get_by_role("button", name="Close").click()
    expect(listed).to_be_hidden()


@pytest.mark.pages
def test_a_symbol_of_a_choice_opens_its_sentence_and_answers_nothing(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/lessons/gates?step=not-yet&lang=en")
    question = page.locator("[data-part=question]")
    question.locator(".symbols button").first.click()
    expect(page.locator("[id=term-scale]")).to_be_visible()
    assert_accessible(page)
    expect(question.locator("[data-part=reveal]")).to_be_visible()
    expect(question.locator("[aria-pressed=true]")).to_have_count(0)
