"""Standard output and error: a terminal, a pipe of any encoding, a file, or a full disk."""

import codecs
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType
from typing import IO

_SPELLED = "unrolled.spelled"
_SPELLINGS = {
    "∂": "d",
    "×": "x",
    "…": "...",
    "–": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
}
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""What asks a program to end: Ctrl+C, `kill`, a terminal that is closed, and Ctrl+Break."""


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_SPELLINGS.get(each) or ascii(each)[1:-1] for each in lacking), error.end


codecs.register_error(_SPELLED, _spell)


def prepare() -> None:
    """Let both streams take any text: characters that their encoding lacks are escaped in ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_SPELLED)


def shown(text: str) -> str:
    """Return a text as standard output will show it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, _SPELLED).decode(encoding)


def complain(message: str) -> None:
    """Write an error to standard error, unless that is closed."""
    if not sys.stderr:
        return
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        _abandon(sys.stderr)


def announce(message: str) -> None:
    """Write a message to standard output, or to standard error if that fails."""
    try:
        print(message, flush=True)
    except OSError:
        _abandon(sys.stdout)
        complain(message)


def ended(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; report errors of the system in one sentence."""
    try:
        code = command()
        if sys.stdout:
            sys.stdout.flush()
        return code
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    except BrokenPipeError:
        _abandon(sys.stdout)
        return 1
    except MemoryError:
        complain("The memory of this machine is too small for that: choose a smaller network.")
        return 1
    except OSError as error:
        reason = error.strerror or error
        if error.filename is None:
            _abandon(sys.stdout)
            complain(f"Cannot write the output: {reason}. Send it elsewhere, or make room.")
        else:
            complain(f"Cannot use {error.filename}: {reason}.")
        return 1


def _abandon(stream: IO[str] | None) -> None:
    """Discard the buffer of a stream and later output: its reader has closed the pipe."""
    if stream:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Ending:
    """The signal that asked the program to end, or None."""

    signal: int | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.signal = number

    @property
    def code(self) -> int:
        """Exit code of a program that the signal ended."""
        return 128 + self.signal if self.signal else 0


@contextmanager
def deferred() -> Iterator[Ending]:
    """Record signals that end the program instead of ending at once; ignored ones stay ignored."""
    ending = Ending()
    wanted = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    usual = {each: signal.getsignal(each) for each in wanted}
    kept = {each: what for each, what in usual.items() if what is not signal.SIG_IGN}
    for each in kept:
        signal.signal(each, ending)
    try:
        yield ending
    finally:
        for each, what in kept.items():
            signal.signal(each, what)
