"""One many-to-many trace of an RNN by the engine, PyTorch, JAX and the bare products.

Forward, every norm, the whole gradient matrix and the weight gradients, in float64, on one thread.
"""

import os
from functools import partial
from importlib.util import find_spec

from bench.baselines import (
    Job,
    disagreement,
    measured,
    products,
    with_jax,
    with_jax_by_hand,
    with_torch,
    with_torch_cells,
)
from bench.timing import RUNS, interleaved
from bench.traces import experiment
from unrolled import engine

SIZES = ((50, 32), (100, 64), (200, 128))
LARGER = (200, 256)
"""The engine beside the bare products alone."""
BASELINES = {
    "torch": with_torch_cells,
    "torch tuned": with_torch,
    "jax": with_jax,
    "jax by hand": with_jax_by_hand,
}
INSTALL = ".venv/bin/pip install -e '.[bench]' (on Linux torch may bring some GB of CUDA)"


def main() -> None:
    print(f"\nOne many-to-many trace of an RNN, median of {RUNS} runs, in milliseconds")
    if kernels := os.environ.get("OPENBLAS_CORETYPE"):
        print(f"OPENBLAS_CORETYPE={kernels} chooses NumPy's kernels, and only NumPy's")
    found = [name for name in BASELINES if find_spec(name.split()[0]) is not None]
    if missing := [name for name in BASELINES if name not in found]:
        print(f"Not installed: {', '.join(missing)}. To compare: {INSTALL}")
    table(["engine", "products", *found], {size: beside(found, *size) for size in SIZES})
    table(["engine", "products"], {LARGER: beside([], *LARGER)})


def table(columns: list[str], times: dict[tuple[int, int], dict[str, float]]) -> None:
    """Print a table of milliseconds, and of ratios to the engine's."""
    _, *others = columns
    heads = [*columns, *(f"{name}/engine" for name in others)]
    print(f"\n{'':16}" + "".join(f"{head:>19}" for head in heads))
    for (T, H), of_each in times.items():
        numbers = [of_each[name] for name in columns]
        numbers += [ms / numbers[0] for ms in numbers[1:]]
        print(f"{f'T={T}, H={H}':16}" + "".join(f"{number:19.2f}" for number in numbers))


def beside(frameworks: list[str], T: int, H: int) -> dict[str, float]:
    """Return times of the engine, of the bare products and of frameworks that agree with it."""
    ready = experiment("rnn", "many-to-many", T, H)
    trace = engine.trace_of(ready)
    jobs: dict[str, Job] = {name: BASELINES[name](trace) for name in frameworks}
    for name, job in jobs.items():
        if differs := disagreement(measured(trace), job()):
            raise SystemExit(f"T={T}, H={H}: {name} and the engine disagree on {differs}")
    return interleaved(
        {"engine": partial(engine.trace_of, ready), "products": products(trace)} | jobs
    )


if __name__ == "__main__":
    main()
