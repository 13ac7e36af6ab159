"""The engine's array types, and memory for them."""

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])

_LINE = 8
"""Numbers in a cache line."""
_FEW = 64


def aligned(*shape: int) -> Floats:
    """Return room for numbers, as ``np.empty`` makes it, from the start of a cache line on.

    NumPy's loops write a quarter faster there; of few numbers it does not matter.
    """
    size = math.prod(shape)
    if size <= _FEW:
        return np.empty(shape)
    room = np.empty(size + _LINE)
    start = -room.ctypes.data // room.itemsize % _LINE
    return room[start : start + size].reshape(shape)


def read_only(array: AnyArray) -> AnyArray:
    """Return the same array, read-only through this reference."""
    array.setflags(write=False)
    return array


def over_time(T: int, timesteps: Integers, values: Floats) -> Floats:
    """Return (T, ...) with the values (n, ...) of n timesteps, NaN elsewhere."""
    if len(timesteps) == T:
        return read_only(values)
    stack = np.full((T, *values.shape[1:]), np.nan)
    stack[timesteps] = values
    return read_only(stack)
