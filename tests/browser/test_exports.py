"""Taking a run away, and playing it from a file with the network cut off."""

import csv
import io
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import pytest
from playwright.sync_api import Page, expect

from tests.app.exports.test_code import values_in
from tests.browser.test_lab import answer, as_shown, gradients, lab, opened, slider
from unrolled.app.exports.tables import EXPORTS
from unrolled.engine import Experiment, experiment_of

__all__ = ["lab"]


def saved(page: Page, role: Any, name: str) -> Path:
    page.locator("[data-part=export] summary").click()
    with page.expect_download() as download:
        page.locator("[data-part=export]").get_by_role(role, name=name).click()
    path = download.value.path()
    page.locator("[data-part=export] summary").click()
    return Path(path)


def test_the_table_is_of_the_experiment_on_the_page(lab: Page, server: str) -> None:
    slider(lab).fill("0.5")
    expected = answer(server, recurrent_scale=0.5)["log10_gradient_norm"]
    first = lab.locator("[data-timestep='1']")
    expect(first).to_have_attribute("data-log10-gradient", f"{expected[0]:.2f}")
    text = saved(lab, "link", "Table (CSV)").read_text(encoding="utf-8-sig")
    norms = [float(row["log10_gradient_norm"]) for row in csv.DictReader(io.StringIO(text))]
    assert norms == expected
    assert as_shown(norms) == gradients(lab)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_picture_is_a_slide_with_the_tokens_and_the_verdict(
    page: Page, server: str, complaints: list[str], cell: str
) -> None:
    opened(page, server, cell=cell, sequence="云在<天>空")
    svg = saved(page, "button", "Picture (SVG)").read_text(encoding="utf-8")
    assert 'viewBox="0 0 1920 1080"' in svg
    for word in ("云", "&lt;", page.locator("[data-part=verdict] strong").inner_text()):
        assert word in svg
    (told,) = re.findall("<metadata>(.*)</metadata>", svg)
    assert experiment_of(json.loads(unescape(told))) == Experiment("云在<天>空", cell=cell)
    png = saved(page, "button", "Picture (PNG)").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(png[at : at + 4]) for at in (16, 20)]
    assert size == [1920, 1080]
    end = 41 + int.from_bytes(png[33:37])
    assert png[37:53] == b"iTXtmade_by" + bytes(5)
    assert zlib.crc32(png[37:end]) == int.from_bytes(png[end : end + 4])
    assert json.loads(png[53:end]) == json.loads(unescape(told))
    expect(page.locator("[data-part=export] [role=status]")).to_contain_text("Saved as unrolled-")


def test_an_export_is_the_run_on_the_stage_and_has_its_name(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, recurrent_scale="0.5")
    page.get_by_role("spinbutton", name="Hidden units").fill("513")
    page.get_by_role("radio", name="LSTM").check(force=True)
    slider(page).fill("3")
    expect(page.locator("#hidden_size-error")).to_be_visible()
    svg = saved(page, "button", "Picture (SVG)").read_text(encoding="utf-8")
    assert "weight scale 0.5" in svg
    expect(page.locator("[data-part=export] [role=status]")).to_contain_text(
        "Saved as unrolled-rnn.svg"
    )
    text = saved(page, "link", "Table (CSV)").read_text(encoding="utf-8-sig")
    norms = [float(row["log10_gradient_norm"]) for row in csv.DictReader(io.StringIO(text))]
    assert as_shown(norms) == gradients(page)
    script = saved(page, "link", "PyTorch script").read_bytes()
    assert values_in(script)["in_unrolled"]["dL/dh"] == norms


@pytest.mark.parametrize("cell", ["rnn", "lstm", "feedforward"])
def test_a_replay_plays_from_a_file_with_the_network_cut_off(
    borrow: Callable[..., Page], tmp_path: Path, cell: str
) -> None:
    file = tmp_path / "run.html"
    experiment = Experiment("the clouds 云", cell=cell, recurrent_scale=1.5)
    file.write_bytes(EXPORTS["html"].make(experiment))
    page = borrow()
    page.context.set_offline(True)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url[:80]))
    page.goto(file.as_uri())
    stage = page.locator("[data-part=stage]")
    expect(stage).to_have_attribute("data-state", "done", timeout=15_000)
    rows = csv.DictReader(io.StringIO(EXPORTS["csv"].make(experiment).decode("utf-8-sig")))
    assert gradients(page) == as_shown(
        [
            None if row["log10_gradient_norm"] == "-inf" else float(row["log10_gradient_norm"])
            for row in rows
        ]
    )
    told = dict(
        zip(
            *(
                page.locator(f"[data-part=handout] {each}").all_inner_texts()
                for each in ("dt", "dd")
            ),
            strict=True,
        )
    )
    assert told["Cell"] == {"rnn": "RNN", "lstm": "LSTM", "feedforward": "No memory"}[cell]
    assert told["The sequence"] == "the clouds 云"
    assert "sequence=the+clouds" in told["Address"]
    expect(page.locator("[data-part=handout]")).to_be_visible()
    page.get_by_role("button", name="Restart").click()
    expect(stage).to_have_attribute("data-state", "idle")
    page.get_by_role("button", name="Step forward").click()
    expect(stage).to_have_attribute("data-state", "forward")
    page.get_by_role("slider", name="Timeline").fill("15")
    expect(stage).to_have_attribute("data-state", "backward")
    reason = "No path" if cell == "feedforward" else "receives"
    expect(page.locator("[data-part=caption]")).to_contain_text(reason)
    page.get_by_role("button", name="Play").click()
    expect(stage).to_have_attribute("data-state", "done", timeout=15_000)
    page.keyboard.press("f")
    expect(stage).to_have_attribute("data-folded", "true")
    assert [each for each in heard if not each.startswith(("file:", "data:"))] == []


@pytest.mark.pages
@pytest.mark.parametrize("format", ["SVG", "PNG"])
def test_a_chart_is_saved_as_it_is(lab: Page, format: str) -> None:
    lab.locator("[data-part=charts]").scroll_into_view_if_needed()
    button = lab.locator("#chart-step_factors").get_by_role("button", name=f"Save as {format}")
    expect(button).to_be_visible(timeout=20_000)
    with lab.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == f"unrolled-step_factors.{format.lower()}"
    start = Path(download.value.path()).read_bytes()[:1000]
    assert start.startswith(b"<svg" if format == "SVG" else b"\x89PNG")
    assert b'{"unrolled":' in start


@pytest.mark.pages
@pytest.mark.parametrize(
    ("setting", "told"),
    [("granted", "The link is in the clipboard."), ("denied", "copy the address instead")],
)
def test_the_link_is_copied_or_the_reader_is_told(
    lab: Page, server: str, setting: str, told: str
) -> None:
    session = lab.context.new_cdp_session(lab)
    where = session.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    for name in ("clipboard-read", "clipboard-write"):
        session.send(
            "Browser.setPermission",
            {
                "permission": {"name": name},
                "setting": setting,
                "origin": server,
                "browserContextId": where,
            },
        )
    lab.locator("[data-part=export] summary").click()
    lab.get_by_role("button", name="Copy the link").click()
    expect(lab.locator("[data-part=export] [role=status]")).to_contain_text(told)
    if setting == "granted":
        assert lab.evaluate("navigator.clipboard.readText()") == lab.url
