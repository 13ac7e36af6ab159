"""Runs that start from a given state, and its gradient, against PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine import Network, NetworkConfig, Problem, Run

STATES = Path(__file__).with_name("initial_states.npz")


def reference_of(cell):
    with np.load(STATES) as file:
        return {key.removeprefix(f"{cell}/"): file[key] for key in file if key.startswith(cell)}


def problem_of(reference, chosen):
    states = [reference[name][chosen] for name in ("h_0", "c_0") if name in reference]
    problem = Problem.from_arrays(reference["x"][:, chosen], reference["targets"][:, chosen])
    return problem.starting_from(*states)


def network_of(reference, cell):
    weights = {k.removeprefix("weights/"): v for k, v in reference.items() if "weights/" in k}
    return Network.from_state_dict(weights, cell=cell)


def agree(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_batch_that_starts_from_a_state_agrees_with_pytorch(cell):
    reference = reference_of(cell)
    run = Run(network_of(reference, cell), problem_of(reference, slice(None)))
    agree([step.hidden for step in run.forward()], reference["hidden"])
    agree(sum(each.loss for each in run.losses()), reference["loss"])
    assert [*run.backward()]
    names = [name for name in ("h_0", "c_0") if name in reference]
    agree([*run.initial_gradient.values()], [reference[f"d_{name}"] for name in names])
    for name, gradient in run.weight_gradients().gradients.items():
        agree(gradient, reference[f"gradients/{name}"])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_trace_that_starts_from_a_state_agrees_with_pytorch(cell):
    reference = reference_of(cell)
    trace = engine.trace_of(Run(network_of(reference, cell), problem_of(reference, 1)))
    agree(trace.hidden, reference["hidden"][:, 1])
    for name, gradient in trace.initial_gradient.items():
        agree(gradient, reference[f"d_{name}"][1])
        log10 = np.log10(np.linalg.norm(gradient))
        assert trace.log10_initial_gradient_norm[name] == pytest.approx(log10)


@pytest.mark.parametrize("cell", engine.CELLS)
def test_a_run_that_starts_from_the_state_of_another_goes_on_with_it(cell):
    network = Network.random(NetworkConfig(cell=cell, hidden_size=4), 3, 3)
    x = np.random.default_rng(0).normal(size=(6, 3))
    whole = engine.trace_of(Run(network, Problem.from_arrays(x, targets=[-1] * 5 + [1])))
    first = engine.trace_of(Run(network, Problem.from_arrays(x[:4], targets=[-1] * 3 + [0])))
    rest = Problem.from_arrays(x[4:], targets=[-1, 1])
    states = [first.hidden[-1]] + ([] if first.cell_state is None else [first.cell_state[-1]])
    second = engine.trace_of(Run(network, rest.starting_from(*states)))
    agree(second.hidden, whole.hidden[4:])
    agree(second.initial_gradient["h_0"], whole.hidden_gradient[3])


@pytest.mark.parametrize("saturated", [False, True])
def test_the_gradient_of_the_initial_state_is_known_far_below_float64(saturated):
    """As of h_t: a scalar recurrence multiplies it by w at each timestep."""
    T, weight = 400, 1e-3
    eye = np.eye(1)
    weights = {"weight_ih_l0": eye, "weight_hh_l0": weight * eye, "head.weight": [[1.0], [0.0]]}
    network = Network.from_state_dict(weights, cell="rnn", activation="identity")
    problem = Problem.from_arrays(np.zeros((T, 1)), targets=[-1] * (T - 1) + [0])
    if saturated:
        network = Network.from_state_dict(weights, cell="rnn", activation="tanh")
        problem = problem.starting_from([400_000.0])
    trace = engine.trace_of(Run(network, problem))
    expected = trace.log10_gradient_norm[0] + np.log10(weight)
    if saturated:
        expected += np.log10(4) - 2 * 400 / np.log(10)  # the slope of tanh at 400
    assert trace.log10_initial_gradient_norm["h_0"] == pytest.approx(expected, abs=1e-6)
    assert not trace.initial_gradient["h_0"].any()


def test_truncated_bptt_leaves_the_first_timesteps_their_initial_state():
    problem = Problem.from_arrays(np.ones((6, 2)), targets=[-1, 0] * 3)
    network = Network.random(NetworkConfig(hidden_size=4), 2, 2)
    for truncate in (2, 3):
        asked = Run(network, problem.starting_from(np.ones(4)), truncate=truncate)
        alone = Problem.from_arrays(np.ones((truncate, 2)), [-1, 0, -1][:truncate])
        expected = engine.trace_of(Run(network, alone.starting_from(np.ones(4))))
        found = engine.trace_of(asked).initial_gradient["h_0"]
        agree(found, expected.initial_gradient["h_0"])


def test_a_state_that_does_not_fit_is_refused():
    network = Network.random(NetworkConfig(hidden_size=4), 2, 2)
    problem = Problem.from_arrays(np.ones((2, 2)), targets=[-1, 0])
    with pytest.raises(ValueError, match=r"h_0 must have the shape \(4,\), got \(3,\)"):
        Run(network, problem.starting_from(np.ones(3)))
    with pytest.raises(ValueError, match="c_0 is given, and the cell has no state c"):
        Run(network, problem.starting_from(np.ones(4), np.ones(4)))
    with pytest.raises(ValueError, match="h_0 must hold finite numbers"):
        problem.starting_from([np.nan] * 4)
