"""The loop forward, layer after layer: each reads the states of the one below.

    x_t^(1) = x_t        x_t^(k+1) = h_t^(k), or h_t of both directions side by side

A level that reads from the end has a tape of its own, whose first timestep is the last of the
sequence. Both directions of a layer are computed side by side: many small products at once cost
hardly more than one.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.deep.network import DeepNetwork, Level
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.problem import Problem


class Pass(NamedTuple):
    """The values that one level computed, in the order in which it read."""

    level: Level
    x: Integers | Floats
    """(T,) the classes that it read, or (T, D) vectors."""
    tape: Tape

    def in_time(self, stack: Any) -> Any:
        """Return a stack over time in the order of the sequence, or back in its own."""
        return stack[::-1] if self.level.reverse else stack

    def where(self, reached: slice) -> "Pass":
        """Return the timesteps that were reached."""
        return Pass(self.level, self.x[reached], self.tape.of(reached))


def forward(
    network: DeepNetwork, x: Any, between: Callable[[], None] = lambda: None
) -> tuple[list[Pass], Floats]:
    """Run every level; return what they computed, and the states (T, H or 2H) of the highest.

    ``between`` is called after every layer.
    """
    passes: list[Pass] = []
    levels = [*network.levels]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for k in range(0, len(levels), network.directions):
            of_layer = _run(levels[k : k + network.directions], x)
            x = np.concatenate([each.in_time(each.tape.moments.h) for each in of_layer], axis=1)
            passes += of_layer
            between()
    return passes, x


def _run(levels: Sequence[Level], x: Integers | Floats) -> list[Pass]:
    """Run the levels of one layer."""
    T, H = len(x), levels[0].layer.weights.W_hh.shape[1]
    weights, cell = [level.layer.weights for level in levels], levels[0].layer.cell
    if len(levels) == 1:
        tape = Tape.blank(cell, T, H)
        own = [tape]
    else:
        tape, weights = Tape.blank(cell, T, len(levels), 1, H), [beside(weights)]
        own = [tape.of((slice(None), k, 0)) for k in range(len(levels))]
    passes = [
        Pass(level, x[::-1] if level.reverse else x, each)
        for level, each in zip(levels, own, strict=True)
    ]
    for level, read, each in passes:
        level.layer.drive(read, each.moments.a)
    tape.forward(weights, [0] * T, 0, T)
    return passes


def beside(weights: Sequence[Weights]) -> Weights:
    """Stack the weights of some networks, or of stacks of them: (n, ..., K·H, ...).

    Biases are (n, ..., 1, K·H).
    """
    columns, W_hh, b_xh, b_hh = map(
        np.array, zip(*((W_xh.mT, *others) for W_xh, *others in weights), strict=True)
    )
    if W_hh.ndim == 3:
        b_xh, b_hh = b_xh[:, None], b_hh[:, None]
    return Weights(columns.mT, W_hh, b_xh, b_hh)  # column by column, as they are drawn


def reached(network: DeepNetwork, passes: list[Pass]) -> int:
    """Return how many timesteps come before the first whose state is not finite.

    Where it reads in both directions, that one reaches all others.
    """
    finite = np.all([np.isfinite(each.tape.moments.h).all(axis=1) for each in passes], axis=0)
    if finite.all():
        return len(finite)
    return 0 if network.directions > 1 else int(np.argmin(finite))


def read_at(directions: int, problem: Problem, *, ends: bool) -> Integers:
    """Return (directions, n) the timestep, from 0, whose state of a direction each loss reads.

    It is the loss's own; but with ``ends`` a loss at T, where it is the only one, reads the state
    with which each direction ends.
    """
    there = problem.loss_timesteps
    timesteps = np.tile(there, (directions, 1))
    if ends and there.tolist() == [len(problem.parts) - 1]:
        timesteps[1:] = 0
    return timesteps


def states_at(h: Floats, timesteps: Integers) -> Floats:
    """Return (n, H or 2H) the states of each direction, side by side, at timesteps of its own."""
    parts = np.split(h, len(timesteps), axis=1)
    return np.concatenate([part[at] for part, at in zip(parts, timesteps, strict=True)], axis=1)
