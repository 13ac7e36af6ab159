"""Draw the lists of ``docs/architecture.md``: which modules run, in which order, in which layer.

    python -m docs.architecture

Each item of a numbered list is a box, in the column of the folder that its link leads to.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from unrolled.app.figures import THEMES, colours

HERE = Path(__file__).parent
PAGE = HERE / "architecture.md"
LAYERS = {"static/js/": "the page", "app/": "the server", "engine/": "the engine"}
WIDTH, PITCH, BOX = 760, 252, (236, 40)
TOP, ROW = 52, 56
_ITEM = re.compile(r"^\d+\. \[`(.+?)`\]\(\.\./(.+?)\)", re.M)


class Box(NamedTuple):
    name: str
    folder: str
    """A key of ``LAYERS``."""
    file: str
    """Within the folder."""
    row: int

    @property
    def x(self) -> int:
        return 10 + PITCH * list(LAYERS).index(self.folder)

    @property
    def y(self) -> int:
        return TOP + ROW * self.row


def sections(text: str) -> dict[str, list[Box]]:
    """Return the boxes of each drawing, by its name."""
    found = {}
    for section in re.split(r"^(?=## )", text, flags=re.M):
        if drawing := re.search(r"architecture/(\w+)-light\.svg", section):
            found[drawing[1]] = list(_placed(section))
    return found


def _placed(section: str) -> Iterator[Box]:
    """Yield boxes in reading order: down within a layer, and across to another."""
    row, lowest = 0, dict.fromkeys(LAYERS, -1)
    for name, path in _ITEM.findall(section):
        folder = next(each for each in LAYERS if path.startswith(each))
        row = max(row, lowest[folder] + 1)
        lowest[folder] = row
        yield Box(name, folder, path.removeprefix(folder), row)


def svg(boxes: list[Box], theme: str) -> str:
    """Return a drawing as the text of an SVG file."""
    ink = colours(theme)
    height = TOP + ROW * (boxes[-1].row + 1)
    pairs = pairwise(boxes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="Inter, Noto Sans, Helvetica, Arial, '
        f'sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="{ink["surface"]}"/>',
        f'<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 8 4 0 8z" fill="{ink["ink-soft"]}"/></marker>',
        *(_layer(i, height, ink) for i in range(len(LAYERS))),
        *(_arrow(before, after, ink) for before, after in pairs),
        *(_box(number, box, ink) for number, box in enumerate(boxes, start=1)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _layer(i: int, height: int, ink: dict[str, str]) -> str:
    folder, title = list(LAYERS.items())[i]
    x = 2 + PITCH * i
    return (
        f'<rect x="{x}" y="2" width="{PITCH}" height="{height - 4}" fill="{ink["sunken"]}" '
        f'stroke="{ink["surface"]}" stroke-width="4" rx="8"/>'
        f'<text x="{x + 12}" y="29" font-size="14" font-weight="600" fill="{ink["ink"]}">'
        f'{title} <tspan font-weight="400" fill="{ink["ink-soft"]}">{folder}</tspan></text>'
    )


def _box(number: int, box: Box, ink: dict[str, str]) -> str:
    width, height = BOX
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{width}" height="{height}" rx="6" '
        f'fill="{ink["surface"]}" stroke="{ink["outline"]}"/>'
        f'<text x="{box.x + 9}" y="{box.y + 17}" font-size="13" font-weight="600" '
        f'fill="{ink["ink"]}">{number}. {escape(box.name)}</text>'
        f'<text x="{box.x + 9}" y="{box.y + 33}" font-size="12" fill="{ink["ink-soft"]}">'
        f"{escape(box.file)}</text>"
    )


def _arrow(before: Box, after: Box, ink: dict[str, str]) -> str:
    (width, height), right = BOX, after.x > before.x
    if before.x == after.x:
        x = before.x + width // 2
        way = f"M{x} {before.y + height} V{after.y - 1}"
    elif before.y == after.y:
        x, end = (before.x + width, after.x - 1) if right else (before.x, after.x + width + 1)
        way = f"M{x} {before.y + height // 2} H{end}"
    else:
        end = after.x - 1 if right else after.x + width + 1
        way = f"M{before.x + width // 2} {before.y + height} V{after.y + height // 2} H{end}"
    return (
        f'<path d="{way}" fill="none" stroke="{ink["ink-soft"]}" stroke-width="1.5" '
        f'marker-end="url(#tip)"/>'
    )


def drawings() -> dict[Path, str]:
    """Return the text of every file that belongs to the page."""
    found = sections(PAGE.read_text(encoding="utf-8"))
    return {
        HERE / PAGE.stem / f"{name}-{theme}.svg": svg(boxes, theme)
        for name, boxes in found.items()
        for theme in THEMES
    }


if __name__ == "__main__":
    for path, text in drawings().items():
        path.write_text(text, encoding="utf-8")
        print(path)
