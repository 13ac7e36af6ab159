"""The two loops over time: forward, and backpropagation through time (Werbos 1990).

Each is a generator of one record a timestep, so that whoever drains it sees the pass happen.
The chain rule through time, with δ_t the adjoint of everything timestep t adds up:

    ∂L/∂h_{t-1} = W_hhᵀ δ_t + ∂L_{t-1}/∂h_{t-1}        ∂L/∂W_hh = Σ_t δ_t h_{t-1}ᵀ

Losses are independent, so one batch of adjoint rows walks back for all of them at once: row 0 is
the total, then one row for each loss that has been met, the last loss first.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from engine import scaled
from engine.arrays import Floats, read_only
from engine.cells import Weights
from engine.experiment import Experiment
from engine.network import Network, named
from engine.readout import Readout
from engine.records import BackwardStep, ForwardStep, LossStep


class _Delta(NamedTuple):
    """The total loss's adjoint at one timestep, kept for the weight gradients."""

    d_x: Floats
    d_h: Floats
    exponent: int


class Run:
    """One run of an experiment: ``forward``, then ``losses``, then ``backward``, each once."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.problem = experiment.problem()
        self.network = Network.of(experiment, len(self.problem.vocabulary))
        self.diverged_at: int | None = None
        self._moments: list[Any] = []
        self._readouts: dict[int, Readout] = {}
        self._deltas: list[_Delta] = []

    def forward(self) -> Iterator[ForwardStep]:
        """h_t for t = 1..T, ending before the first timestep that overflows."""
        network, problem = self.network, self.problem
        cell = network.cell
        drives = network.drive(problem.inputs)
        for t, drive in enumerate(drives):
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                moment = cell.step(network.weights, drive, self._state(t - 1))
                finite = bool(np.isfinite(moment.h).all())
                readout = None
                if finite and problem.targets[t] >= 0:
                    readout = Readout.of(network, moment.h, problem.targets[t])
                    finite = readout.finite
            if not finite:
                self.diverged_at = t + 1
                return
            self._moments.append(type(moment)(*map(read_only, moment)))
            if readout is not None:
                self._readouts[t] = readout
            yield ForwardStep(
                timestep=t + 1,
                hidden=moment.h,
                cell_state=getattr(moment, "c", None),
                gates={gate: getattr(moment, gate) for gate in cell.gates},
                probabilities=readout and readout.probabilities,
            )

    def losses(self) -> Iterator[LossStep]:
        """L_s for each timestep that owes one and was reached."""
        for s, readout in self._readouts.items():
            yield LossStep(s + 1, int(self.problem.targets[s]), readout.loss)

    def backward(self) -> Iterator[BackwardStep]:
        """∂L/∂h_t for t = T..1, from every loss that was reached."""
        cell, weights = self.network.cell, self.network.weights
        if not self._readouts:
            return
        with np.errstate(under="ignore"):
            slopes = cell.slopes(self._stack())
        rows = 1 + len(self._readouts)
        d_state = tuple(np.zeros((rows, self.network.hidden_size)) for _ in cell.states)
        exponents = np.zeros(rows, dtype=np.int64)
        met = 1
        for t in reversed(range(len(self._moments))):
            with np.errstate(under="ignore"):
                if t in self._readouts:
                    d_h, exponent = self._readouts[t].d_h, self._readouts[t].exponent
                    total = tuple(d[0] for d in d_state)
                    exponents[0] = scaled.add(total, exponents[0], d_h, exponent)
                    d_state[0][met], exponents[met] = d_h, exponent
                    met += 1
                live, scales = tuple(d[:met] for d in d_state), exponents[:met]
                scaled.normalize(live, scales)
                slope = _at(slopes, t)
                back = cell.step_back(weights, self._moments[t], slope, self._state(t - 1), live)
                self._deltas.append(_Delta(back.d_x[0], back.d_h[0], int(scales[0])))
                record = _backward_step(t, back.d_state, scales)
                for d, d_prev in zip(live, back.d_state_prev, strict=True):
                    d[:] = d_prev
            yield record

    def weight_gradients(self) -> dict[str, Floats]:
        """∂L/∂W of the timesteps walked back so far, by the names of ``state_dict``."""
        network, problem = self.network, self.problem
        W_xh, W_hh, b_xh, b_hh = (np.zeros(w.shape) for w in network.weights)
        W_hy, b_y = np.zeros(network.W_hy.shape), np.zeros(network.b_y.shape)
        first = len(self._moments) - len(self._deltas)
        walked = range(first, len(self._moments))
        readouts = {s: readout for s, readout in self._readouts.items() if s >= first}
        with np.errstate(under="ignore"):
            if readouts:
                d_ys = np.array([readout.d_y for readout in readouts.values()])
                hs = np.array([self._moments[s].h for s in readouts])
                exponents = np.array([readout.exponent for readout in readouts.values()])
                W_hy = scaled.sum_of_outer_products(d_ys, exponents, hs)
                b_y = scaled.plain(d_ys, exponents).sum(axis=0)
            if walked:
                d_xs, d_hs, exponents = map(np.array, zip(*self._deltas[::-1], strict=True))
                largest = exponents.max()
                np.add.at(W_xh.T, problem.inputs[walked], scaled.plain(d_xs, exponents - largest))
                W_xh, b_xh = scaled.plain(W_xh, largest), scaled.plain(W_xh.sum(axis=1), largest)
                b_hh = scaled.plain(scaled.plain(d_hs, exponents - largest).sum(axis=0), largest)
                h_prevs = np.array([self._state(t - 1)[0] for t in walked])
                W_hh = scaled.sum_of_outer_products(d_hs, exponents, h_prevs)
        gradients = named(network.cell, Weights(W_xh, W_hh, b_xh, b_hh), W_hy, b_y)
        return {name: read_only(gradient) for name, gradient in gradients.items()}

    def _state(self, t: int) -> tuple[Floats, ...]:
        """The state after timestep t; zero before the first."""
        states = self.network.cell.states
        if t < 0:
            return tuple(np.zeros(self.network.hidden_size) for _ in states)
        return tuple(getattr(self._moments[t], name) for name in states)

    def _stack(self) -> Any:
        """The moments as one moment with a leading axis of time."""
        first = self._moments[0]
        return type(first)(*map(np.array, zip(*self._moments, strict=True)))


def _at(stack: Any, t: int) -> Any:
    """One timestep of a stack, or of a named tuple of stacks."""
    return type(stack)(*(each[t] for each in stack)) if isinstance(stack, tuple) else stack[t]


def _backward_step(t: int, d_state: tuple[Floats, ...], exponents: Any) -> BackwardStep:
    d_h, *d_c = d_state
    log10_norms = scaled.log10_norms(d_h, exponents)
    return BackwardStep(
        timestep=t + 1,
        hidden_gradient=read_only(scaled.plain(d_h[0], exponents[0])),
        log10_gradient_norm=float(log10_norms[0]),
        cell_gradient=read_only(scaled.plain(d_c[0][0], exponents[0])) if d_c else None,
        log10_cell_gradient_norm=(
            float(scaled.log10_norms(d_c[0][:1], exponents[:1])[0]) if d_c else None
        ),
        log10_loss_gradient_norms=read_only(log10_norms[1:]),
    )
