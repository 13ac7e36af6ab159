"""Many networks of one layer at once: their losses, and how far the gradient of one comes back.

Every array has an axis for the networks after that of time, and then one for the adjoint row that
is walked back. What attention reads, and where it sends the gradient, is computed network by
network.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unrolled.engine.attention.gradient import AttentionGradient
from unrolled.engine.bptt.adjoint import entering_at, log10_norms
from unrolled.engine.bptt.backward import Entering
from unrolled.engine.bptt.readout import Readouts, loss_of
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.deep.many import stacked
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.problem import Problem


def log10_norms_of(
    networks: Sequence[Network],
    scales: Floats,
    problem: Problem,
    T: int,
    cut: Any,
    between: Callable[[], None],
) -> Floats:
    """Return (N, T) log10 norms of N networks by distance; NaN for one that diverges.

    The loss is that of timestep T. ``between`` is called after every timestep.
    """
    N, parts = len(networks), problem.parts[:T]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        tape, weights = _forward(networks, scales, problem, T, between)
        h = tape.moments.h[:, :, 0]
        outputs = _Outputs(networks, h, problem.encoded)
        W_hy, b_y = (np.array([getattr(n, name) for n in networks]) for name in ("W_hy", "b_y"))
        targets = problem.targets_at(np.full(N, T - 1))
        loss = loss_of(np.matvec(W_hy, outputs.read) + b_y, targets)
        d_read = np.vecmat(loss.d_y, W_hy)
    live = np.isfinite(h).all(axis=(0, 2)) & np.isfinite(loss.losses)
    if not live.all():
        tape = tape.of((slice(None), live))
        weights = [Weights(*(each[live] for each in part)) for part in weights]
    entering = outputs.entering(live, d_read, loss.exponents)
    norms = np.full((N, T), np.nan)
    norms[live] = log10_norms(tape, weights, parts, entering, cut, between)[::-1, :, 0].T
    return norms


def losses_of(networks: Sequence[Network], problem: Problem) -> Floats:
    """Return (N,) the sum of all losses of N networks; NaN of one whose state overflows before."""
    losses = problem.loss_timesteps
    targets, found = problem.targets_at(losses), np.full(len(networks), np.nan)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        tape, _ = _forward(networks, np.ones(len(networks)), problem, int(losses[-1]) + 1)
        for i, network in enumerate(networks):
            h = tape.moments.h[:, i, 0]
            if np.isfinite(h).all():
                looks = network.attention
                read = looks.of(h[losses], h[: problem.encoded]).q if looks else h[losses]
                found[i] = Readouts.of(network, read, targets).losses.sum()
    return found


def _forward(
    networks: Sequence[Network],
    scales: Floats,
    problem: Problem,
    T: int,
    between: Callable[[], None] = lambda: None,
) -> tuple[Tape, list[Weights]]:
    """Return the states (T, N, 1, H) of N networks, and the weights of their parts, (N, ...)."""
    parts = problem.parts[:T]
    weights = [stacked(part, scales) for part in zip(*(n.weights for n in networks), strict=True)]
    tape = Tape.blank(networks[0].cell, T, len(networks), 1, networks[0].hidden_size)
    for i, network in enumerate(networks):
        tape.moments.a[:, i, 0] = network.drives(problem.x[:T], parts)
    for t in range(T):
        tape.forward(weights, parts.tolist(), t, t + 1)
        between()
    return tape, weights


class _Outputs:
    """The last output of each network: the vector that it reads, and the way back from there."""

    def __init__(self, networks: Sequence[Network], h: Floats, encoded: int) -> None:
        """Read the states h (T, N, H), of which the first ``encoded`` are an encoder's."""
        self.read = h[-1]
        """(N, H)"""
        self._h, self._encoded = h, encoded
        looks = [network.attention for network in networks]
        self._looks = [
            (each, each.of(h[-1:, i], h[:encoded, i])) for i, each in enumerate(looks) if each
        ]
        if self._looks:
            self.read = np.concatenate([seen.q for _, seen in self._looks])

    def entering(self, live: Any, d_read: Floats, exponents: Integers) -> dict[int, Entering]:
        """Return where ∂L/∂ of what is read, d_read (N, H) · 2^exponents, enters the states.

        It is of the networks that are ``live`` (N,).
        """
        T, (some,) = len(self._h), np.nonzero(live)
        if not self._looks:
            return entering_at(T - 1, d_read[some, None], exponents[some, None])
        places = [*range(self._encoded), T - 1]
        d_h = np.zeros((len(some), len(places), d_read.shape[1]))
        scales = np.zeros(d_h.shape[:2], dtype=np.int64)
        for k, i in enumerate(some):
            encoder, one = self._h[: self._encoded, i], slice(i, i + 1)
            way = AttentionGradient(*self._looks[i], encoder, d_read[one], exponents[one])
            for here, found in ((slice(-1), way.of_one()), (slice(-1, None), way.d_h)):
                d_h[k, here], scales[k, here] = found
        entering = dict[int, Entering]()
        for k, t in enumerate(places):
            entering |= entering_at(t, d_h[:, k, None], scales[:, k, None])
        return entering
