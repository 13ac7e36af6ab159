"""Training steps per second against PyTorch's eager mode: same cell, sizes, batch, optimizer.

PyTorch runs in float32 and float64, on one thread. Its cells run in a Python loop, as the engine's
do; its fused ``nn.RNN`` and ``nn.LSTM`` loop in C++. The bare matrix products of the recurrence are
the lower bound.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from bench.timing import RUNS, interleaved
from unrolled import engine

CELLS = ("rnn", "lstm", "gru")
SIZES = ((20, 32, 32), (50, 32, 32), (100, 64, 32))
"""T, H, B: from the page's default on."""
Job = Callable[[], Any]


def main() -> None:
    torch = find_spec("torch") is not None
    print(f"\nOne training step on recall with Adam, median of {RUNS}, in milliseconds")
    columns = ["engine", "products", *(["cells 64", "cells 32", "fused 32"] if torch else [])]
    print(f"{'':28}" + "".join(f"{column:>12}" for column in columns) + f"{'steps/s':>12}")
    for T, H, B in SIZES:
        for cell in CELLS:
            training = engine.Training(
                task="recall", length=T, cell=cell, hidden_size=H, batch_size=B, steps=100_000
            )
            jobs: dict[str, Job] = {"engine": _ours(training), "products": _products(training)}
            if torch:
                jobs |= {
                    "cells 64": _torchs(training, "float64", fused=False),
                    "cells 32": _torchs(training, "float32", fused=False),
                    "fused 32": _torchs(training, "float32", fused=True),
                }
            times = interleaved(jobs)
            mine = times["engine"]
            ratios = "".join(f"{ms / mine:11.2f}×" for ms in list(times.values())[1:])
            print(f"{f'{cell}, T={T}, H={H}, B={B}':28}{mine:12.2f}{ratios}{1000 / mine:12.0f}")


def _ours(training: engine.Training) -> Job:
    steps: Iterator[Any] = engine.TrainingRun(training).steps()
    return lambda: next(steps)


def _products(training: engine.Training) -> Job:
    """Return the matrix products of W_hh, forward, back and for its gradient, in any type."""
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


def _torchs(training: engine.Training, dtype: str, *, fused: bool) -> Job:
    """Return a typical PyTorch training step, without records of the gradient."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    kind = getattr(torch, dtype)
    task, H = engine.tasks.task(training.task, training.length), training.hidden_size
    names = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
    name = names[training.cell] + ("" if fused else "Cell")
    model = nn.ModuleDict(
        {
            "cell": getattr(nn, name)(task.inputs, H, dtype=kind),
            "head": nn.Linear(H, task.outputs, dtype=kind),
        }
    )
    optimizer = torch.optim.Adam(model.parameters(), training.learning_rate)
    rng = np.random.default_rng(0)

    def job() -> None:
        batch = task.draw(rng, training.batch_size)
        x = nn.functional.one_hot(torch.tensor(batch.x), task.inputs).to(kind)
        if fused:
            h = model["cell"](x)[0][-1]
        else:
            state = None
            for each in x:
                state = model["cell"](each, state)
            h = state[0] if isinstance(state, tuple) else state
        loss = nn.functional.cross_entropy(model["head"](h), torch.tensor(batch.targets[-1]))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training.clip_norm or float("inf"))
        optimizer.step()

    return job


if __name__ == "__main__":
    main()
