"""A minibatch forward and back.

It goes through the cells that a single sequence goes through, with an axis for its B examples:
drives (T, B, K·H), states (B, H). Adjoint rows are (R, B, H): row 0 is of the whole loss, and row
1, where an example has several losses, of its last one alone, which tells how far back it
reaches.

    L = Σ of the n losses / n
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.bptt.adjoint import log10_norms
from unrolled.engine.bptt.backward import plain, walk_back
from unrolled.engine.bptt.readout import loss_of
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.bptt.weight_gradients import sum_by_class
from unrolled.engine.cells import Cell
from unrolled.engine.layer import few_as_vectors
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, aligned
from unrolled.engine.tasks import Batch

_PLAIN = 290
"""log10 of a norm up to which it, and its inverse, are far from the ends of float64."""


class Outputs(NamedTuple):
    """The n outputs of a minibatch that have a target, in the order of timesteps."""

    timesteps: Integers
    examples: Integers
    targets: Integers | Floats
    y: Floats
    """(n, outputs)"""
    losses: Floats
    d_y: Floats
    """(n, outputs) ∂L_i/∂y_i of each loss."""
    probabilities: Floats | None
    """(n, outputs); None for numbers."""

    def of(self, chosen: Any) -> "Outputs":
        """Return some of them, chosen as NumPy indexes."""
        fields: Any = (each if each is None else each[chosen] for each in self)
        return Outputs(*fields)


class Room:
    """Buffers for the large arrays of a minibatch, used again by the next of the same shape."""

    def __init__(self) -> None:
        self._tape: Tape | None = None
        self._arrays: dict[str, Floats] = {}

    def tape(self, cell: Cell, T: int, B: int, H: int) -> Tape:
        if self._tape is None or self._tape.moments.h.shape != (T, B, H):
            self._tape = Tape.blank(cell, T, B, H)
        return self._tape

    def array(self, name: str, *shape: int) -> Floats:
        if name not in self._arrays or self._arrays[name].shape != shape:
            self._arrays[name] = aligned(*shape)
        return self._arrays[name]


@dataclass(frozen=True, slots=True)
class Forward:
    """A minibatch after its forward pass."""

    network: Network
    batch: Batch
    x: Integers | Floats
    """(T, B) or (T, B, V): what the batch reads, few classes as vectors."""
    tape: Tape
    """T moments of B examples."""
    outputs: Outputs
    room: Room

    @classmethod
    def of(cls, network: Network, batch: Batch, room: Room | None = None) -> "Forward":
        """h_t for t = 1..T, then the outputs that have a target, all at once."""
        (T, B), room = batch.x.shape[:2], room or Room()
        tape = room.tape(network.cell, T, B, network.hidden_size)
        x = few_as_vectors(batch.x, network.inputs)
        network.drives(x, batch.parts, out=tape.moments.a)
        # Its transpose is what a timestep multiplies by, and is then in the order of its memory.
        weights = [each._replace(W_hh=np.asfortranarray(each.W_hh)) for each in network.weights]
        tape.forward(weights, batch.parts.tolist(), 0, T)
        return cls(network, batch, x, tape, _outputs(network, batch.targets, tape.moments.h), room)


def _outputs(network: Network, targets: Any, h: Floats) -> Outputs:
    numbers = targets.ndim == 3
    t, b = np.nonzero(~np.isnan(targets).any(axis=2) if numbers else targets >= 0)
    y, targets = h[t, b] @ network.W_hy.T + network.b_y, targets[t, b]
    loss = loss_of(y, targets)
    d_y = scaled.plain(loss.d_y, loss.exponents)
    return Outputs(t, b, targets, y, loss.losses, d_y, None if numbers else loss.p)


def backward(forward: Forward, examples: int, cut: Any, gradient: Network) -> Floats:
    """Walk back from the losses of the first ``examples``.

    Writes ∂L/∂θ to the weights of ``gradient``. Returns (T,) log10 ‖∂L_last/∂h‖ by distance from
    each example's last loss, the median over the examples.
    """
    network, cell, B = forward.network, forward.network.cell, examples
    T, H = len(forward.batch.parts), network.hidden_size
    tape, parts = forward.tape.of((slice(None), slice(B))), forward.batch.parts.tolist()
    outputs = forward.outputs.of(forward.outputs.examples < B)
    t, b, n = outputs.timesteps, outputs.examples, len(outputs.timesteps)
    last = np.zeros(B, dtype=np.int64)
    last[b] = t  # the latest of several comes last
    ends = t == last[b]
    d_losses, several = outputs.d_y @ network.W_hy, n > B
    another = np.concatenate([[True], t[1:] > t[:-1]])
    timesteps, entry = t[another], np.cumsum(another) - 1
    enters = np.zeros((len(timesteps), 1 + several, B, H))
    enters[entry, 0, b] = d_losses / n
    if several:
        enters[entry[ends], 1, b[ends]] = d_losses[ends]
    entering = dict(zip(timesteps.tolist(), enters, strict=True))
    d_states = forward.room.array("d_states", T + 1, len(cell.states), 1 + several, B, H)
    d_a = forward.room.array("d_a", T, 1 + several, B, cell.width(H))
    of_parts = network.weights
    weights = [of_parts[part] for part in reversed(parts)]
    steps = zip(weights, tape.partials(T), strict=True)
    walk_back(cell, plain(d_states, d_a, entering, cut.tolist()), steps)
    _collect(forward, tape, d_a[:, 0], gradient)
    np.matmul(outputs.d_y.T / n, forward.tape.moments.h[t, b], out=gradient.W_hy)
    np.divide(outputs.d_y.sum(axis=0), n, out=gradient.b_y)
    reach = d_states[1:, 0, -1]
    if not several:
        reach *= n
    d_last = np.zeros((B, H))
    d_last[b[ends]] = d_losses[ends]
    return _by_distance(forward, reach, d_last, last, cut)


def _collect(forward: Forward, tape: Tape, d_a: Floats, gradient: Network) -> None:
    """Σ over all examples: the gradients of the cells' weights, from ``d_a`` (T, B, width).

    ``tape`` is of those B examples alone.
    """
    network, batch, B = forward.network, forward.batch, d_a.shape[1]
    d_x, d_h = network.cell.d_x(d_a), network.cell.d_h(d_a)
    KH, H, products = d_x.shape[-1], network.hidden_size, tape.recurrent_products
    for layer, now in gradient.spans(batch.parts):
        d = layer.weights
        rows = d_x[now].reshape(-1, KH)
        x: Any = forward.x[now, :B].reshape(-1, *forward.x.shape[2:])
        if x.ndim == 2:
            np.matmul(rows.T, x, out=d.W_xh)
        else:
            d.W_xh[...] = sum_by_class(rows, x, d.W_xh.shape[1])
        every = np.ones(len(rows))
        d.b_hh[...] = np.matmul(every, rows, out=d.b_xh)
        if d_h is not d_x:
            rows = d_h[now].reshape(-1, KH)
            np.matmul(every, rows, out=d.b_hh)
        for block, vectors in products if network.cell.recurrent else ():
            np.matmul(rows[:, block].T, vectors[now].reshape(-1, H), out=d.W_hh[block])


def _by_distance(
    forward: Forward, reach: Floats, d_last: Floats, last: Integers, cut: Any
) -> Floats:
    """Return (T,) median log10 norms of ``reach`` (T, B, H), over the examples of that length.

    -inf where none goes that far: an example begins where it first reads. Where the walk back left
    plain float64, it is walked again in log range.
    """
    T, B, _ = reach.shape
    x = forward.batch.x[:, :B]
    reads = x >= 0 if x.ndim == 2 else x.any(axis=2)
    timesteps = last - np.arange(T)[:, None]
    there = timesteps >= reads.argmax(axis=0)
    at = np.maximum(timesteps, 0), np.arange(B)
    norms = scaled.log10_norms(reach, np.zeros((T, B), dtype=np.int64))[at]
    if (np.abs(norms[there]) > _PLAIN).any():
        mine = forward.tape.of((slice(None), slice(B)))
        weights, plain = forward.network.weights, np.zeros(B, dtype=np.int64)
        norms = log10_norms(mine, weights, forward.batch.parts, d_last, plain, last, cut)[at]
    norms[~there] = np.inf
    norms.sort(axis=1)
    n, each = there.sum(axis=1), np.arange(T)
    medians = (norms[each, (n - 1) // 2] + norms[each, n // 2]) / 2
    return np.where(n > 0, medians, -np.inf)
