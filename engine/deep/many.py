"""Many networks of layers at once, for sweeps: how far the chosen loss's gradient comes back.

Every array has an axis for the networks after that of time. One adjoint row is walked back, that of
the loss, down to the layer in front.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.bptt.readout import loss_of
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.deep.backward import Adjoints, walk_down
from unrolled.engine.deep.forward import Pass, beside, read_at
from unrolled.engine.deep.network import DeepNetwork, Level
from unrolled.engine.experiment import Experiment
from unrolled.engine.layer import Layer
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.problem import Problem


class Front(NamedTuple):
    """The layer in front of an experiment, and the loss that is measured."""

    problem: Problem
    level: int
    """Its place in ``DeepNetwork.levels``."""
    reads: tuple[int, ...]
    """The timestep, from 0, whose state of each direction the loss reads."""
    loss: int
    """The timestep of the loss, from 0."""
    timesteps: int
    """Timesteps that are run: up to the loss, and all that the other direction reads."""
    distances: int
    """Timesteps of the layer from the first that it reads to the one that the loss reads."""

    @classmethod
    def of(cls, experiment: Experiment, loss: int) -> "Front":
        """Return the front of an experiment, of the loss of a timestep, from 0."""
        problem, ways = experiment.problem(), experiment.directions
        there = problem.loss_timesteps.tolist()
        of_each = read_at(ways, problem, ends=True)[:, there.index(loss)].tolist()
        asked = experiment.layer or experiment.layers
        T = len(problem.tokens) if ways > 1 else loss + 1
        own = of_each[int(asked < 0)]
        return cls(
            problem=problem,
            level=(abs(asked) - 1) * ways + (asked < 0),
            reads=tuple(of_each),
            loss=loss,
            timesteps=T,
            distances=T - own if asked < 0 else own + 1,
        )


def log10_norms_of(
    networks: Sequence[DeepNetwork],
    scales: Floats,
    front: Front,
    cut: Any,
    between: Callable[[], None],
) -> Floats:
    """Return (N, distances) log10 norms of N networks by distance; NaN for one that diverges.

    ``between`` is called after every timestep, and after every layer on the way back.
    """
    N, T, ways = len(networks), front.timesteps, networks[0].directions
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        passes, h = _forward(networks, scales, front, between)
        W_hy, b_y = (np.array([getattr(n, name) for n in networks]) for name in ("W_hy", "b_y"))
        parts = zip(np.split(h, ways, axis=-1), front.reads, strict=True)
        read = np.concatenate([part[at, :, 0] for part, at in parts], axis=-1)
        targets = front.problem.targets_at(np.full(N, front.loss))
        loss = loss_of(np.matvec(W_hy, read) + b_y, targets)
        d_h = np.vecmat(loss.d_y, W_hy)
    finite = [np.isfinite(each.tape.moments.h).all(axis=(0, 2, 3)) for each in passes]
    live = np.all(finite, axis=0) & np.isfinite(loss.losses)
    asks = _entering(d_h[live], loss.exponents[live], front)
    passes = [_of(each, live) for each in passes] if not live.all() else passes
    first = front.level // ways * ways
    for k in range(len(passes) - ways, first - 1, -ways):
        found, asks = walk_down(passes[k : k + ways], asks, cut[:T])
        between()
    norms = np.full((N, front.distances), np.nan)
    walked = found[front.level - first].walked.log10_norms[:, 0, :, 0]
    norms[live] = walked[: front.distances][::-1].T
    return norms


def _forward(
    networks: Sequence[DeepNetwork], scales: Floats, front: Front, between: Callable[[], None]
) -> tuple[list[Pass], Floats]:
    """Run every level of all networks; return the states (T, N, 1, H or 2H) of the highest."""
    passes: list[Pass] = []
    of_levels = [[*network.levels] for network in networks]
    T, N, ways, x = front.timesteps, len(networks), networks[0].directions, np.zeros(0)
    for k in range(len(of_levels[0])):
        each = [levels[k] for levels in of_levels]
        number, reverse, layer = each[0]
        cell = layer.cell
        weights = stacked([level.layer.weights for level in each], scales)
        tape = Tape.blank(cell, T, N, 1, networks[0].hidden_size)
        if k < ways:
            own: Any = front.problem.x[:T]
            own = own[::-1] if reverse else own
            for i, level in enumerate(each):
                level.layer.drive(own, tape.moments.a[:, i, 0])
        else:
            own = x[::-1] if reverse else x
            np.matmul(own, weights.W_xh.mT, out=tape.moments.a)
            tape.moments.a[...] += cell.drive_bias(weights)
        for t in range(T):
            tape.forward([weights], [0] * T, t, t + 1)
            between()
        passes.append(Pass(Level(number, reverse, Layer(cell, weights)), own, tape))
        if len(passes) % ways == 0:
            x = np.concatenate([one.in_time(one.tape.moments.h) for one in passes[-ways:]], axis=-1)
    return passes, x


def _entering(d_h: Floats, exponents: Any, front: Front) -> Adjoints:
    """Return the loss's row at the states of the highest layer (T, N, 1, H or 2H)."""
    T, (N, width) = front.timesteps, d_h.shape
    rows, powers = np.zeros((T, N, 1, width)), np.zeros((T, N, 1), dtype=np.int64)
    H = width // len(front.reads)
    for way, at in enumerate(front.reads):
        own = slice(way * H, (way + 1) * H)
        rows[at, :, 0, own] = d_h[:, own]
        powers[at, :, 0] = exponents
    return Adjoints(rows, powers)


def _of(passed: Pass, live: Any) -> Pass:
    """Return the pass of some of the networks."""
    number, reverse, layer = passed.level
    weights = Weights(*(each[live] for each in layer.weights))
    level = Level(number, reverse, Layer(layer.cell, weights))
    return Pass(level, passed.x, passed.tape.of((slice(None), live)))


def stacked(networks: Sequence[Weights], scales: Floats) -> Weights:
    """Stack the weights of N networks, with W_hh at its scale: see ``beside``."""
    found = beside(networks)
    return found._replace(W_hh=found.W_hh * scales[:, None, None])
