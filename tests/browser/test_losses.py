"""Of several losses one is drawn, and everything on the page speaks of it."""

import csv
import io
import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_exports import saved

WORDS = {
    "en": {"group": "Which loss is drawn", "all": "all together", "at": "the loss at t = 9"},
    "zh-CN": {"group": "画哪个损失", "all": "所有损失之和", "at": "t = 9 处损失"},
}
TOGETHER = {"en": "the gradient of all losses", "zh-CN": "所有损失之和的梯度"}
SAVED = {"en": ("Table (CSV)", "Picture (SVG)"), "zh-CN": ("表格（CSV）", "图片（SVG）")}


def shares(server: str, loss: int | str) -> list[str]:
    fields = {"architecture": "many-to-many", "loss": loss}
    found = httpx.post(f"{server}/api/trace", json=fields).json()["log10_share"]
    return ["-inf" if value is None else f"{value:.2f}" for value in found]


def drawn(page: Page) -> list[str]:
    columns = page.locator("[data-timestep]")
    said: list[str] = columns.evaluate_all("all => all.map(({ dataset }) => dataset.log10Share)")
    return said


def of(page: Page, server: str, loss: int | str) -> None:
    """Wait until the bars are of a loss."""
    first = shares(server, loss)
    expect(page.locator("[data-timestep='1']")).to_have_attribute("data-log10-share", first[0])
    assert drawn(page) == first


@pytest.mark.parametrize("language", WORDS)
def test_a_click_on_an_output_chooses_its_loss_for_bars_words_files_and_address(
    page: Page, server: str, complaints: list[str], language: str
) -> None:
    words, (table, slide) = WORDS[language], SAVED[language]
    page.goto(f"{server}/?architecture=many-to-many&lang={language}")
    expect(page.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    of(page, server, "last")
    group = page.get_by_role("group", name=words["group"])
    expect(group.get_by_role("radio").first).to_be_checked()

    output = page.locator("[data-timestep='9'] .output").bounding_box()
    assert output
    page.mouse.click(output["x"] + output["width"] / 2, output["y"] + output["height"] / 2)
    of(page, server, 9)
    expect(group.get_by_role("radio").nth(1)).to_be_checked()
    expect(page).to_have_url(re.compile("loss=9"))
    expect(page.locator("[data-part=verdict]")).to_contain_text(words["at"])
    expect(page.locator(".above .loss")).to_be_visible()
    rows = list(csv.DictReader(io.StringIO(saved(page, "link", table).read_text("utf-8-sig"))))
    assert {row["chosen_loss"] for row in rows} == {"9"}
    assert [f"{float(row['log10_share']):.2f}" for row in rows] == drawn(page)
    svg = saved(page, "button", slide).read_text("utf-8")
    assert words["at"] in svg
    assert "loss=9" in svg

    group.get_by_role("radio").nth(1).focus()
    page.keyboard.press("ArrowRight")
    of(page, server, "all")
    expect(group.get_by_role("radio", name=words["all"])).to_be_checked()
    expect(page).to_have_url(re.compile("loss=all"))
    sentence = page.locator("[data-part=verdict]").inner_text()
    assert TOGETHER[language].lower() in sentence.lower(), sentence
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    of(page, server, "last")
    expect(page).not_to_have_url(re.compile("loss="))
