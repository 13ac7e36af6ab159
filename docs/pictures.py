"""The pictures of the README: `make screenshots`."""

from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.serving import served
from tests.browser.chromium import find
from tests.browser.conftest import FLAGS

HERE = Path(__file__).parent
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "lab": ("/", {**DESK, "color_scheme": "light"}),
    "lab-dark": ("/", {**DESK, "color_scheme": "dark"}),
    "exploding": ("/?recurrent_scale=3", {**DESK, "color_scheme": "light"}),
    "phone": (
        "/?cell=lstm",
        {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True},
    ),
}


def main() -> None:
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        for name, (path, view) in VIEWS.items():
            page = browser.new_context(**view).new_page()
            page.goto(url + path)
            page.wait_for_selector("#stage[data-state=done]")
            if "has_touch" not in view:
                page.wait_for_selector("#charts .scatterlayer path")
            page.screenshot(path=HERE / f"{name}.png")
            print(HERE / f"{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
