"""The lab in Chinese, and the switch between the languages."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.i18n.test_catalog import NAMES, WORD
from tests.browser.accessible import assert_accessible
from tests.browser.combinations import combined
from tests.browser.letters import LETTERS
from tests.browser.rest import at_rest
from tests.browser.test_charts import TABS, choose
from tests.browser.test_lab import gradients, opened, stage
from tests.browser.views import show_as
from unrolled.app.i18n.catalog import catalog, languages

pytestmark = pytest.mark.layout

CHINESE = catalog("zh-CN")
SEQUENCE = "云在天空中"
RUNS = {
    "RNN": {"recurrent_scale": 0.5},
    "LSTM": {"cell": "lstm"},
    "GRU, tags": {"cell": "gru", "architecture": "many-to-many"},
    "no memory": {"cell": "feedforward"},
    "encoder-decoder": {"architecture": "encoder-decoder", "target": "你好世界"},
    "overflow": {"activation": "identity", "recurrent_scale": 10, "sequence": SEQUENCE * 70},
    "two words": {"tokens": "words"},
}
SEEN = """() => {
  const attributes = ["aria-label", "title", "placeholder", "aria-valuetext", "alt"];
  const apart = "script, style, noscript, kbd, math, .brand, .token, .output, [data-row], " +
    "[lang]:not(html)";
  const said = [];
  for (const node of document.querySelectorAll("body, body *")) {
    if (node.closest(apart) || !node.checkVisibility({ visibilityProperty: true })) continue;
    for (const name of attributes) if (node.hasAttribute(name)) said.push(node.getAttribute(name));
    for (const child of node.matches("textarea") ? [] : node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) said.push(child.data.trim());
    }
  }
  return said;
}"""
ADDRESS = re.compile(r"https?://\S+")
CRAMPED = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")


def chinese(page: Page, server: str, **fields: Any) -> Page:
    return opened(page, server, **{"sequence": SEQUENCE, "lang": "zh-CN"} | fields)


def named(page: Page, role: Any, key: str) -> Locator:
    return page.get_by_role(role, name=CHINESE[key], exact=True)


def english_left(page: Page) -> list[str]:
    """Return texts that are not Chinese, or have no space beside Latin letters."""
    said = [ADDRESS.sub("", text) for text in page.evaluate(SEEN)]
    assert said
    return [text for text in said if WORD.search(NAMES.sub("", text)) or CRAMPED.search(text)]


@pytest.fixture
def zh(page: Page, server: str, complaints: list[str]) -> Page:
    return chinese(page, server)


@combined(fields=RUNS)
@pytest.mark.usefixtures("clock")
def test_no_english_is_left_at_any_moment_of_a_run(
    page: Page, server: str, complaints: list[str], fields: dict[str, Any]
) -> None:
    chinese(page, server, **fields)
    page.locator(".cards").scroll_into_view_if_needed()
    at_rest(page)
    expect(page.locator("[data-part=step] .way")).not_to_be_empty()
    timeline = named(page, "slider", "transport.timeline")
    last = int(timeline.get_attribute("max") or 0)
    for position in sorted({0, 1, 2, last // 2, last // 2 + 1, last - 1, last}):
        timeline.fill(str(position))
        at_rest(page)
        assert english_left(page) == []


@pytest.mark.parametrize(
    ("cell", "charts"),
    [
        ("rnn", [chart for chart in TABS if chart != "gates"]),
        ("lstm", ["gates", "step_factors", "spectrum"]),
    ],
)
def test_no_english_is_left_in_the_charts(
    page: Page, server: str, complaints: list[str], cell: str, charts: list[str]
) -> None:
    chinese(page, server, cell=cell, architecture="many-to-many")
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    for name in charts:
        page.locator(f"#tab-{name}").click()
        panel = page.locator(f"#chart-{name}")
        expect(panel.locator(".reading")).not_to_be_empty()
        expect(panel.locator(".js-plotly-plot")).to_be_visible(timeout=30_000)
        expect(panel.locator(".numbers")).to_be_visible()
        panel.locator(".numbers summary").click()
        assert english_left(page) == []


def test_the_tooltip_of_a_chart_is_chinese(zh: Page) -> None:
    zh.locator("[data-part=charts]").scroll_into_view_if_needed()
    zh.locator("#tab-hidden_states").click()
    plot = zh.locator("#chart-hidden_states")
    expect(plot.locator(".nsewdrag")).to_be_visible(timeout=30_000)
    plot.locator(".nsewdrag").hover()
    expect(plot.locator(".hoverlayer")).to_contain_text(re.compile("t = .，隐藏单元"))
    assert english_left(zh) == []


def test_no_english_is_left_in_the_menus_the_pins_and_the_keys(zh: Page) -> None:
    zh.get_by_role("button", name=CHINESE["pin.cells"]).click()
    expect(zh.locator("[data-part=multiples] figcaption").last).to_contain_text("梯度")
    zh.locator("#recurrent_scale").fill("2")
    zh.locator("[data-part=export] summary").click()
    named(zh, "button", "export.link").click()
    expect(zh.locator("[data-part=export] [role=status]")).not_to_be_empty()
    assert english_left(zh) == []
    zh.keyboard.press("Escape")
    zh.locator("[data-part=fold]").click()
    named(zh, "button", "help.title").click()
    expect(zh.get_by_role("dialog")).to_be_visible()
    assert english_left(zh) == []


def test_errors_are_chinese(zh: Page) -> None:
    for field, typed, said, mended in (
        ("sequence", "", "序列是空的：请至少输入一个字符", SEQUENCE),
        ("seed", "-3", "随机种子必须是 0 到 4294967295 的整数，现在是 -3", "0"),
        ("sequence", "云", "序列只有一个词元", SEQUENCE),
    ):
        zh.locator(f"#{field}").fill(typed)
        expect(zh.locator(f"#{field}-error")).to_contain_text(said)
        assert english_left(zh) == []
        zh.locator(f"#{field}").fill(mended)
        expect(zh.locator(f"#{field}-error")).to_be_hidden()


def test_a_wrong_address_is_told_of_in_chinese(page: Page, server: str) -> None:
    chinese(page, server, clip_norm="-1", sequence=SEQUENCE)
    chinese(page, server, cell="transformer")
    expect(page.locator("[data-field=cell] .error")).to_contain_text("循环单元必须是")


def test_words_mode_reads_a_chinese_sentence(zh: Page) -> None:
    named(zh, "radio", "choice.tokens.words").check(force=True)
    expect(zh.locator("[data-timestep] .token")).to_have_text(["云", "在", "天空"])
    expect(zh.locator("[data-target]").last).to_have_attribute("data-target", "中")


def test_both_languages_show_the_same_numbers(page: Page, server: str) -> None:
    shown = []
    for language in languages():
        opened(page, server, cell="lstm", recurrent_scale=0.7, lang=language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        shown.append(gradients(page))
    assert shown[0] == shown[1]


def test_the_switch_keeps_how_everything_stands(
    page: Page, server: str, complaints: list[str]
) -> None:
    opened(page, server, cell="gru", recurrent_scale=0.7, pin="cell=lstm", lang="en")
    page.locator("[data-part=charts]").scroll_into_view_if_needed()
    choose(page, "spectrum")
    page.keyboard.press("Escape")
    page.get_by_role("slider", name="Timeline").fill("31")
    page.locator("[data-timestep='9']").click()
    numbers = gradients(page)
    switch = page.get_by_role("link", name="中文")
    expect(switch).to_have_attribute("hreflang", "zh-CN")
    expect(switch).to_have_attribute("lang", "zh-CN")
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(named(page, "slider", "transport.timeline")).to_have_value("31")
    expect(stage(page)).to_have_attribute("data-state", "backward")
    expect(page.locator("#detail-title")).to_contain_text("t = 9")
    expect(page.locator("#tab-spectrum")).to_have_attribute("aria-selected", "true")
    expect(named(page, "radio", "choice.cell.gru")).to_be_checked()
    expect(page.locator(".chips li")).to_have_count(1)
    assert gradients(page) == numbers
    page.reload()
    expect(stage(page)).to_have_attribute("data-state", "done")


def test_the_switch_loses_no_edit_that_has_not_settled(page: Page, server: str) -> None:
    opened(page, server, lang="en")
    page.evaluate("""() => {
      const box = document.querySelector("#sequence");
      box.value = "hello 云";
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      document.querySelector("a[data-language]").click();
    }""")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("#sequence")).to_have_value("hello 云")


def test_a_choice_is_remembered_and_the_browser_is_asked_first(
    borrow: Callable[..., Page], server: str
) -> None:
    page = opened(borrow(locale="zh-CN"), server)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{server}/lessons")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def saved(page: Page, link: str) -> str:
    page.locator("[data-part=export] summary").click()
    with page.expect_download() as download:
        page.locator("[data-part=export]").get_by_text(CHINESE[link]).click()
    page.locator("[data-part=export] summary").click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_the_slide_and_the_replay_are_chinese_even_without_cookies(
    zh: Page, tmp_path: Path
) -> None:
    zh.context.clear_cookies()
    picture = re.sub(
        "<style.*?</style>|<metadata.*?</metadata>|<[^>]*>", "\n", saved(zh, "export.svg")
    )
    assert CHINESE["verdict.arriving"] in picture
    picture = ADDRESS.sub("", picture)
    assert WORD.findall(NAMES.sub("", picture)) == []
    file = tmp_path / "replay.html"
    file.write_text(saved(zh, "export.html"), encoding="utf-8")
    zh.goto(file.as_uri())
    expect(stage(zh)).to_have_attribute("data-state", "done", timeout=15_000)
    expect(zh.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(named(zh, "button", "transport.play")).to_be_visible()
    assert english_left(zh) == []


@combined(
    view={
        "desk": (1440, 900, "light"),
        "night": (1440, 900, "dark"),
        "phone": (390, 844, "light"),
    },
    letters=LETTERS,
)
def test_axe_finds_nothing_and_nothing_is_cut_off_or_broken_over_lines(
    page: Page, server: str, view: tuple[int, int, Any]
) -> None:
    width, height, scheme = view
    show_as(page, scheme, width, height)
    chinese(page, server, cell="lstm")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    lines = """nodes => nodes.filter(node => node.checkVisibility()
      && (node.scrollWidth > node.clientWidth + 1
        || node.clientHeight > 2 * parseFloat(getComputedStyle(node).fontSize) + 30))
      .map(node => node.textContent)"""
    labels = page.locator(
        ".segmented span:not(:has(svg)), .tabs button, .pins button, .tools button, nav a"
    )
    assert labels.evaluate_all(lines) == []
    assert_accessible(page)


@pytest.mark.parametrize("path", ["/lessons", "/lessons/own"])
@pytest.mark.usefixtures("clock")
def test_no_english_is_left_around_the_lessons(page: Page, server: str, path: str) -> None:
    page.goto(f"{server}{path}?lang=zh-CN")
    if path == "/lessons/own":
        expect(stage(page)).to_have_attribute("data-state", "done")
    at_rest(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert english_left(page) == []
