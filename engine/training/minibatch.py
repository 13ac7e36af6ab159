"""The gradient of a minibatch, the mean of the n losses, and how far back the last ones reach."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from unrolled.engine.attention.batch import BatchGradient
from unrolled.engine.bptt.adjoint import entering_at, log10_norms
from unrolled.engine.bptt.backward import Entering
from unrolled.engine.bptt.batch_pass import last_losses, walk_batch
from unrolled.engine.bptt.forward import ForwardPass
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.bptt.weight_gradients import Deltas, Gradient, sums_of_parts
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import MANY, Floats, Integers, side_by_side
from unrolled.engine.problem import Problem
from unrolled.engine.tasks import Batch
from unrolled.engine.training.parameters import Parameters

_PLAIN = 290
"""log10 of a norm up to which it, and its inverse, are far from the ends of float64."""

_AT_ONCE = 2**18
"""Numbers of ``d_a`` that are kept, about: ∂L/∂W grows by that many timesteps at a time."""


class Room:
    """Buffers for the large arrays of a minibatch, used again by the next of the same shape."""

    def __init__(self) -> None:
        self.tape: Tape | None = None
        self._arrays: dict[str, Floats] = {}

    def array(self, name: str, *shape: int) -> Floats:
        if name not in self._arrays or self._arrays[name].shape != shape:
            self._arrays[name] = side_by_side(*shape)
        return self._arrays[name]


def forward(network: Network, batch: Batch, room: Room) -> ForwardPass:
    """Return a minibatch after its pass forward."""
    made = ForwardPass(network, Problem.of_arrays(*batch), room.tape)
    room.tape = made.room
    for _, stop, _ in made.blocks(len(batch.x)):
        made.reached = stop
    return made


def backward(made: ForwardPass, B: int, cut: Any, gradient: Parameters, room: Room) -> Floats:
    """Walk back from the losses of the first ``B`` examples.

    Writes ∂L/∂θ to ``gradient``. Returns (T,) log10 ‖∂L_last/∂h‖ by distance from each example's
    last loss, the median over the examples.
    """
    mine = made.problem.losses_at[1] < B
    t, b = where = tuple(each[mine] for each in made.problem.losses_at)
    n, readouts, walked = len(t), made.readouts(), _walked(made, B)
    tape = made.room.of((slice(None), slice(walked)))
    exponents = readouts.exponents[mine]
    d_y, d_h = (scaled.plain(each[mine], exponents) for each in (readouts.d_y, readouts.d_h))
    d_h /= n
    last, weights = last_losses(where, walked), [made.weights[part] for part in made.parts]
    looks = BatchGradient.of(made.network.attention, made.problem, tape.moments.h, where, last, d_h)
    read, d_h, seen = (looks.q, looks.d_h, looks.seen) if looks else (tape.moments.h[t, b], d_h, ())
    length = max(1, _AT_ONCE // (walked * tape.cell.width(d_h.shape[1])))
    length = length if walked >= MANY else 0  # few in one block: their sums are one product
    walk = walk_batch(tape, weights, where, last, d_h, cut.tolist(), length, room.array, seen)
    gradient.theta[:], norms = 0, np.empty((len(weights), B))
    for block, d_states, d_a in walk:
        products = tape.of(block).recurrent_products
        deltas = Deltas(made.problem.parts[block], made.x[block, :walked], d_a[:, 0], products, 0)
        _add(gradient, sums_of_parts(made.network, deltas))
        norms[block] = scaled.log10_norms(d_states[1:, 0, -1, :B], 0)
    found = gradient.network
    found.W_hy[...] = scaled.sum_of_outer_products(d_y / n, 0, read).plain()
    for name, each in (looks.products if looks else {}).items():
        product = scaled.sum_of_outer_products(each.rows, each.exponents, each.others)
        gradient.named[name][...] = product.plain()
    # Summed, then divided, as in the trainings that lessons describe: a last digit grows.
    found.b_y[...] = d_y.sum(axis=0) / n
    d_last = np.zeros((B, d_h.shape[1]))
    d_last[b] = d_h  # the latest of several comes last
    entering = partial(_entering, last[:B], d_last, seen)
    tape = made.room.of((slice(None), slice(B)))
    return math.log10(n) + _by_distance(made, tape, norms, entering, last[:B], cut)


def _add(gradient: Parameters, sums: Iterable[Iterable[Gradient]]) -> None:
    """Add ∂L/∂W_xh, W_hh, b_xh and b_hh of each part, of some timesteps."""
    for arrays, of_part in zip(gradient.network.weights, sums, strict=True):
        for array, each in zip(arrays, of_part, strict=True):
            array += each.plain()


def _walked(made: ForwardPass, B: int) -> int:
    """Return how many examples to walk back: those beside the first ``B`` as well, at no loss.

    Many lie side by side in one run of memory, of which a part is no sooner walked. The adjoints of
    those beside are zero, and stay so, unless a state of theirs is not finite.
    """
    every, beside = made.x.shape[1], (each[:, B:] for each in made.room.states_prev)
    return every if every >= MANY and all(np.isfinite(each).all() for each in beside) else B


def _entering(last: Integers, d_h: Floats, seen: Sequence[Floats]) -> dict[int, Entering]:
    """Return where the last losses enter, d_h (B, H), and what attention sends of them."""
    plain = np.zeros(len(last), dtype=np.int64)
    entering = entering_at(last, d_h, plain)
    for j, sent in enumerate(seen[-1][: len(last)].swapaxes(0, 1) if seen else ()):
        entering[j] = Entering(slice(None), sent, plain)
    return entering


def _by_distance(
    made: ForwardPass,
    tape: Tape,
    norms: Floats,
    entering: Callable[[], Mapping[int, Entering]],
    last: Integers,
    cut: Any,
) -> Floats:
    """Return (T,) medians of log10 ``norms`` (T, B), over the examples of that length.

    -inf where none goes that far: an example begins where it first reads. Where the walk back left
    plain float64, it is walked again in log range, from what the last losses send.
    """
    T, B = norms.shape
    reads, each = made.problem.reads[:, :B], np.arange(T)
    timesteps = last - each[:, None]
    there = timesteps >= reads.argmax(axis=0)
    at = np.maximum(timesteps, 0), np.arange(B)
    norms = norms[at]
    if (np.abs(norms[there]) > _PLAIN).any():
        norms = log10_norms(tape, made.weights, made.problem.parts, entering(), cut)[at]
    norms[~there] = np.inf
    norms.sort(axis=1)
    n = there.sum(axis=1)
    medians = (norms[each, (n - 1) // 2] + norms[each, n // 2]) / 2
    return np.where(n > 0, medians, -np.inf)
