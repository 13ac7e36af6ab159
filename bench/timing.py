"""Comparable timings: jobs of one run, interleaved."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

TURNS, IN_A_ROW = 5, 5
RUNS = TURNS * IN_A_ROW


def interleaved(jobs: Mapping[Any, Callable[[], object]]) -> dict[Any, float]:
    """Return the median milliseconds of ``RUNS`` of each job, interleaved: A, B, C, A, B, C ...

    In its turn a job runs a few times, and the first is not counted, because another job has
    replaced the caches.
    """
    times: dict[Any, list[float]] = {name: [] for name in jobs}
    for _ in range(TURNS):
        for name, job in jobs.items():
            job()
            for _ in range(IN_A_ROW):
                start = time.perf_counter()
                job()
                times[name].append(time.perf_counter() - start)
    return {name: 1000 * statistics.median(each) for name, each in times.items()}
