"""Vectors with a separate exponent."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.wide import watched

FLOATS = st.floats(-1e3, 1e3, allow_subnormal=False)
ROWS = st.lists(FLOATS, min_size=3, max_size=3)
EXPONENTS = st.integers(-5000, 5000)


def value(row, exponent):
    """Return the value of a scaled row, exactly."""
    return [mpmath.ldexp(mpmath.mpf(float(x)), int(exponent)) for x in row]


@given(ROWS, ROWS, EXPONENTS)
def test_normalizing_changes_nothing_but_the_notation(h, c, exponent):
    states = np.array([[h], [c]])
    exponents = np.array([exponent])
    before = [value(rows[0], exponent) for rows in states]
    scaled.normalize(states, exponents)
    assert [value(rows[0], exponents[0]) for rows in states] == before
    largest = max(np.abs(rows).max() for rows in states)
    assert largest == 0 or 2.0**-41 < largest < 2.0**41


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-200, 1e-20, 1e20, 1e150])
def test_rows_that_strayed_are_brought_to_unit_scale(size):
    rows, exponents = np.array([[size, 0.0, -size]]), np.array([7])
    scaled.normalize(rows[None], exponents)
    assert 2.0**-80 < np.abs(rows).max() < 1
    assert value(rows[0], exponents[0])[0] == mpmath.ldexp(mpmath.mpf(size), 7)


def test_each_row_has_an_exponent_of_its_own():
    rows, exponents = np.array([[1e-30], [1.0], [1e30], [0.0]]), np.zeros(4, dtype=int)
    scaled.normalize(rows[None], exponents)
    assert ((np.abs(rows[:3]) >= 0.5) & (np.abs(rows[:3]) <= 1)).all()
    assert exponents[0] < 0 < exponents[2]
    assert (rows[3], exponents[3]) == (0, 0)


def add(states, exponent, addend, addend_exponent):
    """Add to a single row (states, H), in place; return the exponent of the sum."""
    exponents, others = np.array([exponent]), np.array([addend_exponent])
    return int(scaled.add(states[:, None], exponents, addend[None], others)[0])


@given(ROWS, EXPONENTS)
def test_log_norms_are_those_of_the_values(row, exponent):
    (found,) = scaled.log10_norms(np.array([row]), np.array([exponent]))
    if not any(row):
        assert found == -np.inf
        return
    with mpmath.workdps(40):
        expected = mpmath.log10(mpmath.norm(value(row, exponent)))
    assert found == pytest.approx(float(expected), rel=1e-13, abs=1e-12)


@pytest.mark.parametrize("size", [1e-320, 1e-300, 1e-170, 1e-154, 1.0, 1e150])
def test_the_norm_of_a_row_beside_a_much_larger_one_is_not_lost(size):
    found = scaled.log10_norms(np.array([[size, size], [1.0, 1.0]]), np.array([0, 0]))
    assert found == pytest.approx(np.log10([size, 1.0]) + np.log10(2) / 2, abs=1e-6)


def test_measuring_a_norm_leaves_the_row_alone():
    rows, exponents = np.array([[1e-200, 0.0]]), np.array([3])
    scaled.log10_norms(rows, exponents)
    assert rows.tolist() == [[1e-200, 0.0]]
    assert exponents.tolist() == [3]


def test_plain_values_overflow_to_infinity_and_underflow_to_zero_without_a_warning():
    rows = np.array([[1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, -1.0, 0.0]])
    with np.errstate(all="raise"):
        found = scaled.plain(rows, np.array([2000, -2000, 3]))
    np.testing.assert_array_equal(found, [[np.inf, -np.inf, 0], [0, 0, 0], [8, -8, 0]])


def test_plain_takes_one_exponent_for_all_and_keeps_the_shape():
    assert scaled.plain(np.ones(3), 1).tolist() == [2, 2, 2]
    assert scaled.plain(np.ones(3), np.int64(1)).shape == (3,)
    assert scaled.plain(np.ones((2, 3)), 1).shape == (2, 3)


@given(ROWS, ROWS, EXPONENTS, ROWS, EXPONENTS)
def test_a_row_adds_to_the_first_state_and_leaves_the_others_their_value(
    h, c, exponent, addend, addend_exponent
):
    states = np.array([h, c])
    before = [value(row, exponent) for row in states]
    common = add(states, exponent, np.array(addend), addend_exponent)
    with mpmath.workdps(3200):  # enough to add 2^5000 and 2^-5000
        adds = value(addend, addend_exponent)
        wanted = [x + y for x, y in zip(before[0], adds, strict=True)]
        scale = max(map(abs, [*before[0], *before[1], *adds]))
        for row, expected in zip(states, [wanted, before[1]], strict=True):
            for x, y in zip(value(row, common), expected, strict=True):
                assert abs(x - y) <= scale * 2.0**-51


@pytest.mark.parametrize("exponent", [-5000, -1, 0, 1, 5000])
def test_adding_nothing_changes_nothing(exponent):
    states = np.array([[0.5, 0.25], [0.75, 0.0]])
    assert add(states, exponent, np.zeros(2), 77) == exponent
    assert states[0].tolist() == [0.5, 0.25]
    assert states[1].tolist() == [0.75, 0.0]


def test_a_tiny_row_does_not_push_a_vanished_sum_out_of_range():
    states = np.array([[0.5]])
    common = add(states, -900, np.array([1e-290]), 0)
    expected = mpmath.ldexp(0.5, -900) + mpmath.mpf(1e-290)
    assert float(value(states[0], common)[0] / expected) == pytest.approx(1, rel=1e-15)


def test_the_first_row_added_to_nothing_keeps_its_exponent():
    states = np.zeros((2, 2))
    assert add(states, 0, np.array([0.5, 0.0]), -(10**12)) == -(10**12)
    assert states[0].tolist() == [0.5, 0.0]


@pytest.mark.parametrize("exponent", [-5000, 5000])
def test_a_summand_that_is_absorbed_is_no_underflow_and_a_lost_one_is(exponent):
    lost: list[str] = []
    with watched(lost):
        common = add(np.array([[0.5, -0.25]]), exponent, np.array([0.75, 0.25]), 0)
    assert (common, lost) == (max(0, exponent), [])
    with watched(lost):
        add(np.array([[0.5, 0.0]]), 5000, np.array([0.75, 0.25]), 0)
    assert lost


def test_outer_products_of_huge_and_tiny_rows_sum_without_overflow_on_the_way():
    rows, exponents = np.array([[1.0], [1.0]]), np.array([1000, -1000])
    others = np.array([[1e-300, 1.0], [1e300, 3.0]])
    with np.errstate(over="raise", invalid="raise"):
        found = scaled.sum_of_outer_products(rows, exponents, others).plain()
    expected = 1e-300 * 2.0**1000 + 1e300 * 2.0**-1000, 2.0**1000
    assert found[0] == pytest.approx(expected, rel=1e-14)


def test_a_block_of_rows_has_strayed_when_one_has_overflowed_or_its_square_is_lost():
    healthy = np.array([[1.0, 2.0], [0.0, 0.0], [1e-100, 1e100]])
    assert not strayed(healthy)
    for size in (1e-200, 1e200, np.inf, np.nan):
        with np.errstate(over="ignore"):
            assert strayed(np.vstack([healthy, [size, 0.0]])), size


def strayed(rows):
    return scaled.strayed(scaled.squared_norms(rows), rows)


def test_rows_that_are_not_at_hand_have_strayed_where_a_square_is_zero():
    assert scaled.strayed(np.array([1.0, 0.0, 2.0]), None)
    assert not scaled.strayed(np.array([1.0, 2.0]), None)


def test_rows_added_together_equal_each_added_alone():
    rng = np.random.default_rng(2)
    states, addends = rng.normal(size=(2, 6, 3)), rng.normal(size=(6, 3))
    states[:, 1], addends[2], states[:, 3], addends[3] = 0, 0, 0, 0
    exponents, others = np.array([0, 5, 7, 9, -900, 3]), np.array([2, 400, -5, 1, 900, 3])
    alone = [row.copy() for row in states.swapaxes(0, 1)]
    commons = [add(*each) for each in zip(alone, exponents, addends, others, strict=True)]
    found = scaled.add(states, exponents, addends, others)
    for row, common, rows, exponent in zip(
        alone, commons, states.swapaxes(0, 1), found, strict=True
    ):
        assert [value(each, exponent) for each in rows] == [value(each, common) for each in row]
