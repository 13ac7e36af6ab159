"""The next value of a real series: the yearly mean sunspot numbers of 1700 to 2008, in hundreds.

They are of the National Geophysical Data Center, and in the public domain.
"""

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.tasks.base import PROBES, Batch, Task
from unrolled.engine.tasks.encoding import TARGET_VALUES, VALUES
from unrolled.engine.tasks.from_pairs import data

FIRST_YEAR, FIRST_ASKED = 1700, 1900
"""Years from 1900 on are in the probes alone."""


def series(length: int, examples: str) -> Task:
    """Make the task of ``length`` years, each with the next as its target: many-to-many.

    The baseline is the loss of the best line from x_t to x_{t+1}: of seeing this year alone.
    """
    values = sunspots()
    known = values[: FIRST_ASKED - FIRST_YEAR]

    def draw(rng: np.random.Generator, B: int) -> Batch:
        return _windows(known, rng.integers(len(known) - length, size=B), length)

    every = _windows(known, np.arange(len(known) - length), length)
    x, targets = every.x.ravel(), every.targets.ravel()
    line = np.polynomial.Polynomial.fit(x, targets, 1)
    starts = np.linspace(len(known), len(values) - length - 1, PROBES).astype(np.int64)
    asked = [values[start : start + length + 1] for start in starts]
    return Task(
        name="series",
        architecture="many-to-many",
        input_notation=VALUES,
        target_notation=TARGET_VALUES,
        baseline=float(np.mean((line(x) - targets) ** 2) / 2),
        source="Yule 1927",
        draw=draw,
        asked=[(" ".join(VALUES.write(window[:, None])), "") for window in asked],
        held_out=True,
    )


def sunspots() -> Floats:
    """(309,) hundreds of sunspots, year by year."""
    return np.loadtxt(data("sunspots.txt").splitlines(), usecols=1) / 100


def _windows(values: Floats, starts: Integers, length: int) -> Batch:
    window = values[starts + np.arange(length + 1)[:, None]][:, :, None]
    parts = np.zeros(length, dtype=np.int64)
    return Batch(read_only(window[:-1]), read_only(window[1:]), read_only(parts))
