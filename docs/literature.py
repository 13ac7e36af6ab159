"""The figures and the page of the literature, from one run: `make literature`."""

import re
from pathlib import Path
from textwrap import TextWrapper

from docs import drawing
from docs.papers import PAPERS
from docs.papers.base import Paper

HERE = Path(__file__).parent
FOLDER = HERE / "literature"
PAGE = HERE / "literature.md"
_PROSE = TextWrapper(100, break_on_hyphens=False)
_ITEM = TextWrapper(100, break_on_hyphens=False, subsequent_indent="  ")

_HEAD = """\
# The literature, reproduced

What the papers on gradient flow found, measured again on this engine. `make literature` makes this
page and its figures: every number below comes out of that run, from the
[measurements](findings.py) that the [tests](../tests/engine/test_literature.py) hold to a
tolerance. Scales, shapes and names are those of the [engine](../engine/__init__.py); lines are
medians or means of several random networks, as each caption says.
"""


def section(name: str, paper: Paper) -> str:
    """A paper as Markdown."""
    message = re.sub("<.*?>", "", paper.figure.layout.title.text)
    paragraphs = (
        f"## {paper.heading}",
        f"![{message}]({FOLDER.name}/{name}.svg)",
        _PROSE.fill(paper.see),
        _PROSE.fill(f"**Measured.** {paper.measured}"),
        _PROSE.fill(f"**In the literature.** {paper.claim}"),
        "\n".join(_ITEM.fill(f"- {each}.") for each in paper.sources),
    )
    return "\n\n".join(paragraphs) + "\n"


def main() -> None:
    papers = {}
    for name, measure in PAPERS.items():
        papers[name] = measure()
        print(FOLDER / f"{name}.svg", flush=True)
    FOLDER.mkdir(exist_ok=True)
    drawing.write({FOLDER / f"{name}.svg": paper.figure for name, paper in papers.items()})
    sections = [section(name, paper) for name, paper in papers.items()]
    PAGE.write_text("\n".join([_HEAD, *sections]), encoding="utf-8")


if __name__ == "__main__":
    main()
