"""Numbers as JSON."""

import json

import numpy as np
import pytest
from pydantic_core import to_json

from unrolled.app.json import as_json


@pytest.mark.parametrize(
    "value",
    [
        {"a": np.arange(6.0).reshape(2, 3), "b": {"c": [1, "x"]}, "字": None},
        {"deep": np.arange(24).reshape(2, 3, 4), "empty": np.empty((0, 3)), "none": {}},
        [np.float64(0.5), np.int64(3), "a\u2028b"],
    ],
)
def test_it_is_what_the_library_writes_in_one_piece(value):
    whole = to_json(value, inf_nan_mode="null", fallback=lambda each: each.tolist())
    assert json.loads(as_json(value)) == json.loads(whole)


def test_a_number_that_is_not_finite_is_null():
    table = np.array([[np.nan, 1.0], [np.inf, -np.inf]])
    assert json.loads(as_json({"table": table})) == {"table": [[None, 1.0], [None, None]]}
