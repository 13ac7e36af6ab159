"""The RNN with layer normalization: against 50 digits, and what it does to the recurrent scale."""

import mpmath
import numpy as np
import pytest

from tests.engine.mpmath_oracle import DIGITS, digits
from unrolled import engine
from unrolled.engine.cells import Weights
from unrolled.engine.cells.ln_rnn import EPSILON, LNRNN
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
    values = cell.step_values(s.copy(), *(np.empty(H) for _ in range(4)))
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
