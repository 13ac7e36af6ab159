"""Seconds of one whole trace: forward, losses, every norm, the matrix, the weight gradients."""

import string
from functools import partial

from bench.timing import RUNS, interleaved
from unrolled import engine

SIZES = ((20, 16), (50, 32), (200, 128))


def main() -> None:
    print("One trace, median of", RUNS, "runs, in milliseconds")
    print(f"{'':24}" + "".join(f"{f'T={T}, H={H}':>16}" for T, H in SIZES))
    for cell in engine.CELLS:
        for architecture in engine.ARCHITECTURES:
            experiments = (experiment(cell, architecture, T, H) for T, H in SIZES)
            jobs = {each: partial(engine.trace_of, each) for each in experiments}
            times = interleaved(jobs).values()
            print(f"{cell + ', ' + architecture:24}" + "".join(f"{ms:16.2f}" for ms in times))


def experiment(cell: str, architecture: str, T: int, H: int) -> engine.Experiment:
    """Return an experiment of at least T timesteps."""
    sequence = (string.ascii_lowercase * T)[: T + 1]
    return engine.Experiment(sequence=sequence, cell=cell, architecture=architecture, hidden_size=H)
