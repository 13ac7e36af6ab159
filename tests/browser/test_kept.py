"""Files and links of an earlier version, in `tests/kept`, open in a browser."""

import gzip
from pathlib import Path

from playwright.sync_api import Page, expect

KEPT = Path(__file__).parents[1] / "kept"


def test_a_replay_plays(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "replay.html"
    file.write_bytes(gzip.decompress((KEPT / "replay.html.gz").read_bytes()))
    page.goto(file.as_uri())
    expect(page.locator(".stage")).to_have_attribute("data-state", "done")
    expect(page.locator(".stage canvas").first).to_be_visible()


def test_a_link_to_a_lesson_opens_the_lesson(page: Page, server: str) -> None:
    page.goto(f"{server}/{(KEPT / 'link.txt').read_text().strip()}")
    expect(page.get_by_role("heading", name="It reads").first).to_be_visible()
