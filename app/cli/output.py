"""Output of a command: to the terminal, or to a file whose ending names the format."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from unrolled.app.cli.console import announce, complain
from unrolled.app.cli.refusals import check, refuse, unwritten
from unrolled.engine import files


def ending_of(out: Path | None, endings: Collection[str]) -> str:
    """Return the ending of a file, empty for none; end the command if it is not in ``endings``."""
    name = out.name.lower() if out else ""
    ending = max((each for each in endings if name.endswith(f".{each}")), key=len, default="")
    if out and not ending:
        choices = ", ".join(f".{each}" for each in endings)
        refuse(f"--out must end in one of {choices}, got {out.name}")
    return ending


def show(table: str) -> None:
    """Print a table."""
    if not sys.stdout:
        refuse("Standard output is closed: name a file with --out")
    print(table, flush=True)


def write(out: Path, make: Callable[[], bytes | bytearray]) -> None:
    """Write a file atomically: it is complete, or it does not exist."""
    check(out)
    try:
        files.write(out, make())
    except OSError as error:
        complain(f"{unwritten(error)}: make room, or name another with --out")
        sys.exit(1)
    announce(f"{out}: {out.stat().st_size:,} bytes")


def aligned(columns: Mapping[str, Sequence[Any]]) -> str:
    """Return columns as lines: text aligned to the left, numbers to the right."""
    heads = [name.replace("log10_", "log10 ").replace("_", " ") for name in columns]
    cells = [[_cell(each) for each in column] for column in columns.values()]
    left = [any(isinstance(each, str) for each in column) for column in columns.values()]
    widths = [max(map(cell_len, (h, *column))) for h, column in zip(heads, cells, strict=True)]
    rows = [heads, *zip(*cells, strict=True)]
    return "\n".join("  ".join(map(_padded, row, widths, left)).rstrip() for row in rows)


def projected(units: int, entries: int) -> str:
    """Return which states are told of an LSTM with projections."""
    return (
        f"the states are those before the projection, of {units} units: h_t = W_hr m_t has "
        f"{entries} entries, and m_t is told"
    )


def without_path(lost: Sequence[str], reverse: bool) -> str:
    """Return why shares of some layers are -inf, and of one that reads from the end."""
    said = f"-inf: no gradient leads to that state ({', '.join(lost)})."
    if not reverse:
        return said
    return (
        f"{said} A layer in reverse reads from the end: of its states the output at the last "
        "timestep reads the first that it makes, which depends on no other."
    )


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.3f}"
    return text.removeprefix("-") if text == "-0.000" else text


def _padded(text: str, width: int, left: bool) -> str:
    space = " " * (width - cell_len(text))
    return text + space if left else space + text
