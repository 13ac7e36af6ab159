"""One training step against PyTorch's eager mode: same cell, sizes, batch and optimizer.

PyTorch's ``nn.RNN``, ``nn.LSTM`` and ``nn.GRU`` as its users write them, which walk through time in
C++: in float64, as the engine does, and in the float32 that they have by default (why the engine
has not: ``docs/contributing.md``); on one thread, and on as many as the machine has. The bare
matrix products of the recurrence are the lower bound.
``python -m bench.training lstm`` measures one cell. In the end it names the sizes at which PyTorch
is the faster, in float64.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np

from bench.timing import RUNS, interleaved
from unrolled import engine

CELLS = ("rnn", "lstm", "gru")
SIZES = ((20, 32, 32), *product((2, 100), (1, 64), (1, 32, 64, 128)))
"""Length, H, B: the page's default, and the least and the most that it offers.

Between them are the batches from which on others loops are used: see ``engine.numerics.arrays``.
"""
Job = Callable[[], Any]


def main(cells: Sequence[str] = CELLS) -> None:
    threads = dict.fromkeys((1, os.cpu_count() or 1))
    kinds = [*product(("float64", "float32"), threads)] if find_spec("torch") else []
    print(f"\nOne training step on recall with Adam, median of {RUNS}, in milliseconds")
    columns = ["products", *(f"torch {kind}, {n} thr." for kind, n in kinds)]
    print(f"{'':30}{'engine':>10}" + "".join(f"{column:>23}" for column in columns))
    if not kinds:
        print("Not installed: torch. To compare: .venv/bin/pip install -e '.[bench]'")
    slower = []
    for (T, H, B), cell in product(SIZES, cells):
        training = engine.Training(
            task="recall", length=T, cell=cell, hidden_size=H, batch_size=B, steps=100_000
        )
        jobs: dict[str, Job] = {"engine": _ours(training), "products": _products(training)}
        jobs |= {f"{kind}, {n} thr.": _torchs(training, kind, n) for kind, n in kinds}
        times, size = interleaved(jobs), f"{cell}, length {T}, H={H}, B={B}"
        mine = times.pop("engine")
        others = "".join(f"{ms:14.2f} {ms / mine:7.2f}×" for ms in times.values())
        print(f"{size:30}{mine:10.2f}{others}", flush=True)
        slower += [
            f"{size}: {ms / mine:.2f}× ({name})"
            for name, ms in times.items()
            if name.startswith("float64") and ms < mine
        ]
    if kinds:
        print("PyTorch is the faster in float64 at:", *(slower or ["no size"]), sep="\n  ")


def _ours(training: engine.Training) -> Job:
    steps: Iterator[Any] = engine.TrainingRun(training).steps()
    return lambda: next(steps)


def _products(training: engine.Training) -> Job:
    """W_hh's matrix products, forward, back and for its gradient, on numbers of any kind."""
    task = engine.tasks.task(training.task, training.length)
    W_hh = engine.TrainingRun(training).network.weights[0].W_hh
    (KH, H), T, B = W_hh.shape, task.timesteps, training.batch_size
    rng = np.random.default_rng(0)
    h, d_a, W_T = rng.normal(size=(T, B, H)), rng.normal(size=(T, B, KH)), W_hh.T.copy()
    a, d_h = np.empty((B, KH)), np.empty((B, H))

    def job() -> None:
        for h_prev in h:
            np.matmul(h_prev, W_T, out=a)
        for each in d_a:
            np.matmul(each, W_hh, out=d_h)
        d_a.reshape(-1, KH).T @ h.reshape(-1, H)

    return job


def _torchs(training: engine.Training, dtype: str, threads: int) -> Job:
    """Return a typical PyTorch training step, without records of the gradient."""
    import torch
    from torch import nn

    kind = getattr(torch, dtype)
    task, H = engine.tasks.task(training.task, training.length), training.hidden_size
    recurrent = getattr(nn, training.cell.upper())(task.inputs, H, dtype=kind)
    model = nn.ModuleDict({"cell": recurrent, "head": nn.Linear(H, task.outputs, dtype=kind)})
    optimizer = torch.optim.Adam(model.parameters(), training.learning_rate)
    rng = np.random.default_rng(0)

    def job() -> None:
        torch.set_num_threads(threads)
        batch = task.draw(rng, training.batch_size)
        x = nn.functional.one_hot(torch.tensor(batch.x), task.inputs).to(kind)
        h = model["cell"](x)[0][-1]
        loss = nn.functional.cross_entropy(model["head"](h), torch.tensor(batch.targets[-1]))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training.clip_norm or float("inf"))
        optimizer.step()

    return job


if __name__ == "__main__":
    main(sys.argv[1:] or CELLS)
