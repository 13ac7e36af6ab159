"""The network of a lesson from a folder of one's own is trained when someone asks for it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import stage
from tests.conftest import Served
from tests.lessons import FACTS, SLUG, TRAINED, TRAINING, WORDS, written
from unrolled.app.settings import Settings


def test_a_network_is_trained_by_a_button_that_says_what_it_costs(
    page: Page, tmp_path: Path, complaints: list[str]
) -> None:
    words = {language: text + TRAINED for language, text in WORDS.items()}
    served = Served(Settings(lessons=written(tmp_path, SLUG, FACTS + TRAINING, **words)))
    try:
        page.goto(f"{served.url}/lessons/{SLUG}?step=trained&lang=en")
        expect(stage(page)).to_have_attribute("data-state", "done")
        before = stage(page).get_attribute("data-run")
        expect(page.get_by_text("takes 20 steps and 640 examples")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Train this network").click()
        expect(page.get_by_role("button", name="Train this network")).to_be_hidden()
        expect(stage(page)).not_to_have_attribute("data-run", str(before))
        expect(stage(page)).to_have_attribute("data-state", "done")
    finally:
        served.stop()
