"""The colours and fonts of all figures, read from the style sheet."""

import re
from functools import cache

from unrolled.app.folders import root

THEMES = ("light", "dark")
_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")

Palette = dict[str, str]


@cache
def colours(theme: str) -> Palette:
    """Return the colour tokens of a theme, read from the style sheet."""
    text = (root() / "static/css/tokens.css").read_text(encoding="utf-8")
    light, found, dark = text.partition("@media screen and (prefers-color-scheme: dark)")
    assert found, "tokens.css says where the dark theme begins"
    tokens = dict(_TOKEN.findall(light))
    block = dark.partition("\n}")[0]  # those that follow are of other media
    return tokens | dict(_TOKEN.findall(block)) if theme == "dark" else tokens


@cache
def family() -> str:
    """Return the page's font names: an exported picture cannot inherit them."""
    text = (root() / "static/css/tokens.css").read_text(encoding="utf-8")
    found = re.search(r"--font-text:\s*([^;]+);", text)
    assert found, "tokens.css names the fonts"
    return " ".join(found[1].split())
