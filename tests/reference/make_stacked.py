"""PyTorch's runs of two layers, the upper one reading the lower one, in ``stacked.npz``.

Run from the root, with ``torch==2.13.0``: python -m tests.reference.make_stacked
"""

from pathlib import Path

import numpy as np
import torch

STACKED = Path(__file__).with_name("stacked.npz")
T, INPUTS, HIDDEN, OUTPUTS = 7, 4, 5, 3
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
TARGETS = [-1, 2, -1, 0, -1, -1, 1]


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found = {}
    for name, cell in CELLS.items():
        torch.manual_seed(3)
        module, head = cell(INPUTS, HIDDEN, num_layers=2), torch.nn.Linear(HIDDEN, OUTPUTS)
        x = torch.randn(T, INPUTS, requires_grad=True)
        output, _ = module(x)
        there = [t for t, target in enumerate(TARGETS) if target >= 0]
        wanted = torch.tensor([TARGETS[t] for t in there])
        loss = torch.nn.functional.cross_entropy(head(output[there]), wanted, reduction="sum")
        loss.backward()
        arrays = {"x": x, "hidden": output, "loss": loss, "d_x": x.grad}
        for part, prefix in ((module, ""), (head, "head.")):
            for parameter, array in part.named_parameters():
                arrays[f"weights/{prefix}{parameter}"] = array
                arrays[f"gradients/{prefix}{parameter}"] = array.grad
        found |= {f"{name}/{key}": array.detach().numpy() for key, array in arrays.items()}
    np.savez_compressed(STACKED, **found)


if __name__ == "__main__":
    main()
