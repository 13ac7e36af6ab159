"""The engine's array types, and memory for them."""

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])

_LINE = 8
"""Numbers in a cache line."""
_FEW = 64

MANY = 64
"""Examples of a batch from which on it is sooner computed with them side by side in memory."""


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


def side_by_side(*shape: int) -> Floats:
    """Return ``aligned`` room for (..., B, H), in which many examples are side by side in memory.

    So all numbers of a gate's block, (B, H) of (B, K·H), are in one run, which NumPy's loops take
    at once; in C's order they stop after the H numbers of each example.
    """
    *rest, B, H = shape
    return aligned(*rest, H, B).swapaxes(-1, -2) if B >= MANY else aligned(*shape)


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
