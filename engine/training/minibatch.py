"""The gradient of a minibatch, the mean of the n losses, and how far back the last ones reach."""

from typing import Any

import numpy as np

from unrolled.engine.bptt.adjoint import log10_norms
from unrolled.engine.bptt.batch_pass import last_losses, walk_batch
from unrolled.engine.bptt.forward import ForwardPass
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.bptt.weight_gradients import Deltas, sums
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, aligned
from unrolled.engine.problem import Problem
from unrolled.engine.tasks import Batch
from unrolled.engine.training.parameters import Parameters

_PLAIN = 290
"""log10 of a norm up to which it, and its inverse, are far from the ends of float64."""


class Room:
    """Buffers for the large arrays of a minibatch, used again by the next of the same shape."""

    def __init__(self) -> None:
        self.tape: Tape | None = None
        self._arrays: dict[str, Floats] = {}

    def array(self, name: str, *shape: int) -> Floats:
        if name not in self._arrays or self._arrays[name].shape != shape:
            self._arrays[name] = aligned(*shape)
        return self._arrays[name]


def forward(network: Network, batch: Batch, room: Room) -> ForwardPass:
    """Return a minibatch after its pass forward."""
    made = ForwardPass(network, Problem.of_arrays(*batch), room.tape)
    room.tape = made.room
    for _, stop, _ in made.blocks():
        made.reached = stop
    return made


def backward(made: ForwardPass, B: int, cut: Any, gradient: Parameters, room: Room) -> Floats:
    """Walk back from the losses of the first ``B`` examples.

    Writes ∂L/∂θ to ``gradient``. Returns (T,) log10 ‖∂L_last/∂h‖ by distance from each example's
    last loss, the median over the examples.
    """
    network, where = made.network, made.problem.losses_at
    mine = where[1] < B
    t, b = where = tuple(each[mine] for each in where)
    readouts, tape = made.readouts().where(mine), made.room.of((slice(None), slice(B)))
    n = len(t)
    d_b_y = scaled.plain(readouts.d_y, readouts.exponents).sum(axis=0) / n
    readouts = readouts._replace(d_y=readouts.d_y / n, d_h=readouts.d_h / n)
    d_h = scaled.plain(readouts.d_h, readouts.exponents)
    weights = [made.weights[part] for part in made.parts]
    last = last_losses(where, B)
    d_states, d_a = walk_batch(tape, weights, where, last, d_h, cut.tolist(), room.array)
    d_a = d_a[:, 0]
    x, exponents = made.x[:, :B], np.zeros(d_a.shape[:2], dtype=np.int64)
    deltas = Deltas(made.problem.parts, x, d_a, tape.recurrent_products, exponents)
    found, named = sums(network, deltas, tape.moments.h[t, b], readouts), gradient.network
    for name, room_of in named.state_dict().items():
        room_of[...] = found[name].plain()
    # In the order that the trainings which lessons describe were summed: a last digit grows.
    named.b_y[...] = d_b_y
    d_last = np.zeros(d_states.shape[-2:])
    d_last[b] = n * d_h  # the latest of several comes last
    return _by_distance(made, tape, n * d_states[:, 0, -1], d_last, last, cut)


def _by_distance(
    made: ForwardPass, tape: Tape, reach: Floats, d_last: Floats, last: Integers, cut: Any
) -> Floats:
    """Return (T,) median log10 norms of ``reach`` (T, B, H), over the examples of that length.

    -inf where none goes that far: an example begins where it first reads. Where the walk back left
    plain float64, it is walked again in log range.
    """
    T, B, _ = reach.shape
    x = made.problem.x[:, :B]
    reads = x >= 0 if x.ndim == 2 else x.any(axis=2)
    timesteps = last - np.arange(T)[:, None]
    there = timesteps >= reads.argmax(axis=0)
    at = np.maximum(timesteps, 0), np.arange(B)
    norms = scaled.log10_norms(reach, 0)[at]
    if (np.abs(norms[there]) > _PLAIN).any():
        plain = np.zeros(B, dtype=np.int64)
        norms = log10_norms(tape, made.weights, made.problem.parts, d_last, plain, last, cut)[at]
    norms[~there] = np.inf
    norms.sort(axis=1)
    n, each = there.sum(axis=1), np.arange(T)
    medians = (norms[each, (n - 1) // 2] + norms[each, n // 2]) / 2
    return np.where(n > 0, medians, -np.inf)
