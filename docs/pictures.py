"""Take the screenshots of the README: `make screenshots`."""

from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.serving import served
from tests.browser.chromium import find
from tests.browser.conftest import FLAGS, VISITED

HERE = Path(__file__).parent
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
SLIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
}
SETTLED = 1200
DRAGGED = "localStorage.setItem('unrolled.hint', '1')"
WITH_CHARTS = ("lab", "lab-dark", "exploding")
PINS = "pin=cell%3Dlstm&pin=cell%3Dgru"
VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "lab": ("/?recurrent_scale=0.7", {**DESK, "color_scheme": "light"}),
    "lab-dark": ("/", {**DESK, "color_scheme": "dark"}),
    "exploding": ("/?recurrent_scale=3", {**DESK, "color_scheme": "light"}),
    "lstm": ("/?cell=lstm", {**SLIDE, "color_scheme": "light"}),
    "compare": (f"/?recurrent_scale=0.6&{PINS}", {**DESK, "color_scheme": "light"}),
    "ribbon": (f"/?sequence={'the+quick+brown+fox+' * 20}", {**DESK, "color_scheme": "dark"}),
    "projector": ("/?view=projector", {**SLIDE, "color_scheme": "light"}),
    "projector-dark": ("/?view=projector&cell=gru", {**SLIDE, "color_scheme": "dark"}),
    "phone": ("/?cell=lstm", {**PHONE, "color_scheme": "light"}),
    "phone-dark": ("/?recurrent_scale=2", {**PHONE, "color_scheme": "dark"}),
}


def main() -> None:
    with served() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        for name, (path, view) in VIEWS.items():
            page = browser.new_context(**view).new_page()
            page.add_init_script(f"{VISITED}; {DRAGGED}")
            page.goto(url + path)
            page.wait_for_selector("[data-part=stage][data-state=done]")
            page.wait_for_timeout(SETTLED)
            if name in WITH_CHARTS:
                page.wait_for_selector("[data-part=charts] .scatterlayer path")
            page.screenshot(path=HERE / f"{name}.png")
            print(HERE / f"{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
