"""A page of measurements: Markdown with a figure per section, all from one run."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import TextWrapper

from docs import drawing
from docs.papers.base import Paper

HERE = Path(__file__).parent
_PROSE = TextWrapper(100, break_on_hyphens=False)
_ITEM = TextWrapper(100, break_on_hyphens=False, subsequent_indent="  ")


def section(page: str, name: str, paper: Paper) -> str:
    """Return a section as Markdown; its figure is in the folder of the page's name."""
    message = re.sub("<.*?>", "", paper.figure.layout.title.text)
    paragraphs = (
        f"## {paper.heading}",
        f"![{message}]({page}/{name}.svg)",
        _PROSE.fill(paper.see),
        _PROSE.fill(f"**Measured.** {paper.measured}"),
        _PROSE.fill(f"**In the literature.** {paper.claim}"),
        "\n".join(_ITEM.fill(f"- {each}.") for each in paper.sources),
    )
    return "\n\n".join(paragraphs) + "\n"


def write(page: str, head: str, papers: Mapping[str, Callable[[], Paper]]) -> None:
    """Run all measurements, then write ``docs/PAGE.md`` and its figures."""
    folder, measured = HERE / page, {}
    for name, measure in papers.items():
        measured[name] = measure()
        print(folder / f"{name}.svg", flush=True)
    folder.mkdir(exist_ok=True)
    drawing.write({folder / f"{name}.svg": paper.figure for name, paper in measured.items()})
    sections = [section(page, name, paper) for name, paper in measured.items()]
    (HERE / f"{page}.md").write_text("\n".join([head, *sections]), encoding="utf-8")
