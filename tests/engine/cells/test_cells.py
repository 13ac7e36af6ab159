"""One timestep of every registered cell. A new cell is tested by being registered."""

import inspect
from types import SimpleNamespace

import numpy as np
import pytest

from unrolled.engine import Experiment
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import ACTIVATIONS, CELLS, Weights, cell_of
from unrolled.engine.cells.normalized.layer_norm import Normalized
from unrolled.engine.numerics.wide import Wide

H, V, R = 3, 4, 5
MADE = {
    f"{name}-{activation}": cell_of(Experiment(cell=name, activation=activation))
    for name in CELLS
    for activation in ACTIVATIONS
    if activation == "tanh" or "activation" in CELLS[name].hyperparameters()
}


def sigma(a):
    return 1 / (1 + np.exp(-a))


@pytest.fixture(params=list(MADE))
def cell(request):
    return MADE[request.param]


def setup(cell, seed=0):
    rng = np.random.default_rng(seed)
    K = cell.blocks
    weights = Weights(*(rng.normal(size=s) for s in ((K * H, V), (K * H, H), K * H, K * H)))
    state = tuple(rng.normal(size=H) for _ in cell.states)
    return weights, rng.normal(size=K * H), state, rng


def step(cell, weights, drive, state):
    """The moment that follows a state."""
    tape = taped(cell, weights, drive[None], state)
    return type(tape.moments)(*(each[0] for each in tape.moments))


def taped(cell, weights, drives, state):
    """As many timesteps as there are drives, each from the same state."""
    tape = Tape.blank(cell, len(drives), H)
    for t in range(len(drives)):
        moment = type(tape.moments)(*(each[t] for each in tape.moments))
        moment.a[:] = drives[t]
        cell.step(weights, state, moment)
    return tape._replace(states_prev=tuple(np.array([s] * len(drives)) for s in state))


def back(cell, weights, drive, state, d_state):
    """One timestep back, in arrays of its own."""
    (partial,) = taped(cell, weights, drive[None], state).partials(1)
    total = [d.copy() for d in d_state]
    d_state_prev = [np.empty_like(d) for d in d_state]
    d_a = np.empty((*d_state[0].shape[:-1], cell.width(H)))
    cell.step_back(weights, partial, total, d_a, d_state_prev)
    return SimpleNamespace(
        d_state_prev=d_state_prev,
        d_state=total,
        d_x=cell.d_x(d_a),
        d_h=cell.d_h(d_a),
        d_b_hh=cell.d_biases(d_a)[1],
    )


def test_a_cell_describes_itself(cell):
    weights, drive, state, _ = setup(cell)
    moment = step(cell, weights, drive, state)
    assert cell.states[0] == "h"
    assert set(cell.states) <= set(moment._fields)
    assert cell.gates == () or len(cell.gates) == cell.blocks
    for name in (*cell.states, *cell.gates):
        assert getattr(moment, name).shape == (H,)
    assert cell.bias(H).shape == (cell.blocks * H,)


def test_a_cell_knows_neither_time_nor_loss(cell):
    for verb in (cell.step, cell.step_back, cell.slopes, cell.partials):
        assert not {"t", "T", "loss", "timestep"} & set(inspect.signature(verb).parameters)


def test_a_step_writes_to_its_outputs_alone(cell):
    """But for the adjoint of c, which a step back makes the total."""
    weights, drive, state, rng = setup(cell)
    d_h, *d_c = [rng.normal(size=(R, H)) for _ in cell.states]
    everything = [*weights, drive, *state, d_h]
    copies = [array.copy() for array in everything]
    (partial,) = taped(cell, weights, drive[None], state).partials(1)
    room = [np.empty((R, H)) for _ in cell.states]
    cell.step_back(weights, partial, (d_h, *d_c), np.empty((R, cell.width(H))), room)
    for array, copy in zip(everything, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_one_timestep_back_is_the_derivative_of_one_timestep_forward(cell):
    """Against central differences, along a random direction of every argument."""
    weights, drive, state, rng = setup(cell)
    d_state = tuple(rng.normal(size=(1, H)) for _ in cell.states)
    found = back(cell, weights, drive, state, d_state)

    def objective(size, move_state, move_drive, move_recurrent):
        moved = tuple(s + size * m for s, m in zip(state, move_state, strict=True))
        shifted = weights._replace(b_hh=weights.b_hh + size * move_recurrent)
        biases = cell.drive_bias(shifted) - cell.drive_bias(weights)
        moment = step(cell, shifted, drive + biases + size * move_drive, moved)
        pairs = zip(d_state, cell.states, strict=True)
        return sum(d[0] @ getattr(moment, name) for d, name in pairs)

    K, none = cell.blocks, tuple(np.zeros(H) for _ in state)
    flat = np.zeros(K * H)
    u, v = tuple(rng.normal(size=H) for _ in state), rng.normal(size=K * H)
    cases = {
        "d_state_prev": (
            (u, flat, flat),
            sum(d[0] @ m for d, m in zip(found.d_state_prev, u, strict=True)),
        ),
        "d_x": ((none, v, flat), found.d_x[0] @ v),
        "d_b_hh": ((none, flat, v), found.d_b_hh[0] @ v),
    }
    size = 1e-5
    for name, (moves, analytic) in cases.items():
        numeric = (objective(size, *moves) - objective(-size, *moves)) / (2 * size)
        assert analytic == pytest.approx(numeric, rel=1e-6, abs=1e-9), (
            f"{name}: central differences give {numeric:.12g}, the cell {analytic:.12g}"
        )


def test_adjoint_rows_do_not_mix(cell):
    weights, drive, state, rng = setup(cell)
    d_state = tuple(rng.normal(size=(R, H)) for _ in cell.states)
    together = back(cell, weights, drive, state, d_state)
    for r in range(R):
        alone = back(cell, weights, drive, state, tuple(d[r : r + 1] for d in d_state))
        for field in ("d_x", "d_h"):
            assert getattr(together, field)[r] == pytest.approx(getattr(alone, field)[0], rel=1e-12)
        for field in ("d_state", "d_state_prev"):
            for many, one in zip(getattr(together, field), getattr(alone, field), strict=True):
                assert many[r] == pytest.approx(one[0], rel=1e-12)


def test_stepping_back_is_linear_in_the_adjoint(cell):
    weights, drive, state, rng = setup(cell)
    one, two = (tuple(rng.normal(size=(1, H)) for _ in cell.states) for _ in range(2))
    both = tuple(2 * a - b for a, b in zip(one, two, strict=True))
    found = back(cell, weights, drive, state, both)
    first, second = (back(cell, weights, drive, state, d) for d in (one, two))
    assert found.d_x == pytest.approx(2 * first.d_x - second.d_x, rel=1e-10, abs=1e-12)


def test_partials_of_a_stack_are_those_of_each_timestep(cell):
    weights, drive, state, _ = setup(cell)
    drives = np.outer(np.arange(1, 5), drive)
    whole = [*taped(cell, weights, drives, state).partials(4)][::-1]
    for many, alone in zip(whole, drives, strict=True):
        (one,) = taped(cell, weights, alone[None], state).partials(1)
        for found, expected in zip(many, one, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_a_step_back_in_wide_numbers_is_that_in_floats(cell):
    weights, drive, state, rng = setup(cell)
    tape, d_state = taped(cell, weights, drive[None], state), rng.normal(size=(len(state), R, H))
    rooms = []
    for zeros, walked, adjoint in (
        (lambda *shape: np.zeros(shape), tape, d_state.copy()),
        (Wide.zeros, tape.wide(), Wide.of(d_state)),
    ):
        (partial,) = walked.partials(1)
        room = zeros(R, cell.width(H)), zeros(*d_state.shape)
        cell.step_back(weights, partial, adjoint, *room)
        rooms.append([*room, cell.d_x(room[0]), cell.d_h(room[0]), adjoint])
    for floats, wide in zip(*rooms, strict=True):
        np.testing.assert_allclose(wide.plain(), floats, rtol=1e-13, atol=1e-15)


def test_a_cell_without_recurrence_lets_nothing_through(cell):
    weights, drive, state, rng = setup(cell)
    d_state = tuple(rng.normal(size=(R, H)) for _ in cell.states)
    found = back(cell, weights, drive, state, d_state)
    assert cell.recurrent == any(d.any() for d in found.d_state_prev)


# --- the contract's equations, by hand ---------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_rnn_is_its_equation(activation):
    cell, f = MADE[f"rnn-{activation}"], ACTIVATIONS[activation].value
    W, drive, (h_prev,), _ = setup(cell)
    expected = f(W.W_hh @ h_prev + drive)
    assert step(cell, W, drive, (h_prev,)).h == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_feedforward_cell_sees_its_input_alone(activation):
    cell, f = MADE[f"feedforward-{activation}"], ACTIVATIONS[activation].value
    W, drive, (h_prev,), _ = setup(cell)
    expected = f(drive)
    assert step(cell, W, drive, (h_prev,)).h == pytest.approx(expected, rel=1e-12)
    assert step(cell, W, drive, (9 * h_prev,)).h == pytest.approx(expected, rel=1e-12)


def test_the_lstm_is_its_equations_with_the_gates_in_the_order_i_f_g_o():
    cell = MADE["lstm-tanh"]
    W, drive, (h_prev, c_prev), _ = setup(cell)
    a = [W.W_hh[k * H : (k + 1) * H] @ h_prev + drive[k * H : (k + 1) * H] for k in range(4)]
    i, f, g, o = sigma(a[0]), sigma(a[1]), np.tanh(a[2]), sigma(a[3])
    c = f * c_prev + i * g
    found = step(cell, W, drive, (h_prev, c_prev))
    assert found.c == pytest.approx(c, rel=1e-12)
    assert found.h == pytest.approx(o * np.tanh(c), rel=1e-12)
    for name, gate in {"i": i, "f": f, "g": g, "o": o}.items():
        assert getattr(found, name) == pytest.approx(gate, rel=1e-12)


def test_the_gru_resets_after_the_recurrent_product_with_the_gates_in_the_order_r_z_n():
    cell = MADE["gru-tanh"]
    W, drive, (h_prev,), _ = setup(cell)
    q, u = np.split(W.W_hh @ h_prev, 3), np.split(drive, 3)
    r, z = sigma(u[0] + q[0]), sigma(u[1] + q[1])
    n = np.tanh(u[2] + r * (q[2] + W.b_hh[2 * H :]))
    found = step(cell, W, drive, (h_prev,))
    assert found.h == pytest.approx((1 - z) * n + z * h_prev, rel=1e-12)
    for name, gate in {"r": r, "z": z, "n": n}.items():
        assert getattr(found, name) == pytest.approx(gate, rel=1e-12)


def test_the_gru_of_2014_resets_before_the_recurrent_product():
    cell = MADE["gru-2014-tanh"]
    W, drive, (h_prev,), _ = setup(cell)
    r, z = (sigma(W.W_hh[k * H : (k + 1) * H] @ h_prev + np.split(drive, 3)[k]) for k in range(2))
    n = np.tanh(W.W_hh[2 * H :] @ (r * h_prev) + np.split(drive, 3)[2])
    found = step(cell, W, drive, (h_prev,))
    assert found.h == pytest.approx((1 - z) * n + z * h_prev, rel=1e-12)
    for name, gate in {"r": r, "z": z, "n": n}.items():
        assert getattr(found, name) == pytest.approx(gate, rel=1e-12)


def test_the_lstm_carries_its_cell_state_by_the_forget_gate_alone():
    cell = MADE["lstm-tanh"]
    W, drive, state, rng = setup(cell)
    d_c = rng.normal(size=(1, H))
    found = back(cell, W, drive, state, (np.zeros((1, H)), d_c))
    f = step(cell, W, drive, state).f
    assert found.d_state_prev[1] == pytest.approx(d_c * f, rel=1e-12)
    assert found.d_state[1] == pytest.approx(d_c, rel=1e-12)


def test_the_drive_holds_the_biases_but_those_that_are_added_later(cell):
    weights, *_ = setup(cell)
    expected = weights.b_xh + weights.b_hh
    if cell == MADE["gru-tanh"]:
        expected[2 * H :] = weights.b_xh[2 * H :]
    if isinstance(cell, Normalized):  # they are added after the normalization
        expected[:] = 0
    np.testing.assert_array_equal(cell.drive_bias(weights), expected)


def test_the_forget_bias_opens_the_forget_gate_and_no_other():
    i, f, g, o = np.split(cell_of(Experiment(cell="lstm", forget_bias=2.5)).bias(H), 4)
    assert f.tolist() == [2.5] * H
    assert not np.concatenate([i, g, o]).any()


def test_the_update_bias_opens_the_update_gate_and_no_other():
    r, z, n = np.split(cell_of(Experiment(cell="gru", update_bias=2.5)).bias(H), 3)
    assert z.tolist() == [2.5] * H
    assert not np.concatenate([r, n]).any()
