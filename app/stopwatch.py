"""Timing of computations."""

import time
from dataclasses import dataclass


@dataclass
class Stopwatch:
    """A context manager that adds up the seconds spent in the engine."""

    seconds: float = 0.0

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *exception: object) -> None:
        self.seconds += time.perf_counter() - self._start
