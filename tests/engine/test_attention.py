"""Attention: its gradients against autograd, its short path, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from unrolled import engine
from unrolled.engine.attention import attend
from unrolled.engine.bptt.adjoint import adjoint_of
from unrolled.engine.bptt.tape import Tape

ATTENTIVE = {"architecture": "encoder-decoder", "attention": "dot"}
SMALL = {"sequence": "the cat", "hidden_size": 3, "recurrent_scale": 1.3, "seed": 4, **ATTENTIVE}


@pytest.mark.parametrize("cell", [each for each in engine.CELLS if each != "feedforward"])
def test_everything_agrees_with_autograd(cell):
    trace = engine.trace(**SMALL, cell=cell)
    expected, p = oracle.forward(trace, oracle.parameters(trace)), oracle.gradients(trace)
    pairs = {
        "losses": (trace.losses[trace.reached_losses], expected.losses),
        "probabilities": (trace.probabilities[trace.reached_losses], expected.probabilities),
    }
    for name, gradient in oracle.engine_gradients(trace).items():
        pairs[f"gradient of {name}"] = (gradient, p[name])
    for name, (found, wanted) in pairs.items():
        assert oracle.relative_error(found, wanted) < 1e-10, name
    assert set(trace.weight_gradients) == set(trace.network.state_dict())
    norms = np.linalg.norm(oracle.gradients_of_each_loss(trace), axis=-1)
    found = 10 ** trace.log10_gradient_matrix[trace.reached_losses]
    assert found == pytest.approx(norms, rel=1e-10, abs=0)


@pytest.mark.parametrize("fields", [{"truncate": 3}, {"clip_norm": 0.01}, {"loss": 12}])
def test_a_cut_leaves_the_path_of_attention(fields):
    """Truncation ends the path through the states; what attention sends arrives all the same."""
    trace = engine.trace(**SMALL, **fields)
    assert np.isfinite(trace.log10_gradient_norm[:7]).all()
    if "loss" in fields:
        assert np.isfinite(trace.log10_share()[:7]).all()
        assert np.isneginf(trace.log10_share()[12:]).all()


def test_without_recurrence_each_state_of_the_encoder_has_the_gradient_of_attention_alone():
    trace = engine.trace(**{**SMALL, "recurrent_scale": 0})
    expected = oracle.gradients_of_each_loss(trace)
    found = trace.log10_loss_gradient_norms
    assert 10**found == pytest.approx(np.linalg.norm(expected, axis=-1), rel=1e-10, abs=0)
    assert (found[:, :7] > -6).all()


def test_the_gradient_at_the_first_token_does_not_depend_on_the_distance():
    """The recurrence halves it or worse at each timestep; attention takes one step back."""
    shares = {
        (attention, n): engine.trace(
            "ab" * (n // 2),
            recurrent_scale=0.5,
            architecture="encoder-decoder",
            attention=attention,
        ).log10_share()[0]
        for attention in ("none", "dot")
        for n in (10, 80)
    }
    assert shares["none", 80] < shares["none", 10] - 15
    assert shares["dot", 80] > shares["dot", 10] - 1.5  # 80 states share what 10 had


def test_a_gradient_far_below_float64_keeps_its_shares():
    """Where the outputs are sure, a loss sends e^-880 of that: only exponents move."""
    experiment = engine.Experiment(**{**SMALL, "sequence": "ab", "target": "aa"})
    network, problem = experiment.network(), experiment.problem()
    k = problem.targets[problem.loss_timesteps[0]]
    own = np.eye(len(network.b_y))[k]
    two = np.zeros_like(network.W_hy)
    two[:2] = network.W_hy[:2]
    runs = []
    for sure in (20, 900):
        b_y = sure * own - 3000 * (np.arange(len(own)) > 1)
        run = engine.Run(replace(network, W_hy=two, b_y=b_y), problem)
        runs.append(engine.trace_of(run))
    near, far = (each.log10_loss_gradient_norms for each in runs)
    there = np.isfinite(near)
    assert (np.isfinite(far) == there).all()
    assert (near[there] - far[there]) == pytest.approx(880 / np.log(10), abs=1e-6)
    total = runs[0].log10_gradient_norm - runs[1].log10_gradient_norm
    assert total == pytest.approx(880 / np.log(10), abs=1e-6)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_numbers_with_an_exponent_each_agree_with_rows_that_share_one(cell, monkeypatch):
    """Numbers of a saturated tape are walked with an exponent each."""
    rows = engine.trace(**SMALL, cell=cell)
    monkeypatch.setattr(Tape, "saturated", True)
    wide = engine.trace(**SMALL, cell=cell)
    for name in ("log10_loss_gradient_norms", "log10_gradient_norm"):
        found, expected = (getattr(each, name) for each in (wide, rows))
        assert (np.isfinite(found) == np.isfinite(expected)).all()
        assert found[np.isfinite(found)] == pytest.approx(expected[np.isfinite(found)], rel=1e-12)
    for name, gradient in rows.weight_gradients.items():
        assert wide.weight_gradients[name] == pytest.approx(gradient, rel=1e-10, abs=1e-16)


def test_an_adjoint_counts_the_path_of_attention():
    trace = engine.trace(**SMALL)
    adjoint = adjoint_of(trace, trace.reached_losses)
    there = np.isfinite(trace.log10_gradient_norm)
    found = adjoint.d_state[:, :1].norms().log10()[:, 0]
    assert found[there] == pytest.approx(trace.log10_gradient_norm[there], abs=1e-12)


def test_the_weights_of_attention_are_a_softmax_of_products():
    h, encoder = np.array([[1.0, 0.0]]), np.array([[2.0, 5.0], [0.0, 1.0]])
    attended = attend(np.zeros((2, 4)), h, encoder)
    e = np.exp([2.0, 0.0])
    assert attended.weights[0] == pytest.approx(e / e.sum())
    assert attended.joined[0] == pytest.approx([*(attended.weights[0] @ encoder), 1, 0])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"architecture": "many-to-one"}, "no_encoder"),
        ({"hidden_size": 2, "by_hand": "W_hh_1_1 0.5"}, "attention_by_hand"),
    ],
)
def test_a_network_that_cannot_have_attention_says_so(fields, code):
    with pytest.raises(engine.ExperimentError) as refused:
        engine.Experiment(**{**SMALL, **fields})
    assert refused.value.code == code


def test_an_analysis_without_attention_says_so():
    trace = engine.trace(**SMALL)
    with pytest.raises(engine.ExperimentError, match="without attention"):
        engine.step_factors(trace)
    with pytest.raises(engine.ExperimentError, match="without attention"):
        engine.sweep(trace.experiment, recurrent_scale=[1.0])
    two = engine.Problem.from_arrays(np.zeros((4, 2), int), np.zeros((4, 2), int), encoder=2)
    with pytest.raises(ValueError, match="one sequence"):
        engine.Run(trace.network, two)


def test_a_state_dict_makes_the_same_network():
    trace = engine.trace(**SMALL)
    again = engine.Network.from_state_dict(trace.network.state_dict(), cell="rnn")
    assert (engine.trace_of(engine.Run(again, trace.problem)).losses[7:] == trace.losses[7:]).all()
