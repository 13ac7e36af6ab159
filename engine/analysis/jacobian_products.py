"""Products of many Jacobians, none of which is ever formed.

A product of many Jacobians stretches one direction by 1e+100 and shrinks another by 1e-100, and in
float64 the second is lost in the rounding of the first. So the product is never formed. It is kept
as a frame of orthonormal directions and one triangle a timestep:

    J_T ... J_{t+1} Q = Q' R_T ... R_{t+1}

Three precautions keep the digits of what is small:

- Q comes from walking back first, so that the directions are in order, the most stretched first,
  and the product of triangles is graded, each row smaller than the row above it (Stewart 1997;
  Oliveira & Stewart 2000).
- Rows are sorted by size before each QR, so that the rows of saturated units keep their digits
  (Cox & Higham 1998).
- The singular values of the graded product come from one-sided Jacobi rotations, whose error is
  relative to each value and not to the largest (Demmel & Veselić 1992), on rows that have an
  exponent each.

What a Jacobian's own entries do not hold cannot be found in it: in an LSTM whose output gate is
saturated, the rows of h and c are parallel but for a part of σ'(a_o), and so many digits fewer are
right in the smallest values.
"""

from collections.abc import Iterator

import numpy as np

from unrolled.engine.bptt.adjoint import Steps
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers

_TOLERANCE = 1e-15
"""Cosine between two rows that counts as orthogonal, for each row there is."""
_MOST_SWEEPS = 40
NOTHING = -(2**40)
"""The exponent of a row of zeros."""


def triangles(steps: Steps, start: int) -> Iterator[Floats]:
    """Return R_t for each timestep t >= start, counted from 0."""
    frame = np.eye(steps.width)
    for t in range(len(steps) - 1, start - 1, -1):
        frame, _ = _qr(steps.jacobian(t).T @ frame)
    for t in range(start, len(steps)):
        frame, R = _qr(steps.jacobian(t) @ frame)
        yield R


def _qr(matrix: Floats) -> tuple[Floats, Floats]:
    """Return Q and R; small rows keep their digits."""
    order = np.argsort(-np.abs(matrix).max(axis=1), kind="stable")
    Q = np.empty_like(matrix)
    Q[order], R = np.linalg.qr(matrix[order])
    return Q, R


def times(R: Floats, rows: Floats, exponents: Integers) -> tuple[Floats, Integers]:
    """Return R times a matrix whose rows have an exponent each."""
    _, sizes = np.frexp(R)
    common = np.where(R == 0, NOTHING, sizes + exponents).max(axis=1)
    with np.errstate(under="ignore"):
        rows, shifts = scaled.unit(np.ldexp(R, exponents - common[:, None]) @ rows)
    return rows, np.where(rows.any(axis=1), common + shifts, NOTHING)


def log10_singular_values(rows: Floats, exponents: Integers) -> Floats:
    """Return them for a square matrix whose rows have an exponent each, largest first.

    Pairs of rows are rotated until all are orthogonal; what is left of a row is a singular value.
    """
    n = len(rows)
    order = np.argsort(-exponents, kind="stable")
    rows, exponents = rows[order], exponents[order]
    for _ in range(_MOST_SWEEPS):
        with np.errstate(over="ignore", under="ignore"):
            largest = max((_rotate(rows, exponents, *pairs) for pairs in _rounds(n)), default=0.0)
        rows, shifts = scaled.unit(rows)
        exponents = np.where(rows.any(axis=1), exponents + shifts, NOTHING)
        if largest <= _TOLERANCE * n:
            break
    return np.sort(scaled.log10_norms(rows, exponents))[::-1]


def _rotate(rows: Floats, exponents: Integers, first: Integers, second: Integers) -> float:
    """Rotate pairs of rows until each pair is orthogonal; returns the largest cosine there was.

    In plain numbers the rotation of x and y = 2^d y', with d <= 0, has the tangent

        t = -sign(ζ) / (|ζ| + √(1 + ζ²))        ζ = (x·x - y·y) / (2 x·y)

    which is as small as y. Here t = 2^d ``tangent``, and x, y' and ``tangent`` are of unit size.
    """
    swap = exponents[first] < exponents[second]
    first, second = np.where(swap, second, first), np.where(swap, first, second)
    x, y = rows[first], rows[second]
    q = np.ldexp(1.0, np.maximum(exponents[second] - exponents[first], -1100))
    xx, yy, xy = np.vecdot(x, x), np.vecdot(y, y), np.vecdot(x, y)
    turned = xy != 0
    zeta = (xx - q * q * yy) / (2 * np.where(turned, xy, 1.0))
    tangent = -np.copysign(turned, zeta) / (np.abs(zeta) + np.hypot(q, zeta) + ~turned)
    cosine = 1 / np.hypot(1, q * tangent)[:, None]
    rows[first] = cosine * (x - (q * q * tangent)[:, None] * y)
    rows[second] = cosine * (y + tangent[:, None] * x)
    between = np.abs(xy) / np.sqrt(np.where(turned, xx * yy, 1.0))
    return float(between.max(initial=0.0))


def _rounds(n: int) -> Iterator[tuple[Integers, Integers]]:
    """Return every pair of n rows once, in rounds of disjoint pairs, as in a tournament."""
    seats = np.arange(n + n % 2)
    half = len(seats) // 2
    for _ in range(len(seats) - 1):
        first, second = seats[:half], seats[: half - 1 : -1]
        playing = (first < n) & (second < n)
        yield first[playing], second[playing]
        seats[1:] = np.roll(seats[1:], 1)
