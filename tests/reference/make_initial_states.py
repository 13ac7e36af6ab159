"""PyTorch's runs from an initial state, written to ``initial_states.npz``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_initial_states
"""

from pathlib import Path

import numpy as np
import torch

STATES = Path(__file__).with_name("initial_states.npz")
T, B, INPUTS, HIDDEN, OUTPUTS = 5, 2, 3, 4, 3
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
TARGETS = [[-1, 2, -1, 0, 1], [1, -1, -1, -1, 0]]
"""(B, T)"""


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found = {}
    for name, cell in CELLS.items():
        torch.manual_seed(7)
        module, head = cell(INPUTS, HIDDEN), torch.nn.Linear(HIDDEN, OUTPUTS)
        x = torch.randn(T, B, INPUTS)
        states = [
            torch.randn(1, B, HIDDEN, requires_grad=True) for _ in range(1 + (name == "lstm"))
        ]
        hidden, _ = module(x, tuple(states) if len(states) > 1 else states[0])
        targets = torch.tensor(TARGETS).T
        there = targets >= 0
        loss = torch.nn.functional.cross_entropy(
            head(hidden[there]), targets[there], reduction="sum"
        )
        loss.backward()
        arrays = {"x": x, "hidden": hidden, "loss": loss, "targets": targets}
        for state, each in zip(("h_0", "c_0"), states, strict=False):
            arrays[state], arrays[f"d_{state}"] = each[0], each.grad[0]
        for part, prefix in ((module, ""), (head, "head.")):
            for parameter, array in part.named_parameters():
                arrays[f"weights/{prefix}{parameter}"] = array
                arrays[f"gradients/{prefix}{parameter}"] = array.grad
        found |= {f"{name}/{key}": array.detach().numpy() for key, array in arrays.items()}
    np.savez_compressed(STATES, **found)


if __name__ == "__main__":
    main()
