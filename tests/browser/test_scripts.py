"""Texts in any script: what cannot be seen, what runs from right to left, lines and words."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_exports import saved
from tests.browser.test_lab import opened

pytestmark = pytest.mark.layout

UNSEEN = {
    "zero-width space": "\N{ZERO WIDTH SPACE}",
    "space": " ",
    "no-break space": "\N{NO-BREAK SPACE}",
    "byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}",
    "soft hyphen": "\N{SOFT HYPHEN}",
    "left-to-right mark": "\N{LEFT-TO-RIGHT MARK}",
    "line separator": "\N{LINE SEPARATOR}",
    "tab": "\t",
    "blank Braille pattern": "\N{BRAILLE PATTERN BLANK}",
    "Hangul filler": "\N{HANGUL FILLER}",
    "control character U+0007": "\a",
    "private character U+E000": "\ue000",
}
DRAWN = """(nodes) => nodes.map((node) => {
  const sign = node.querySelector("svg, i").getBoundingClientRect();
  const tile = node.getBoundingClientRect();
  return sign.width >= 8 && sign.height >= 8 && sign.left >= tile.left &&
    sign.right <= tile.right && sign.top >= tile.top && sign.bottom <= tile.bottom;
})"""


def test_every_invisible_token_has_a_sign_on_the_stage_and_says_its_name(
    page: Page, server: str, complaints: list[str]
) -> None:
    text = "x".join(UNSEEN.values())
    opened(page, server, sequence=text + "x")
    signs = page.locator("[data-timestep] .token:has(.sign)")
    expect(signs).to_have_count(len(UNSEEN))
    assert all(signs.evaluate_all(DRAWN))
    expect(signs.locator(".sign span")).to_have_text(list(UNSEEN))
    for name, sign in zip(UNSEEN, signs.all(), strict=True):
        expect(sign.locator(".sign")).to_have_attribute("title", name)
    first = page.get_by_role("button", name=re.compile("t = 1, “zero-width space”"))
    expect(first).to_have_count(1)


def test_a_sentence_shows_the_sign_and_says_the_name(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence="\N{NO-BREAK SPACE}a b\N{ZERO WIDTH SPACE}")
    verdict = page.locator("[data-part=verdict]")
    expect(verdict).to_contain_text("“no-break space”")
    expect(verdict.locator(".sign i")).to_be_visible()
    page.locator("[data-timestep='3']").click()
    expect(page.locator("#detail-title .sign svg")).to_be_visible()
    expect(page.locator("#detail-title")).to_have_text("Timestep t = 3 · “space”")
    name: float = page.locator("#detail-title .sign span").evaluate(
        "(node) => node.getBoundingClientRect().width"
    )
    assert name > 20
    page.locator("[data-timestep='4']").click()
    expect(page.locator(".outputs .sign i")).not_to_have_count(0)


def test_the_names_are_chinese_on_the_chinese_page(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence="\N{ZERO WIDTH SPACE}ab", lang="zh-CN")
    expect(page.locator("[data-part=verdict]")).to_contain_text("“零宽空格”")


def test_a_visible_token_has_no_sign(page: Page, server: str, complaints: list[str]) -> None:
    seen = ["👨‍👩‍👧", "❤️", "1️⃣", "น้ำ", "ខ្ញុំ", "a\N{COMBINING ACUTE ACCENT}", "猫"]
    opened(page, server, sequence="".join(seen) + "x")
    expect(page.locator("[data-timestep] .token")).to_have_text(seen)
    expect(page.locator(".stage .sign")).to_have_count(0)


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_signs_go_with_what_is_taken_away(
    page: Page, server: str, complaints: list[str], tmp_path: Path, ending: str
) -> None:
    opened(page, server, sequence="a b\N{ZERO WIDTH SPACE}c\nd")
    page.locator("[data-part=export] summary").click()
    with page.expect_download() as download:
        page.locator(f"[data-part=export] [data-format={ending}]").click()
    file = tmp_path / f"run.{ending}"
    download.value.save_as(file)
    page.goto(file.as_uri())
    if ending == "html":
        expect(page.locator("[data-timestep] .token .sign")).to_have_count(3)
        return
    assert page.locator("text").evaluate_all(
        "all => all.map(({textContent}) => textContent).filter((text) => /^(ZW|SP)$/.test(text))"
    ) == ["ZW", "SP"]
    blank = "all => all.filter(({textContent}) => !/[^\\s\u200b]/.test(textContent)).length"
    assert page.locator("text").evaluate_all(blank) == 0


ARABIC = "السماء زرقاء والغيوم بيضاء اليوم"


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CR LF"])
@pytest.mark.parametrize(
    ("name", "fields"),
    [("Sequence", {}), ("Target", {"architecture": "encoder-decoder", "sequence": "xyz"})],
)
def test_the_end_of_a_line_in_a_link_survives_an_edit(
    page: Page, server: str, complaints: list[str], name: str, fields: dict[str, str], ends: str
) -> None:
    opened(page, server, **{**fields, name.lower(): f"ab{ends}cd"})
    field = page.get_by_role("textbox", name=re.compile(f"^{name}"))
    expect(field).to_have_value("ab\ncd")
    field.press("End")
    page.keyboard.press("Control+End")
    page.keyboard.type("ef")
    expect(field).to_have_value("ab\ncdef")
    page.wait_for_url(re.compile(rf"{name.lower()}=ab%0Acdef"))
    if name == "Sequence":
        expect(page.locator("[data-timestep] .token .sign span")).to_have_text(["end of line"])
    else:
        targets = "all => all.map(({dataset}) => dataset.target).join(' ')"
        page.wait_for_function(
            f"(all) => ({targets})([...document.querySelectorAll('[data-target]')]) === all",
            arg="a b \n c d e f",
        )


def test_a_line_is_added_on_purpose_alone(page: Page, server: str, complaints: list[str]) -> None:
    opened(page, server, sequence="ab")
    field = page.get_by_role("textbox", name="Sequence")
    low = "node => node.getBoundingClientRect().height"
    before: float = field.evaluate(low)
    field.press("End")
    field.press("Enter")
    expect(field).to_have_value("ab")
    field.press("Shift+Enter")
    page.keyboard.insert_text("c\nd")
    expect(field).to_have_value("ab\nc\nd")
    assert field.evaluate(low) > before
    assert field.evaluate("node => node.scrollHeight <= node.clientHeight")
    expect(page.locator("[data-timestep] .token")).to_have_count(5)


def test_a_text_that_is_read_to_the_left_is_whole_and_the_stage_says_which_way_time_runs(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, sequence=ARABIC, tokens="words")
    field = page.get_by_role("textbox", name="Sequence")
    assert field.evaluate("node => getComputedStyle(node).direction") == "rtl"
    tokens = page.locator("[data-timestep] .token")
    expect(tokens).to_have_text(ARABIC.split()[:-1])
    assert set(tokens.evaluate_all("all => all.map((e) => getComputedStyle(e).direction)")) == {
        "rtl"
    }
    note = page.locator("[data-part=stage] .direction")
    expect(note).to_have_text("Time runs to the right.")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        loss = page.locator("[data-part=stage] .loss").bounding_box()
        box = note.bounding_box()
        assert box and loss and box["x"] + box["width"] <= loss["x"]
    expect(page.locator("[data-part=verdict] bdi")).to_have_text([ARABIC.split()[0]])
    assert "Time runs to the right." in saved(page, "button", "Picture (SVG)").read_text("utf-8")
    field.fill("the clouds")
    expect(note).to_be_hidden()
    assert "Time runs" not in saved(page, "button", "Picture (SVG)").read_text("utf-8")


def test_the_first_letter_of_a_long_arabic_word_is_seen(
    page: Page, server: str, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    word = "مستشفياتهمومستشفياتكم"
    opened(page, server, sequence=" ".join([word] * 8), tokens="words", lang="zh-CN")
    inside: list[bool] = page.locator("[data-timestep]:not(.far) .token").evaluate_all(
        """(tiles) => tiles.map((tile) => {
          const first = document.createRange();
          first.setStart(tile.firstChild, 0);
          first.setEnd(tile.firstChild, 1);
          const [letter, box] = [first, tile].map((each) => each.getBoundingClientRect());
          return letter.left >= box.left && letter.right <= box.right;
        })"""
    )
    assert inside
    assert all(inside)
    expect(page.locator("[data-part=stage] .direction")).to_have_text("时间向右走。")


def test_training_shows_what_cannot_be_seen_and_keeps_the_lines_of_a_beginning(
    page: Page, server: str, complaints: list[str]
) -> None:
    text = "a\N{NO-BREAK SPACE}b " * 30
    plan = {"task": "text", "examples": text, "cells": "rnn", "steps": 3, "hidden_size": 4}
    page.goto(f"{server}/train?{urlencode(plan | {'batch_size': 2, 'start': 'a'})}")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".network .answers .sign").first).to_be_visible()
    expect(page.locator(".network .answers .sign i").first).to_be_visible()
    start = page.get_by_role("textbox", name="Begin with")
    start.scroll_into_view_if_needed()
    start.press("End")
    start.press("Enter")
    expect(start).to_have_value("a")
    page.keyboard.insert_text("\N{NO-BREAK SPACE}b")
    expect(page.locator(".network .given .sign span")).to_have_text("no-break space")
