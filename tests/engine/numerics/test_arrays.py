"""Room for numbers."""

import numpy as np
import pytest

from unrolled.engine.numerics.arrays import aligned, read_only


@pytest.mark.parametrize("shape", [(5, 13), (2, 7, 16), (64, 1024)])
def test_room_starts_with_a_cache_line_in_the_shape_asked_for(shape):
    room = aligned(*shape)
    assert room.shape == shape
    assert room.flags.c_contiguous
    assert room.ctypes.data % 64 == 0


def test_a_read_only_array_cannot_be_written_to():
    array = read_only(np.zeros(2))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
