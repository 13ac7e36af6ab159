"""Records modules while PyTorch trains them, and autograd's gradient of every state, as fixtures.

``recordings/NAME.npz`` is what ``unrolled.record`` left of two steps of training;
``recordings/NAME-autograd.npz`` has ∂L/∂h_t and ∂L/∂c_t of every layer and direction at the second,
from the equations, one timestep at a time, with the same weights.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_recordings
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import unrolled

RECORDINGS = Path(__file__).with_name("recordings")
T, INPUTS, HIDDEN = 6, 2, 3
LENGTHS = {"packed-lstm": [4, 6, 3]}
MODULES = {
    "packed-lstm": lambda: torch.nn.LSTM(INPUTS, HIDDEN, num_layers=2, bidirectional=True),
    "batch-first-gru": lambda: torch.nn.GRU(INPUTS, HIDDEN, num_layers=3, batch_first=True),
    "one-relu": lambda: torch.nn.RNN(INPUTS, HIDDEN, nonlinearity="relu", bias=False),
}


class Model(torch.nn.Module):  # type: ignore[misc]
    """A recurrent module, called as people call it, and a loss of everything that it returns."""

    def __init__(self, name):
        super().__init__()
        self.name, self.rnn = name, MODULES[name]()

    def initial(self, B):
        if self.name != "packed-lstm":
            return None
        return torch.full((4, B, HIDDEN), 0.3), torch.full((4, B, HIDDEN), -0.6)

    def forward(self, x):
        if self.name == "packed-lstm":
            packed = pack_padded_sequence(x, LENGTHS[self.name], enforce_sorted=False)
            output, state = self.rnn(packed, self.initial(x.shape[1]))
            return pad_packed_sequence(output)[0], state
        if self.name == "batch-first-gru":
            output, state = self.rnn(x.swapaxes(0, 1))
            return output.swapaxes(0, 1), (state,)
        output, state = self.rnn(x[:, 0])
        return output[:, None], (state[:, None],)


def loss_of(name, output, state):
    """Return a loss of what the module returned; of ``one-relu`` of half the outputs."""
    if name == "one-relu":
        return output[: T // 2].square().sum()
    return output.square().sum() + sum((n + 1) * each.pow(3).sum() for n, each in enumerate(state))


def recorded(name):
    """Train two steps; return the recording, and the gradients of the states at the second."""
    torch.manual_seed(4)
    model, B = Model(name), 1 if name == "one-relu" else 3
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    with unrolled.record(model, every=1) as recording:
        for _ in range(2):
            x = torch.randn(T, B, INPUTS)
            loss = loss_of(name, *model(x))
            optimizer.zero_grad()
            loss.backward()
            expected = autograd(name, model, x)
            optimizer.step()
    return recording, expected


def autograd(name, model, x):
    """(levels, states, T, B, H) ∂L/∂ of every state, zero beyond a sequence's end."""
    levels, B = len(model.rnn.all_weights), x.shape[1]
    states = 2 if model.rnn.mode == "LSTM" else 1
    found = np.zeros((levels, states, T, B, HIDDEN))
    initial = model.initial(B) or (torch.zeros(levels, B, HIDDEN),) * states
    for b, length in enumerate(LENGTHS.get(name, [T] * B)):
        start = [each[:, b] for each in initial]
        walked, output = unrolled_states(model.rnn, x[:length, b], start)
        ends = [
            torch.stack([own[0 if n in reverse(model.rnn) else -1][s] for n, own in walked.items()])
            for s in range(states)
        ]
        flat = [state for own in walked.values() for of_t in own for state in of_t]
        loss = loss_of(name, output, ends)
        gradients = torch.autograd.grad(loss, flat, materialize_grads=True)
        shape = levels, length, states, HIDDEN
        found[:, :, :length, b] = torch.stack(gradients).reshape(shape).swapaxes(1, 2)
    return found


def reverse(module):
    return range(1, len(module.all_weights), 2) if module.bidirectional else ()


def unrolled_states(module, x, start):
    """The states of every level in the order of the sequence, and the output."""
    walked, reads, ways = {}, list(x), 1 + module.bidirectional
    for k in range(0, len(module.all_weights), ways):
        for n in range(k, k + ways):
            state, own = tuple(each[n] for each in start), []
            for read in reversed(reads) if n in reverse(module) else reads:
                state = step(module, module.all_weights[n], read, state)
                own.append(state)
            walked[n] = own[::-1] if n in reverse(module) else own
        sides = zip(*(walked[n] for n in range(k, k + ways)), strict=True)
        reads = [torch.cat([state[0] for state in of_t]) for of_t in sides]
    return walked, torch.stack(reads)


def step(module, weights, x, state):
    """One timestep by the equations of PyTorch's documentation."""
    W_ih, W_hh, *biases = weights
    b_ih, b_hh = biases or (0, 0)
    ih, hh = W_ih @ x + b_ih, W_hh @ state[0] + b_hh
    if module.mode == "RNN_RELU":
        return ((ih + hh).relu(),)
    if module.mode == "GRU":
        (r, z, n), (hr, hz, hn) = ih.chunk(3), hh.chunk(3)
        z, n = (z + hz).sigmoid(), (n + (r + hr).sigmoid() * hn).tanh()
        return ((1 - z) * n + z * state[0],)
    i, f, g, o = (ih + hh).chunk(4)
    c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    RECORDINGS.mkdir(exist_ok=True)
    for name in MODULES:
        recording, expected = recorded(name)
        recording.save(RECORDINGS / f"{name}.npz")
        np.savez_compressed(RECORDINGS / f"{name}-autograd.npz", gradients=expected)


if __name__ == "__main__":
    main()
