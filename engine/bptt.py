"""The two loops over time: forward, and backpropagation through time (Werbos 1990).

Each is a generator of one record a timestep, so that whoever drains it sees the pass happen. The
chain rule through time, with δ_t the adjoint of everything that timestep t adds up:

    ∂L/∂h_{t-1} = W_hhᵀ δ_t + ∂L_{t-1}/∂h_{t-1}

Losses are independent, so one batch of adjoint rows walks back for all of them at once: row 0 is
the total, then one row for each loss that has been met, the last loss first.

Truncated, BPTT cuts the path after every so many timesteps, counted from the last: the state goes
on, the gradient does not come back (``detach``, in PyTorch's words).

What does not depend on the timestep before (inputs, readouts, slopes, norms) is computed for a
block of timesteps at once; the loops hold only what does.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers, read_only
from engine.experiment import Experiment
from engine.network import Network
from engine.readout import Readouts
from engine.records import BackwardStep, ForwardStep, LossStep
from engine.steps import cuts
from engine.weight_gradients import Deltas, WeightGradients, weight_gradients

BLOCK = 64
"""Timesteps computed before their records are yielded, at most."""
BLOCK_PRODUCTS = 1e8
"""Multiplications in a block, about, so that a large network yields as often as a small one."""


class Run:
    """One run of an experiment: ``forward``, then ``losses``, then ``backward``, each once."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.problem = experiment.problem()
        self.network = Network.of(experiment, self.problem)
        self.diverged_at: int | None = None
        H = self.network.hidden_size
        self._start = tuple(np.zeros(H) for _ in self.network.cell.states)
        self._reached = 0
        """Timesteps that ``forward`` has yielded; the block it is in may be ahead."""
        self._walked = 0
        """Timesteps that ``backward`` has yielded."""
        self._moments: list[Any] = []
        self._stacks: list[Any] = []
        """The moments of each block, as one."""
        self._readouts: list[Readouts] = []
        self._deltas = Deltas.of(self.problem, self.network)

    # --- forward -------------------------------------------------------------------------------

    def forward(self) -> Iterator[ForwardStep]:
        """h_t for t = 1..T, ending before the first timestep that overflows."""
        T, gates = len(self.problem.tokens), self.network.cell.gates
        drives = self.network.drives(self.problem.x, self.problem.parts)
        while self.diverged_at is None and (start := len(self._moments)) < T:
            probabilities = self._step_on(drives[start : start + self._block(rows=1)])
            for t in range(start, len(self._moments)):
                moment = self._moments[t]
                self._reached = t + 1
                yield ForwardStep(
                    timestep=t + 1,
                    hidden=moment.h,
                    cell_state=getattr(moment, "c", None),
                    gates={gate: getattr(moment, gate) for gate in gates},
                    probabilities=probabilities.get(t),
                )

    def _step_on(self, drives: Floats) -> dict[int, Floats]:
        """A block of timesteps forward: the probabilities of those that owe a loss."""
        network, start = self.network, len(self._moments)
        parts, targets = self.problem.parts, self.problem.targets
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            state, moments = self._state(start - 1), []
            for drive, part in zip(drives, parts[start:].tolist(), strict=False):
                moment = network.cell.step(network.weights[part], drive, state)
                moments.append(moment)
                state = moment.state
            stack = _frozen(type(moment)(*map(np.array, zip(*moments, strict=True))))
            stop = start + len(moments)
            owing = start + np.flatnonzero(targets[start:stop] >= 0)
            readouts = Readouts.of(network, stack.h[owing - start], self.problem.owed(owing))
        finite = np.isfinite(stack.h).all(axis=1)
        finite[owing - start] &= readouts.finite
        if not finite.all():
            stop = start + int(np.argmin(finite))
            self.diverged_at = stop + 1
            stack = _at(stack, slice(stop - start))
            owing = owing[owing < stop]
            readouts = readouts.where(slice(len(owing)))
        self._moments += map(type(moment), *stack)
        self._stacks.append(stack)
        self._readouts.append(_frozen(readouts))
        if self.problem.numbers is not None:
            return {}
        return dict(zip(owing.tolist(), readouts.probabilities, strict=True))

    # --- losses --------------------------------------------------------------------------------

    def losses(self) -> Iterator[LossStep]:
        """L_s for each timestep that owes one and was reached."""
        targets = self.problem.targets[self._owing]
        for s, target, loss in zip(
            self._owing, targets, self._stack_readouts().losses, strict=True
        ):
            yield LossStep(int(s) + 1, int(target), float(loss))

    # --- backward ------------------------------------------------------------------------------

    def backward(self) -> Iterator[BackwardStep]:
        """∂L/∂h_t for t = T..1, from every loss that was reached."""
        owing, readouts = self._owing, self._stack_readouts()
        if not len(owing):
            return
        with np.errstate(under="ignore"):
            slopes = self.network.cell.slopes(self.moments())
        cut = cuts(self.experiment, len(self.problem.tokens))
        shape = (len(self.network.cell.states), 1 + len(owing), self.network.hidden_size)
        most = min(self._block(shape[1]), self._reached)
        rows = _Rows(np.zeros(shape), np.zeros(shape[1], dtype=np.int64))
        walked = np.zeros((most + 1, *shape))
        losses = zip(readouts.d_h, readouts.exponents.tolist(), strict=True)
        meets = dict(zip(owing.tolist(), losses, strict=True))
        stop, length = self._reached, most
        while stop > 0:
            steps = self._walk_back(stop, walked[: length + 1], rows, meets, slopes, cut)
            if steps is None:
                length //= 2
                continue
            stop -= len(steps)
            length = min(2 * length, most)
            for step in steps:
                self._walked += 1
                yield step

    def _walk_back(
        self,
        stop: int,
        walked: Floats,
        rows: "_Rows",
        meets: dict[int, Any],
        slopes: Any,
        cut: Any,
    ) -> list[BackwardStep] | None:
        """A block of timesteps back from ``stop``; None, with nothing done, if a row strayed.

        ``walked`` (n + 1, states, rows, H) is where n timesteps leave their rows. Within a block a
        row keeps its exponent, brought to unit scale at its start, so a block in which one leaves
        float64 must be walked again in shorter ones. One timestep never strays.
        """
        cell, network, deltas = self.network.cell, self.network, self._deltas
        parts, exponents, met = self.problem.parts, rows.exponents.copy(), rows.met
        walked[0, :, :met] = rows.d_state[:, :met]
        scaled.normalize(walked[0, :, :met], exponents[:met])
        counts: list[int] = []
        squares = np.zeros(walked.shape[:-1])
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            for t in range(stop - 1, max(stop - len(walked), -1), -1):
                here, before = walked[len(counts)], walked[len(counts) + 1]
                if t in meets:
                    d_h, exponent = meets[t]
                    if counts and exponent != exponents[0]:
                        break
                    exponents[0] = scaled.add(here[:, 0], exponents[0], d_h, exponent)
                    here[:, met], exponents[met] = 0, exponent
                    here[0, met] = d_h
                    met += 1
                d_state = tuple(here[:, :met])
                back = cell.step_back(
                    network.weights[parts[t]],
                    self._moments[t],
                    _at(slopes, t),
                    self._state(t - 1),
                    d_state,
                )
                for i, (given, d, d_prev) in enumerate(
                    zip(d_state, back.d_state, back.d_state_prev, strict=True)
                ):
                    if d is not given:
                        here[i, :met] = d
                    before[i, :met] = 0 if cut[t] else d_prev
                np.vecdot(here[:, :met], here[:, :met], out=squares[len(counts), :, :met])
                deltas.d_x[t], deltas.d_h[t] = back.d_x[0], back.d_h[0]
                counts.append(met)
        n = len(counts)
        left, live = walked[:n, :, :met], np.arange(met) < np.array(counts)[:, None, None]
        deltas.exponents[stop - n : stop] = exponents[0]
        if n > 1:
            squares = squares[:n, :, :met]
            if scaled.strayed(left, squares, live):
                return None
            log10_norms = scaled.log10_roots(squares, exponents[:met])
        else:
            log10_norms = scaled.log10_norms(left, exponents[:met])
        rows.d_state[:, :met] = walked[n, :, :met]
        rows.exponents, rows.met = exponents, met
        return _backward_steps(stop, left, exponents, log10_norms, counts)

    # --- weights -------------------------------------------------------------------------------

    def weight_gradients(self) -> WeightGradients:
        """∂L/∂W of the timesteps walked back so far, clipped as the experiment says."""
        first = self._reached - self._walked
        walked = self._owing >= first
        readouts = self._stack_readouts().where(walked)
        h = np.concatenate([stack.h for stack in self._stacks])
        return weight_gradients(
            self.network,
            self.problem,
            self._deltas.where(slice(first, self._reached)),
            h,
            readouts,
            self._owing[walked],
            self.experiment.clip_norm,
        )

    # --- what was computed ---------------------------------------------------------------------

    def moments(self) -> Any:
        """The timesteps reached, as one moment with a leading axis of time."""
        first, *_ = self._stacks
        fields = zip(*self._stacks, strict=True)
        return type(first)(*(np.concatenate(field)[: self._reached] for field in fields))

    @property
    def _owing(self) -> Integers:
        """The timesteps that owe a loss and were reached, from 0."""
        return np.flatnonzero(self.problem.targets[: self._reached] >= 0)

    def _stack_readouts(self) -> Readouts:
        readouts = Readouts(*map(np.concatenate, zip(*self._readouts, strict=True)))
        return readouts.where(slice(len(self._owing)))

    def _state(self, t: int) -> tuple[Floats, ...]:
        """The state after timestep t; zero before the first."""
        return self._moments[t].state if t >= 0 else self._start

    def _block(self, rows: int) -> int:
        """How many timesteps of so many rows make a block."""
        products = rows * self.network.weights[0].W_hh.size
        return int(np.clip(BLOCK_PRODUCTS / products, 1, BLOCK))


class _Rows:
    """Adjoint rows on their way back, each with an exponent that its states share."""

    def __init__(self, d_state: Floats, exponents: Integers) -> None:
        self.d_state = d_state
        self.exponents = exponents
        self.met = 1


def _frozen(arrays: Any) -> Any:
    """The same named tuple of arrays, which nobody can write to."""
    return type(arrays)(*map(read_only, arrays))


def _at(stack: Any, t: Any) -> Any:
    """A timestep, or some, of a stack or of a named tuple of stacks."""
    return type(stack)(*(each[t] for each in stack)) if isinstance(stack, tuple) else stack[t]


def _backward_steps(
    stop: int, walked: Floats, exponents: Integers, log10_norms: Floats, counts: list[int]
) -> list[BackwardStep]:
    """The records of a block, from its rows (n, states, rows, H) and the norms of all of them."""
    norms, total = read_only(log10_norms), read_only(scaled.plain(walked[:, :, 0], exponents[0]))
    has_cell = walked.shape[1] > 1
    return [
        BackwardStep(
            timestep=stop - i,
            hidden_gradient=total[i, 0],
            log10_gradient_norm=float(norms[i, 0, 0]),
            cell_gradient=total[i, 1] if has_cell else None,
            log10_cell_gradient_norm=float(norms[i, 1, 0]) if has_cell else None,
            log10_loss_gradient_norms=norms[i, 0, 1:met],
        )
        for i, met in enumerate(counts)
    ]
