"""The stylesheets: short, each loaded where it is needed, and few for the first paint."""

import re
from pathlib import Path

import pytest

from tests.app.routes.test_lab import opened
from unrolled.app.folders import root


def name_of(style: Path) -> str:
    """Return the name of a stylesheet as a template has it."""
    return style.relative_to(root() / "static/css").with_suffix("").as_posix()


STYLES = sorted((root() / "static/css").rglob("*.css"))
TEMPLATES = sorted((root() / "templates").rglob("*.html"))
MOST_LINES = 250
LONGER = {
    "lab/dock": "one view, that of a small window, whose parts depend on each other",
    "lesson/dock": "the same, of a lesson",
    "tokens": "the one place where a size is decided, in every view",
}
"""Files that are longer, and why."""
VIEWS = {"tokens", "print", "contrast", "lab/opening", "settings-sheet"} | {
    name for name in map(name_of, STYLES) if name.endswith(("dock", "projector"))
}
"""What changes other files' parts in some view."""
PLACED = {"primary", "secondary", "board"}
"""Parts of the plan of a page: page.css says where they are, another file what is in them."""
AT_ONCE, TURNS = 6, 3
"""Files that a browser fetches at once, and how often it may do so before it paints."""


@pytest.mark.parametrize("style", STYLES, ids=name_of)
def test_a_stylesheet_is_short_and_says_what_it_is_of(style: Path) -> None:
    text = style.read_text(encoding="utf-8")
    assert text.startswith("/* ")
    assert name_of(style) in LONGER or text.count("\n") <= MOST_LINES


@pytest.mark.parametrize("style", [each for each in STYLES if "projector" in each.stem])
def test_a_projector_has_its_letters_from_tokens(style: Path) -> None:
    text = style.read_text(encoding="utf-8")
    sizes = re.findall(r"(?:font-size|line-height|font):\s*([^;]+);", text)
    assert not [size for size in sizes if not size.startswith("var(--")]


@pytest.mark.parametrize("style", [each for each in STYLES if "projector" in each.stem])
def test_a_projector_in_a_small_window_has_its_spaces_from_tokens(style: Path) -> None:
    _, *small = re.split(r"^@media", style.read_text(encoding="utf-8"), flags=re.MULTILINE)
    spaces = re.findall(r"(?:padding|margin|gap|inset|left|top)[\w-]*:\s*([^;]+);", "".join(small))
    assert spaces
    assert not [space for space in spaces if re.search(r"\dpx", space)]


def test_every_stylesheet_is_loaded_somewhere() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    named = templates + (root() / "app/exports/replay.py").read_text(encoding="utf-8")
    for style in STYLES:
        name = name_of(style)
        assert f'"{name}"' in named or f"css/{name}.css" in named, name


def test_a_class_that_is_styled_is_given_to_an_element() -> None:
    places = [*TEMPLATES, *(root() / "static/js").rglob("*.js"), *(root() / "app").rglob("*.py")]
    given = set(re.findall(r"[\w-]+", "".join(each.read_text(encoding="utf-8") for each in places)))
    for style in STYLES:
        text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
        selectors = " ".join(re.findall(r"([^{}]+)\{", re.sub(r'"[^"]*"', "", text)))
        assert set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors)) <= given, style.name


def test_no_style_of_the_lab_asks_what_is_anywhere_in_it() -> None:
    """With one that does, each number that is written restyles hundreds of elements."""
    alone = r"(?:body|main|\.lab|\.board|\.segmented)(?![-\w])"
    whole = rf"(?:^|[\s,>])({alone}[^\s,{{]*:has\((?!\s*[~+])[^{{]*)"
    for style in STYLES:
        on_screen, *_ = style.read_text(encoding="utf-8").split("@media print")
        assert style.parent.name == "lesson" or not re.findall(whole, on_screen), style.name


def test_a_property_that_a_style_reads_is_set_somewhere() -> None:
    """Where it is not, what reads it is silently dropped: a margin is none, a width is the page's.

    A script may name it in parts, as in `--${row}-top`.
    """
    styles = "".join(each.read_text(encoding="utf-8") for each in STYLES)
    scripts = sorted((root() / "static/js").rglob("*.js"))
    given = "".join(each.read_text(encoding="utf-8") for each in (*scripts, *TEMPLATES))
    named = r"(?:setProperty\(\s*[\"`]|style=\")(--(?:[\w-]|\$\{[^}]+\})+)"
    names = re.findall(named, given) + re.findall(r"(--[\w-]+):", styles)
    whole = "|".join(re.sub(r"\$\{[^}]+\}", r"[\\w-]+", name) for name in {*names})
    read = set(re.findall(r"var\((--[\w-]+)\)", styles))
    assert {name for name in read if not re.fullmatch(whole, name)} == set()


def test_a_class_is_one_thing_in_one_file() -> None:
    """A class that is styled wherever it stands belongs to one file."""
    owners: dict[str, set[str]] = {}
    for style in STYLES:
        if name_of(style) in VIEWS:
            continue
        text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
        while (inner := re.sub(r"\([^()]*\)", "", text)) != text:
            text = inner
        for selectors in re.findall(r"[^{};]+(?={)", text):
            for selector in selectors.split(","):
                if alone := re.fullmatch(r"\s*\.([\w-]+)\s*", selector):
                    owners.setdefault(alone[1], set()).add(name_of(style))
    shared = {name: files for name, files in owners.items() if len(files) > 1}
    assert set(shared) <= PLACED, shared


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path", ["/", "/train", "/lessons", "/lessons/gates", "/lessons/own", "/lessons/gates/notes"]
)
async def test_the_first_paint_waits_for_few_stylesheets(path: str) -> None:
    async with opened() as client:
        page = (await client.get(path)).text
    head, body = page.split("<body>")
    links = re.findall(r'<link rel="stylesheet"[^>]*>', head)
    assert len(set(links)) == len(links)
    assert sum("media=" not in link for link in links) <= AT_ONCE * TURNS
    later = re.findall(r'<link rel="stylesheet"[^>]*/css/([\w/-]+)', body)
    assert set(later) <= {
        "dialogs",
        "glossary",
        "lab/hand",
        "lab/network",
        "lab/weights",
        "lesson/editor",
        "lesson/fresh",
        "newer-cells",
        "room/room",
        "room/votes",
        "room/results",
        "room/window",
    }


@pytest.mark.anyio
async def test_only_who_writes_a_lesson_loads_the_styles_of_the_editor() -> None:
    async with opened() as client:
        own, given = [(await client.get(f"/lessons/{slug}")).text for slug in ("own", "gates")]
    assert "lesson/editor.css" in own
    assert "lesson/editor.css" not in given
