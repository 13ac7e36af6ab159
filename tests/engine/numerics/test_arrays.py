"""Room for numbers."""

import numpy as np
import pytest

from unrolled.engine.numerics.arrays import MANY, aligned, read_only, side_by_side


@pytest.mark.parametrize("shape", [(5, 13), (2, 7, 16), (64, 1024)])
def test_room_starts_with_a_cache_line_in_the_shape_asked_for(shape):
    room = aligned(*shape)
    assert room.shape == shape
    assert room.flags.c_contiguous
    assert room.ctypes.data % 64 == 0


@pytest.mark.parametrize("B", [1, MANY - 1, MANY, MANY + 5])
def test_a_block_of_many_examples_is_one_run_of_memory(B):
    room = side_by_side(3, B, 32)
    assert room.shape == (3, B, 32)
    block = room[1, :, 8:16]
    assert block.flags.f_contiguous == (B >= MANY or B == 1)


def test_a_read_only_array_cannot_be_written_to():
    array = read_only(np.zeros(2))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
