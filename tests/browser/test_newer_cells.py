"""The menu of the cells that are not in every textbook."""

from playwright.sync_api import Page, expect

from tests.browser.test_lab import lab

__all__ = ["lab"]


def test_a_newer_cell_is_chosen_in_the_menu_and_the_menu_says_which(lab: Page) -> None:
    menu = lab.locator("[data-part=newer]")
    summary = menu.locator("summary")
    expect(summary).to_have_text("Newer")
    summary.click()
    expect(menu).to_contain_text("one gate for the GRU’s two")
    menu.get_by_role("radio", name="minGRU").click()
    expect(summary).to_have_text("minGRU")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    expect(lab.locator("[data-part=cell-about]")).to_contain_text("reads the input alone")
    expect(lab.locator("[data-part=no-memory]")).to_be_visible()
    expect(lab.locator("[data-weight=W_hh]").first).to_be_disabled()
    lab.keyboard.press("Enter")
    menu.get_by_role("radio", name="minGRU").press("ArrowRight")
    expect(summary).to_have_text("minLSTM")
    expect(menu).to_have_attribute("open", "")
    lab.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    lab.get_by_role("radio", name="LSTM", exact=True).check(force=True)
    expect(summary).to_have_text("Newer")
