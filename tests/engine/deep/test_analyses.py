"""The analyses of one layer and direction, against a network of that layer alone."""

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine import CELLS, Experiment, Network, Problem, Run
from unrolled.engine.bptt.adjoint import adjoint_of

SHAPES = {"up": {"layers": 3}, "both": {"layers": 2, "directions": 2}, "one": {"directions": 2}}


def traced(cell="rnn", shape="both", **fields):
    fields = {"sequence": "abcab", "hidden_size": 3, "recurrent_scale": 1.3, **fields}
    return engine.deep_trace_of(Experiment(cell=cell, **SHAPES[shape], **fields))


def read_by(trace, k):
    """(T, D) the vectors that a level read, in the order of the sequence."""
    ways = trace.network.directions
    if k < ways:
        return np.eye(len(trace.problem.input_vocabulary))[trace.problem.inputs]
    below = k // ways * ways - ways
    return np.concatenate([each.hidden for each in trace.levels[below : below + ways]], axis=1)


def alone(trace, k):
    """The run of a level as a network of one layer, in its order of reading."""
    level = [*trace.network.levels][k]
    x, H = read_by(trace, k), trace.network.hidden_size
    W_hy = trace.network.W_hy[:, H:] if level.reverse else trace.network.W_hy[:, :H]
    targets = trace.problem.targets
    problem = Problem.from_arrays(x[::-1] if level.reverse else x, targets)
    return engine.trace_of(Run(Network((level.layer,), W_hy, trace.network.b_y), problem))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.recurrent])
def test_a_level_has_the_jacobians_of_its_layer_alone(cell, shape):
    trace = traced(cell, shape)
    for k, level in enumerate(trace.levels):
        own, T = alone(trace, k), len(trace.losses)
        t = 2
        at = T + 1 - t if level.reverse else t
        np.testing.assert_allclose(
            engine.jacobian(trace, at, level=k), engine.jacobian(own, t), rtol=1e-12, atol=1e-15
        )
        for name, args in (("singular_values", [at]), ("lyapunov_exponents", [])):
            found = getattr(engine, name)(trace, *args, level=k)
            expected = getattr(engine, name)(own, *([t] if args else []))
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_adjoint_of_a_level_is_the_gradient_that_the_run_has(cell, shape):
    trace = traced(cell, shape, architecture="many-to-many", loss="all", truncate=3)
    for k, level in enumerate(trace.levels):
        passed = trace.cell_pass(k)
        adjoint = adjoint_of(passed, trace.reached_losses)
        states = [level.hidden_gradient, level.cell_gradient]
        for state, expected in zip(range(len(passed.tape.cell.states)), states, strict=False):
            found = passed.in_time(adjoint.d_state[:, state].plain())
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_highest_layer_has_the_factors_of_a_network_of_its_own(cell):
    trace = traced(cell, "up", truncate=3)
    found, expected = engine.step_factors(trace), engine.step_factors(alone(trace, 2))
    kept = expected.timesteps != 2  # cut in the run: 3 timesteps from the last
    np.testing.assert_array_equal(found.timesteps, expected.timesteps[kept])
    np.testing.assert_allclose(found.log10_ratio, expected.log10_ratio[kept], rtol=1e-9)
    for name, factors in (found.log10_factors | found.shares).items():
        own = (expected.log10_factors | expected.shares)[name][kept]
        np.testing.assert_allclose(factors, own, rtol=1e-9, atol=1e-12)
    if cell == "lstm":
        np.testing.assert_allclose(found.log10_cell_ratio, expected.log10_cell_ratio[kept])


@pytest.mark.parametrize("k", range(4))
def test_a_step_of_any_layer_hands_on_what_its_recurrent_weights_make_of_the_gradient(k):
    trace, W_hh = traced("rnn"), [*traced("rnn").network.levels][k].layer.weights.W_hh
    level, way = trace.levels[k], 1 if trace.levels[k].reverse else -1
    found = engine.step_factors(trace, level=k)
    added = engine.weight_contributions(trace, level=k)
    T = len(trace.losses)
    ts = range(1, T) if way == 1 else range(2, T + 1)
    assert found.timesteps.tolist() == [*ts]
    for i, t in enumerate(ts):
        gradient, h = level.hidden_gradient[t - 1], level.hidden
        delta = gradient * (1 - h[t - 1] ** 2)
        norm = np.linalg.norm
        ratio = np.log10(norm(W_hh.T @ delta) / norm(gradient))
        assert found.log10_ratio[i] == pytest.approx(ratio, abs=1e-12)
        assert sum(each[i] for each in found.log10_factors.values()) == pytest.approx(ratio)
        expected = np.log10(norm(delta) * norm(h[t - 1 + way]))
        assert added[t - 1] == pytest.approx(expected, abs=1e-12)
    assert added[T - 1 if way == 1 else 0] == -np.inf


def test_the_two_paths_of_a_gate_are_told_of_every_layer_and_add_up():
    trace = traced("gru", "both", architecture="many-to-many")
    for k in range(4):
        found = engine.step_factors(trace, level=k)
        paths = found.shares["carry"] + found.shares["recurrent"]
        np.testing.assert_allclose(paths, 1)
        assert len(found.timesteps) or k == 3  # which has read T first, where its loss is


def test_the_layer_in_front_is_meant_and_another_is_refused_by_name():
    trace = traced("rnn", "both", layer=-1)
    np.testing.assert_array_equal(engine.jacobian(trace, 2), engine.jacobian(trace, 2, level=1))
    found = engine.eigenvalues(trace.network, part=1)
    W_hh = [*trace.network.levels][1].layer.weights.W_hh
    np.testing.assert_allclose(np.sort(np.abs(found)), np.sort(np.abs(np.linalg.eigvals(W_hh))))
    with pytest.raises(ValueError, match="level must be from 0 to 3, got 4"):
        engine.step_factors(trace, level=4)
    with pytest.raises(ValueError, match="level must be 0, of the one layer, got 1"):
        engine.jacobian(engine.trace("ab"), 1, level=1)
