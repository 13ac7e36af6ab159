"""Errors that end a command with one line."""

import re
import sys
from pathlib import Path
from typing import NoReturn

from unrolled.app.cli.console import complain
from unrolled.app.errors import MessageError
from unrolled.engine import Experiment, ExperimentError, Training, files
from unrolled.engine.validation import values_of


def refuse(message: str) -> NoReturn:
    complain(message)
    sys.exit(2)


def refuse_value(error: ExperimentError | MessageError) -> NoReturn:
    """End the command because of an option's value; options are named as they are typed."""
    refuse(_NAMES.sub(lambda name: f"--{name[0].replace('_', '-')}", str(error)))


_NAMES = re.compile(
    "|".join(
        rf"^{name}\b" if "_" not in name else rf"\b{name}\b"
        for name in {
            "seeds",
            "reads",
            *(f.name for kind in (Experiment, Training) for f in values_of(kind)),
        }
        if name != "sequence"
    )
)
"""The names of options in a message: where it begins with one, and those with an underscore."""


def check(path: Path) -> None:
    """End the command if a file cannot be written, before anything is computed."""
    try:
        files.check(path)
    except OSError as error:
        refuse(f"{unwritten(error)}: name another with --out, in a folder that you may write to")


def unwritten(error: OSError) -> str:
    return f"cannot write {error.filename} ({error.strerror})"
