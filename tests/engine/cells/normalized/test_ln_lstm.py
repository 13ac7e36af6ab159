"""The LSTM with layer normalization: its gradients against 50 digits."""

import numpy as np
import pytest

from tests.engine.mpmath_oracle import log10_norms, rounded
from unrolled import engine

BEYOND = {
    "vanishing": {"recurrent_scale": 0.01, "forget_bias": -10},
    "saturated": {"forget_bias": 10, "recurrent_scale": 10, "input_scale": 10},
    "exploding": {"recurrent_scale": 10, "input_scale": 0},
}
"""At rest LN multiplies a difference by 1/√ε, those of the sums and that of c."""
FAR = {"vanishing": (-np.inf, -100), "saturated": (-20, 20), "exploding": (308, np.inf)}


@pytest.mark.parametrize("case", BEYOND)
def test_both_gradients_agree_with_50_digits(case):
    trace = engine.trace("ab" * 35, target="z", cell="ln-lstm", hidden_size=3, **BEYOND[case])
    expected = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
    low, high = FAR[case]
    assert low < expected[0, -1] < high
    found = np.array([trace.log10_gradient_norm, trace.log10_cell_gradient_norm])
    np.testing.assert_allclose(found[:, ::-1], expected, rtol=0, atol=1e-9)


def test_where_the_two_gradients_of_two_units_cancel_the_error_is_that_of_keeping_them_in_float64():
    """One is the negative of the other, all but the last digits, and LN' lets their sum through."""
    fields = {"cell": "ln-lstm", "hidden_size": 2, "initialization": "identity", "seed": 884}
    fields["forget_bias"] = 6.268783353043752
    scales = {"recurrent_scale": 1.8624487405726546, "input_scale": 8.545636970967077}
    trace = engine.trace("ccbadbdcdacaacccbacdcbdadcdbbab", **fields, **scales)
    walk = trace, len(trace.tokens), trace.hidden_gradient[-1]
    (expected, _), (least, _) = log10_norms(*walk), log10_norms(*walk, kept=rounded)
    error = abs(trace.log10_gradient_matrix[-1, ::-1] - expected)
    np.testing.assert_array_less(error, 1e-12 + 2 * abs(least - expected))
