"""The stylesheets: short, each loaded where it is needed, and few for the first paint."""

import re
from pathlib import Path

import pytest

from tests.app.routes.test_lab import opened
from unrolled.app.folders import root

STYLES = sorted((root() / "static/css").glob("*.css"))
TEMPLATES = sorted((root() / "templates").glob("*.html"))
MOST_LINES = 250
LONGER = {
    "dock": "one view, that of a small window, whose parts depend on each other",
    "lesson-projector": "what is left to be said by tokens",
}
"""Files that are longer, and why."""
AT_ONCE, TURNS = 6, 3
"""Files that a browser fetches at once, and how often it may do so before it paints."""


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_a_stylesheet_is_short_and_says_what_it_is_of(style: Path) -> None:
    text = style.read_text(encoding="utf-8")
    assert text.startswith("/* ")
    assert style.stem in LONGER or text.count("\n") <= MOST_LINES


def test_every_stylesheet_is_loaded_somewhere() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    named = templates + (root() / "app/exports/replay.py").read_text(encoding="utf-8")
    for style in STYLES:
        assert f'"{style.stem}"' in named or f"css/{style.name}" in named, style.name


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path", ["/", "/train", "/lessons", "/lessons/gates", "/lessons/gates/notes"]
)
async def test_the_first_paint_waits_for_few_stylesheets(path: str) -> None:
    async with opened() as client:
        page = (await client.get(path)).text
    links = re.findall(r'<link rel="stylesheet"[^>]*>', page)
    assert len(set(links)) == len(links)
    assert sum("media=" not in link for link in links) <= AT_ONCE * TURNS
    assert page.rindex('rel="stylesheet"') < page.index("<body>")


@pytest.mark.anyio
async def test_only_who_writes_a_lesson_loads_the_styles_of_the_editor() -> None:
    async with opened() as client:
        own, given = [(await client.get(f"/lessons/{slug}")).text for slug in ("own", "gates")]
    assert "lesson-editor.css" in own
    assert "lesson-editor.css" not in given
