import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from unrolled.app.runs.frame_kinds import Loss
from unrolled.app.runs.frames import ALIGNMENT, Array, cast, decode, encode

HEADERS = st.dictionaries(
    st.sampled_from(["id", "type", "tokens"]),
    st.one_of(st.integers(0, 2**40), st.text(st.characters(codec="utf-8"))),
)
ARRAYS = st.dictionaries(
    st.sampled_from(["hidden", "loss", "log10_gradient_norm", "probabilities"]),
    hnp.arrays(np.dtype("<f4"), hnp.array_shapes(min_dims=1, max_dims=3, min_side=0)),
)


@given(HEADERS, ARRAYS)
def test_a_frame_comes_back_as_it_went(header, arrays):
    decoded, back = decode(encode(header, arrays))
    assert {name: decoded[name] for name in header} == header
    assert set(back) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)


@given(HEADERS, ARRAYS)
def test_the_payload_and_every_array_start_on_a_multiple_of_eight(header, arrays):
    frame = encode(header, arrays)
    (length,) = struct.unpack_from("<I", frame)
    assert (4 + length) % ALIGNMENT == 0
    assert all(each["offset"] % ALIGNMENT == 0 for each in decode(frame)[0]["arrays"])


def test_losses_keep_float64():
    losses = np.array([1.0 / 3, np.inf])
    header, arrays = decode(Loss(id=1, timesteps=[1, 2], targets=[0, 0], loss=losses).encode())
    assert [each["dtype"] for each in header["arrays"]] == ["<f8"]
    assert arrays["loss"].tolist() == losses.tolist()


def test_numbers_beyond_float32_are_infinite_or_zero_without_a_warning():
    assert cast(Array("<f4", ("n",)), [1e300, 1e-300]).tolist() == [np.inf, 0]


def test_a_header_never_says_infinity():
    header, _ = decode(encode({"rates": [np.inf, -np.inf, np.nan, 1.0]}, {}))
    assert header["rates"] == [None, None, None, 1.0]
