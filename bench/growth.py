"""Scaling with T: the exponent k of time ∝ T^k, fitted to log time against log T."""

from functools import partial

import numpy as np

from bench.timing import RUNS, interleaved
from bench.traces import experiment
from unrolled import engine

H = 32
LENGTHS = {
    "many-to-one": (125, 250, 500, 1000, 1999),
    "many-to-many": (1000, 1414, 1999),
}
"""A sequence has at most 2,000 tokens, of which the last is the target and not read."""
WHAT = {"many-to-one": "total gradient", "many-to-many": "gradient matrix"}


def main() -> None:
    print(f"\nCost against T, H={H}, median of {RUNS} runs, in milliseconds")
    for architecture, lengths in LENGTHS.items():
        jobs = {T: partial(run, experiment("rnn", architecture, T, H)) for T in lengths}
        times = interleaved(jobs)
        exponent, _ = np.polyfit(np.log(lengths), np.log(list(times.values())), 1)
        each = "  ".join(f"T={T} {ms:.1f}" for T, ms in times.items())
        print(f"{WHAT[architecture]:16} {each}: T^{exponent:.2f}")


def run(experiment: engine.Experiment) -> None:
    """Run forward, back and the weight gradients; ``trace_of`` would also fill a (T, T) matrix."""
    run = engine.Run.of(experiment)
    for passed in (run.forward(), run.losses(), run.backward()):
        for _ in passed:
            pass
    run.weight_gradients()


if __name__ == "__main__":
    main()
