"""Activations and their slopes."""

import mpmath
import numpy as np
import pytest

from unrolled.engine.cells import ACTIVATIONS

EXACT = {
    "tanh": (mpmath.tanh, lambda a: mpmath.sech(a) ** 2),
    "relu": (lambda a: max(a, 0), lambda a: mpmath.mpf(a > 0)),
    "sigmoid": (lambda a: 1 / (1 + mpmath.exp(-a)), lambda a: 1 / (2 * mpmath.cosh(a / 2)) ** 2),
    "identity": (lambda a: a, lambda a: mpmath.mpf(1)),
}
POINTS = np.array([-300, -40, -19, -1, -0.1, -1e-9, 0, 1e-300, 1e-9, 0.1, 1, 5, 19, 40, 300])


def test_every_activation_is_tested_here():
    assert set(EXACT) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_slopes_have_all_their_digits_even_far_into_saturation(name):
    value, slope = EXACT[name]
    with mpmath.workdps(50):
        values = [float(value(mpmath.mpf(a))) for a in POINTS]
        slopes = [float(slope(mpmath.mpf(a))) for a in POINTS]
    f = ACTIVATIONS[name]
    assert f.value(POINTS) == pytest.approx(values, rel=1e-14, abs=0)
    assert f.slope(POINTS) == pytest.approx(slopes, rel=1e-14, abs=0)


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_a_saturated_unit_lets_a_gradient_through(name):
    slope = ACTIVATIONS[name].slope(np.array([-300.0, 300.0]))
    assert (slope > 0).all()
    assert slope[0] == slope[1]


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
@pytest.mark.parametrize("a", [-1e4, -800.0, 800.0, 1e4])
def test_an_extreme_pre_activation_gives_a_number_and_no_warning(name, a):
    f = ACTIVATIONS[name]
    assert np.isfinite(f.slope(np.array([a]))).all()
    with np.errstate(over="ignore"):  # as the forward pass does
        assert np.isfinite(f.value(np.array([a]))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_slopes_keep_the_shape(name):
    a = np.linspace(-1, 1, 6).reshape(2, 3)
    assert ACTIVATIONS[name].value(a).shape == (2, 3)
    assert ACTIVATIONS[name].slope(a).shape == (2, 3)


def test_relu_is_flat_at_zero():
    assert ACTIVATIONS["relu"].slope(np.array([-1.0, 0.0, 1.0])).tolist() == [0, 0, 1]
