"""Attention: its gradients against autograd, its short path, and what it refuses."""

from dataclasses import replace
from functools import partial

import mpmath
import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from tests.engine.mpmath_oracle import digits, entrywise
from unrolled import engine
from unrolled.engine.attention import gradient
from unrolled.engine.attention.attended import Attention
from unrolled.engine.attention.scores import Dot
from unrolled.engine.bptt.adjoint import adjoint_of
from unrolled.engine.bptt.tape import Tape

ATTENTIVE = {"architecture": "encoder-decoder", "attention": "dot"}
SMALL = {"sequence": "the cat", "hidden_size": 3, "recurrent_scale": 1.3, "seed": 4, **ATTENTIVE}


CELLS = [each for each in engine.CELLS if each != "feedforward"]


@pytest.mark.parametrize(
    ("cell", "attention"),
    [*((each, "dot") for each in CELLS), ("rnn", "additive"), ("lstm", "additive")],
)
def test_everything_agrees_with_autograd(cell, attention):
    trace = engine.trace(**{**SMALL, "attention": attention}, cell=cell)
    expected, p = oracle.forward(trace, oracle.parameters(trace)), oracle.gradients(trace)
    pairs = {
        "losses": (trace.losses[trace.reached_losses], expected.losses),
        "probabilities": (trace.probabilities[trace.reached_losses], expected.probabilities),
    }
    for name, found in oracle.engine_gradients(trace).items():
        pairs[f"gradient of {name}"] = (found, p[name])
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
        for attention in ("none", "dot", "additive")
        for n in (10, 80)
    }
    assert shares["none", 80] < shares["none", 10] - 15
    for attention in ("dot", "additive"):  # 80 states share what 10 had
        assert shares[attention, 80] > shares[attention, 10] - 1.5


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


def loss_in_digits(weights, target, h):
    """The loss of one output that reads the states (m + 1, H), the last being its own."""
    W, (*encoder, h) = {name: digits(each) for name, each in weights.items()}, h
    scores = [each @ h for each in encoder]
    if "attention.v_a.weight" in W:
        W_a, U_a, v_a = (W[f"attention.{name}.weight"] for name in ("W_a", "U_a", "v_a"))
        scores = [v_a[0] @ entrywise(mpmath.tanh, W_a @ h + U_a @ each) for each in encoder]
    powers = [mpmath.exp(each) for each in scores]
    v = sum(power * each for power, each in zip(powers, encoder, strict=True)) / sum(powers)
    q = entrywise(mpmath.tanh, W["attention.weight"] @ np.concatenate([v, h]))
    y = W["head.weight"] @ q + W["head.bias"]
    return mpmath.log(sum(entrywise(mpmath.exp, y))) - y[target]


def derivative(loss, at, k):
    """A difference in so many digits that most are left: it knows no rule of a derivative."""
    step = mpmath.mpf(10) ** -16
    nudged = at.copy()
    nudged.flat[k] += step
    return (loss(nudged) - loss(at)) / step


@pytest.mark.parametrize(
    ("attention", "name", "factor"),
    [
        ("dot", "attention.weight", 4200),
        ("dot", "weight_ih_l0", 22),
        ("additive", "attention.weight", 13_500),
        ("additive", "attention.v_a.weight", 3400),
    ],
)
def test_gradients_below_float64_agree_with_differences_of_many_digits(attention, name, factor):
    """A slope or a weight of attention is far below float64: each state has its gradient."""
    own = {"sequence": "abc", "target": "b", "recurrent_scale": 0, "activation": "identity"}
    experiment = engine.Experiment(**{**SMALL, **own, "hidden_size": 2, "attention": attention})
    state = experiment.network().state_dict()
    state = {each: array * (factor if name in each else 1) for each, array in state.items()}
    network = engine.Network.from_state_dict(state, cell="rnn", activation="identity")
    trace = engine.trace_of(engine.Run(network, experiment.problem()))
    with mpmath.workdps(450):
        read, loss = digits(trace.hidden), partial(loss_in_digits, state, trace.targets[3])
        d = np.array([derivative(loss, read, k) for k in range(8)]).reshape(4, 2)
        expected = [float(mpmath.log10(mpmath.norm(mpmath.matrix(row)))) for row in d]
    assert trace.log10_gradient_norm == pytest.approx(expected, abs=1e-9)
    assert -400 < min(expected) < -330


@pytest.mark.parametrize(("cell", "attention"), [("rnn", "additive"), ("lstm", "dot")])
def test_numbers_with_an_exponent_each_agree_with_rows_that_share_one(cell, attention, monkeypatch):
    """Numbers of a saturated tape, and of a far score, are walked with an exponent each."""
    fields = {**SMALL, "attention": attention, "cell": cell}
    rows = engine.trace(**fields)
    monkeypatch.setattr(Tape, "saturated", True)
    monkeypatch.setattr(gradient, "_FAR", 0)
    wide = engine.trace(**fields)
    for name in ("log10_loss_gradient_norms", "log10_gradient_norm"):
        found, expected = (getattr(each, name) for each in (wide, rows))
        assert (np.isfinite(found) == np.isfinite(expected)).all()
        assert found[np.isfinite(found)] == pytest.approx(expected[np.isfinite(found)], rel=1e-12)
    for name, found in rows.weight_gradients.items():
        assert wide.weight_gradients[name] == pytest.approx(found, rel=1e-10, abs=1e-16)


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_a_run_that_overflows_in_the_encoder_has_no_gradient(attention):
    fields = {"activation": "identity", "recurrent_scale": 10, "sequence": "ab" * 200}
    trace = engine.trace(**{**SMALL, **fields, "target": "a", "attention": attention})
    assert trace.diverged_at < 400
    assert not any(each.any() for each in trace.weight_gradients.values())
    assert set(trace.weight_gradients) == set(trace.network.state_dict())
    assert np.isnan(trace.attention).all()


def test_an_adjoint_counts_the_path_of_attention():
    trace = engine.trace(**{**SMALL, "attention": "additive"})
    adjoint = adjoint_of(trace, trace.reached_losses)
    there = np.isfinite(trace.log10_gradient_norm)
    found = adjoint.d_state[:, :1].norms().log10()[:, 0]
    assert found[there] == pytest.approx(trace.log10_gradient_norm[there], abs=1e-12)


def test_the_weights_of_attention_are_a_softmax_of_products():
    h, encoder = np.array([[1.0, 0.0]]), np.array([[2.0, 5.0], [0.0, 1.0]])
    attended = Attention(Dot(), np.zeros((2, 4))).of(h, encoder)
    e = np.exp([2.0, 0.0])
    assert attended.weights[0] == pytest.approx(e / e.sum())
    assert attended.joined[0] == pytest.approx([*(attended.weights[0] @ encoder), 1, 0])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"architecture": "many-to-one"}, "no_encoder"),
        ({"cell": "feedforward"}, "no_states"),
    ],
)
def test_a_network_that_cannot_have_attention_says_so(fields, code):
    with pytest.raises(engine.ExperimentError) as refused:
        engine.Experiment(**{**SMALL, **fields})
    assert refused.value.code == code


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_a_state_dict_makes_the_same_network(attention):
    trace = engine.trace(**{**SMALL, "attention": attention})
    again = engine.Network.from_state_dict(trace.network.state_dict(), cell="rnn")
    assert (engine.trace_of(engine.Run(again, trace.problem)).losses[7:] == trace.losses[7:]).all()
