"""Files that the page writes are right for every character, or it says that it failed."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_exports import saved
from tests.browser.test_lab import lab, opened
from unrolled.app.exports.tables import EXPORTS
from unrolled.engine import Experiment

__all__ = ["lab"]

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF)]
SEQUENCE = "x".join(CONTROLS) + "x"
TAGS = {
    "sequence": "abcd",
    "target": "a\x01 \x02b\ufffe \uffffc =d",
    "architecture": "many-to-many",
}


@pytest.mark.parametrize("fields", [{"sequence": SEQUENCE}, TAGS], ids=["tokens", "tags"])
def test_a_picture_is_right_for_every_control_character(
    page: Page, server: str, complaints: list[str], fields: dict[str, str]
) -> None:
    opened(page, server, **fields)
    svg = saved(page, "button", "Picture (SVG)").read_bytes()
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    png = saved(page, "button", "Picture (PNG)").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    expect(page.locator("[data-part=export] [role=status]")).to_contain_text("unrolled-rnn.png")


@pytest.mark.pages
def test_a_picture_that_cannot_be_made_is_told(lab: Page, complaints: list[str]) -> None:
    saved(lab, "button", "Picture (SVG)")
    lab.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (told) => told(null); }")
    lab.locator("[data-part=export] summary").click()
    lab.get_by_role("button", name="Picture (PNG)").click()
    expect(lab.locator("[data-part=export] [role=status]")).to_contain_text("could not be made")
    assert "the picture has no bytes" in complaints.pop()


def test_a_replay_holds_every_control_character(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    file.write_bytes(EXPORTS["html"].make(Experiment(SEQUENCE)))
    page.goto(file.as_uri())
    stage = page.locator("[data-part=stage]")
    expect(stage).to_have_attribute("data-state", "done", timeout=15_000)
    expect(page.locator("[data-timestep]")).to_have_count(len(SEQUENCE) - 1)
    page.locator("[data-timestep='1']").focus()
    expect(page.locator("[data-timestep='1'] .sign")).to_have_text("control character U+0000")
