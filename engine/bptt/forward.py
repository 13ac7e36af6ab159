"""The loop forward: the values of every timestep, and the losses.

Inputs and readouts do not depend on the timestep before, so they are computed for a block of
timesteps at once; the loop computes only the rest.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np

from unrolled.engine.attention.attended import attended, outputs_of
from unrolled.engine.attention.gradient import AttentionGradient
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.records import ForwardStep, LossStep
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.layer import few_as_vectors
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import MANY, Floats, Integers, read_only
from unrolled.engine.problem import Problem

BLOCK = 64
"""Timesteps computed before their records are yielded, at most."""
BLOCK_PRODUCTS = 1e8
"""Multiplications in a block, about, so that a large network yields as often as a small one."""

_MANY_INPUTS = 64
"""Inputs from which on the drives of classes are sooner picked than multiplied out."""


def block_length(network: Network, rows: int) -> int:
    """Return how many timesteps of so many rows make a block."""
    products = rows * network.weights[0].W_hh.size
    return max(1, min(BLOCK, int(BLOCK_PRODUCTS / products)))


class ForwardPass:
    """A network's timesteps on a problem, up to the first that overflows."""

    def __init__(self, network: Network, problem: Problem, room: Tape | None = None) -> None:
        """Begin; ``room`` of the right shape is written over."""
        self.network, self.problem = network, problem
        self.x = few_as_vectors(problem.x, network.inputs)
        """The inputs; few classes as vectors."""
        self.parts: list[int] = problem.parts.tolist()
        self.weights: Sequence[Weights] = network.weights
        """Of each segment's cell."""
        self.reached = 0
        """Timesteps that were yielded."""
        self.diverged_at: int | None = None
        """The first timestep, from 1, whose state or output is not finite, if any.

        A batch goes on: an example's states do not depend on another's.
        """
        self.shape = (*problem.batch, network.hidden_size)
        """Of a state."""
        if room is None or room.moments.h.shape != (len(self.parts), *self.shape):
            room = Tape.blank(network.cell, len(self.parts), *self.shape)
        self.room = room
        """Room for T timesteps, those that are not reached included."""
        initial = problem.initial(network.cell.states, network.hidden_size)
        for states_prev, state in zip(room.states_prev, initial, strict=True):
            states_prev[0] = state
        self._computed = 0
        """Timesteps that are computed, and finite."""
        self._readouts: list[Readouts] = []
        self._looks: dict[int, Floats] = {}
        """(m,) α_tj of each output, of a batch (B, m), by timestep, where there is attention."""

    def blocks(self, length: int = 0) -> Iterator[tuple[int, int, Readouts]]:
        """Compute block after block: yield its start, its stop, and its readouts.

        A block has ``length`` timesteps, or as many as are soon computed.
        """
        T = len(self.parts)
        length = length or block_length(self.network, math.prod(self.problem.batch))
        side_by_side = self.problem.batch and self.problem.batch[0] >= MANY
        few = self.problem.inputs.size < _MANY_INPUTS
        x = self.x if side_by_side or few else self.problem.x
        self.network.drives(x, self.problem.parts, out=self.room.moments.a)
        while self.diverged_at is None and self._computed < T:
            start = self._computed
            readouts = self._step_on(min(start + length, T))
            yield start, self._computed, readouts

    def _step_on(self, stop: int) -> Readouts:
        """Compute a block of timesteps; return the readouts of those that have a loss."""
        network, start = self.network, self._computed
        where = self.losses_at(start, stop)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            self.room.forward(self.weights, self.parts, start, stop)
            readouts = Readouts.of(network, self._read(where), self.problem.targets_at(where))
        if not self.problem.batch:
            stop, readouts = self._finite(start, stop, where[0], readouts)
        self._computed = stop
        read_only(readouts.probabilities)
        self._readouts.append(readouts)
        return readouts

    def _read(self, where: tuple[Integers, ...]) -> Floats:
        """Return (n, H) what the outputs of some losses read, and keep where they look."""
        attention, h = self.network.attention, self.room.moments.h
        if attention is None:
            return h[where]
        timesteps, losses = outputs_of(where)
        encoded, padding = self.problem.encoded, self.problem.padding
        looking = attended(attention, h, timesteps, encoded, padding)
        weights = np.moveaxis(read_only(looking.weights), -2, 0)
        self._looks.update(zip(timesteps.tolist(), weights, strict=True))
        read: Floats = looking.q[losses]
        return read

    def _finite(
        self, start: int, stop: int, timesteps: Integers, readouts: Readouts
    ) -> tuple[int, Readouts]:
        """Return where a block ends, and its readouts, before the first that is not finite."""
        finite = np.isfinite(self.room.moments.h[start:stop])
        if finite.all() and readouts.finite.all():
            return stop, readouts
        finite = finite.all(axis=1)
        finite[timesteps - start] &= readouts.finite
        stop = start + int(np.argmin(finite))
        self.diverged_at = stop + 1
        return stop, readouts.where(timesteps < stop)

    def steps(self, start: int, stop: int, readouts: Readouts) -> Iterator[ForwardStep]:
        """Return the records of a block."""
        tape, names = self.room.of(slice(start, stop)), self.network.cell.gates
        gates = zip(*(read_only(getattr(tape.moments, name)) for name in names), strict=True)
        none: dict[int, Floats] = {}
        if self.problem.numbers is None:
            probabilities, outputs = self._outputs(start, stop, readouts.probabilities), none
        else:
            probabilities, outputs = none, self._outputs(start, stop, readouts.y)
        return map(
            ForwardStep,
            range(start + 1, stop + 1),
            read_only(tape.moments.h),
            read_only(tape.moments.c) if len(tape.states_prev) > 1 else repeat(None),
            (dict(zip(names, of_t, strict=True)) for of_t in (gates if names else repeat(()))),
            map(probabilities.get, range(start, stop)),
            map(self._looks.get, range(start, stop)),
            map(outputs.get, range(start, stop)),
        )

    def _outputs(self, start: int, stop: int, read: Floats) -> dict[int, Floats]:
        """Return what the n losses of a block read out (n, V), by timestep.

        Of a batch it is (B, V) each, NaN of the examples that have no loss there.
        """
        timesteps, *examples = self.losses_at(start, stop)
        if not examples:
            return dict(zip(timesteps.tolist(), read_only(read), strict=True))
        outputs = np.full((stop - start, *self.problem.batch, read.shape[1]), np.nan)
        outputs[timesteps - start, *examples] = read
        return {t: read_only(outputs[t - start]) for t in np.unique(timesteps).tolist()}

    def losses(self) -> Iterator[LossStep]:
        """Yield each loss that was reached, in the order of timesteps, then of examples."""
        where = self.losses_at()
        targets, losses = self.problem.targets[where], self.readouts().losses
        examples = where[1:] or (np.zeros(len(losses), dtype=np.int64),)
        columns = (where[0] + 1, targets, losses, *examples)
        yield from map(LossStep, *(each.tolist() for each in columns))

    def tape(self) -> Tape:
        """Return a read-only view of the timesteps reached."""
        tape = self.room.of(slice(self.reached))
        for array in (*tape.moments, *tape.states_prev):
            read_only(array)
        return tape

    def losses_at(self, start: int = 0, stop: int | None = None) -> tuple[Integers, ...]:
        """Return ``Problem.losses_at`` of the timesteps reached, or of some."""
        stop = self.reached if stop is None else stop
        if stop - start == len(self.parts):
            return self.problem.losses_at
        first, last = (self.problem.losses_before[t] for t in (start, stop))
        return tuple([each[first:last] for each in self.problem.losses_at])

    def attention_gradient(
        self, timesteps: Integers, d_q: Floats, exponents: Integers
    ) -> AttentionGradient | None:
        """Return where attention takes ∂L/∂q of some timesteps; None without attention.

        It is d_q (n, H) · 2^exponents (n,).
        """
        attention, h = self.network.attention, self.room.moments.h
        if attention is None:
            return None
        encoder = h[: self.problem.encoded]
        if not len(timesteps):  # no output was reached, and the encoder may have overflowed
            encoder = np.zeros_like(encoder)
        looking = attention.of(h[timesteps], encoder)
        return AttentionGradient(attention, looking, encoder, d_q, exponents)

    def loss_timesteps(self, start: int = 0) -> Integers:
        """Return the timesteps that have a loss, from 0, of those reached."""
        return self.losses_at(start)[0]

    def readouts(self) -> Readouts:
        """Return the readouts of ``losses_at()``."""
        if len(self._readouts) > 1:
            self._readouts = [Readouts(*map(np.concatenate, zip(*self._readouts, strict=True)))]
        (readouts,), n = self._readouts, len(self.loss_timesteps())
        return readouts if n == len(readouts.losses) else readouts.where(slice(n))
