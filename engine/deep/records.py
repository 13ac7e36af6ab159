"""The records of a run of a network of layers: of all of it, and of each level."""

import os
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Any

import numpy as np

from unrolled.engine import files
from unrolled.engine.bptt.backward import Entering
from unrolled.engine.bptt.cell_pass import CellPass, cuts
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.shares import (
    chosen_loss,
    log10_shares,
    losses_of,
    sent_from,
    verdict,
)
from unrolled.engine.bptt.weight_gradients import (
    Deltas,
    WeightGradients,
    clipped,
    of_readout,
    sums_of_parts,
)
from unrolled.engine.deep.backward import Adjoints, Losses, asks_of
from unrolled.engine.deep.forward import Pass
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.experiment import Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.numerics.arrays import Floats, Integers, over_time
from unrolled.engine.problem import Problem

READS = ("h_n", "output")
_TOLD = (
    *("probabilities", "outputs", "losses", "input_gradient", "log10_input_gradient_norm"),
    *("weight_gradients", "log10_weight_gradient_norm", "log10_clip", "diverged_at", "reads"),
)


@dataclass(frozen=True, slots=True)
class LevelTrace:
    """One layer in one direction: T timesteps in the order of the sequence, H hidden units."""

    layer: int
    """From 1, the inputs' side first."""
    reverse: bool
    """Whether it reads from the end."""
    hidden: Floats
    """(T, H) h_t; NaN from ``diverged_at`` on."""
    cell_state: Floats | None
    """(T, H) c_t."""
    gates: dict[str, Floats]
    """(T, H) each."""
    hidden_gradient: Floats
    """(T, H) ∂L/∂h_t in plain float64, of the sum of all losses."""
    cell_gradient: Floats | None
    """(T, H) ∂L/∂c_t in plain float64."""
    log10_gradient_norm: Floats
    """(T,) log10 ‖∂L/∂h_t‖, in log range; -inf where there is no path."""
    log10_cell_gradient_norm: Floats | None
    """(T,) log10 ‖∂L/∂c_t‖, in log range."""
    log10_loss_gradient_norms: Floats
    """(n, T) log10 ‖∂L_s/∂h_t‖ of the n losses reached; -inf where there is no path."""

    def __repr__(self) -> str:
        way = ", from the end" if self.reverse else ""
        T, H = self.hidden.shape
        return f"LevelTrace(layer={self.layer}{way}, T={T}, H={H})"


@dataclass(frozen=True)
class DeepTrace:
    """Everything that a run of a network of layers computed."""

    described: Experiment | GivenRun
    """What was run: an experiment, or a given network and problem."""
    network: DeepNetwork
    """What ran."""
    problem: Problem
    """The sequence in numbers."""
    asked_loss: int | str
    """The loss whose share is shown: a timestep, from 1, the ``last`` or ``all``."""
    reads: str
    """What the readout of a loss at T reads, where it is the only one: ``h_n`` or ``output``."""
    read_at: Integers
    """(directions, n) the timestep, from 0, whose state each loss reached was read from."""
    truncate: int
    """Timesteps after which BPTT is cut; 0 for none."""
    clip_norm: float
    """Norm to which the gradient of all weights together is clipped; 0 for none."""
    passes: tuple[Pass, ...]
    """What each level computed up to the last timestep reached, in the order in which it read."""
    sent: Losses
    """The gradients of the losses reached at the states that they were read from."""
    levels: tuple[LevelTrace, ...]
    """Each layer and direction, from the inputs up, the one that reads forward first."""
    log10_entering_norms: Floats
    """(levels, n + 1, T) log10 of the norm of what enters each h_t from above, from the layer or
    the readout that reads it: of all losses, then of each reached."""
    log10_cell_norms: Floats
    """(levels, n + 1, T) log10 ‖∂L/∂c_t‖, likewise; no levels of a cell without c."""
    probabilities: Floats
    """(T, V) softmax of the readout; NaN where there is no loss."""
    losses: Floats
    """(T,) in nats; NaN where there is no target."""
    input_gradient: Floats
    """(T, D) ∂L/∂x_t in plain float64."""
    log10_input_gradient_norm: Floats
    """(T,) log10 ‖∂L/∂x_t‖, in log range."""
    deltas: tuple[Adjoints, ...]
    """(T, width) each: ∂L/∂a_t at each of ``passes``, of the sum of all losses."""
    states_read: Floats
    """(n, H or 2H) the states that the losses reached were read from."""
    readouts: Readouts
    """The outputs of the losses reached."""
    diverged_at: int | None
    """The first timestep whose state or output is not finite, if any; 1 of both directions."""

    @property
    def outputs(self) -> Floats | None:
        """(T, D) y_t where the targets are numbers, NaN without one; None of classes."""
        if self.problem.numbers is None:
            return None
        return over_time(len(self.losses), self.reached_losses, self.readouts.y)

    @property
    def weight_gradients(self) -> dict[str, Floats]:
        """∂L/∂W, by the names of ``network.state_dict()``, after clipping."""
        return self._learned.gradients

    @property
    def log10_weight_gradient_norm(self) -> float:
        """log10 of the norm of all weight gradients together, before clipping."""
        return self._learned.log10_norm

    @property
    def log10_clip(self) -> float:
        """log10 of the factor by which clipping multiplied them; 0 if it did not."""
        return self._learned.log10_clip

    @cached_property
    def _learned(self) -> WeightGradients:
        """∂L/∂W of every level and of the readout: computed when they are asked for."""
        parts = []
        for (level, x, tape), own in zip(self.passes, self.deltas, strict=True):
            zeros = np.zeros(len(x), dtype=np.int64)
            deltas = Deltas(zeros, x, own.rows, tape.recurrent_products, own.exponents)
            parts += sums_of_parts(level.alone, deltas)
        d_y, exponents = self.readouts.d_y, self.readouts.exponents
        head = of_readout(self.states_read, d_y, exponents)
        return clipped(self.network.named(parts, *head), self.clip_norm)

    def to_dict(self) -> dict[str, Any]:
        """Return everything that the run computed, by name.

        Returns
        -------
        dict
            What `POST /api/trace` answers: ``made_by``, which makes it again, the weights as
            ``network``, the arrays over time, the gradients, and in ``levels`` what each layer and
            direction has, its shares and its verdict. Arrays are NumPy's.
        """
        problem, made_by = self.problem, self.made_by()
        shares = zip(self.levels, self.log10_shares(), self.verdicts, strict=True)
        return {
            "experiment": made_by["experiment"],
            "made_by": made_by,
            "network": self.network.state_dict(),
            "tokens": problem.tokens,
            "input_vocabulary": problem.input_vocabulary,
            "vocabulary": problem.vocabulary,
            "inputs": problem.inputs if problem.vectors is None else problem.vectors,
            "targets": problem.targets,
            **{name: getattr(self, name) for name in _TOLD},
            "loss": self.chosen_loss,
            "loss_timesteps": (self.reached_losses + 1).tolist(),
            "levels": [
                {
                    **{each.name: getattr(level, each.name) for each in fields(level)},
                    "log10_share": share,
                    "verdict": verdict,
                }
                for level, share, verdict in shares
            ],
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run into a file: see ``Trace.save``.

        A table has a row for each timestep of each layer and direction.
        """
        files.write_run(path, self.described)

    @property
    def chosen_loss(self) -> int | str | None:
        """The chosen loss: its timestep, from 1, or ``all``; None where it was not reached."""
        return chosen_loss(self.asked_loss, self.reached_losses)

    @property
    def reached_losses(self) -> Integers:
        """(n,) the timesteps, from 0, that have a loss and were reached."""
        return np.flatnonzero(np.isfinite(self.losses))

    def log10_shares(self, loss: int | str | None = None) -> Floats:
        """Return log10 of the share of a loss's gradient at each level and timestep.

        A level's share is relative to its own norm at the timestep from which the readout of the
        loss reads that direction.

        Parameters
        ----------
        loss
            A timestep s that has a loss, from 1, the ``last``, or ``all``: the gradient of the sum
            of all losses, relative to its norm at the loss that its direction reads last. By
            default that of the run.

        Returns
        -------
        (levels, T) log10 of the shares; -inf where no path leads back, and where the loss was not
        reached.
        """
        return self._shares(self._h_norms, self._h_norms, loss)

    def log10_entering_shares(self) -> Floats:
        """Return (levels, T) log10 of what the run's loss sends to each h_t from above.

        It is relative to what ``log10_shares`` is relative to: what a layer has beside it has come
        back from its next timestep.
        """
        return self._shares(self._h_norms, [*self.log10_entering_norms], None)

    def log10_cell_shares(self) -> Floats | None:
        """Return (levels, T) the shares of the cell states, relative to their own; None of no c."""
        cell = [*self.log10_cell_norms]
        return self._shares(cell, cell, None) if cell else None

    @cached_property
    def _h_norms(self) -> list[Floats]:
        """(n + 1, T) norms of each level, as ``log10_entering_norms`` has them."""
        return [
            np.vstack([level.log10_gradient_norm, level.log10_loss_gradient_norms])
            for level in self.levels
        ]

    @property
    def log10_sent_norms(self) -> Floats:
        """(levels,) log10 of the norm that is 100 % of each of ``log10_shares``; -inf of none."""
        norms = self._h_norms
        found = self._read_by_levels(None)
        if found is None:
            return np.full(len(norms), -np.inf)
        return np.array([each[at] for each, at in zip(norms, found, strict=True)])

    def _shares(self, own: list[Floats], norms: list[Floats], loss: int | str | None) -> Floats:
        """Return (levels, T) norms (n + 1, T) of a loss relative to its own where it is read."""
        shares = np.full((len(self.levels), len(self.losses)), -np.inf)
        found = self._read_by_levels(loss)
        if found is None:
            return shares
        for whole, some, share, (which, at) in zip(own, norms, shares, found, strict=True):
            share[:] = log10_shares(some[which], whole[which, at])
        return shares

    def _read_by_levels(self, loss: int | str | None) -> list[tuple[int, int]] | None:
        """Return of each level the row of a loss's norms, and the place that its share is 1 at."""
        reached = self.reached_losses
        chosen = chosen_loss(self.asked_loss if loss is None else loss, reached)
        if chosen is None:
            return None
        row = int(np.searchsorted(reached, sent_from(chosen, reached)))
        if chosen != "all":
            return [(row + 1, int(self.read_at[int(each.reverse), row])) for each in self.levels]
        return [
            (0, int(self.read_at[int(each.reverse), 0 if each.reverse else -1]))
            for each in self.levels
        ]

    @property
    def chosen_losses(self) -> Integers:
        """(n,) the timesteps, from 0, whose losses ``chosen_loss`` is the sum of."""
        return losses_of(self.chosen_loss, self.reached_losses)

    def cell_pass(self, level: int | None = None) -> CellPass:
        """Return what the analyses ask of one layer and direction, by its place in ``levels``.

        By default of the one that is in front.
        """
        k = self.in_front if level is None else level
        if not 0 <= k < len(self.levels):
            raise ValueError(f"level must be from 0 to {len(self.levels) - 1}, got {level}")
        of, T = self.passes[k], len(self.losses)
        return CellPass(
            network=of.level.alone,
            tape=of.tape,
            x=of.x,
            parts=np.zeros(T, dtype=np.int64),
            truncate=self.truncate,
            enters=partial(self._enters, k),
            reverse=of.level.reverse,
            layer=of.level.number,
            highest=of.level.number == len(self.network.layers),
        )

    def _enters(self, k: int, losses: Integers) -> dict[int, Entering]:
        """Return where some losses enter a level, from the layer above or from the readout."""
        of, ways = self.passes[k], self.network.directions
        sent = self.sent.of(np.isin(self.reached_losses, losses))
        cut, above = cuts(self.truncate, len(self.losses))[: len(of.x)], of.level.number * ways
        asks = asks_of(self.passes, ways, sent, cut, above)
        return asks.of_direction(of.level.reverse, self.network.hidden_size).by_timestep()

    @property
    def in_front(self) -> int:
        """The place in ``levels`` of ``Experiment.layer``."""
        layers, asked = len(self.network.layers), self.described.layer
        return ((abs(asked) or layers) - 1) * self.network.directions + (asked < 0)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """``engine.verdict`` of each level, by the share at the timestep that it read first."""
        ends = zip(self.levels, self.log10_shares(), strict=True)
        return tuple(verdict(float(share[-level.reverse])) for level, share in ends)

    def made_by(self) -> dict[str, Any]:
        """Return what makes the run again, as JSON has it: ``experiment_of`` reads it back."""
        return self.described.made_by()

    def __repr__(self) -> str:
        return f"DeepTrace({self.network!r}, T={len(self.losses)}, diverged_at={self.diverged_at})"
