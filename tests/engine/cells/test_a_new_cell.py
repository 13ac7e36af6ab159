"""Cells that the engine does not have, added at run time by one line of ``CELLS``."""

from typing import Any

import autograd
import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from tests.engine.cells import one_gate
from tests.engine.cells.test_cells import back, setup, taped
from tests.engine.mpmath_oracle import log10_norms
from unrolled import engine
from unrolled.engine.cells import CELLS, cell_of
from unrolled.engine.cells.activations import ACTIVATIONS, sigmoid, sigmoid_slope, tanh_slope
from unrolled.engine.cells.base import split
from unrolled.engine.cells.gru_2014 import GRU2014
from unrolled.engine.numerics.wide import Wide

NEW = ("one-gate", "reset-first")
"""A gate before the product, with the state kept where it is closed; and where it is open."""
SEQUENCE = "abcab"


@pytest.fixture(autouse=True)
def plug_ins(monkeypatch):
    one_gate.register(monkeypatch)
    monkeypatch.setitem(CELLS, "reset-first", type("Mine", (GRU2014,), {}))
    monkeypatch.setitem(oracle.STEPS, "reset-first", oracle.gru_2014)


@pytest.fixture(params=NEW)
def cell(request):
    return request.param


def test_a_new_cell_is_a_choice_at_once(cell):
    assert cell in engine.CHOICES["cell"]
    assert cell in engine.training.CHOICES["cell"]
    with pytest.raises(engine.ExperimentError, match=cell):
        engine.Experiment(cell="toaster")


@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
@pytest.mark.parametrize("initialization", ["gaussian", "identity"])
def test_every_gradient_of_a_new_cell_agrees_with_autograd(cell, architecture, initialization):
    fields: dict[str, Any] = {"architecture": architecture, "initialization": initialization}
    trace = engine.trace(SEQUENCE, cell=cell, recurrent_scale=1.5, hidden_size=5, **fields)
    expected = oracle.gradients(trace)
    found = oracle.engine_gradients(trace)
    assert {"weight_hh_l0", "shift_h"} <= {name.split(".")[-1] for name in found}
    for name, gradient in found.items():
        assert oracle.relative_error(gradient, expected[name]) < 1e-12, name


def test_one_timestep_back_in_wide_numbers_is_that_in_floats(cell):
    made = cell_of(engine.Experiment(cell=cell))
    weights, drive, state, rng = setup(made)
    d_state = rng.normal(size=(1, 2, state[0].size))
    found = back(made, weights, drive, state, [*d_state])
    (partial,) = taped(made, weights, drive[None], state).wide().partials(1)
    room: Any = Wide.zeros(2, made.width(state[0].size)), Wide.zeros(*d_state.shape)
    made.step_back(weights, partial, Wide.of(d_state), *room)
    np.testing.assert_allclose(room[1].plain()[0], found.d_state_prev[0], rtol=1e-13)


@pytest.mark.parametrize(("g", "size"), [(0.05, -1), (10, 1)])
def test_norms_of_a_new_cell_beyond_float64_agree_with_50_digits(g, size):
    """Where the gate is open the state is replaced, and nothing is carried."""
    fields: dict[str, Any] = {"cell": "one-gate", "forget_bias": -6, "hidden_size": 3, "seed": 1}
    if size > 0:
        fields |= {"input_scale": 0, "recurrent_scale": 10, "initialization": "identity"}
    else:
        fields |= {"recurrent_scale": g}
    trace = engine.trace("ab" * 200, target="c", **fields)
    (expected,) = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
    assert size * expected[-1] > 320
    assert trace.log10_gradient_norm[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


def test_saturated_gates_of_a_new_cell_let_a_small_gradient_through():
    fields: dict[str, Any] = {"input_scale": 10, "recurrent_scale": 10, "hidden_size": 3}
    trace = engine.trace(
        "ab" * 150, target="c", cell="one-gate", initialization="gaussian", **fields
    )
    (expected,) = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
    assert trace.log10_gradient_norm[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


def test_the_shares_of_a_step_back_are_those_of_its_two_paths():
    trace = engine.trace(SEQUENCE, cell="one-gate", hidden_size=4)
    H, W = 4, trace.network.state_dict()["weight_hh_l0"]
    found = engine.step_factors(trace)
    assert not found.log10_factors
    for i, t in enumerate(found.timesteps - 1):
        f, n, h_prev = trace.gates["f"][t], trace.gates["n"][t], trace.hidden[t - 1]
        d_h = trace.hidden_gradient[t]
        d_fh = (d_h * f * (1 - n**2)) @ W[H:]
        through = d_fh * f + ((d_h * (n - h_prev) + d_fh * h_prev) * f * (1 - f)) @ W[:H]
        norms = np.array([np.linalg.norm(d_h * (1 - f)), np.linalg.norm(through)])
        shares = [found.shares["carry"][i], found.shares["recurrent"][i]]
        assert shares == pytest.approx(norms / norms.sum(), rel=1e-12)


def test_the_part_of_a_timestep_in_the_recurrent_gradient_has_the_vector_multiplied(cell):
    """By autograd, with weights of its own for each timestep."""
    trace = engine.trace(SEQUENCE, cell=cell, hidden_size=4)
    p, step = oracle.parameters(trace), oracle.STEPS[cell]
    W_hh = p["weight_hh_l0"]

    def loss(each):
        h = c = np.zeros(4)
        for t, x in enumerate(trace.inputs):
            h, c = step(None, {**p, "weight_hh_l0": each[t]}, x, h, c, t)
        y = autograd.numpy.dot(p["head.weight"], h) + p["head.bias"]
        return autograd.numpy.log(autograd.numpy.sum(autograd.numpy.exp(y))) - y[trace.targets[-1]]

    gradients = autograd.grad(loss)(np.array([W_hh] * len(trace.tokens)))
    with np.errstate(divide="ignore"):
        expected = np.log10(np.linalg.norm(gradients.reshape(len(gradients), -1), axis=1))
    found = engine.weight_contributions(trace)
    assert found[0] == -np.inf
    assert found[1:] == pytest.approx(expected[1:], rel=1e-12)


def test_the_jacobian_of_a_new_cell_is_autograds(cell):
    trace = engine.trace(SEQUENCE, cell=cell, hidden_size=4)
    p, step = oracle.parameters(trace), oracle.STEPS[cell]
    expected = autograd.jacobian(lambda h: step(None, p, trace.inputs[2], h, h, 2)[0])(
        trace.hidden[1]
    )
    np.testing.assert_allclose(engine.jacobian(trace, 3), expected, rtol=1e-11, atol=1e-14)
    assert np.isfinite(engine.lyapunov_exponents(trace)).all()
    assert len(engine.eigenvalues(trace.network, trace.network.cell.gates[0])) == 4


def test_a_sweep_over_a_new_cell_is_a_trace_of_each_network(cell):
    experiment = engine.Experiment(SEQUENCE, cell=cell, hidden_size=4, loss="last")
    sweep = engine.sweep(experiment, [0.5, 2.0], seeds=2)
    trace = engine.trace(SEQUENCE, cell=cell, hidden_size=4, recurrent_scale=2.0, seed=1)
    expected = trace.log10_gradient_norm[::-1]
    np.testing.assert_allclose(sweep.log10_gradient_norms[1, 1], expected, rtol=1e-12, atol=1e-12)


def test_a_new_cell_trains_and_its_minibatch_is_the_mean_of_its_traces(cell):
    training = engine.Training(task="recall", cell=cell, hidden_size=5, steps=3, batch_size=4)
    run = engine.TrainingRun(training)
    batch, checkpoint = run.task.probes, run.checkpoint()
    found = run.gradient(batch)
    texts = [run.task.text(batch, b) for b in range(batch.x.shape[1])]
    traces = [
        engine.trace_of(checkpoint.experiment(sequence=sequence, target=target))
        for sequence, target in texts
    ]
    for name, gradient in found.items():
        expected = sum(trace.weight_gradients[name] for trace in traces) / len(traces)
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-13)
    assert all(np.isfinite(step.loss) for step in run.steps())


def test_a_checkpoint_of_a_new_cell_comes_back(cell, tmp_path):
    run = engine.TrainingRun(engine.Training(task="recall", cell=cell, hidden_size=4, steps=1))
    [*_] = run.steps()
    run.checkpoint().save(tmp_path / "new.npz")
    weights = engine.Checkpoint.load(tmp_path / "new.npz").network.state_dict()
    for name, expected in run.network.state_dict().items():
        np.testing.assert_array_equal(weights[name], expected)


def test_the_bias_of_a_closed_carry_keeps_the_state_where_it_is_large():
    made = cell_of(engine.Experiment(cell="one-gate", forget_bias=2.5))
    assert made.bias(3).tolist() == [-2.5] * 3 + [0] * 3
    assert made.bias(3, np.full(3, 4.0)).tolist() == [-4] * 3 + [0] * 3


# --- what partials and steps back are written with -----------------------------------------------

A, B = np.array([[0.5, -2.0, 3.0], [1.5, 4.0, -0.25]]), np.array([[2.0, 0.5, -1.0]] * 2)
W = np.arange(18.0).reshape(6, 3) / 10 - 0.7
OPERATIONS: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a, b: -a,
    "greater": lambda a, b: (a > b) * 1.0,
    "a number on the left": lambda a, b: 1 - a,
    "in place": lambda a, b: np.multiply(a, b, out=(a + 0 * b)),
    "reciprocal": lambda a, b: np.reciprocal(a),
    "abs": lambda a, b: np.abs(a),
    "exp": lambda a, b: np.exp(a),
    "sigmoid": lambda a, b: sigmoid(a),
    "sigmoid_slope": lambda a, b: sigmoid_slope(a),
    "tanh_slope": lambda a, b: tanh_slope(a),
    **{f"slope of {name}": lambda a, b, f=f: f.slope(a) for name, f in ACTIVATIONS.items()},
    "product with weights": lambda a, b: np.matmul(a, W[:3]),
    "product with two blocks": lambda a, b: np.concatenate([a, b], axis=-1) @ W,
    "split": lambda a, b: split(np.concatenate([a, b], axis=-1), 2)[1],
    "index": lambda a, b: a[..., 1:],
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_functions_of_a_step_back_work_in_numbers_with_an_exponent_each(name):
    operation = OPERATIONS[name]
    expected, found = operation(A.copy(), B.copy()), operation(Wide.of(A), Wide.of(B))
    plain = found.plain() if isinstance(found, Wide) else found
    np.testing.assert_allclose(plain, expected, rtol=1e-14)


def test_a_step_back_writes_to_a_part_of_its_room():
    found, expected = Wide.of(A), A.copy()
    for each, b in ((found, Wide.of(B)), (expected, B)):
        each[..., 1:] = b[..., :2]
        part = split(each, 3)[0]
        part += split(b, 3)[2]
    np.testing.assert_allclose(found.plain(), expected, rtol=1e-14)
