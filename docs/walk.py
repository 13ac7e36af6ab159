"""Every step of every lesson, in every language, as a class sees it: `make screenshots`.

Each is a picture in `test-results/lessons/`, to be looked at; a step that complains in the console
or that asks another host for something ends the walk.
"""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.lessons import Lesson, Shelf
from bench.serving import served
from tests.browser.chromium import find
from tests.browser.conftest import FLAGS

FOLDER = Path("test-results/lessons")
SIZE: ViewportSize = {"width": 1280, "height": 720}
SETTLED = 700
CHARTS = 1500


def main() -> None:
    shelf = Shelf()
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        for first in shelf.all("en"):
            for language in shelf.languages(first.slug):
                walk(browser, url, shelf.get(first.slug, language), language)
        browser.close()


def walk(browser: Browser, url: str, lesson: Lesson, language: str) -> None:
    """One lesson: each step, and each question once it is answered."""
    page = browser.new_page(viewport=SIZE, reduced_motion="reduce", locale=language)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.extend(elsewhere(request.url, url)))
    folder = FOLDER / language / lesson.slug
    folder.mkdir(parents=True, exist_ok=True)
    page.goto(f"{url}/lessons/{lesson.slug}?lang={language}")
    page.wait_for_selector("#stage:not([data-run=''])")
    for number, step in enumerate(lesson.steps, start=1):
        settle(page)
        page.screenshot(path=folder / f"{number}-{step.id}.png")
        if step.question:
            page.locator("#reveal").click()
            settle(page)
            page.screenshot(path=folder / f"{number}-{step.id}-answered.png")
        page.keyboard.press("ArrowRight")
    page.close()
    if complaints:
        raise SystemExit(f"{lesson.slug}, {language}: {complaints}")
    print(folder)


def settle(page: Page) -> None:
    page.wait_for_timeout(CHARTS if page.locator("#charts").is_visible() else SETTLED)


def elsewhere(address: str, url: str) -> list[str]:
    ours = ("", urlsplit(url).netloc)
    return [] if urlsplit(address).netloc in ours else [f"asked {address}"]


if __name__ == "__main__":
    main()
