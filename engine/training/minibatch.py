"""A minibatch forward and back.

It goes through the cells that a single sequence goes through, with an axis for its B examples:
drives (T, B, K·H), states (B, H). Adjoint rows are (R, B, H): row 0 is of the whole loss, and row
1, where an example owes several outputs, of its last one alone, which tells how far back it
reaches.

    L = Σ of the n losses owed / n
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine import scaled
from engine.arrays import Floats, Integers
from engine.network import Network
from engine.readout import cross_entropy, squared_error
from engine.steps import Steps, at
from engine.tasks import Batch
from engine.weight_gradients import sum_by_class

_PLAIN = 290
"""log10 of a norm up to which it, and its inverse, are far from the ends of float64."""


class Owed(NamedTuple):
    """The n outputs that a minibatch owes, in the order of timesteps."""

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

    def of(self, chosen: Any) -> "Owed":
        """Some of them, chosen as NumPy indexes."""
        fields: Any = (each if each is None else each[chosen] for each in self)
        return Owed(*fields)


@dataclass(frozen=True, slots=True)
class Forward:
    """A minibatch, read."""

    network: Network
    batch: Batch
    moments: list[Any]
    """(T) moments of B examples."""
    h: Floats
    """(T, B, H)"""
    owed: Owed

    @classmethod
    def of(cls, network: Network, batch: Batch) -> "Forward":
        """h_t for t = 1..T, then the outputs that are owed, all at once."""
        zero = np.zeros((batch.x.shape[1], network.hidden_size))
        state, moments = tuple(zero for _ in network.cell.states), []
        for part, drive in zip(batch.parts, network.drives(batch.x, batch.parts), strict=True):
            moment = network.cell.step(network.weights[part], drive, state)
            moments.append(moment)
            state = moment.state
        h = np.array([moment.h for moment in moments])
        return cls(network, batch, moments, h, _owed(network, batch.targets, h))


def _owed(network: Network, targets: Any, h: Floats) -> Owed:
    numbers = targets.ndim == 3
    t, b = np.nonzero(~np.isnan(targets).any(axis=2) if numbers else targets >= 0)
    y, targets = h[t, b] @ network.W_hy.T + network.b_y, targets[t, b]
    if numbers:
        losses, d_y = squared_error(y, targets)
        return Owed(t, b, targets, y, losses, d_y, None)
    said = cross_entropy(y, targets)
    d_y = scaled.plain(said.d_y, said.exponents)
    return Owed(t, b, targets, y, said.losses, d_y, said.p)


def backward(forward: Forward, examples: int, cut: Any, gradient: Network) -> Floats:
    """Walk back from the losses of the first ``examples``.

    Leaves ∂L/∂θ in the weights of ``gradient``. Returns (T,) log10 ‖∂L_last/∂h‖ by distance from
    each example's last loss, the median over the examples.
    """
    network, cell, B = forward.network, forward.network.cell, examples
    (T, _, H), parts = forward.h.shape, forward.batch.parts
    owed = forward.owed.of(forward.owed.examples < B)
    t, b, n = owed.timesteps, owed.examples, len(owed.timesteps)
    last = np.zeros(B, dtype=np.int64)
    last[b] = t  # the latest of several comes last
    ends = t == last[b]
    d_losses, several = owed.d_y @ network.W_hy, n > B
    enters = np.zeros((T, 1 + several, B, H))
    enters[t, 0, b] = d_losses / n
    if several:
        enters[t[ends], 1, b[ends]] = d_losses[ends]
    entering = np.isin(np.arange(T), t).tolist()
    d_state = tuple(np.zeros((1 + several, B, H)) for _ in cell.states)
    zero = tuple(np.zeros((B, H)) for _ in cell.states)
    d_x, d_h = np.empty((2, T, B, cell.blocks * H))
    reach = np.empty((T, B, H))
    for step in range(T - 1, -1, -1):
        moment = at(forward.moments[step], slice(B))
        state_prev = _first(forward.moments[step - 1].state, B) if step else zero
        if entering[step]:
            d_state = (d_state[0] + enters[step], *d_state[1:])
        reach[step] = d_state[0][-1]
        weights, slopes = network.weights[parts[step]], cell.slopes(moment)
        back = cell.step_back(weights, moment, slopes, state_prev, d_state)
        d_x[step], d_h[step] = back.d_x[0], back.d_h[0]
        d_state = _zero_like(back.d_state_prev) if cut[step] else back.d_state_prev
    _collect(forward, d_x, d_h, gradient)
    np.matmul(owed.d_y.T / n, forward.h[t, b], out=gradient.W_hy)
    np.divide(owed.d_y.sum(axis=0), n, out=gradient.b_y)
    if not several:
        reach *= n
    d_last = np.zeros((B, H))
    d_last[b[ends]] = d_losses[ends]
    return _by_distance(forward, reach, d_last, last, cut)


def _first(states: tuple[Floats, ...], B: int) -> tuple[Floats, ...]:
    return tuple(each[:B] for each in states)


def _zero_like(states: tuple[Floats, ...]) -> tuple[Floats, ...]:
    return tuple(np.zeros_like(each) for each in states)


def _collect(forward: Forward, d_x: Floats, d_h: Floats, gradient: Network) -> None:
    """Σ over timesteps and examples: the gradients of the cells' weights."""
    network, batch = forward.network, forward.batch
    (T, B, KH), H = d_x.shape, network.hidden_size
    for part, d in enumerate(gradient.weights):
        if len(network.weights) > 1:
            first, stop = np.flatnonzero(batch.parts == part)[[0, -1]] + (0, 1)
        else:
            first, stop = 0, T
        now = slice(first, stop)
        rows = d_x[now].reshape(-1, KH)
        x: Any = batch.x[now, :B].reshape(-1, *batch.x.shape[2:])
        if x.ndim == 2:
            np.matmul(rows.T, x, out=d.W_xh)
        else:
            d.W_xh[...] = sum_by_class(rows, x, d.W_xh.shape[1])
        np.sum(rows, axis=0, out=d.b_xh)
        np.sum(d_h[now], axis=(0, 1), out=d.b_hh)
        if network.cell.recurrent:
            after = slice(max(first, 1), stop)
            h_prev = forward.h[max(first, 1) - 1 : stop - 1, :B]
            np.matmul(d_h[after].reshape(-1, KH).T, h_prev.reshape(-1, H), out=d.W_hh)


def _by_distance(
    forward: Forward, reach: Floats, d_last: Floats, last: Integers, cut: Any
) -> Floats:
    """(T,) the median over examples of log10 of the norms of ``reach`` (T, B, H).

    Where the walk back left plain float64, it is walked again in log range.
    """
    T, B, _ = reach.shape
    norms = scaled.log10_norms(reach, np.zeros((T, B), dtype=np.int64))
    if (np.abs(norms) > _PLAIN).any():
        mine = [at(moment, slice(B)) for moment in forward.moments]
        stack = type(mine[0])(*map(np.array, zip(*mine, strict=True)))
        steps = Steps(forward.network.cell, forward.network.weights, forward.batch.parts, stack)
        norms = steps.log10_norms(d_last, np.zeros(B, dtype=np.int64), last, cut)
    if (last == T - 1).all():
        return np.median(norms[::-1], axis=1)
    distance = np.full((T, B), -np.inf)
    for b, end in enumerate(last):
        distance[: end + 1, b] = norms[end::-1, b]
    return np.median(distance, axis=1)
