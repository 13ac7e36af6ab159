"""Writes PyTorch's gradients of LSTMs with projections to ``projections.npz``.

The module itself, ``nn.LSTM(proj_size=P)``, gives the loss and the gradient of the inputs; a loop
over the states before the projections, with the same weights, gives the gradient of each of them.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_projections
"""

from pathlib import Path

import numpy as np
import torch

PROJECTIONS = Path(__file__).with_name("projections.npz")
T, INPUTS, HIDDEN, PROJECTED, OUTPUTS = 6, 3, 5, 2, 4
TARGETS = {1: 2, 3: 0, 5: 1}
LAYERS = (1, 2, 3)


def states_of(module, x, starts=None):
    """m and c of every level and timestep in the sequence's order, and the output.

    ``starts`` has m at the start of each level; zero by default.
    """
    weights = dict(module.named_parameters())
    levels, reads = [], list(x)
    for k in range(module.num_layers):
        outputs = []
        for way in ("", "_reverse")[: 1 + module.bidirectional]:
            W_ih, W_hh, b_ih, b_hh, W_hr = (
                weights[f"{name}_l{k}{way}"]
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
            )
            m = torch.zeros(HIDDEN) if starts is None else starts[len(levels)]
            c, found = torch.zeros(HIDDEN), []
            for read in reversed(reads) if way else reads:
                i, f, g, o = (W_ih @ read + b_ih + W_hh @ (W_hr @ m) + b_hh).chunk(4)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                m = o.sigmoid() * c.tanh()
                found.append((m, c))
            found = found[::-1] if way else found
            levels.append(found)
            outputs.append([W_hr @ m for m, _ in found])
        reads = [torch.cat(each) for each in zip(*outputs, strict=True)]
    return levels, reads


def losses(head, output):
    return [
        torch.nn.functional.cross_entropy(head(output[t]), torch.tensor(target))
        for t, target in TARGETS.items()
    ]


def reference(module, head):
    x = torch.randn(T, INPUTS, requires_grad=True)
    output, _ = module(x)
    loss = sum(losses(head, output))
    (d_x,) = torch.autograd.grad(loss, x)
    arrays = {"x": x, "loss": loss, "d_x": d_x}
    for part, prefix in ((module, "lstm."), (head, "fc.")):
        for name, parameter in part.named_parameters():
            arrays[f"weights/{prefix}{name}"] = parameter
    levels, reads = states_of(module, x.detach())
    torch.testing.assert_close(torch.stack(reads), output)
    states = [state for level in levels for parts in level for state in parts]
    shape = len(levels), T, 2, HIDDEN
    found = torch.autograd.grad(sum(losses(head, reads)), states, allow_unused=True)
    gradients = [torch.zeros(HIDDEN) if each is None else each for each in found]
    arrays["states"] = torch.stack(states).reshape(shape)
    arrays["d_states"] = torch.stack(gradients).reshape(shape)
    return {key: array.detach().numpy() for key, array in arrays.items()}


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found = {}
    for layers in LAYERS:
        for both in (False, True):
            torch.manual_seed(7)
            options = {"proj_size": PROJECTED, "num_layers": layers, "bidirectional": both}
            module = torch.nn.LSTM(INPUTS, HIDDEN, **options)
            head = torch.nn.Linear((1 + both) * PROJECTED, OUTPUTS)
            arrays = reference(module, head)
            found |= {f"{layers}/{1 + both}/{key}": array for key, array in arrays.items()}
    np.savez_compressed(PROJECTIONS, **found)


if __name__ == "__main__":
    main()
