"""Arrays with an exponent for each entry, against 50-digit arithmetic."""

import mpmath
import numpy as np
import pytest

from unrolled.engine.numerics.wide import Wide

SHAPE = 3, 8


def drawn(seed, spread=3000):
    """An array far beyond float64, some of it zero, and the same in 50 digits."""
    rng = np.random.default_rng(seed)
    mantissa = rng.normal(size=SHAPE) * (rng.random(SHAPE) < 0.8)
    exponent = rng.integers(-spread, spread, SHAPE)
    return Wide(mantissa, exponent), exact(mantissa, exponent)


def exact(mantissa, exponent):
    return np.vectorize(lambda m, e: mpmath.mpf(m) * mpmath.mpf(2) ** int(e), otypes=[object])(
        mantissa, exponent
    )


def read(wide):
    """In 50 digits."""
    exponent = np.array([[each.largest() for each in row] for row in wide])
    return exact(wide.mantissas(exponent), exponent)


def agree(wide, expected):
    for found, each in zip(read(wide).flat, expected.flat, strict=True):
        assert found == each or abs(found / each - 1) < 1e-14


@pytest.fixture(autouse=True)
def fifty_digits():
    with mpmath.workdps(50):
        yield


@pytest.mark.parametrize("ufunc", [np.multiply, np.add, np.subtract])
@pytest.mark.parametrize("seed", range(5))
def test_arithmetic_far_beyond_float64_agrees_with_50_digits(ufunc, seed):
    (a, exact_a), (b, exact_b) = drawn(seed), drawn(seed + 100)
    agree(ufunc(a, b), ufunc(exact_a, exact_b))


def test_it_divides_negates_and_takes_absolute_values():
    a, exact_a = drawn(0)
    b, exact_b = drawn(1)
    agree(a / (abs(b) + 1), exact_a / (abs(exact_b) + 1))
    agree(-a, -exact_a)
    assert ((a > 0) == (exact_a > 0)).all()


@pytest.mark.parametrize("x", [0.0, 1.0, -1e-30, -745.2, -1e5, 1e5, 709.9])
def test_exp_has_no_end(x):
    found = np.exp(Wide(np.full((1, 1), x), 0))
    assert float(read(found)[0, 0] / mpmath.exp(x) - 1) == pytest.approx(
        0, abs=1e-15 * (1 + abs(x))
    )


def test_it_mixes_with_arrays_of_floats_on_either_side():
    a, exact_a = drawn(2)
    floats = np.random.default_rng(0).normal(size=SHAPE)
    agree(floats * a, exact_a * floats)
    agree(1 - a, 1 - exact_a)
    agree(a + floats, exact_a + floats)


def test_a_view_is_written_through_as_any_array_is():
    a, exact_a = drawn(3)
    view, floats = a[1:], np.arange(16.0).reshape(2, 8)
    np.multiply(view, 2.0, out=view)
    view += floats
    exact_a[1:] = exact_a[1:] * 2 + floats
    agree(a, exact_a)
    a[0] = 0
    assert np.isneginf(a.norms().log10()[0])


def test_rows_times_units_that_mix_agree_where_float64_can_tell():
    a, exact_a = drawn(4, spread=20)
    W = np.random.default_rng(5).normal(size=(8, 4))
    agree(a @ W, exact_a @ W)


def test_units_that_do_not_mix_keep_exponents_of_their_own():
    a, exact_a = drawn(6)
    W = np.vstack([np.diag([1.0, 2.0, 0.0, -3.0]), np.diag([0.5, 1.0, 1.0, 1.0])])
    agree(a @ W, exact_a @ W)


def test_norms_are_taken_in_log_range():
    a, exact_a = drawn(7)
    expected = [float(mpmath.log10(mpmath.sqrt(row @ row))) for row in exact_a]
    assert a.norms().log10() == pytest.approx(expected, rel=1e-14)


def test_an_unsupported_operation_is_refused():
    with pytest.raises(TypeError):
        np.sin(Wide.zeros(2))
