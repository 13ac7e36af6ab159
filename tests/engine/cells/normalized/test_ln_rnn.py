"""The RNN with layer normalization: against 50 digits, and what it does to the recurrent scale."""

import mpmath
import numpy as np
import pytest

from tests.engine.mpmath_oracle import DIGITS, digits, log10_norms
from unrolled import engine
from unrolled.engine.cells import Weights
from unrolled.engine.cells.normalized.layer_norm import EPSILON
from unrolled.engine.cells.normalized.ln_rnn import LNRNN
from unrolled.engine.numerics.wide import Wide

FAR = {"sequence": "abcdefgh" * 2, "hidden_size": 24, "initialization": "gaussian"}


def normalization_back(s, v):
    """LN'(s)ᵀ v in 50 digits, from the definition of LN."""
    with mpmath.workdps(DIGITS):
        s, v = digits(s), digits(v)
        centred = s - s.sum() / len(s)
        r = 1 / mpmath.sqrt((centred**2).sum() / len(s) + mpmath.mpf(EPSILON))
        n = centred * r
        found = r * (v - v.sum() / len(s) - n * (n * v).sum() / len(s))
        return found.astype(float)


def walked_back(s, v, number):
    """The same by the cell, with f the identity and W_hh too."""
    H, cell = len(s), LNRNN("identity")
    weights = Weights(np.eye(H), np.eye(H), np.zeros(H), np.zeros(H))
    values = cell.step_values(s.copy(), *(np.empty(H) for _ in range(3)))
    cell.step(weights, (np.zeros(H),), values)
    partial = cell.partials(type(values)(*(number(each) for each in values)), ())
    d_a, d_h_prev = number(np.zeros((1, 2 * H))), number(np.zeros((1, H)))
    cell.step_back(weights, partial, (number(v[None]),), d_a, (d_h_prev,))
    return d_h_prev.plain()[0] if isinstance(d_h_prev, Wide) else d_h_prev[0]


@pytest.mark.parametrize("number", [np.array, Wide.of], ids=["plain", "wide"])
@pytest.mark.parametrize("H", [1, 2, 3, 8])
@pytest.mark.parametrize("size", [1e-4, 3.0, 1e5])
def test_the_gradient_of_the_normalization_agrees_with_50_digits(H, size, number):
    rng = np.random.default_rng(H)
    s, v = size * rng.normal(size=H), rng.normal(size=H)
    expected = normalization_back(s, v)
    np.testing.assert_allclose(walked_back(s, v, number), expected, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("number", [np.array, Wide.of], ids=["plain", "wide"])
@pytest.mark.parametrize("H", [2, 3, 5, 7, 32])
def test_the_gradient_of_sums_that_are_all_the_same_agrees_with_50_digits(H, number):
    """Their mean is rounded, so that what is left of each is rounding, and points along 1."""
    rng = np.random.default_rng(H)
    v = rng.normal(size=H)
    for same in rng.normal(size=40):
        s = np.full(H, same)
        found, expected = walked_back(s, v, number), normalization_back(s, v)
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)


def test_the_gradient_of_a_network_whose_units_are_all_the_same_agrees_with_50_digits():
    fields = {"activation": "sigmoid", "initialization": "identity", "input_scale": 0}
    for scale in np.linspace(0.01, 2, 40):
        trace = engine.trace(
            "abcdabc", cell="ln-rnn", hidden_size=3, recurrent_scale=scale, **fields
        )
        (expected,) = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
        found = trace.log10_gradient_matrix[-1, ::-1]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


def scaled_runs(cell):
    return [
        engine.trace(**FAR, cell=cell, input_scale=scale, recurrent_scale=scale)
        for scale in (2.5, 10.0)
    ]


def test_weights_four_times_as_large_leave_states_and_gradients_as_they_are():
    one, four = scaled_runs("ln-rnn")
    np.testing.assert_allclose(four.hidden, one.hidden, atol=1e-4)
    np.testing.assert_allclose(four.log10_gradient_norm, one.log10_gradient_norm, atol=1e-2)
    plain, large = scaled_runs("rnn")
    assert abs(large.log10_gradient_norm[0] - plain.log10_gradient_norm[0]) > 0.5


def test_the_weights_factor_is_that_of_the_normalized_weights():
    one, four = map(engine.step_factors, scaled_runs("ln-rnn"))
    factors = one.log10_factors
    np.testing.assert_allclose(four.log10_factors["weights"], factors["weights"], atol=1e-4)
    np.testing.assert_allclose(sum(factors.values()), one.log10_ratio, atol=1e-10)
    assert factors["saturation"].max() <= 0


def test_the_mean_field_rate_is_that_of_the_normalized_weights():
    """One large random network: the theory leaves out that LN takes two directions away."""
    trace = engine.trace(
        "ab" * 20, cell="ln-rnn", hidden_size=256, initialization="gaussian", recurrent_scale=5
    )
    expected, rate = engine.mean_field(trace), engine.rate(trace.log10_gradient_norm).log10_factor
    assert abs(expected - rate) < 0.02


def walked_to_its_start(trace, last):
    """In 50 digits, from the states in float64: ∂L/∂h_t of one loss, and the sums of |terms|.

    Both are by t. A gradient is a sum of products, ∂L/∂s_i times W_ij; the terms are those.
    """
    H, found = trace.network.hidden_size, {}
    weights = trace.network.weights[0]
    W, b = digits(weights.W_hh), digits(weights.b_xh) + digits(weights.b_hh)
    wanted = np.eye(len(trace.vocabulary))[trace.targets[last]]
    d, terms = digits(trace.probabilities[last] - wanted) @ digits(trace.network.W_hy), None
    for t in range(last, 0, -1):
        found[t] = d, terms
        s = digits(weights.W_xh) @ digits(trace.inputs[t]) + W @ digits(trace.hidden[t - 1])
        centred = s - s.sum() / H
        r = 1 / mpmath.sqrt((centred**2).sum() / H + mpmath.mpf(EPSILON))
        n = centred * r
        v = d * (n + b > 0)
        d_s = r * (v - v.sum() / H - n * (n * v).sum() / H)
        d, terms = d_s @ W, abs(d_s) @ abs(W)
    return found


@pytest.mark.parametrize("initialization", ["gaussian", "orthogonal", "uniform"])
def test_the_error_of_a_sum_that_cancels_is_one_rounding_of_its_terms(initialization):
    fields = {"cell": "ln-rnn", "activation": "relu", "architecture": "one-to-many"}
    small = {"hidden_size": 3, "recurrent_scale": 1.3, "seed": 4}
    trace = engine.trace("the cat", **fields, **small, initialization=initialization)
    last = 5
    assert np.count_nonzero(trace.hidden[2]) == 1  # and it alone is not 0, so LN(W h) forgets it
    with mpmath.workdps(DIGITS):
        found = walked_to_its_start(trace, last)
        left, terms = found[2][0][0], found[2][1][0]
        norm = mpmath.sqrt(found[1][0] @ found[1][0])
        assert 0 < abs(left) < 1e-6 * terms  # no sum of them in float64 has ten digits
        # The reason of the tolerance that bptt/test_run.py has for this cell.
        error = abs(norm - mpmath.mpf(10 ** trace.log10_gradient_matrix[last, 1]))
    assert error < np.finfo(float).eps / 2 * terms
