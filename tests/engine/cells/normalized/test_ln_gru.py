"""The GRU with layer normalization: its gradient against 50 digits."""

import numpy as np
import pytest

from tests.engine.mpmath_oracle import log10_norms
from unrolled import engine

BEYOND = {
    "vanishing": {"recurrent_scale": 0.01, "update_bias": -10},
    "kept": {"update_bias": 10, "recurrent_scale": 10, "input_scale": 10},
    "exploding": {"recurrent_scale": 10, "input_scale": 0, "update_bias": -3},
}
"""At rest LN multiplies a difference by 1/√ε."""
FAR = {"vanishing": (-np.inf, -100), "kept": (-20, 20), "exploding": (308, np.inf)}


@pytest.mark.parametrize("case", BEYOND)
def test_the_gradient_agrees_with_50_digits(case):
    trace = engine.trace("ab" * 75, target="z", cell="ln-gru", hidden_size=3, **BEYOND[case])
    (expected,) = log10_norms(trace, len(trace.tokens), trace.hidden_gradient[-1])
    low, high = FAR[case]
    assert low < expected[-1] < high
    np.testing.assert_allclose(trace.log10_gradient_norm[::-1], expected, rtol=0, atol=1e-9)
