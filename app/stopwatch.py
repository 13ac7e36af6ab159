"""Seconds that a computation takes."""

import time
from dataclasses import dataclass


@dataclass
class Stopwatch:
    """Seconds spent in the engine: ``with`` it, whatever runs."""

    seconds: float = 0.0

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *exception: object) -> None:
        self.seconds += time.perf_counter() - self._start
