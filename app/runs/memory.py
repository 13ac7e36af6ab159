"""A memory budget for all runs and responses in progress."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from unrolled.app.errors import MessageError
from unrolled.app.runs.limits import trace_bytes
from unrolled.engine import Experiment

LARGE = 2**24
"""Bytes of a run, or of an answer, after which the memory that is free goes back to the system."""


class Memory:
    """A budget in bytes, shared by threads."""

    def __init__(self, most: int) -> None:
        self._most, self._used, self._holders, self._lock = most, 0, 0, Lock()

    @contextmanager
    def room(self, experiment: Experiment) -> Iterator[None]:
        """Reserve the bytes of an experiment's run; raises ``MessageError`` without room."""
        size = trace_bytes(experiment)
        with self.hold(size):
            yield
        if size >= LARGE:
            give_back()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Reserve bytes; raises ``MessageError`` if the budget is used up.

        A request larger than the budget is admitted when nothing else is reserved.
        """
        with self.growing() as more:
            more(size)
            yield

    @contextmanager
    def growing(self) -> Iterator[Callable[[int], None]]:
        """Yield a function that reserves bytes as they are needed; at the end all are given back.

        It raises ``MessageError`` as ``hold`` does.
        """
        held = 0

        def more(size: int) -> None:
            nonlocal held
            with self._lock:
                if self._used > held and self._used + size > self._most:
                    raise MessageError("busy", limit=self._holders - bool(held))
                self._used += size
                self._holders += not held
                held += size

        try:
            yield more
        finally:
            with self._lock:
                self._used -= held
                self._holders -= bool(held)


def give_back() -> None:
    """Return free memory to the system, which glibc would keep."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return  # another C library
