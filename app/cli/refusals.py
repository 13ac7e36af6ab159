"""What a command refuses, in one line."""

import sys
from pathlib import Path
from typing import NoReturn

from unrolled.app.cli.console import complain
from unrolled.engine import files


def refuse(message: str) -> NoReturn:
    complain(message)
    sys.exit(2)


def check(path: Path) -> None:
    """Refuse a file that cannot be written, before there is anything to lose."""
    try:
        files.check(path)
    except OSError as error:
        refuse(f"{unwritten(error)}: name another with --out, in a folder that you may write to")


def unwritten(error: OSError) -> str:
    return f"cannot write {error.filename} ({error.strerror})"
