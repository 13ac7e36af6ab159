"""The loop forward: the values of every timestep, and the losses.

Inputs and readouts do not depend on the timestep before, so they are computed for a block of
timesteps at once; the loop computes only the rest.
"""

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.records import ForwardStep, LossStep
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.layer import few_as_vectors
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.problem import Problem

BLOCK = 64
"""Timesteps computed before their records are yielded, at most."""
BLOCK_PRODUCTS = 1e8
"""Multiplications in a block, about, so that a large network yields as often as a small one."""


def block_length(network: Network, rows: int) -> int:
    """Return how many timesteps of so many rows make a block."""
    products = rows * network.weights[0].W_hh.size
    return max(1, min(BLOCK, int(BLOCK_PRODUCTS / products)))


class ForwardPass:
    """A network's timesteps on a problem, up to the first that overflows."""

    def __init__(self, network: Network, problem: Problem) -> None:
        self.network, self.problem = network, problem
        self.x = few_as_vectors(problem.x, network.inputs)
        """The inputs; few classes as vectors."""
        self.parts: list[int] = problem.parts.tolist()
        self.weights = network.weights
        """Of each segment's cell."""
        self.reached = 0
        """Timesteps that were yielded."""
        self.diverged_at: int | None = None
        """The first timestep, from 1, whose state or output is not finite, if any."""
        self.room = Tape.blank(network.cell, len(self.parts), network.hidden_size)
        """Room for T timesteps, those that are not reached included."""
        self._computed = 0
        """Timesteps that are computed, and finite."""
        self._readouts: list[Readouts] = []

    def blocks(self) -> Iterator[tuple[int, int, Readouts]]:
        """Compute block after block: yield its start, its stop, and its readouts."""
        T, length = len(self.parts), block_length(self.network, rows=1)
        self.network.drives(self.x, self.problem.parts, out=self.room.moments.a)
        while self.diverged_at is None and self._computed < T:
            start = self._computed
            readouts = self._step_on(min(start + length, T))
            yield start, self._computed, readouts

    def _step_on(self, stop: int) -> Readouts:
        """Compute a block of timesteps; return the readouts of those that have a loss."""
        network, start, h = self.network, self._computed, self.room.moments.h
        timesteps = self.loss_timesteps(start, stop)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            self.room.forward(self.weights, self.parts, start, stop)
            readouts = Readouts.of(network, h[timesteps], self.problem.targets_at(timesteps))
        finite = np.isfinite(h[start:stop])
        if not (finite.all() and readouts.finite.all()):
            finite = finite.all(axis=1)
            finite[timesteps - start] &= readouts.finite
            stop = start + int(np.argmin(finite))
            self.diverged_at = stop + 1
            readouts = readouts.where(timesteps < stop)
        self._computed = stop
        read_only(readouts.probabilities)
        self._readouts.append(readouts)
        return readouts

    def steps(self, start: int, stop: int, readouts: Readouts) -> Iterator[ForwardStep]:
        """Return the records of a block."""
        tape, names = self.room.of(slice(start, stop)), self.network.cell.gates
        gates = zip(*(read_only(getattr(tape.moments, name)) for name in names), strict=True)
        outputs: dict[int, Floats] = {}
        if self.problem.numbers is None:
            timesteps = self.loss_timesteps(start, stop).tolist()
            outputs = dict(zip(timesteps, readouts.probabilities, strict=True))
        return map(
            ForwardStep,
            range(start + 1, stop + 1),
            read_only(tape.moments.h),
            read_only(tape.moments.c) if len(tape.states_prev) > 1 else repeat(None),
            (dict(zip(names, of_t, strict=True)) for of_t in (gates if names else repeat(()))),
            map(outputs.get, range(start, stop)),
        )

    def losses(self) -> Iterator[LossStep]:
        """Yield the loss of each timestep that has one and was reached."""
        timesteps, losses = self.loss_timesteps(), self.readouts().losses
        targets = self.problem.targets[timesteps]
        for s, target, loss in zip(
            timesteps.tolist(), targets.tolist(), losses.tolist(), strict=True
        ):
            yield LossStep(s + 1, target, loss)

    def tape(self) -> Tape:
        """Return a read-only view of the timesteps reached."""
        tape = self.room.of(slice(self.reached))
        for array in (*tape.moments, *tape.states_prev):
            read_only(array)
        return tape

    def loss_timesteps(self, start: int = 0, stop: int | None = None) -> Integers:
        """Return the timesteps that have a loss, from 0, of those reached or of some."""
        problem, stop = self.problem, self.reached if stop is None else stop
        return problem.loss_timesteps[problem.losses_before[start] : problem.losses_before[stop]]

    def readouts(self) -> Readouts:
        """Return the readouts of ``loss_timesteps()``."""
        if len(self._readouts) > 1:
            self._readouts = [Readouts(*map(np.concatenate, zip(*self._readouts, strict=True)))]
        (readouts,), n = self._readouts, len(self.loss_timesteps())
        return readouts if n == len(readouts.losses) else readouts.where(slice(n))
