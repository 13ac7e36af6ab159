"""Vectors with a separate exponent, so that a gradient of 1e-900 or 1e+700 keeps all its digits.

A row v stands for v · 2^exponent. Multiplying by a power of two is exact, so a row can be brought
back to unit scale at any time at no cost in precision. Where a row has several states (the LSTM's
h and c), an axis before the rows', they share its exponent.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.numerics.arrays import MANY, Floats, Integers

LOG10_2 = np.log10(2.0)
_SMALLEST, _LARGEST = 2.0**-40, 2.0**40
"""Largest entries between which a row is left alone: within them no step can leave float64."""
LOSSY = 2.0**-900
"""Squared norm below which squares have lost digits, or have vanished."""
_SMALL, _LARGE = 2.0**-800, 2.0**800
"""Squared norm of a sum of products between which no product that counts has left float64."""
_POWERS = 1000
"""2^±e is a float64 for any smaller e."""
_ABSORBED = 60
"""Bits by which a number is smaller than another to which it adds nothing."""
_NO_EXPONENT = -(2**62)
"""The exponent of a sum of nothing."""


def squared_norms(rows: Floats, out: Floats | None = None) -> Floats:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.vecdot(rows, rows, out=out)


def normalize(states: Floats, exponents: Integers) -> None:
    """Bring rows (states, rows, H) that strayed to a largest entry in [½, 1), in place."""
    largest = np.abs(states).max(axis=(0, -1))
    strayed = (largest < _SMALLEST) | (largest > _LARGEST)
    if not strayed.any():
        return
    _, shifts = np.frexp(largest[strayed])
    shifts = np.maximum(shifts, -1022)
    states[:, strayed] *= np.ldexp(1.0, -shifts)[:, None]
    exponents[strayed] += shifts


def strayed(squares: Floats, rows: Floats | None) -> bool:
    """Return whether a row has overflowed, or is so small that its square lost digits.

    A row of zeros has not. Without ``rows`` it cannot be told from a small one, and counts as one
    that has.
    """
    fine = (squares >= LOSSY) & (squares < np.inf)
    if fine.all():
        return False
    return rows is None or bool(rows[~fine].any())


def log10_norms(rows: Floats, exponents: Integers | int) -> Floats:
    """log10 of the norm of each row (..., rows, H), of any size; -inf for a row of zeros."""
    squares = squared_norms(rows)
    lossy = (squares < LOSSY) | (squares == np.inf)
    if lossy.any():
        tiny, shifts = unit(rows[lossy])
        squares[lossy] = squared_norms(tiny)
        exponents = np.broadcast_to(exponents, squares.shape).copy()
        exponents[lossy] += shifts
    return log10_roots(squares, exponents)


def log10_roots(squares: Any, exponents: Any) -> Any:
    """log10 of √square · 2^exponent."""
    with np.errstate(divide="ignore"):
        return 0.5 * np.log10(squares) + exponents * LOG10_2


def plain(rows: Floats, exponents: Integers | int) -> Floats:
    """Return the rows in float64, which overflow to inf and underflow to 0.

    ``exponents`` has one for each row, or is the one of them all. Where all are 0 they are the rows
    themselves, not a copy.
    """
    if not np.count_nonzero(exponents):
        return rows
    exponents = np.asarray(exponents)[..., None]
    with np.errstate(over="ignore", under="ignore"):
        if (np.abs(exponents) < _POWERS).all():  # as exact, and several times faster
            floats: Floats = rows * np.ldexp(1.0, exponents)
        else:
            floats = np.ldexp(rows, exponents)
    return floats


def unit(rows: Floats) -> tuple[Floats, Any]:
    """Return rows in plain float64 as rows with entries up to 1, and their exponents."""
    _, exponents = np.frexp(np.abs(rows).max(axis=-1))
    return np.ldexp(rows, -exponents[..., None]), exponents


class Scaled(NamedTuple):
    """An array that stands for mantissa · 2^exponent, all of it."""

    mantissa: Floats
    exponent: int

    def plain(self) -> Floats:
        return plain(self.mantissa, self.exponent) if self.exponent else self.mantissa

    def log10_norm(self) -> float:
        """log10 of the norm of all entries together."""
        return float(log10_norms(self.mantissa.reshape(1, -1), self.exponent)[0])

    def times_power_of_ten(self, log10: float) -> "Scaled":
        if log10 == 0:
            return self
        fraction, whole = math.modf(log10 / LOG10_2)
        return Scaled(self.mantissa * 2**fraction, self.exponent + int(whole))


def shared(exponents: Integers | int) -> Integers | int:
    """Return the common exponent of all rows if they have one, else all exponents."""
    if isinstance(exponents, int):
        return exponents
    if not len(exponents):
        return 0
    return int(exponents[0]) if (exponents == exponents[0]).all() else exponents


def common(rows: Floats, exponents: Integers | int) -> Scaled:
    """Join scaled rows (n, ...) in one array."""
    if isinstance(exponents, int):
        return Scaled(rows, exponents)
    largest = int(exponents.max(initial=_NO_EXPONENT))
    return Scaled(plain(rows, exponents - largest), largest)


def sum_of(rows: Floats, exponents: Integers | int) -> Scaled:
    """Σ_t rows_t of scaled rows (n, K); of a batch (T, B, K), of one exponent, over b as well."""
    rows, largest = common(rows, exponents)
    sums = np.ones(rows.shape[-2]) @ rows  # sooner than rows.sum(axis=-2)
    return Scaled(sums if sums.ndim == 1 else sums.sum(axis=0), largest)


def sum_of_outer_products(rows: Floats, exponents: Integers | int, others: Floats) -> Scaled:
    """Σ_t rows_t others_tᵀ of scaled rows and of rows in plain float64, or of batches, likewise.

    What overflows is computed again, from rows of unit scale.
    """
    if isinstance(exponents, int):
        product = _sum_of_products(rows, others)
        square = np.vdot(product, product)
        if _SMALL < square < _LARGE or not (square or (rows.any() and others.any())):
            return Scaled(product, exponents)
    rows, others = (each.reshape(-1, each.shape[-1]) for each in (rows, others))
    others, more = unit(others)
    rows, largest = common(rows, exponents + more.astype(np.int64))
    return Scaled(rows.T @ others, largest)


def _sum_of_products(rows: Floats, others: Floats) -> Floats:
    """Σ rows othersᵀ; of many examples, timestep after timestep, without a copy of either."""
    if rows.ndim == 2 or rows.shape[1] < MANY:
        rows, others = (each.reshape(-1, each.shape[-1]) for each in (rows, others))
        return rows.T @ others
    total = np.zeros((rows.shape[-1], others.shape[-1]))
    product = np.empty(total.shape)
    for of_t, others_of_t in zip(rows, others, strict=True):
        total += np.matmul(of_t.T, others_of_t, out=product)
    return total


def log10_norm_together(log10_norms: Any) -> float:
    """Return log10 of the norm of a whole whose parts have these norms."""
    log10s = np.ravel(log10_norms)
    largest = log10s.max()
    if largest == -np.inf:
        return -np.inf
    return float(largest + 0.5 * np.log10((10 ** (2 * (log10s - largest))).sum()))


def add(
    states: Floats, exponents: Integers, addend: Floats, addend_exponents: Integers
) -> Integers:
    """Add scaled rows (..., H) to the first state of rows (states, ..., H), in place.

    Returns the exponents (...,) of the sums. A number that the sum lacks is an underflow; one that
    a far larger one absorbs is none.
    """
    if (exponents == addend_exponents).all():
        states[0] += addend
        return exponents
    addend, shifts = unit(addend)
    own, there = addend_exponents + shifts, addend.any(axis=-1)
    both = there & states.any(axis=(0, -1))
    common: Integers = np.where(both, np.maximum(exponents, own), np.where(there, own, exponents))
    shift, own_shift = (exponents - common)[..., None], np.where(there, own - common, 0)[..., None]
    sizes, own_sizes = np.frexp(states[0])[1] + shift, np.frexp(addend)[1] + own_shift
    near = (states[0] == 0) | (addend == 0)
    addend = np.where(near | (own_sizes > sizes - _ABSORBED), addend, 0)
    states[0] *= near | (sizes > own_sizes - _ABSORBED)
    states[:] = np.ldexp(states, shift)
    states[0] += np.ldexp(addend, own_shift)
    return common
