"""One weight: its gradient, split by the timesteps that share it, beside a central difference.

    ∂L/∂w = Σ_t (∂L/∂w at t)        ∂L/∂w ≈ (L(w + ε) - L(w - ε)) / 2ε

L is the sum of all losses, and nothing is clipped. Truncated BPTT leaves parts of the sum out; the
central difference has them all.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.engine.analysis.many import losses_of
from unrolled.engine.attention.gradient import AttentionGradient
from unrolled.engine.bptt.readout import Readouts
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
    either = [_changed(trace, array, index, change) for change in (STEP, -STEP)]
    up, down = losses_of(either, trace.problem).tolist()
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return OneWeight(
            value=float(trace.network.state_dict()[array][index]),
            timesteps=read_only(_by_timestep(trace, array, index)),
            difference=(up - down) / (2 * STEP),
        )


def _changed(trace: Trace, array: str, index: tuple[int, ...], change: float) -> Network:
    """Return the network of a run with one weight changed."""
    own: Any = trace.described
    state = {name: np.array(each) for name, each in trace.network.state_dict().items()}
    state[array][index] += change
    activation: Any = getattr(own, "activation", "tanh")
    return Network.from_state_dict(state, cell=own.cell, activation=activation)


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
    reached, cell, own = len(trace.tape.moments.h), trace.network.cell, trace.deltas
    recurrent, d_a = "_hh" in array, own.d_a[:reached]
    of_product = (cell.d_x(d_a), cell.d_h(d_a)) if column else cell.d_biases(d_a)
    times: Any = 1
    if column and recurrent:
        times = next(
            vectors[:reached, column[0]]
            for rows, vectors in own.products
            if row in range(*rows.indices(len(trace.network.weights[0].W_hh)))
        )
    elif column:
        times = trace.inputs[:reached, column[0]]
    exponents = np.broadcast_to(own.exponents, len(trace.tokens))[:reached]
    parts = np.ldexp(of_product[recurrent][:, row], exponents) * times
    own_part = trace.parts[:reached] == array.startswith("decoder.")
    found[:reached] = np.where(own_part, parts, 0)
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
