"""PyTorch's runs of a ragged batch, written to ``batches.npz``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_batches
"""

from pathlib import Path

import numpy as np
import torch

BATCHES = Path(__file__).with_name("batches.npz")
T, B, INPUTS, HIDDEN, OUTPUTS = 7, 3, 4, 5, 3
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
CLASSES = np.array([[-1] * 7, [-1, 2, -1, 0, -1, -1, 1], [0, -1, -1, 1, -1, -1, -1]]).T
"""(T, B) the first example has no loss."""


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found = {}
    for name, kind in CELLS.items():
        torch.manual_seed(5)
        cell, head = kind(INPUTS, HIDDEN), torch.nn.Linear(HIDDEN, OUTPUTS)
        x = torch.randn(T, B, INPUTS)
        x[4:, 2] = 0
        numbers = torch.randn(T, B, OUTPUTS)
        there = torch.as_tensor(CLASSES >= 0)
        for targets in ("classes", "numbers"):
            state, states = None, []
            for x_t in x:
                output, state = cell(x_t[None], state)
                output.retain_grad()
                states.append(output)
                state = (output, state[1]) if isinstance(state, tuple) else output
            h = torch.cat(states)
            y = head(h[there])
            if targets == "classes":
                wanted = torch.as_tensor(CLASSES)[there]
                losses = torch.nn.functional.cross_entropy(y, wanted, reduction="none")
            else:
                losses = 0.5 * (y - numbers[there]).square().sum(dim=1)
            cell.zero_grad()
            head.zero_grad()
            losses.sum().backward()
            arrays = {"x": x, "numbers": numbers, "h": h, "losses": losses}
            arrays["d_h"] = torch.cat([each.grad for each in states])
            for part, prefix in ((cell, ""), (head, "head.")):
                for parameter, array in part.named_parameters():
                    arrays[f"weights/{prefix}{parameter}"] = array
                    arrays[f"gradients/{prefix}{parameter}"] = array.grad.clone()
            found |= {
                f"{name}/{targets}/{key}": array.detach().numpy() for key, array in arrays.items()
            }
    np.savez_compressed(BATCHES, **found)


if __name__ == "__main__":
    main()
