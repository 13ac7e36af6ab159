"""One weight: its gradient, split by the timesteps that share it, beside a central difference.

    ∂L/∂w = Σ_t (∂L/∂w at t)        ∂L/∂w ≈ (L(w + ε) - L(w - ε)) / 2ε

L is the sum of all losses, and nothing is clipped. Truncated BPTT leaves parts of the sum out; the
central difference has them all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.engine.attention.gradient import AttentionGradient
from unrolled.engine.bptt.adjoint import adjoint_of
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.run import Run
from unrolled.engine.bptt.trace import Trace
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, Integers, read_only

STEP = 1e-5
"""ε: at larger ones the difference bends with the loss, at smaller ones its digits cancel."""


@dataclass(frozen=True, eq=False)
class OneWeight:
    """A weight of a run, and what the losses say of it."""

    value: float
    timesteps: Floats
    """(T,) what each timestep adds to its gradient; zero where it is not used."""
    difference: float
    """The central difference of the sum of all losses; NaN where a state overflows."""

    @property
    def gradient(self) -> float:
        """The sum over the timesteps, as backpropagation has it."""
        return float(self.timesteps.sum())


def one_weight(trace: Trace, array: str, index: tuple[int, ...]) -> OneWeight:
    """Return what the losses of a run say of the weight at ``index`` of ``array``.

    ``array`` is a name of ``Network.state_dict``.
    """
    state = trace.network.state_dict()
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        up, down = (_loss_with(trace, array, index, sign * STEP) for sign in (1, -1))
        return OneWeight(
            value=float(state[array][index]),
            timesteps=read_only(_by_timestep(trace, array, index)),
            difference=(up - down) / (2 * STEP),
        )


def _loss_with(trace: Trace, array: str, index: tuple[int, ...], change: float) -> float:
    """Return the sum of the losses with one weight changed; NaN where one is not reached."""
    own: Any = trace.described
    state = {name: np.array(each) for name, each in trace.network.state_dict().items()}
    state[array][index] += change
    activation: Any = getattr(own, "activation", "tanh")
    network = Network.from_state_dict(state, cell=own.cell, activation=activation)
    run = Run(network, trace.problem)
    run.finish(False, lambda: None)
    losses = run.readouts()[1].losses
    return float(losses.sum()) if len(losses) == len(trace.problem.loss_timesteps) else np.nan


def _by_timestep(trace: Trace, array: str, index: tuple[int, ...]) -> Floats:
    """Return (T,) the part of each timestep in the gradient of a weight."""
    found, losses = np.zeros(len(trace.tokens)), trace.reached_losses
    if not len(losses):
        return found
    row, *column = index
    if array.startswith(("head.", "attention.")):
        t, parts = _of_outputs(trace, array, row, *column)
        found[t] = parts
        return found
    adjoint = adjoint_of(trace, losses)
    t = np.arange(len(adjoint.d_h))
    recurrent = "_hh" in array
    of_weights, of_biases = (adjoint.d_x, adjoint.d_h), (adjoint.d_b_xh, adjoint.d_b_hh)
    d_a = (of_weights if column else of_biases)[recurrent][:, row].plain()
    times = np.ones(len(t))
    if column and recurrent:
        times = next(
            vectors[:, column[0]]
            for rows, vectors in trace.tape.recurrent_products
            if row in range(*rows.indices(len(trace.network.weights[0].W_hh)))
        )
    elif column:
        times = trace.inputs[t, column[0]]
    part = int(array.startswith("decoder."))
    found[t] = np.where(trace.parts[t] == part, d_a * times, 0)
    return found


def _of_outputs(
    trace: Trace, array: str, row: int, column: int | None = None
) -> tuple[Integers, Floats]:
    """Return the timesteps that use a weight of the readout, or of attention, and their parts.

    That of U_a, which multiplies the encoder's states, is used where they are.
    """
    network, problem, losses = trace.network, trace.problem, trace.reached_losses
    h, encoder = trace.hidden[losses], trace.hidden[: problem.encoded]
    looking = network.attention.of(h, encoder) if network.attention else None
    read = looking.q if looking else h
    readouts = Readouts.of(network, read, problem.targets_at(losses))
    if array.startswith("head."):
        d_y = np.ldexp(readouts.d_y[:, row], readouts.exponents)
        return losses, d_y * (1 if column is None else read[:, column])
    assert network.attention and looking and column is not None
    way = AttentionGradient(network.attention, looking, encoder, readouts.d_h, readouts.exponents)
    rows, exponents, others, of_encoder = way.products()[array]
    parts = np.ldexp(rows[:, row], exponents) * others[:, column]
    return np.arange(len(encoder)) if of_encoder else losses, parts
