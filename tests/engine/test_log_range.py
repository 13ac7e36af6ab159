"""Gradients far beyond float64, against 50-digit arithmetic and closed forms."""

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.mpmath_oracle import DIGITS, SATURATING, digits, log10_norms
from unrolled import engine

BEYOND: dict[str, dict[str, Any]] = {
    "vanishing identity": {"activation": "identity", "recurrent_scale": 0.1},
    "vanishing tanh": {"activation": "tanh", "recurrent_scale": 0.1},
    "vanishing sigmoid": {"activation": "sigmoid", "recurrent_scale": 0.5},
    "vanishing saturated tanh": {"initialization": "gaussian", "input_scale": 10},
    "vanishing relu": {
        "activation": "relu",
        "recurrent_scale": 0.1,
        "initialization": "identity",
    },
    "exploding identity": {"activation": "identity", "recurrent_scale": 10, "input_scale": 0},
    "exploding relu": {
        "seed": 0,
        "activation": "relu",
        "recurrent_scale": 10,
        "initialization": "identity",
        "input_scale": 1e-300,
    },
    "exploding tanh": {"recurrent_scale": 10, "input_scale": 0},
}


@pytest.mark.parametrize("case", BEYOND)
def test_norms_beyond_float64_agree_with_50_digits(case):
    fields: dict[str, Any] = {"hidden_size": 4, "seed": 1, **BEYOND[case]}
    trace = engine.trace("ab" * 225, target="c", **fields)
    (expected,) = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
    assert trace.diverged_at is None
    assert np.isfinite(expected).all()
    assert expected[-1] > 400 if case.startswith("exploding") else expected[-1] < -400
    assert trace.log10_gradient_norm[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


def opened(bias):
    """A gate whose pre-activation is its bias."""
    return 1 / (1 + mpmath.exp(-mpmath.mpf(bias)))


def gated_matrix_at_rest(trace):
    """One timestep's Jacobian of the state where every state and input is zero."""
    W, H = digits(trace.network.state_dict()["weight_hh_l0"]), trace.experiment.hidden_size
    half, eye = mpmath.mpf(1) / 2, digits(np.eye(H))
    if trace.experiment.cell == "gru":  # h = (1 - z) tanh(r q_n) + z h_prev, r = ½
        kept = opened(trace.experiment.update_bias)
        return kept * eye + (1 - kept) * half * W[2 * H :]
    forget = opened(trace.experiment.forget_bias)
    d_c_d_h = half * W[2 * H : 3 * H]  # c = f c_prev + ½ tanh(W_g h_prev); h = ½ tanh(c)
    return np.vstack(
        [np.hstack([half * d_c_d_h, half * forget * eye]), np.hstack([d_c_d_h, forget * eye])]
    )


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize(("g", "biases"), [(10, (1, -1)), (0.1, (-3, -3))])
def test_gated_cells_at_rest_agree_with_50_digits_of_their_jacobians_power(cell, g, biases):
    T, H = 1600 if g < 1 else 1000, 2
    trace = engine.trace(
        "a" * T,
        target="b",
        cell=cell,
        hidden_size=H,
        input_scale=0,
        recurrent_scale=g,
        forget_bias=biases[0],
        update_bias=biases[1],
        seed=2,
    )
    with mpmath.workdps(DIGITS):
        jacobian = gated_matrix_at_rest(trace)
        d_state = digits(np.zeros(len(jacobian)))
        d_state[:H] = digits(trace.hidden_gradient[-1])
        expected = []
        for _ in range(T):
            expected.append(float(mpmath.log10(mpmath.sqrt(d_state[:H] @ d_state[:H]))))
            d_state = d_state @ jacobian
    assert expected[-1] > 400 if g > 1 else expected[-1] < -400
    assert trace.log10_gradient_norm[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("H", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_saturated_units_let_a_small_gradient_through_not_none(activation, H, seed):
    trace = engine.trace(
        "the clouds are in the sky " * 6,
        activation=activation,
        hidden_size=H,
        seed=seed,
        input_scale=10,
        recurrent_scale=10,
    )
    assert np.isfinite(trace.log10_gradient_norm).all()


@pytest.mark.parametrize("g", [1e-12, 1e-100, 1e-170, 1e-300])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_tiny_recurrent_scale_is_a_path_all_the_same(cell, g):
    trace = engine.trace(cell=cell, recurrent_scale=g)
    assert np.isfinite(trace.log10_gradient_norm).all()
    one = trace.log10_gradient_norm[-2] - trace.log10_gradient_norm[-1]
    if cell != "gru":
        assert one == pytest.approx(np.log10(g), abs=2)


@pytest.mark.parametrize("g", [1.5, 2, 3])
@pytest.mark.parametrize("seed", range(10))
def test_the_gradient_of_a_near_zero_loss_is_exact(g, seed):
    trace = engine.trace(
        activation="identity", recurrent_scale=g, seed=seed, architecture="many-to-many"
    )
    for s, row in enumerate(trace.log10_gradient_matrix):
        assert np.isfinite(row[: s + 1]).all()
        change, digits_left = np.diff(row[: s + 1]), 1e-15 * np.abs(row[s])
        assert change == pytest.approx(-np.log10(g), abs=1e-12 + 2 * digits_left)
    assert np.isfinite(trace.log10_gradient_norm).all()


def test_a_unit_far_below_another_is_not_lost_when_it_later_carries_the_gradient():
    """Two units that never mix; each saturates while the other carries."""
    for seed in range(12):
        trace = engine.trace(
            "a" * 150 + "b" * 150,
            target="z",
            hidden_size=2,
            initialization="identity",
            input_scale=10,
            seed=seed,
        )
        W, hidden = trace.network.weights[0].W_xh, np.vstack([np.zeros(2), trace.hidden[:-1]])
        e = np.exp(-2 * np.abs(hidden + W.T[trace.input_classes]))
        log10_slopes = np.log10(4 * e / (1 + e) ** 2)
        start = np.log10(np.abs(trace.hidden_gradient[-1]))
        expected = np.max(start + log10_slopes[1:].sum(axis=0))
        assert trace.log10_gradient_norm[0] == pytest.approx(expected, abs=0.31)


@pytest.mark.parametrize(
    ("H", "g", "initialization", "seed", "truncate"),
    [
        (1, 1, "gaussian", 9, 0),
        (1, 10, "identity", 0, 0),
        (1, 10, "orthogonal", 9, 100),
        (2, 10, "gaussian", 7, 0),
        (2, 10, "orthogonal", 8, 0),
        (3, 0.5, "gaussian", 0, 0),
        (3, 10, "identity", 0, 0),
        (3, 10, "orthogonal", 1, 0),
    ],
)
def test_cell_states_in_the_hundreds_let_the_gradient_through_that_50_digits_have(
    H, g, initialization, seed, truncate
):
    T = 450
    trace = engine.trace(
        "a" * T,
        target="b",
        **SATURATING,
        hidden_size=H,
        recurrent_scale=g,
        initialization=initialization,
        seed=seed,
        truncate=truncate,
    )
    assert np.abs(trace.cell_state).max() > 372, "where the slope of tanh leaves float64"
    expected = log10_norms(trace, T, trace.hidden_gradient[-1])
    if truncate:
        expected[:, truncate:] = -np.inf
    found = [trace.log10_gradient_norm, trace.log10_cell_gradient_norm]
    assert np.array(found)[:, ::-1] == pytest.approx(expected, rel=0, abs=1e-9)


def test_every_loss_goes_back_through_cell_states_in_the_hundreds():
    trace = engine.trace(
        "a" * 420 + "b",
        architecture="many-to-many",
        **SATURATING,
        hidden_size=2,
        recurrent_scale=10,
        initialization="orthogonal",
        seed=8,
    )
    assert np.abs(trace.cell_state).max() > 372
    for last in (420, 400, 300):
        target = trace.targets[last - 1]
        wrong = trace.probabilities[last - 1, 1 - target] * np.array([1, -1])
        d_h = digits(wrong if target else -wrong) @ digits(trace.network.W_hy)
        expected, _ = log10_norms(trace, last, d_h)
        row = trace.log10_gradient_matrix[last - 1, :last]
        assert row[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


EXTREMES = st.fixed_dictionaries(
    {
        "sequence": st.sampled_from(["a" * 400, "ab" * 200, "a" * 150 + "b" * 150, "abcdefg" * 40]),
        "cell": st.sampled_from(["rnn", "lstm", "gru"]),
        "hidden_size": st.integers(1, 3),
        "initialization": st.sampled_from(list(engine.INITIALIZATIONS)),
        "recurrent_scale": st.sampled_from([0.01, 0.5, 1, 2, 10]),
        "input_scale": st.sampled_from([0, 0.1, 1, 10]),
        "forget_bias": st.sampled_from([-10, 0, 1, 10]),
        "update_bias": st.sampled_from([-10, 0, 3, 10]),
        "seed": st.integers(0, 2**32 - 1),
    }
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(EXTREMES, st.sampled_from(list(engine.ACTIVATIONS)))
def test_any_experiment_at_the_ends_of_its_ranges_agrees_with_50_digits(fields, activation):
    if fields["cell"] == "rnn":
        fields["activation"] = activation
    trace = engine.trace(**fields, target="z")
    enters = np.abs(trace.hidden_gradient[-1])
    if trace.diverged_at is None and enters.min() > 1e-300:  # else no float holds what enters
        expected = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
        found = [trace.log10_gradient_norm]
        if trace.log10_cell_gradient_norm is not None:
            found.append(trace.log10_cell_gradient_norm)
        assert np.array(found)[:, ::-1] == pytest.approx(expected, rel=0, abs=1e-9)
