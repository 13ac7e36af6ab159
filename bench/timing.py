"""Times that can be compared: of one run, taken in turns."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def interleaved(jobs: Mapping[Any, Callable[[], object]], rounds: int) -> dict[Any, float]:
    """Median milliseconds of each job, done in turns: A, B, C, A, B, C ... after one of each."""
    times: dict[Any, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for _ in range(rounds):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return {name: 1000 * statistics.median(each) for name, each in times.items()}
