"""The history of a training run: of many steps, every k-th.

A page that reconnects receives it first.
"""

import math
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine import TrainingStep

MOST = 1200
"""Steps kept, at most."""
RECENT = 25
"""Steps over which a mean is taken."""


class Row(NamedTuple):
    """The numbers of one training step."""

    step: int
    loss: float
    mean_loss: float
    """Over the last few steps."""
    accuracy: float
    """NaN where there is none."""
    log10_gradient_norm: float
    log10_norm_by_distance: Any
    """(T)"""


class History:
    def __init__(self) -> None:
        self.every = 1
        """One step in so many is kept: 1, 1 + every, 1 + 2 every, ..."""
        self.rows: list[Row] = []
        self.last: TrainingStep | None = None
        self._recent: deque[float] = deque(maxlen=RECENT)

    def add(self, record: TrainingStep) -> Row:
        """Return the numbers of a step, and record every k-th."""
        self.last = record
        self._recent.append(record.loss)
        row = Row(
            record.step,
            record.loss,
            sum(self._recent) / len(self._recent),
            math.nan if record.accuracy is None else record.accuracy,
            record.log10_gradient_norm,
            np.array(record.log10_norm_by_distance, dtype=np.float32),
        )
        if len(self.rows) == MOST and (record.step - 1) % self.every == 0:
            self.rows = self.rows[::2]
            self.every *= 2
        if (record.step - 1) % self.every == 0:
            self.rows.append(row)
        return row

    @property
    def nbytes(self) -> int:
        return sum(row.log10_norm_by_distance.nbytes + 8 * len(row) for row in self.rows)


def columns(rows: list[Row]) -> dict[str, Any]:
    """Return the numbers of steps as columns by name."""
    names = Row._fields[1:]
    return {name: np.array([getattr(row, name) for row in rows]) for name in names}
