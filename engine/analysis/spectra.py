"""Eigenvalues, singular values and Lyapunov exponents: how a network stretches every direction.

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
from unrolled.engine.bptt.records import Trace
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers

_TOLERANCE = 1e-15
"""Cosine between two rows that counts as orthogonal, for each row there is."""
_MOST_SWEEPS = 40
_NOTHING = -(2**40)
"""The exponent of a row of zeros."""


# --- the recurrent weights ---------------------------------------------------------------------


def eigenvalues(
    network: Network, gate: str | None = None, part: int = 0
) -> "np.typing.NDArray[np.complex128]":
    """Return the eigenvalues of the recurrent weights, the largest in modulus first.

    Parameters
    ----------
    network
        A network whose cell has recurrent weights.
    gate
        The block of a gated cell, by its name; None for a cell without gates.
    part
        0, or 1 for a decoder's weights.

    Returns
    -------
    (H,) complex array

    Raises
    ------
    ValueError
        Where there is no such block.
    """
    cell = network.cell
    if not cell.recurrent:
        raise ValueError("a network without memory has no recurrent weights")
    if not 0 <= part < len(network.weights):
        raise ValueError(f"part must be less than {len(network.weights)}, got {part}")
    blocks: tuple[str | None, ...] = cell.gates or (None,)
    if gate not in blocks:
        choices = ", ".join(map(str, blocks))
        raise ValueError(f"gate must be one of {choices}, got {gate}")
    W_hh = np.split(network.weights[part].W_hh, cell.blocks)[blocks.index(gate)]
    found = np.linalg.eigvals(W_hh).astype(complex)
    return found[np.argsort(-np.abs(found), kind="stable")]


def spectral_radius(network: Network, gate: str | None = None, part: int = 0) -> float:
    """Return the largest modulus of the eigenvalues of the recurrent weights.

    Parameters
    ----------
    network, gate, part
        As for ``eigenvalues``.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Where there is no such block.
    """
    return float(np.abs(eigenvalues(network, gate, part)[0]))


# --- the dynamics ------------------------------------------------------------------------------


def jacobian(trace: Trace, t: int) -> Floats:
    """Return ∂s_t/∂s_{t-1} of the joint state s: h, or for the LSTM h and then c, so n = 2H.

    Parameters
    ----------
    trace
        A finished run.
    t
        A timestep that was reached, from 1.

    Returns
    -------
    (n, n) array
        Row i holds the derivatives of entry i of s_t.

    Raises
    ------
    ValueError
        Where t was not reached.
    """
    steps = Steps.of(trace)
    _check_reached(t, len(steps))
    return steps.jacobian(t - 1)


def singular_values(trace: Trace, t: int) -> Floats:
    """Return log10 of the singular values of ∂s_T/∂s_t, the largest first; -inf for zero.

    s is the joint state, as in ``jacobian``; T is the last timestep reached.

    Parameters
    ----------
    trace
        A finished run.
    t
        A timestep that was reached, from 1.

    Returns
    -------
    (n,) array

    Raises
    ------
    ValueError
        Where t was not reached.

    References
    ----------
    Saxe, McClelland & Ganguli 2014; Demmel & Veselić 1992.
    """
    steps = Steps.of(trace)
    _check_reached(t, len(steps))
    rows, exponents = np.eye(steps.width), np.zeros(steps.width, dtype=np.int64)
    for R in _triangles(steps, t):
        rows, exponents = _times(R, rows, exponents)
    return _log10_singular_values(rows, exponents)


def lyapunov_exponents(trace: Trace, warmup: int = 0) -> Floats:
    """Return how fast each direction grows, in nats (natural log) a timestep, the largest first.

        λ_i = 1/(T - warmup) Σ_t ln |R_t,ii|

    by QR of the Jacobians of the joint state, over the timesteps reached but the first ``warmup``.
    They add up to the mean ln |det J_t|. Of few timesteps they are an estimate: at T = 24 they are
    0.1 to 0.3 from their limit.

    Parameters
    ----------
    trace
        A finished run.
    warmup
        Timesteps that are left out at the start.

    Returns
    -------
    (n,) array
        -inf for a direction that is lost altogether.

    Raises
    ------
    ValueError
        Where no timestep is left.

    References
    ----------
    Benettin et al. 1980; Engelken et al. 2020.
    """
    steps = Steps.of(trace)
    if not 0 <= warmup < len(steps):
        raise ValueError(f"warmup must be between 0 and {len(steps) - 1}, got {warmup}")
    with np.errstate(divide="ignore"):
        total = sum(np.log(np.abs(np.diag(R))) for R in _triangles(steps, warmup))
    return np.sort(total / (len(steps) - warmup))[::-1]


def _check_reached(t: int, reached: int) -> None:
    if not 1 <= t <= reached:
        raise ValueError(f"t must be between 1 and {reached}, the last timestep reached, got {t}")


# --- products of Jacobians ---------------------------------------------------------------------


def _triangles(steps: Steps, start: int) -> Iterator[Floats]:
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


def _times(R: Floats, rows: Floats, exponents: Integers) -> tuple[Floats, Integers]:
    """Return R times a matrix whose rows have an exponent each."""
    _, sizes = np.frexp(R)
    common = np.where(R == 0, _NOTHING, sizes + exponents).max(axis=1)
    with np.errstate(under="ignore"):
        rows, shifts = scaled.unit(np.ldexp(R, exponents - common[:, None]) @ rows)
    return rows, np.where(rows.any(axis=1), common + shifts, _NOTHING)


def _log10_singular_values(rows: Floats, exponents: Integers) -> Floats:
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
        exponents = np.where(rows.any(axis=1), exponents + shifts, _NOTHING)
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
