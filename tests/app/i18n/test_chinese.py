"""Chinese has one word for each thing, and it is the word of a Chinese textbook."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from unrolled.app.folders import root
from unrolled.app.lessons.library import FOLDER

SOURCES = [root() / "app/i18n/zh-CN.json", *sorted(FOLDER.glob("**/zh-CN.toml"))]
INSTEAD = {
    r"(?<!循环)(?<!隐藏)单元": "循环单元 or 隐藏单元: a cell is not a unit",
    "舞台": "网络图",
    "引擎": "程序",
    "表 ?[$W]|数表": "权重矩阵",
    "份额": "比例 or 概率",
    "缩放": "倍数",
    r"(?<!直)通路": "路径",
    "宽带": "that is a fast connection",
    "四种形状": "四种结构",
    "传送": "传递",
    "编码器[–—]": "编码器-解码器",
    "方块": "方格",
    "小批量": "批大小",
    "平均速度": "每步变化",
    "请.{0,6}写出.{0,8}(?:模块|模型|state_dict)|重新写出": "导出",
}
"""Words that were thought in English, or that name a thing by a second name: what to write."""


def sentences() -> Iterator[tuple[str, str]]:
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(root())}:{number}", line


@pytest.mark.parametrize("word", INSTEAD)
def test_every_thing_has_its_word(word: str):
    found = {place: line for place, line in sentences() if re.search(word, line)}
    assert not found, INSTEAD[word]


@pytest.mark.parametrize("path", SOURCES[1:], ids=lambda path: str(path.relative_to(FOLDER)))
def test_words_that_are_read_or_said_stand_in_quotation_marks(path: Path):
    """Emphasis is for one's own words; in many fonts for Chinese it cannot be seen at all."""
    text = path.read_text(encoding="utf-8")
    read = " ".join(re.findall(r'^\s*(?:sequence|target) = "(.*)"', text, re.MULTILINE))
    emphasised = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)
    assert not [each for each in emphasised if each in read or not CHINESE.fullmatch(each)]


CHINESE = re.compile(r"[\u4e00-\u9fff]+")
