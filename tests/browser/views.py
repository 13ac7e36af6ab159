"""A page in the colours and the size of another screen."""

from typing import Any

from playwright.sync_api import Page


def show_as(page: Page, scheme: Any, width: int, height: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
