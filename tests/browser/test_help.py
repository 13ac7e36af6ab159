"""The answers of the question mark, with the keys where there is a keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import PHONE
from unrolled.app.lessons import shelf

pytestmark = pytest.mark.layout

LESSON = shelf().all("en")[0].slug
PLACES = ["/train", f"/lessons/{LESSON}/notes"]


@pytest.mark.parametrize("place", PLACES)
def test_help_of_training_and_of_notes_is_accessible_and_has_the_keys(
    page: Page, server: str, complaints: list[str], place: str
) -> None:
    page.goto(server + place)
    page.get_by_role("button", name="What am I looking at?").click()
    dialog = page.get_by_role("dialog", name="What am I looking at?")
    expect(dialog.get_by_role("heading", name="Keys")).to_be_visible()
    assert_accessible(page, "[data-part=help]")


def test_where_there_is_no_keyboard_help_has_no_keys(
    borrow: Callable[..., Page], server: str
) -> None:
    page = borrow(**PHONE)
    for place in PLACES:
        page.goto(server + place)
        page.get_by_role("button", name="What am I looking at?").tap()
        expect(page.locator("[data-part=help] .drawings svg").first).to_be_visible()
        expect(page.locator("[data-part=help] .keys")).to_be_hidden()
