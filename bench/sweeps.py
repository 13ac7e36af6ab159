"""Seconds of one sweep: 40 scales × 20 seeds at T = 50, H = 32."""

from functools import partial

import numpy as np

from bench.timing import interleaved
from bench.traces import experiment
from unrolled import engine

SCALES = np.linspace(0.1, 4, 40)
SEEDS = 20


def main() -> None:
    print(f"\nOne sweep of {len(SCALES)} scales × {SEEDS} seeds, T = 50, H = 32, in seconds")
    cells = {cell: experiment(cell, "many-to-one", 50, 32) for cell in engine.CELLS}
    jobs = {cell: partial(engine.sweep, each, SCALES, SEEDS) for cell, each in cells.items()}
    for cell, ms in interleaved(jobs).items():
        print(f"{cell:24}{ms / 1000:16.2f}")


if __name__ == "__main__":
    main()
