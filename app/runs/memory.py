"""The bytes that all runs and answers under way may hold together, and giving them back."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from unrolled.app.errors import MessageError
from unrolled.app.runs.limits import trace_bytes
from unrolled.engine import Experiment

LARGE = 2**24
"""Bytes of a run, or of an answer, after which the memory that is free goes back to the system."""


class Memory:
    """A budget of bytes that threads share."""

    def __init__(self, most: int) -> None:
        self._most, self._used, self._holders, self._lock = most, 0, 0, Lock()

    @contextmanager
    def room(self, experiment: Experiment) -> Iterator[None]:
        """Hold what an experiment's run takes; raises ``MessageError`` while there is no room."""
        size = trace_bytes(experiment)
        with self.hold(size):
            yield
        if size >= LARGE:
            give_back()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Hold so many bytes; raises ``MessageError`` while there is no room for them.

        What is larger than the budget has it to itself.
        """
        with self._lock:
            if self._used and self._used + size > self._most:
                raise MessageError("busy", limit=self._holders)
            self._used += size
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._used -= size
                self._holders -= 1


def give_back() -> None:
    """Return free memory to the system, which glibc keeps for its own next use."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return  # another C library: it has no such habit, or no such function
