"""Every step of every lesson, in every language, in a class and on a phone: `make screenshots`.

Each is a picture in `screenshots/`, to be looked at; a step that complains in the console
or that asks another host for something ends the walk.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench.serving import served
from tests.browser.chromium import find
from tests.browser.conftest import FLAGS
from unrolled.app.lessons import Lesson, Shelf

FOLDER = Path("screenshots")
SCREENS: dict[str, dict[str, Any]] = {
    "class": {"viewport": {"width": 1280, "height": 720}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
SETTLED = 700
CHARTS = 1500


def main() -> None:
    shelf = Shelf()
    with served() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        for first in shelf.all("en"):
            for language in shelf.languages(first.slug):
                for screen in SCREENS:
                    walk(browser, url, shelf.get(first.slug, language), language, screen)
        browser.close()


def walk(browser: Browser, url: str, lesson: Lesson, language: str, screen: str) -> None:
    """Photograph the steps of a lesson, and the answered questions; on a phone, the whole page."""
    page = browser.new_page(**SCREENS[screen], reduced_motion="reduce", locale=language)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.extend(elsewhere(request.url, url)))
    folder, whole = FOLDER / screen / language / lesson.slug, screen == "phone"
    folder.mkdir(parents=True, exist_ok=True)
    for number, step in enumerate(lesson.steps, start=1):
        page.goto(f"{url}/lessons/{lesson.slug}?step={step.id}&lang={language}")
        page.wait_for_selector("[data-part=stage]:not([data-run=''])")
        settle(page)
        page.screenshot(path=folder / f"{number}-{step.id}.png", full_page=whole)
        if step.question:
            page.locator("[data-part=reveal]").click()
            settle(page)
            page.screenshot(path=folder / f"{number}-{step.id}-answered.png", full_page=whole)
    page.close()
    if complaints:
        raise SystemExit(f"{lesson.slug}, {language}, {screen}: {complaints}")
    print(folder)


def settle(page: Page) -> None:
    page.wait_for_timeout(CHARTS if page.locator("[data-part=charts]").is_visible() else SETTLED)


def elsewhere(address: str, url: str) -> list[str]:
    ours = ("", urlsplit(url).netloc)
    return [] if urlsplit(address).netloc in ours else [f"asked {address}"]


if __name__ == "__main__":
    main()
