"""Vectors with a separate exponent, so that a gradient of 1e-900 or 1e+700 keeps all its digits.

A row v stands for v · 2^exponent. Multiplying by a power of two is exact, so a row can be brought
back to unit scale at any time at no cost in precision.
"""

from typing import Any

import numpy as np

from engine.arrays import Floats, Integers

LOG10_2 = np.log10(2.0)
_SMALLEST, _LARGEST = 2.0**-80, 2.0**80
"""Squared norms between which a row is left alone: within them no step can leave float64."""
_LOSSY = 2.0**-900
"""Squared norm below which squares have lost digits, or have vanished."""


def squared_norms(rows: Floats) -> Floats:
    return np.vecdot(rows, rows)


def normalize(states: tuple[Floats, ...], exponents: Integers) -> None:
    """Bring each row's largest entry, over all states, to [½, 1), in place, if it strayed."""
    squares = np.sum([squared_norms(rows) for rows in states], axis=0)
    if squares.min() > _SMALLEST and squares.max() < _LARGEST:
        return
    largest = np.max([np.abs(rows).max(axis=-1) for rows in states], axis=0)
    _, shifts = np.frexp(largest)
    shifts = np.maximum(shifts, -1022)
    scale = np.ldexp(1.0, -shifts)[:, None]
    for rows in states:
        rows *= scale
    exponents += shifts


def log10_norms(rows: Floats, exponents: Integers) -> Floats:
    """log10 of each row's norm; -inf for a row of zeros."""
    squares = squared_norms(rows)
    if squares.min() < _LOSSY:
        rows, exponents = rows.copy(), exponents.copy()
        normalize((rows,), exponents)
        squares = squared_norms(rows)
    with np.errstate(divide="ignore"):
        return 0.5 * np.log10(squares) + exponents * LOG10_2


def plain(rows: Floats, exponents: Integers | int) -> Floats:
    """The rows in plain float64, which overflow to inf and underflow to 0.

    ``exponents`` has one for each row, or is the one of them all.
    """
    with np.errstate(over="ignore", under="ignore"):
        floats: Floats = np.ldexp(rows, np.asarray(exponents)[..., None])
    return floats


def unit(rows: Floats) -> tuple[Floats, Any]:
    """Rows in plain float64 as rows with entries up to 1, and their exponents."""
    _, exponents = np.frexp(np.abs(rows).max(axis=-1))
    return np.ldexp(rows, -exponents[..., None]), exponents


def sum_of_outer_products(rows: Floats, exponents: Integers, others: Floats) -> Floats:
    """Σ_t rows_t others_tᵀ in plain float64, of scaled rows and of rows in plain float64."""
    others, more = unit(others)
    exponents = exponents + more
    largest = exponents.max()
    return plain(plain(rows, exponents - largest).T @ others, largest)


def add(states: tuple[Floats, ...], exponent: int, addend: Floats, addend_exponent: int) -> int:
    """Add a scaled row to the first state of another, in place.

    All states of a row share one exponent, which this returns.
    """
    addend, shift = unit(addend)
    if not addend.any():
        return exponent
    common = addend_exponent + int(shift)
    if any(state.any() for state in states):
        common = max(int(exponent), common)
    for state in states:
        state[:] = np.ldexp(state, np.int64(exponent - common))
    states[0][:] += np.ldexp(addend, np.int64(addend_exponent + int(shift) - common))
    return common
