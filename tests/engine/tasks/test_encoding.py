"""The notations of inputs and targets."""

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.tasks.encoding import TARGET_VALUES, VALUES, Classes, decimal, joined


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.374, "0.37"),
        (-0.004, "0.00"),
        (-1.5, "-1.50"),
        (9999.0, "9999.00"),
        (-1e300, "-1.00e+300"),
        (np.inf, "inf"),
    ],
)
def test_a_number_is_short_however_large_it_is(number, text):
    assert decimal(number) == text
    assert decimal(np.float64(number)) == text


def test_nothing_is_minus_one_a_zero_or_no_number():
    assert Classes(("a", "b")).read(["b", None, "a"], "sequence").tolist() == [1, -1, 0]
    assert VALUES.read(["0.5", None], "sequence").tolist() == [[0.5], [0]]
    np.testing.assert_equal(TARGET_VALUES.read(["0.5", None], "target"), [[0.5], [np.nan]])


def test_nothing_is_written_as_nothing():
    assert Classes(("a", "b")).write(np.array([1, -1, 0])) == ("b", "", "a")
    assert TARGET_VALUES.write(np.array([[0.5], [np.nan]])) == ("0.50", "")


@pytest.mark.parametrize(
    "notation", [Classes(("a", "b")), Classes(("a", "b"), tokens="words"), VALUES]
)
def test_joined_tokens_are_cut_into_the_same_tokens(notation):
    assert notation.cut(joined(notation, ["a", "b", "a"])) == ["a", "b", "a"]


@pytest.mark.parametrize("token", ["x" * 1_000_000, "\u202e\n" * 50])
def test_an_error_quotes_no_more_than_can_be_read(token):
    with pytest.raises(ExperimentError) as error:
        Classes(("a",)).read([token], "sequence")
    assert len(error.value.details["value"]) <= 41 and error.value.details["value"].isprintable()
