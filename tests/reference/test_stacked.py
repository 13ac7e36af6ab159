"""Two layers against PyTorch: an adjoint may enter a layer at every timestep.

The engine's networks have one layer as yet. What several need is shown here: each layer goes
forward on a tape of its own, the upper one reads the states of the lower one, and what it asks of
them, W_xhᵀ δ_t, enters the lower one on its way back, in plain numbers and in log range.
"""

from pathlib import Path

import numpy as np
import pytest

from unrolled.engine import NetworkConfig
from unrolled.engine.bptt.adjoint import Steps
from unrolled.engine.bptt.backward import NUMBERS, ROWS, Entering, in_log_range, plain, walk_back
from unrolled.engine.bptt.readout import loss_of
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights, cell_of
from unrolled.engine.layer import Layer
from unrolled.engine.numerics.wide import Wide

STACKED = Path(__file__).with_name("stacked.npz")
CELLS = ["rnn", "lstm", "gru"]
TARGETS = np.array([-1, 2, -1, 0, -1, -1, 1])
T, H = 7, 5
NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class Reference:
    """PyTorch's arrays of one cell, and the engine's layers with its weights."""

    def __init__(self, cell, scale=1.0):
        with np.load(STACKED) as file:
            found = {key: each for key, each in file.items() if key.startswith(f"{cell}/")}
        self.arrays = {key.removeprefix(f"{cell}/"): each for key, each in found.items()}
        kind = cell_of(NetworkConfig(cell=cell))
        self.layers = [
            Layer(kind, Weights(*(self[f"weights/{name}_l{k}"] for name in NAMES))) for k in (0, 1)
        ]
        self.layers = [
            Layer(kind, each.weights._replace(W_hh=scale * each.weights.W_hh))
            for each in self.layers
        ]

    def __getitem__(self, key):
        return self.arrays[key]

    def forward(self):
        """The tapes of both layers, and the losses of the states of the upper one."""
        tapes, x = [], self["x"]
        for layer in self.layers:
            tape = Tape.blank(layer.cell, T, H)
            layer.drive(x, tape.moments.a)
            tape.forward([layer.weights], [0] * T, 0, T)
            tapes.append(tape)
            x = tape.moments.h
        there = np.flatnonzero(TARGETS >= 0)
        y = x[there] @ self["weights/head.weight"].T + self["weights/head.bias"]
        loss = loss_of(y, TARGETS[there])
        return tapes, there, loss, loss.d_y @ self["weights/head.weight"]


def asks(layer, d_a):
    """W_xhᵀ δ_t: what a layer asks of the vectors that it reads."""
    return layer.cell.d_x(d_a) @ layer.weights.W_xh


@pytest.mark.parametrize("cell", CELLS)
def test_two_layers_agree_with_pytorch(cell):
    reference = Reference(cell)
    tapes, there, loss, d_h = reference.forward()
    np.testing.assert_allclose(tapes[1].moments.h, reference["hidden"], rtol=1e-12)
    assert loss.losses.sum() == pytest.approx(reference["loss"], rel=1e-12)

    entering = {t: each[None] for t, each in zip(there.tolist(), d_h, strict=True)}
    for k in (1, 0):
        layer, tape = reference.layers[k], tapes[k]
        d_states = np.empty((T + 1, len(layer.cell.states), 1, H))
        d_a = np.empty((T, 1, layer.cell.width(H)))
        steps = ((layer.weights, partial) for partial in tape.partials(T))
        walk_back(layer.cell, plain(d_states, d_a, entering, [False] * T), steps)
        entering = dict(enumerate(asks(layer, d_a)))

        x = reference["x"] if k == 0 else tapes[0].moments.h
        d_x, d_q = layer.cell.d_x(d_a[:, 0]), layer.cell.d_h(d_a[:, 0])
        found = (d_x.T @ x, d_q.T @ tape.states_prev[0], d_x.sum(axis=0), d_q.sum(axis=0))
        for name, gradient in zip(NAMES, found, strict=True):
            expected = reference[f"gradients/{name}_l{k}"]
            np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-14, err_msg=name)
    np.testing.assert_allclose(
        np.concatenate([*entering.values()]), reference["d_x"], rtol=1e-10, atol=1e-14
    )


def log10_norms(reference, wide):
    """(T,) log10 ‖∂L/∂x_t‖, walked in log range."""
    tapes, there, loss, d_h = reference.forward()
    row = np.array([0])
    entering = {
        t: Entering(row, d_h[n : n + 1], loss.exponents[n : n + 1])
        for n, t in enumerate(there.tolist())
    }
    for layer, tape in zip(reversed(reference.layers), reversed(tapes), strict=True):
        walked = {}

        def keep(t, rooms, exponents, layer=layer, walked=walked):
            asked = asks(layer, rooms[1])
            size = asked.largest(axis=-1) if wide else exponents
            walked[t] = Entering(row, asked.mantissas(size) if wide else asked, size.copy())

        steps = Steps(tape, [layer.weights], np.zeros(T, dtype=int), wide=wide)
        kind = NUMBERS if wide else ROWS
        adjoints = in_log_range(kind, layer.cell, (1, H), entering, [False] * T, keep)
        walk_back(layer.cell, adjoints, steps.backward())
        entering = walked
    rows = Wide(
        np.concatenate([entering[t].d_h for t in range(T)]),
        np.concatenate([entering[t].exponents for t in range(T)])[:, None],
    )
    return rows.norms().log10()


@pytest.mark.parametrize("wide", [False, True], ids=["rows", "numbers"])
@pytest.mark.parametrize("cell", CELLS)
def test_input_gradients_of_two_layers_agree_in_log_range(cell, wide):
    expected = np.log10(np.linalg.norm(Reference(cell)["d_x"], axis=1))
    np.testing.assert_allclose(log10_norms(Reference(cell), wide), expected, atol=1e-10)


def test_two_layers_keep_their_digits_far_below_float64():
    small = Reference("rnn", scale=1e-80)
    rows, numbers = (log10_norms(small, wide) for wide in (False, True))
    assert rows[4] < -120
    assert rows == pytest.approx(numbers, abs=1e-9)
