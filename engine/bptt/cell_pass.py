"""The timesteps of one cell, as it read them, and where the gradient of a loss enters its states.

The analyses ask a run for it. Of a network of one layer it is the run; of several it is one layer
in one direction, which the layer above sends a gradient at every timestep.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from unrolled.engine.attention.attended import attended
from unrolled.engine.attention.gradient import AttentionGradient
from unrolled.engine.bptt.backward import Entering
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.problem import Problem


@dataclass(frozen=True, eq=False)
class CellPass:
    """The timesteps of one cell, counted from 0 in the order in which it read them."""

    network: Network
    """The cell and its weights; without a readout where it is one of several layers."""
    tape: Tape
    """The timesteps that were reached."""
    x: Integers | Floats
    """(T,) the classes that it read, -1 for none, or (T, D) vectors."""
    parts: Integers
    """(T,) which of ``network.weights`` a timestep uses."""
    truncate: int
    """Timesteps after which BPTT is cut; 0 for none."""
    enters: Callable[[Integers], Mapping[int, Entering]]
    """Where the gradient of the sum of some losses enters, as one row; the losses are named by
    their timesteps in the sequence, from 0."""
    reverse: bool = False
    """Whether it reads from the end."""
    layer: int = 1
    """From 1, the inputs' side first."""
    highest: bool = True
    """Whether the outputs read it."""

    @property
    def T(self) -> int:
        """The timesteps of the sequence."""
        return len(self.parts)

    @property
    def cut(self) -> Any:
        """(T,) where no path leads from a timestep to the one before."""
        return cuts(self.truncate, self.T)

    def place(self, t: Any) -> Any:
        """Return the place at which timestep t of the sequence was read; or t of a place."""
        return self.T - 1 - t if self.reverse else t

    def in_time(self, stack: Any) -> Any:
        """Return a stack over places in the order of the sequence."""
        return stack[::-1] if self.reverse else stack

    def input_at(self, t: int) -> Floats:
        """Return (D,) the vector that was read."""
        if self.x.dtype.kind == "f":
            return self.x[t]
        return np.eye(self.network.inputs + 1)[self.x[t], :-1]


def entering_of(
    network: Network, problem: Problem, h: Floats, losses: Integers
) -> dict[int, Entering]:
    """Return where losses enter the states h (T, H) of a network of one layer, as one row."""
    row, targets, found = slice(1), problem.targets_at(losses), dict[int, Entering]()
    attention, encoded = network.attention, problem.encoded
    looking = attended(attention, h, losses, encoded) if attention else None
    readouts = Readouts.of(network, looking.q if looking else h[losses], targets)
    d_h, exponents = readouts.d_h, readouts.exponents
    if looking and attention:
        gradient = AttentionGradient(attention, looking, h[:encoded], d_h, exponents)
        d_h, exponents = gradient.d_h
        sums = [scaled.sum_of(*gradient.at(j)) for j in range(encoded)]
        found = {
            j: Entering(row, each.mantissa[None], np.array([each.exponent]))
            for j, each in enumerate(sums)
        }
    return found | {
        t: Entering(row, d_h[n : n + 1], exponents[n : n + 1])
        for n, t in enumerate(losses.tolist())
    }


class Traced(Protocol):
    """A finished run, of one layer or of several."""

    def cell_pass(self, level: int | None = None) -> CellPass:
        """Return the pass of one layer and direction, by its place in ``levels``."""
        ...


def cuts(truncate: int, T: int) -> Any:
    """Return (T,) where BPTT, truncated after so many timesteps, cuts the path from t to t-1.

    The first timestep's leads to the initial state, and is not cut.
    """
    found = np.arange(T, 0, -1) % (truncate or T) == 0
    found[:1] = False
    return found
