"""Eigenvalues, singular values and Lyapunov exponents: how a network stretches every direction.

The products of Jacobians behind them are in ``engine.analysis.jacobian_products``.
"""

import numpy as np

from unrolled.engine.analysis.jacobian_products import (
    log10_singular_values,
    times,
    triangles,
)
from unrolled.engine.bptt.adjoint import Steps
from unrolled.engine.bptt.trace import AnyTrace
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats

# --- the recurrent weights ---------------------------------------------------------------------


def eigenvalues(
    network: Network | DeepNetwork, gate: str | None = None, part: int = 0
) -> "np.typing.NDArray[np.complex128]":
    """Return the eigenvalues of the recurrent weights, the largest in modulus first.

    Parameters
    ----------
    network
        A network whose cell has recurrent weights.
    gate
        The block of a gated cell, by its name; None for a cell without gates.
    part
        0, or 1 for a decoder's weights; of several layers the place in ``network.levels``.

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
    W_hh = network.weights[part].W_hh
    of_gates = W_hh.reshape(cell.blocks, -1, W_hh.shape[1])
    found = np.linalg.eigvals(of_gates[blocks.index(gate)]).astype(complex)
    return found[np.argsort(-np.abs(found), kind="stable")]


def spectral_radius(
    network: Network | DeepNetwork, gate: str | None = None, part: int = 0
) -> float:
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


def jacobian(trace: AnyTrace, t: int, *, level: int | None = None) -> Floats:
    """Return ∂s_t/∂s_{t-1} of the joint state s: h, or for the LSTM h and then c, so n = 2H.

    Of a layer that reads from the end it is ∂s_t/∂s_{t+1}. What a layer reads from another one
    stays as it is.

    Parameters
    ----------
    trace
        A finished run.
    t
        A timestep that was reached, from 1.
    level
        Of several layers, the place in ``trace.levels`` of the one that is asked for; by default it
        is the one in front.

    Returns
    -------
    (n, n) array
        Row i holds the derivatives of entry i of s_t.

    Raises
    ------
    ValueError
        Where t was not reached, or there is no such level.
    """
    steps, place = _reached(trace, level, t)
    return steps.jacobian(place)


def singular_values(trace: AnyTrace, t: int, *, level: int | None = None) -> Floats:
    """Return log10 of the singular values of ∂s_T/∂s_t, the largest first; -inf for zero.

    s is the joint state, as in ``jacobian``; T is the last timestep reached, and of a layer that
    reads from the end it is 1.

    Parameters
    ----------
    trace
        A finished run.
    t
        A timestep that was reached, from 1.
    level
        Of several layers, the place in ``trace.levels`` of the one that is asked for; by default it
        is the one in front.

    Returns
    -------
    (n,) array

    Raises
    ------
    ValueError
        Where t was not reached, or there is no such level.

    References
    ----------
    Saxe, McClelland & Ganguli 2014; Demmel & Veselić 1992.
    """
    steps, place = _reached(trace, level, t)
    rows, exponents = np.eye(steps.width), np.zeros(steps.width, dtype=np.int64)
    for R in triangles(steps, place + 1):
        rows, exponents = times(R, rows, exponents)
    return log10_singular_values(rows, exponents)


def lyapunov_exponents(trace: AnyTrace, warmup: int = 0, *, level: int | None = None) -> Floats:
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
    level
        Of several layers, the place in ``trace.levels`` of the one that is asked for; by default it
        is the one in front.

    Returns
    -------
    (n,) array
        -inf for a direction that is lost altogether.

    Raises
    ------
    ValueError
        Where no timestep is left, or there is no such level.

    References
    ----------
    Benettin et al. 1980; Engelken et al. 2020.
    """
    steps = Steps.of(trace.cell_pass(level))
    if not 0 <= warmup < len(steps):
        raise ValueError(f"warmup must be between 0 and {len(steps) - 1}, got {warmup}")
    with np.errstate(divide="ignore"):
        total = sum(np.log(np.abs(np.diag(R))) for R in triangles(steps, warmup))
    return np.sort(total / (len(steps) - warmup))[::-1]


def _reached(trace: AnyTrace, level: int | None, t: int) -> tuple[Steps, int]:
    """Return the timesteps of a level, and the place at which t was read, from 0."""
    steps = Steps.of(passed := trace.cell_pass(level))
    if not 1 <= t <= len(steps):
        last = len(steps)
        raise ValueError(f"t must be between 1 and {last}, the last timestep reached, got {t}")
    return steps, passed.place(t - 1)
