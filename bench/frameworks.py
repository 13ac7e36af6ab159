"""One whole many-to-many trace of an RNN, by us, PyTorch and JAX, and against the bare products.

Forward, every norm, the whole gradient matrix and the weight gradients, in float64, on one thread.
"""

import os
from functools import partial
from importlib.util import find_spec

import engine
from bench.contestants import (
    Job,
    disagreement,
    floor,
    measured,
    with_jax,
    with_jax_by_hand,
    with_torch,
    with_torch_cells,
)
from bench.timing import interleaved
from bench.traces import experiment

SIZES = ((50, 32), (100, 64), (200, 128), (200, 256))
LARGEST = 128
"""H up to which the frameworks are timed; beyond it, only the engine against the floor."""
ROUNDS = 31
CONTESTANTS = {
    "torch": with_torch_cells,
    "torch tuned": with_torch,
    "jax": with_jax,
    "jax by hand": with_jax_by_hand,
}
INSTALL = ".venv/bin/pip install -e '.[bench]' (on Linux torch may bring some GB of CUDA)"


def main() -> None:
    found = [name for name in CONTESTANTS if find_spec(name.split()[0]) is not None]
    print(f"\nOne many-to-many trace of an RNN, median of {ROUNDS} runs, in milliseconds")
    if missing := [name for name in CONTESTANTS if name not in found]:
        print(f"Not installed: {', '.join(missing)}. To compare: {INSTALL}")
    if kernels := os.environ.get("OPENBLAS_CORETYPE"):
        print(f"OPENBLAS_CORETYPE={kernels} chooses NumPy's kernels, and only NumPy's")
    ratios = ["engine/floor", *(f"{name}/engine" for name in found)]
    columns = ["engine", "floor", *found, *ratios]
    print(f"{'':16}" + "".join(f"{column:>19}" for column in columns))
    for T, H in SIZES:
        times = compare(T, H, found if H <= LARGEST else [])
        mine = times["engine"]
        others = [ms / mine for name, ms in times.items() if name in found]
        numbers = [*times.values(), *[None] * (len(found) - len(others)), mine / times["floor"]]
        cells = ("" if each is None else f"{each:.2f}" for each in [*numbers, *others])
        print(f"{f'T={T}, H={H}':16}" + "".join(f"{cell:>19}" for cell in cells))


def compare(T: int, H: int, frameworks: list[str]) -> dict[str, float]:
    """Milliseconds of each contestant, once they have been seen to agree."""
    ready = experiment("rnn", "many-to-many", T, H)
    trace = engine.trace_of(ready)
    jobs = {name: CONTESTANTS[name](trace) for name in frameworks}
    for name, job in jobs.items():
        if differs := disagreement(measured(trace), job()):
            raise SystemExit(f"T={T}, H={H}: {name} and the engine disagree on {differs}")
    mine: dict[str, Job] = {"engine": partial(engine.trace_of, ready), "floor": floor(trace)}
    return interleaved(mine | jobs, ROUNDS)


if __name__ == "__main__":
    main()
