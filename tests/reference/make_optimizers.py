"""The updates of ``torch.optim`` for twenty gradients, written to ``optimizers.npz``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_optimizers
"""

from pathlib import Path

import numpy as np
import torch

PATH = Path(__file__).parent / "optimizers.npz"
LEARNING_RATE = 0.05


def main() -> None:
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(20, 7)) * 10.0 ** rng.integers(-6, 3, size=7)
    start = rng.normal(size=7)
    found = {}
    for name, make in {
        "sgd": lambda weights: torch.optim.SGD(weights, LEARNING_RATE),
        "momentum": lambda weights: torch.optim.SGD(weights, LEARNING_RATE, momentum=0.9),
        "rmsprop": lambda weights: torch.optim.RMSprop(weights, LEARNING_RATE),
        "adam": lambda weights: torch.optim.Adam(weights, LEARNING_RATE),
    }.items():
        theta = torch.tensor(start, requires_grad=True)
        optimizer = make([theta])
        steps = []
        for gradient in gradients:
            theta.grad = torch.tensor(gradient)
            optimizer.step()
            steps.append(theta.detach().numpy().copy())
        found[name] = np.array(steps)
    np.savez_compressed(
        PATH, learning_rate=LEARNING_RATE, gradients=gradients, start=start, **found
    )


if __name__ == "__main__":
    main()
