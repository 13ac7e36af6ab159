"""A run of a ragged batch against PyTorch, as ``make_batches`` wrote it down."""

from pathlib import Path

import numpy as np
import pytest

from unrolled.engine import Network, NetworkConfig, Problem, Run, trace_of

BATCHES = Path(__file__).with_name("batches.npz")
CLASSES = np.array([[-1] * 7, [-1, 2, -1, 0, -1, -1, 1], [0, -1, -1, 1, -1, -1, -1]]).T


def agree(found, expected, name=""):
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13, err_msg=name)


def reference_of(cell, kind):
    prefix = f"{cell}/{kind}/"
    with np.load(BATCHES) as file:
        return {key.removeprefix(prefix): file[key] for key in file if key.startswith(prefix)}


def of(reference, part):
    prefix = f"{part}/"
    return {k.removeprefix(prefix): v for k, v in reference.items() if k.startswith(prefix)}


def problem_of(reference, kind):
    x, targets = reference["x"].copy(), CLASSES
    x[4:, 2] = np.nan
    if kind == "numbers":
        targets = np.where(CLASSES[..., None] >= 0, reference["numbers"], np.nan)
    return Problem.from_arrays(x, targets)


def finished(network, problem, **settings):
    run = Run(network, problem, **settings)
    return run, [*run.forward()], [*run.losses()], [*run.backward()]


@pytest.mark.parametrize("kind", ["classes", "numbers"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_run_of_a_batch_agrees_with_pytorch(cell, kind):
    reference = reference_of(cell, kind)
    network = Network.from_state_dict(of(reference, "weights"), cell=cell)
    run, forward, losses, backward = finished(network, problem_of(reference, kind))
    agree([step.hidden for step in forward], reference["h"])
    agree([each.loss for each in losses], reference["losses"])
    where = [(each.timestep - 1, each.example) for each in losses]
    assert where == [*zip(*np.nonzero(CLASSES >= 0), strict=True)]
    found = [step.hidden_gradient for step in backward[::-1]]
    agree(found, reference["d_h"])
    gradients = run.weight_gradients().gradients
    for name, expected in of(reference, "gradients").items():
        agree(gradients[name], expected, name)


def example(problem, b):
    targets = problem.targets if problem.numbers is None else problem.numbers
    return Problem.from_arrays(problem.x[:, b], targets[:, b])


@pytest.mark.parametrize("settings", [{}, {"loss": "all"}, {"truncate": 3}])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru-2014"])
def test_an_example_of_a_batch_has_what_a_run_of_it_alone_has(cell, settings):
    network = Network.random(_config(cell), 4, 3)
    problem = problem_of(reference_of("rnn", "classes"), "classes")
    run, _, _, backward = finished(network, problem, **settings)
    for b in (1, 2):
        alone, _, _, steps = finished(network, example(problem, b), **settings)
        agree(run.d_state[:, :, b], alone.d_state)
        np.testing.assert_allclose(run.log10_chosen[:, :, b], alone.log10_chosen, rtol=1e-9)
        for one, several in zip(steps, backward, strict=True):
            assert several.log10_share[b] == pytest.approx(one.log10_share, abs=1e-9)
    norms = np.exp(run.log10_input_gradient_norms())
    assert norms.shape == CLASSES.shape
    assert not norms[:, 0].any()


def test_classes_of_a_batch_are_read_and_an_encoder_hands_on_each_state():
    network = Network.random(_config("gru"), 3, 3, encoder=True)
    x = np.array([[-1, 0, 1, -1, 0], [2, 1, 0, -1, 2]]).T
    targets = np.array([[-1, -1, -1, 0, 1], [-1, -1, -1, 2, -1]]).T
    run, forward, _, _ = finished(network, Problem.from_arrays(x, targets, encoder=3))
    alone = [
        trace_of(Run(network, Problem.from_arrays(x[:, b], targets[:, b], encoder=3)))
        for b in (0, 1)
    ]
    for name, found in run.weight_gradients().gradients.items():
        expected = sum(trace.weight_gradients[name] for trace in alone)
        agree(found, expected, name)
    assert forward[2].probabilities is None
    agree(forward[3].probabilities[1], alone[1].probabilities[3])
    assert np.isnan(forward[4].probabilities[1]).all()


def test_an_example_that_overflows_leaves_the_others_alone():
    network = Network.from_state_dict(
        {"weight_ih_l0": [[1.0]], "weight_hh_l0": [[1e200]], "head.weight": [[1.0], [0.0]]},
        cell="rnn",
        activation="identity",
    )
    x = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1e-3]])[..., None]
    run, _, losses, _ = finished(network, Problem.from_arrays(x, [[-1, -1], [-1, -1], [0, 0]]))
    assert run.diverged_at is None
    assert not np.isfinite(losses[0].loss)
    assert losses[1].loss == pytest.approx(np.log1p(np.exp(-1e-3)))


def test_a_batch_says_what_it_cannot_do():
    network, x = Network.random(_config("rnn"), 2, 2), np.zeros((3, 2), dtype=int)
    problem = Problem.from_arrays(x, x)
    assert repr(Run(network, problem)) == "Run(RNN, T=3, B=2, H=4, new)"
    with pytest.raises(ValueError, match="last or all"):
        Run(network, problem, loss=2)
    with pytest.raises(ValueError, match="of one sequence"):
        trace_of(Run(network, problem))
    with pytest.raises(ValueError, match="x has 2 examples, targets has 3"):
        Problem.from_arrays(x, np.zeros((3, 3), dtype=int))


def _config(cell):

    return NetworkConfig(cell=cell, hidden_size=4, seed=1)
