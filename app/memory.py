"""The bytes that all runs under way may hold together, and giving them back to the system."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from app.answers import numbers
from app.messages import MessageError
from engine import Experiment

LARGE = 2**24
"""Bytes of a run after which the memory that is free goes back to the system."""
BYTES_A_NUMBER = 16
"""Of a number in a trace: itself, and what stands beside it while it is computed."""


class Memory:
    """A budget of bytes that threads share."""

    def __init__(self, most: int) -> None:
        self._most, self._used, self._runs, self._lock = most, 0, 0, Lock()

    @contextmanager
    def room(self, experiment: Experiment) -> Iterator[None]:
        """Hold what an experiment's run takes; raises ``MessageError`` while there is no room.

        A run that is larger than the budget has it to itself.
        """
        size = BYTES_A_NUMBER * numbers(experiment)
        with self._lock:
            if self._used and self._used + size > self._most:
                raise MessageError("busy", limit=self._runs)
            self._used += size
            self._runs += 1
        try:
            yield
        finally:
            with self._lock:
                self._used -= size
                self._runs -= 1
            if size >= LARGE:
                give_back()


def give_back() -> None:
    """Return free memory to the system, which glibc keeps for its own next use."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return  # another C library: it has no such habit, or no such function
