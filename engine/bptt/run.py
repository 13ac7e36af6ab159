"""The two loops over time: forward, and backpropagation through time (Werbos 1990).

Each is a generator of one record a timestep, so that whoever drains it sees the pass happen. The
chain rule through time, with δ_t the adjoint of everything that timestep t adds up:

    ∂L/∂h_{t-1} = W_hhᵀ δ_t + ∂L_{t-1}/∂h_{t-1}

``engine.bptt.backward`` walks it back for all losses at once. Truncated, BPTT cuts the path after
every so many timesteps, counted from the last: the state goes on, the gradient does not come back
(``detach``, in PyTorch's words).

What does not depend on the timestep before (inputs, readouts, slopes) is computed for a block of
timesteps at once; the loops hold only what does.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import repeat

import numpy as np

from unrolled.engine.bptt.adjoint import cuts
from unrolled.engine.bptt.loss_rows import Rows, Walked
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.records import BackwardStep, ForwardStep, LossStep
from unrolled.engine.bptt.shares import chosen_loss, log10_shares, sent_from
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.bptt.weight_gradients import Deltas, WeightGradients, weight_gradients
from unrolled.engine.experiment import Experiment
from unrolled.engine.layer import few_as_vectors
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.numerics.scaled import Scaled
from unrolled.engine.problem import Problem
from unrolled.engine.validation import loss_of

BLOCK = 64
"""Timesteps computed before their records are yielded, at most."""
BLOCK_PRODUCTS = 1e8
"""Multiplications in a block, about, so that a large network yields as often as a small one."""


class Run:
    """One run of a network on a problem: ``forward``, then ``losses``, then ``backward``."""

    def __init__(
        self,
        network: Network,
        problem: Problem,
        *,
        loss: int | str = "last",
        truncate: int = 0,
        clip_norm: float = 0.0,
        experiment: Experiment | None = None,
    ) -> None:
        """Start a run.

        Parameters
        ----------
        network
            Random, trained, or of given weights.
        problem
            The inputs and targets of T timesteps.
        loss
            The loss whose share is shown: a timestep that has one, from 1, the ``last`` or ``all``.
        truncate
            Timesteps after which BPTT is cut, counted from the last; 0 for none.
        clip_norm
            Norm to which the gradient of all weights together is clipped; 0 for no clipping.
        experiment
            What describes the run, if anything does: see ``of``.

        Raises
        ------
        ValueError
            Where the network does not fit the problem, or has no such loss.
        """
        problem.check(network.inputs, len(network.b_y), len(network.segments))
        self.network, self.problem, self.described = network, problem, experiment
        self.asked_loss = loss_of(loss, problem.loss_timesteps)
        self.truncate, self.clip_norm = truncate, clip_norm
        self._phase = "new"
        self.diverged_at: int | None = None
        T, H, cell = len(self.problem.tokens), self.network.hidden_size, self.network.cell
        self._x = few_as_vectors(problem.x, network.inputs)
        self._tape = Tape.blank(cell, T, H)
        self._computed = 0
        """Timesteps of the tape that are computed, and finite."""
        self._reached = 0
        """Timesteps that ``forward`` has yielded."""
        self._walked = 0
        """Timesteps that ``backward`` has yielded."""
        self._readouts: list[Readouts] = []
        self._d_a, self._exponents = np.zeros((T, cell.width(H))), np.zeros(T, dtype=np.int64)
        self.d_state = np.zeros((T, len(cell.states), H))
        """∂L/∂ of each state in plain float64, block by block as ``backward`` goes; else zero."""
        self.log10_norms = np.full((T, len(cell.states)), -np.inf)
        """log10 of their norms, in log range."""
        self.log10_chosen = np.full((T, len(cell.states)), -np.inf)
        """log10 of the norms of what the chosen loss sends to each state, likewise."""
        self.log10_shares = np.full((T, len(cell.states)), -np.inf)
        """log10 of its share at each timestep and state: see ``engine.bptt.shares``."""
        self._of_losses = np.empty((0, T))
        """(n, T) the rows of the gradient matrix for the n losses reached."""

    @classmethod
    def of(cls, experiment: Experiment) -> "Run":
        """Return a run of an experiment."""
        return cls(
            experiment.network(),
            experiment.problem(),
            loss=experiment.loss,
            truncate=experiment.truncate,
            clip_norm=experiment.clip_norm,
            experiment=experiment,
        )

    @property
    def experiment(self) -> Experiment:
        """What describes the run; raises ``ValueError`` where nothing does."""
        if self.described is None:
            raise ValueError("no experiment describes a network and a problem of one's own")
        return self.described

    def __repr__(self) -> str:
        T, H = len(self.problem.tokens), self.network.hidden_size
        return f"Run({type(self.network.cell).__name__}, T={T}, H={H}, {self._phase})"

    def _begin(self, phase: str, after: Sequence[str]) -> None:
        """Enter a phase, or say which call is missing."""
        if self._phase not in after:
            missing = f"call {after[0]}() first" if self._phase == "new" else "make another Run"
            raise RuntimeError(f"{phase}() cannot follow {self._phase}(): {missing}")
        self._phase = phase

    # --- forward -------------------------------------------------------------------------------

    def forward(self) -> Iterator[ForwardStep]:
        """Yield h_t for t = 1..T, ending before the first timestep that overflows.

        Raises ``RuntimeError`` if the run has been forward already.
        """
        self._begin("forward", ["new"])
        return self._forward()

    def _forward(self) -> Iterator[ForwardStep]:
        for start, stop, readouts in self._forward_blocks():
            for step in self._forward_steps(start, stop, readouts):
                self._reached += 1
                yield step

    def _forward_blocks(self) -> Iterator[tuple[int, int, Readouts]]:
        T, length = len(self._parts), self._block(rows=1)
        self.network.drives(self._x, self.problem.parts, out=self._tape.moments.a)
        while self.diverged_at is None and self._computed < T:
            start = self._computed
            readouts = self._step_on(min(start + length, T))
            yield start, self._computed, readouts

    def _step_on(self, stop: int) -> Readouts:
        """A block of timesteps forward, and the readouts of those that have a loss."""
        network, start, h = self.network, self._computed, self._tape.moments.h
        timesteps = self._loss_timesteps(start, stop)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            self._tape.forward(network.weights, self._parts, start, stop)
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

    def _forward_steps(self, start: int, stop: int, readouts: Readouts) -> Iterator[ForwardStep]:
        """The records of a block."""
        tape, names = self._tape.of(slice(start, stop)), self.network.cell.gates
        gates = zip(*(read_only(getattr(tape.moments, name)) for name in names), strict=True)
        outputs: dict[int, Floats] = {}
        if self.problem.numbers is None:
            timesteps = self._loss_timesteps(start, stop).tolist()
            outputs = dict(zip(timesteps, readouts.probabilities, strict=True))
        return map(
            ForwardStep,
            range(start + 1, stop + 1),
            read_only(tape.moments.h),
            read_only(tape.moments.c) if len(tape.states_prev) > 1 else repeat(None),
            (dict(zip(names, of_t, strict=True)) for of_t in (gates if names else repeat(()))),
            map(outputs.get, range(start, stop)),
        )

    # --- losses --------------------------------------------------------------------------------

    def losses(self) -> Iterator[LossStep]:
        """Yield L_s for each timestep that has one and was reached.

        Raises ``RuntimeError`` before ``forward``.
        """
        if self._phase == "new":
            raise RuntimeError("losses() cannot come before forward(): call forward() first")
        return self._losses()

    def _losses(self) -> Iterator[LossStep]:
        timesteps, losses = self._loss_timesteps(), self._stack_readouts().losses
        targets = self.problem.targets[timesteps]
        for s, target, loss in zip(
            timesteps.tolist(), targets.tolist(), losses.tolist(), strict=True
        ):
            yield LossStep(s + 1, target, loss)

    # --- backward ------------------------------------------------------------------------------

    def backward(self) -> Iterator[BackwardStep]:
        """Yield ∂L/∂h_t for t = T..1, from every loss that was reached.

        Raises ``RuntimeError`` before ``forward``, or if the run has been backward already.
        """
        self._begin("backward", ["forward"])
        return self._backward()

    def _backward(self) -> Iterator[BackwardStep]:
        for stop, met in self._backward_blocks():
            for step in self._backward_steps(stop, met):
                self._walked += 1
                yield step

    def _backward_blocks(self) -> Iterator[tuple[int, list[int]]]:
        """How many rows there were at each timestep of a block, from ``stop`` - 1 down."""
        timesteps, readouts = self._loss_timesteps(), self._stack_readouts()
        if not len(timesteps):
            return
        network, parts, has_loss = self.network, self._parts, (self.problem.targets >= 0).tolist()
        cut = cuts(self.truncate, len(parts)).tolist()
        weights = network.weights
        rows = Rows(network.cell, readouts.d_h[::-1], readouts.exponents[::-1])
        if self._tape.of(slice(self._reached)).saturated:
            rows.widen()
        self._of_losses = np.full((len(timesteps), len(parts)), -np.inf)
        most = length = self._block(1 + len(timesteps))
        stop = self._reached
        while stop > 0:
            start = max(stop - (1 if rows.wide else length), 0)
            tape = self._tape.of(slice(start, stop))
            steps = zip(
                [weights[part] for part in parts[start:stop][::-1]],
                (tape.wide() if rows.wide else tape).partials(stop - start),
                strict=True,
            )
            there = slice(start, stop)
            walked = rows.walk([*steps], has_loss[there][::-1], cut[there][::-1])
            if walked is None:
                length = (stop - start) // 2
                continue
            self._keep(stop, walked)
            yield stop, walked.met
            stop, length = stop - len(walked.met), min(2 * len(walked.met), most)

    def _keep(self, stop: int, walked: Walked) -> None:
        block = slice(stop - len(walked.met), stop)
        self._d_a[block], self._exponents[block] = walked.d_a[::-1], walked.exponent
        self.d_state[block] = Scaled(walked.d_state[::-1], walked.exponent).plain()
        self.log10_norms[block] = walked.log10_norms[:, ::-1, 0].T
        of_losses = walked.log10_norms[:, ::-1, 1:]
        last_first = of_losses[0].T
        self._keep_chosen(block, walked.log10_norms[:, ::-1])
        self._of_losses[len(self._of_losses) - len(last_first) :, block] = last_first[::-1]

    def _keep_chosen(self, block: slice, log10_norms: Floats) -> None:
        """Of the rows (states, n, R), the total first, that of the chosen loss."""
        loss, timesteps = self.loss, self._loss_timesteps()
        if loss is None:
            return
        s = self.sent_from
        row = 0 if loss == "all" else len(timesteps) - int(np.searchsorted(timesteps, s))
        if row < log10_norms.shape[2]:
            self.log10_chosen[block] = log10_norms[:, :, row].T
            for state, own in enumerate(self.log10_chosen[s]):
                self.log10_shares[block, state] = log10_shares(self.log10_chosen[block, state], own)

    def _backward_steps(self, stop: int, met: list[int]) -> Iterator[BackwardStep]:
        """The records of a block."""
        block = slice(stop - len(met), stop)
        d_state, norms = read_only(self.d_state[block][::-1]), self.log10_norms[block][::-1]
        shares = self.log10_shares[block][::-1]
        has_cell, of_losses = d_state.shape[1] > 1, read_only(self._of_losses[::-1, block].T[::-1])
        return map(
            BackwardStep,
            range(stop, block.start, -1),
            d_state[:, 0],
            norms[:, 0].tolist(),
            d_state[:, 1] if has_cell else repeat(None),
            norms[:, 1].tolist() if has_cell else repeat(None),
            [each[: n - 1] for each, n in zip(of_losses, met, strict=True)],
            shares[:, 0].tolist(),
            shares[:, 1].tolist() if has_cell else repeat(None),
        )

    # --- both, at once -------------------------------------------------------------------------

    def finish(self, walk_back: bool, between: Callable[[], None]) -> None:
        """What ``forward`` and ``backward`` do, without a record of it.

        ``between`` is called after every block of timesteps.
        """
        self._begin("forward", ["new"])
        for _, stop, _ in self._forward_blocks():
            self._reached = stop
            between()
        for stop, met in self._backward_blocks() if walk_back else ():
            self._walked = self._reached - stop + len(met)
            between()

    # --- weights -------------------------------------------------------------------------------

    def deltas(self) -> Deltas:
        """What every timestep adds to ∂L/∂W; zero of those that are not walked back yet."""
        d_a, products = read_only(self._d_a.view()), self._tape.recurrent_products
        return Deltas(self.problem.parts, self._x, d_a, products, self._exponents)

    def weight_gradients(self) -> WeightGradients:
        """∂L/∂W of the timesteps walked back so far, clipped to ``clip_norm``."""
        first = self._reached - self._walked
        walked = self._loss_timesteps(first)
        return weight_gradients(
            self.network,
            self.deltas().where(slice(first, self._reached)),
            self._tape.moments.h[walked],
            self._stack_readouts().where(slice(len(self._loss_timesteps()) - len(walked), None)),
            self.clip_norm,
        )

    # --- what was computed ---------------------------------------------------------------------

    def tape(self) -> Tape:
        """The timesteps reached, to read."""
        tape = self._tape.of(slice(self._reached))
        for array in (*tape.moments, *tape.states_prev):
            read_only(array)
        return tape

    def log10_gradient_matrix(self) -> Floats:
        """(T, T) G[s, t], block by block as ``backward`` goes; else -inf."""
        T = self._of_losses.shape[1]
        if len(self._of_losses) == T:
            return self._of_losses
        matrix = np.full((T, T), -np.inf)
        matrix[self._loss_timesteps()[: len(self._of_losses)]] = self._of_losses
        return matrix

    @property
    def loss(self) -> int | str | None:
        """The chosen loss: its timestep, from 1, or ``all``; None where it was not reached."""
        return chosen_loss(self.asked_loss, self._loss_timesteps())

    @property
    def sent_from(self) -> int:
        """The timestep, from 0, at which the share of the chosen loss is 1, if it was reached."""
        return sent_from(self.loss or "all", self._loss_timesteps())

    def readouts(self) -> tuple[Integers, Readouts]:
        """The timesteps that have a loss and were reached, from 0, and their readouts."""
        return self._loss_timesteps(), self._stack_readouts()

    def _loss_timesteps(self, start: int = 0, stop: int | None = None) -> Integers:
        """The timesteps that have a loss, of those reached or of some."""
        problem, stop = self.problem, self._reached if stop is None else stop
        return problem.loss_timesteps[problem.losses_before[start] : problem.losses_before[stop]]

    def _stack_readouts(self) -> Readouts:
        if len(self._readouts) > 1:
            self._readouts = [Readouts(*map(np.concatenate, zip(*self._readouts, strict=True)))]
        (readouts,), n = self._readouts, len(self._loss_timesteps())
        return readouts if n == len(readouts.losses) else readouts.where(slice(n))

    @cached_property
    def _parts(self) -> list[int]:
        return self.problem.parts.tolist()

    def _block(self, rows: int) -> int:
        """How many timesteps of so many rows make a block."""
        products = rows * self.network.weights[0].W_hh.size
        return max(1, min(BLOCK, int(BLOCK_PRODUCTS / products)))
