"""Seconds of one whole trace: forward, losses, every norm, the matrix, the weight gradients."""

import statistics
import string
import time

import engine

SIZES = ((20, 16), (50, 32), (200, 128))
RUNS = 15


def main() -> None:
    print("One trace, median of", RUNS, "runs, in milliseconds")
    print(f"{'':24}" + "".join(f"{f'T={T}, H={H}':>16}" for T, H in SIZES))
    for cell in engine.CELLS:
        for architecture in engine.ARCHITECTURES:
            times = [milliseconds(cell, architecture, T, H) for T, H in SIZES]
            print(f"{cell + ', ' + architecture:24}" + "".join(f"{ms:16.2f}" for ms in times))


def milliseconds(cell: str, architecture: str, T: int, H: int) -> float:
    sequence = (string.ascii_lowercase * T)[: T + 1]
    experiment = engine.Experiment(
        sequence=sequence, cell=cell, architecture=architecture, hidden_size=H
    )
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        engine.trace_of(experiment)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[1:])
