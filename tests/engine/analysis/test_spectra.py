"""Eigenvalues, Jacobians, singular values and Lyapunov exponents."""

from dataclasses import replace

import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import autograd_oracle as oracle
from unrolled import engine
from unrolled.engine import (
    eigenvalues,
    jacobian,
    lyapunov_exponents,
    singular_values,
    spectral_radius,
)
from unrolled.engine.layer import Layer

NETWORKS = [n for n in oracle.networks() if n["cell"] != "feedforward"]


def linear(W_hh, T):
    """The trace of h_t = W_hh h_{t-1}."""
    trace = engine.trace("a" * T, target="b", activation="identity", hidden_size=len(W_hh))
    weights = trace.network.weights[0]._replace(W_hh=np.array(W_hh, dtype=float))
    layer = Layer(trace.network.cell, weights)
    return replace(trace, network=replace(trace.network, layers=(layer,)))


def in_many_digits(trace, t, digits=800):
    """log10 of the singular values of the product of the Jacobians after t, by mpmath."""
    with mpmath.workdps(digits):
        product = mpmath.eye(jacobian(trace, 1).shape[0])
        for step in range(t + 1, len(trace.moments.h) + 1):
            product = mpmath.matrix(jacobian(trace, step).tolist()) * product
        found = mpmath.svd_r(product, compute_uv=False)
        return np.array([float(mpmath.log10(each)) if each > 0 else -np.inf for each in found])


# --- eigenvalues -------------------------------------------------------------------------------


def test_eigenvalues_come_largest_first_and_make_up_trace_and_determinant():
    network = engine.trace(initialization="gaussian").network
    found = eigenvalues(network)
    assert found.shape == (16,)
    assert found.dtype == complex
    assert (np.diff(np.abs(found)) <= 1e-12).all()
    W_hh = network.weights[0].W_hh
    assert found.sum() == pytest.approx(np.trace(W_hh))
    assert found.prod() == pytest.approx(np.linalg.det(W_hh))


@pytest.mark.parametrize("g", [0.3, 1.0, 4.0])
def test_the_spectral_radius_of_an_orthogonal_matrix_is_its_scale(g):
    network = engine.trace(recurrent_scale=g).network
    assert np.abs(eigenvalues(network)) == pytest.approx(np.full(16, g))
    assert spectral_radius(network) == pytest.approx(g)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_each_gate_has_eigenvalues_of_its_own(cell):
    network = engine.trace(cell=cell, initialization="gaussian").network
    blocks = network.weights[0].W_hh.reshape(-1, 16, 16)
    for gate, block in zip(network.cell.gates, blocks, strict=True):
        assert eigenvalues(network, gate).sum() == pytest.approx(np.trace(block))


def test_encoder_and_decoder_have_eigenvalues_of_their_own():
    network = engine.trace(architecture="encoder-decoder", initialization="gaussian").network
    for part in (0, 1):
        trace_of_block = np.trace(network.weights[part].W_hh)
        assert eigenvalues(network, part=part).sum() == pytest.approx(trace_of_block)


@pytest.mark.parametrize(
    ("fields", "arguments", "message"),
    [
        ({"cell": "lstm"}, {}, "gate must be one of i, f, g, o, got None"),
        ({"cell": "gru"}, {"gate": "f"}, "gate must be one of r, z, n, got f"),
        ({}, {"gate": "f"}, "gate must be one of None, got f"),
        ({}, {"part": 1}, "part must be less than 1, got 1"),
        ({"cell": "feedforward"}, {}, "no recurrent weights"),
    ],
)
def test_a_block_that_is_not_there_is_named(fields, arguments, message):
    with pytest.raises(ValueError, match=message):
        eigenvalues(engine.trace(**fields).network, **arguments)


# --- Jacobians ---------------------------------------------------------------------------------


@pytest.mark.parametrize("network", NETWORKS, ids=oracle.name_of)
def test_a_jacobian_is_that_of_autograd(network):
    trace = engine.trace("the cat", hidden_size=3, recurrent_scale=1.3, **network)
    p, f = oracle.parameters(trace), oracle.FUNCTIONS[network["activation"]]
    states = [trace.hidden] + ([] if trace.cell_state is None else [trace.cell_state])
    joint = np.concatenate([np.zeros((1, 3 * len(states))), np.concatenate(states, axis=1)])
    for t in range(1, len(trace.tokens) + 1):

        def step(state, t=t):
            weights = oracle.of_part(trace, p, t - 1)
            h, c = state[:3], state[3:]
            after = oracle.STEPS[network["cell"]](f, weights, trace.inputs[t - 1], h, c, t - 1)
            return anp.concatenate(after[: len(states)])

        if network["activation"] == "relu" and network["architecture"] == "one-to-many":
            continue  # units that read nothing are on the kink
        expected = autograd.jacobian(step)(joint[t - 1])
        assert jacobian(trace, t) == pytest.approx(expected, abs=1e-12), t


@pytest.mark.parametrize("measure", [jacobian, singular_values])
@pytest.mark.parametrize("t", [0, -1, 25])
def test_a_timestep_that_was_not_reached_is_named(measure, t):
    message = f"t must be between 1 and 24, the last timestep reached, got {t}"
    with pytest.raises(ValueError, match=message):
        measure(engine.trace(), t)


# --- singular values ---------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [
    {"initialization": "gaussian", "recurrent_scale": 10},
    {"initialization": "gaussian", "recurrent_scale": 10, "input_scale": 10},
    {"initialization": "uniform", "recurrent_scale": 3},
    {"recurrent_scale": 10},
    {"recurrent_scale": 0.1, "sequence": "abc" * 40},
    {"initialization": "identity", "recurrent_scale": 3},
    {"activation": "sigmoid", "recurrent_scale": 10},
    {"activation": "identity", "initialization": "gaussian", "sequence": "ab" * 60},
    {"cell": "lstm"},
    {"cell": "lstm", "recurrent_scale": 10, "initialization": "gaussian"},
    {"cell": "lstm", "initialization": "identity", "forget_bias": -5},
    {"cell": "gru"},
    {"cell": "gru", "recurrent_scale": 10, "initialization": "gaussian"},
    {"architecture": "encoder-decoder", "initialization": "gaussian"},
])  # fmt: skip
def test_singular_values_agree_with_800_digits(fields):
    trace = engine.trace(**{"hidden_size": 4, **fields})
    for t in (1, len(trace.tokens) // 2):
        expected = in_many_digits(trace, t)
        assert singular_values(trace, t) == pytest.approx(expected, abs=1e-11)


def test_singular_values_span_hundreds_of_orders_of_magnitude():
    trace = engine.trace(hidden_size=4, initialization="gaussian", recurrent_scale=10)
    found = singular_values(trace, 1)
    assert found[0] - found[-1] > 200
    assert found == pytest.approx(in_many_digits(trace, 1), abs=1e-11)


@pytest.mark.parametrize("g", [0.01, 1.0, 10.0])
def test_orthogonal_linear_recurrence_stretches_every_direction_alike(g):
    trace = engine.trace("ab" * 200, activation="identity", input_scale=0, recurrent_scale=g)
    for t in (1, 200, 399):
        expected = np.full(16, (399 - t) * np.log10(g))
        assert singular_values(trace, t) == pytest.approx(expected, abs=1e-11)


MATRICES = {
    "ascending triangle": [[0.1, 1], [0, 10]],
    "descending triangle": [[10, 1], [0, 0.1]],
    "lower triangle": [[0.1, 0], [1, 10]],
    "almost a jordan block": [[1, 1, 0], [0, 1 + 2**-20, 1], [0, 0, 1 - 2**-20]],
    "jordan block": [[0.5, 1, 0], [0, 0.5, 1], [0, 0, 0.5]],
    "rotation with stretch": [[0, 3, 0], [-3, 0, 0], [0, 0, 1e-3]],
    "graded rows": [[1, 2, 3], [1e-9, -2e-9, 1e-9], [1e-20, 1e-20, -3e-20]],
    "equal pairs": [[2, 0, 0, 1], [0, 2, 1, 0], [0, -1, 2, 0], [-1, 0, 0, 2]],
    "one unit": [[0.3]],
}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("k", [1, 2, 7, 200])
def test_singular_values_of_a_linear_network_are_those_of_a_power(name, k):
    W_hh = np.array(MATRICES[name])
    with mpmath.workdps(20 * k + 200):
        power = mpmath.matrix(W_hh.tolist()) ** k
        expected = [float(mpmath.log10(s)) for s in mpmath.svd_r(power, compute_uv=False)]
    found = singular_values(linear(W_hh, k + 1), 1)
    assert found == pytest.approx(np.array(expected), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    H=st.integers(1, 5),
    g=st.floats(0.1, 10),
    cell=st.sampled_from(["rnn", "gru"]),
    initialization=st.sampled_from(["gaussian", "orthogonal", "uniform"]),
)
def test_singular_values_multiply_to_the_determinant(seed, H, g, cell, initialization):
    fields = {"cell": cell, "hidden_size": H, "recurrent_scale": g, "seed": seed}
    trace = engine.trace(initialization=initialization, **fields)
    log10_det = 0.0
    with mpmath.workdps(60):
        for t in range(2, len(trace.tokens) + 1):
            J = mpmath.matrix(jacobian(trace, t).tolist())
            log10_det += float(mpmath.log10(abs(mpmath.det(J))))
    assert singular_values(trace, 1).sum() == pytest.approx(log10_det, abs=1e-7)


def test_after_the_last_timestep_nothing_is_stretched():
    for cell, n in {"rnn": 16, "gru": 16, "lstm": 32}.items():
        np.testing.assert_array_equal(singular_values(engine.trace(cell=cell), 24), np.zeros(n))


def test_directions_that_are_lost_altogether_are_minus_infinity():
    lost = {"rnn": 16, "feedforward": 16, "lstm": 16}
    for cell, count in lost.items():
        found = singular_values(engine.trace(cell=cell, recurrent_scale=0), 3)
        assert np.isneginf(found).sum() == count, cell


def test_dead_units_lose_as_many_directions():
    trace = engine.trace("ab", target="c", activation="relu", initialization="gaussian")
    dead = (trace.hidden[1] == 0).sum()
    assert 0 < dead < 16
    assert np.isneginf(singular_values(trace, 1)).sum() == dead


# --- Lyapunov exponents ------------------------------------------------------------------------


@pytest.mark.parametrize("g", [0.5, 1.0, 3.0])
def test_an_orthogonal_linear_network_grows_by_its_scale_in_every_direction(g):
    trace = engine.trace(activation="identity", recurrent_scale=g)
    assert lyapunov_exponents(trace) == pytest.approx(np.full(16, np.log(g)), abs=1e-13)


@pytest.mark.parametrize("entries", [[2, 0.5, -1.5, 0.1], [0.1, -0.2, 5, 7], [1e-30, 1, 1e30, -3]])
def test_a_diagonal_linear_network_grows_by_its_entries(entries):
    found = lyapunov_exponents(linear(np.diag(entries), 9))
    assert found == pytest.approx(np.sort(np.log(np.abs(entries)))[::-1], abs=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("g", [0.5, 1, 5])
def test_exponents_add_up_to_the_mean_log_determinant(cell, g):
    trace = engine.trace(cell=cell, recurrent_scale=g, hidden_size=6)
    T = len(trace.tokens)
    dets = [np.linalg.slogdet(jacobian(trace, t))[1] for t in range(1, T + 1)]
    found = lyapunov_exponents(trace)
    assert (np.diff(found) <= 0).all()
    assert found.sum() == pytest.approx(np.mean(dets), rel=1e-9)
    later = lyapunov_exponents(trace, warmup=10)
    assert later.sum() == pytest.approx(np.mean(dets[10:]), rel=1e-9)


def test_at_rest_exponents_are_the_log_moduli_of_the_eigenvalues():
    trace = engine.trace("ab" * 900, initialization="gaussian", input_scale=0, hidden_size=8)
    expected = np.log(np.abs(eigenvalues(trace.network)))
    assert lyapunov_exponents(trace) == pytest.approx(expected, abs=5e-3)


def test_a_single_unit_grows_by_its_mean_log_slope():
    trace = engine.trace(hidden_size=1, recurrent_scale=2)
    expected = np.log(2 * (1 - trace.hidden[:, 0] ** 2)).mean()
    assert lyapunov_exponents(trace) == pytest.approx([expected], rel=1e-10)


def test_an_lstm_with_no_recurrent_weights_forgets_at_the_rate_of_its_forget_gates():
    trace = engine.trace("ab" * 500, cell="lstm", recurrent_scale=0, hidden_size=4)
    found = lyapunov_exponents(trace)
    expected = np.sort(np.log(trace.gates["f"]).mean(axis=0))[::-1]
    assert found[:4] == pytest.approx(expected, abs=1e-3)
    assert np.isneginf(found[4:]).all()


def test_the_largest_singular_value_grows_at_the_largest_exponent():
    trace = engine.trace("abc" * 100, initialization="gaussian", recurrent_scale=2, hidden_size=8)
    per_timestep = singular_values(trace, 1) * np.log(10) / (len(trace.tokens) - 1)
    assert lyapunov_exponents(trace, warmup=1) == pytest.approx(per_timestep, abs=0.05)


@pytest.mark.parametrize("warmup", [-1, 24])
def test_a_warmup_leaves_at_least_one_timestep(warmup):
    with pytest.raises(ValueError, match=f"warmup must be between 0 and 23, got {warmup}"):
        lyapunov_exponents(engine.trace(), warmup)


def test_a_run_that_overflows_has_the_spectra_of_what_was_reached():
    fields = {"activation": "identity", "recurrent_scale": 10, "input_scale": 10}
    trace = engine.trace("a" * 400, **fields)
    reached = trace.diverged_at - 1
    assert lyapunov_exponents(trace) == pytest.approx(np.full(16, np.log(10)))
    assert singular_values(trace, 1) == pytest.approx(np.full(16, reached - 1.0), abs=1e-10)
