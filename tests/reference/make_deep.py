"""Writes PyTorch's gradients of several layers and both directions to ``deep.npz``.

The module itself gives the output, the loss and the gradients of weights and inputs; its cells, one
timestep at a time with the same weights, give the gradient of every state of every layer.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_deep
"""

from pathlib import Path

import numpy as np
import torch

DEEP = Path(__file__).with_name("deep.npz")
T, INPUTS, HIDDEN, OUTPUTS = 6, 3, 3, 4
MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
TARGETS = {1: 2, 3: 0, 5: 1}
LAYERS = (1, 2, 3, 4)


class LSTMCell(torch.nn.LSTMCell):  # type: ignore[misc]
    """As written in its documentation: h is computed from c, so c has the gradient by way of h."""

    def forward(self, x, state=None):
        h, c = state or (torch.zeros(HIDDEN), torch.zeros(HIDDEN))
        a = self.weight_ih @ x + self.bias_ih + self.weight_hh @ h + self.bias_hh
        i, f, g, o = a.chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


def states_of(name, module, x):
    """h, and c of an LSTM, of every level and timestep in the sequence's order, and the output."""
    cells = {"rnn": torch.nn.RNNCell, "lstm": LSTMCell, "gru": torch.nn.GRUCell}
    levels, reads = [], list(x)
    for k in range(module.num_layers):
        outputs = []
        for suffix in ("", "_reverse")[: 1 + module.bidirectional]:
            cell = cells[name](reads[0].shape[0], HIDDEN)
            for each in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                getattr(cell, each).data = getattr(module, f"{each}_l{k}{suffix}").data
            state, found = None, []
            for read in reversed(reads) if suffix else reads:
                state = cell(read, state)
                parts = state if isinstance(state, tuple) else (state,)
                for part in parts:
                    part.retain_grad()
                found.append(parts)
            levels.append(found[::-1] if suffix else found)
            outputs.append([parts[0] for parts in levels[-1]])
        reads = [torch.cat(each) for each in zip(*outputs, strict=True)]
    return levels, reads


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found = {}
    for name, kind in MODULES.items():
        for layers in LAYERS:
            for both in (False, True):
                torch.manual_seed(5)
                module = kind(INPUTS, HIDDEN, num_layers=layers, bidirectional=both)
                head = torch.nn.Linear((1 + both) * HIDDEN, OUTPUTS)
                arrays = reference(name, module, head)
                if both:
                    arrays |= of_last_states(name, module, head, arrays["x"])
                found |= {
                    f"{name}/{layers}/{1 + both}/{key}": array.numpy()
                    for key, array in arrays.items()
                }
    np.savez_compressed(DEEP, **found)


def reference(name, module, head):
    def losses(output):
        return [
            torch.nn.functional.cross_entropy(head(output[t]), torch.tensor(target))
            for t, target in TARGETS.items()
        ]

    x = torch.randn(T, INPUTS, requires_grad=True)
    output, _ = module(x)
    loss = sum(losses(output))
    loss.backward()
    arrays = {"x": x.detach(), "output": output.detach(), "loss": loss.detach(), "d_x": x.grad}
    for part, prefix in ((module, ""), (head, "head.")):
        for parameter, array in part.named_parameters():
            arrays[f"weights/{prefix}{parameter}"] = array.detach()
            arrays[f"gradients/{prefix}{parameter}"] = array.grad

    levels, reads = states_of(name, module, x.detach())
    each = losses(reads)
    states = [state for level in levels for parts in level for state in parts]
    shape = len(levels), T, -1, HIDDEN
    arrays["states"] = torch.stack(states).detach().reshape(shape)
    for key, goal in {
        "d_states": sum(each),
        **{f"d_states/{n}": each[n] for n in (0, 1, 2)},
    }.items():
        gradients = torch.autograd.grad(goal, states, retain_graph=True, allow_unused=True)
        filled = [torch.zeros(HIDDEN) if g is None else g for g in gradients]
        arrays[key] = torch.stack(filled).reshape(shape)
    return arrays


def of_last_states(name, module, head, x):
    """The gradients of one loss that reads h_n: the last state of each direction."""

    def loss_of(ends):
        return torch.nn.functional.cross_entropy(head(ends), torch.tensor(TARGETS[T - 1]))

    x = x.clone().requires_grad_()
    _, last = module(x)
    h_n = last[0] if isinstance(last, tuple) else last
    loss = loss_of(torch.cat([h_n[-2], h_n[-1]]))
    d_x, d_weight = torch.autograd.grad(loss, [x, module.weight_hh_l0_reverse])
    found = {"loss": loss.detach(), "d_x": d_x, "d_weight_hh_l0_reverse": d_weight}
    levels, reads = states_of(name, module, x.detach())
    states = [state for level in levels for parts in level for state in parts]
    ends = torch.cat([reads[-1][:HIDDEN], reads[0][HIDDEN:]])
    gradients = torch.autograd.grad(loss_of(ends), states, allow_unused=True)
    filled = [torch.zeros(HIDDEN) if g is None else g for g in gradients]
    found["d_states"] = torch.stack(filled).reshape(len(levels), T, -1, HIDDEN)
    return {f"h_n/{key}": each for key, each in found.items()}


if __name__ == "__main__":
    main()
