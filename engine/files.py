"""Writing of files that are complete or absent."""

import os
import secrets
import stat
from errno import EACCES, EISDIR
from importlib import import_module
from pathlib import Path
from typing import Any


def write(path: Path, content: bytes | bytearray) -> None:
    """Write a file beside ``path`` and let it take that name once it is whole.

    What was there before stays as it is until then, and for good if anything fails. A link goes on
    pointing at its file, and a device or a pipe is written to as it is.

    Raises
    ------
    OSError
        With ``path`` as its ``filename``.
    """
    try:
        target = _target(path)
        if _takes_bytes(target):
            target.write_bytes(content)
            return
        beside = _beside(target)
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_run(path: str | os.PathLike[str], described: Any) -> None:
    """Write the run of an experiment, or of a given network and problem, as its ending says.

    Raises
    ------
    ValueError
        On an ending that is no export's.
    OSError
        As ``write`` does.
    """
    # Loaded when it is asked for: the engine itself needs NumPy alone.
    exports = import_module("unrolled.app.exports.tables").EXPORTS
    path = Path(path)
    ending = path.suffix.removeprefix(".").lower()
    if ending not in exports:
        raise ValueError(f"path must end in one of .{', .'.join(exports)}, got {path.name}")
    write(path, exports[ending].make(described))


def check(path: Path) -> None:
    """Raise the ``OSError`` that ``write`` would, as far as it can be known; leave no file."""
    try:
        target = _target(path)
        if not _takes_bytes(target):
            beside = _beside(target)
            beside.open("xb").close()
            beside.unlink()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _target(path: Path) -> Path:
    """Return the file that ``path`` names, through every link, if it may be written."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OSError(EISDIR, os.strerror(EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise OSError(EACCES, os.strerror(EACCES))
    return target


def _takes_bytes(target: Path) -> bool:
    """Return whether ``target`` is a device or a pipe, which cannot be replaced."""
    return target.exists() and not target.is_file()


def _beside(target: Path) -> Path:
    return target.with_name(f".unrolled-{secrets.token_hex(4)}.part")
