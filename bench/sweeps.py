"""Seconds of one sweep: 40 scales × 20 seeds at T = 50, H = 32."""

import string
import time

import numpy as np

import engine

SCALES = np.linspace(0.1, 4, 40)
SEEDS = 20


def main() -> None:
    print(f"\nOne sweep of {len(SCALES)} scales × {SEEDS} seeds, T = 50, H = 32, in seconds")
    for cell in engine.CELLS:
        experiment = engine.Experiment((string.ascii_lowercase * 2)[:51], cell=cell, hidden_size=32)
        start = time.perf_counter()
        engine.sweep(experiment, SCALES, SEEDS)
        print(f"{cell:24}{time.perf_counter() - start:16.2f}")


if __name__ == "__main__":
    main()
