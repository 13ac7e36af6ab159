"""The losses' way back through a batch, in plain float64: B examples at once, as training has it.

Adjoint rows are (R, B, H): row 0 is of all losses, and row 1, where an example has several, of its
last one alone, which tells how far back it reaches.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from unrolled.engine.attention.batch import BatchGradient
from unrolled.engine.attention.gradient import ScaledProduct
from unrolled.engine.bptt.backward import plain, walk_back
from unrolled.engine.bptt.backward_pass import BackwardPass
from unrolled.engine.bptt.cell_pass import cuts
from unrolled.engine.bptt.forward import ForwardPass
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.bptt.shares import log10_shares
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.cells import Weights
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, side_by_side
from unrolled.engine.numerics.scaled import Scaled


def walk_batch(
    tape: Tape,
    weights: Sequence[Weights],
    where: tuple[Integers, ...],
    last: Integers,
    d_h: Floats,
    cut: Sequence[bool],
    length: int = 0,
    room: Callable[..., Floats] = lambda name, *shape: side_by_side(*shape),
    seen: Sequence[Floats] = (),
) -> Iterator[tuple[slice, Floats, Floats]]:
    """Walk the losses of a batch back, from their ``d_h`` (n, H), all exponents 0.

    ``weights`` (T) are those of each timestep, ``where`` the losses' timesteps and examples, and
    ``last`` (B,) the timestep of each example's last. ``room`` gives arrays by name and shape.
    ``seen`` are what attention sends: see ``BatchGradient``.
    Yields block after block, the latest first, of ``length`` timesteps or of all: which they are,
    (n + 1, states, R, B, H) ∂L/∂ of each state, that before the block first, and (n, R, B, width)
    ``d_a``. The next block is written over it.
    """
    (T, B, H), cell = tape.moments.h.shape, tape.cell
    length, R = min(length or T, T), 2 if (where[0] < last[where[1]]).any() else 1
    entering = _entering(T, R, where, last, d_h, room)
    for t, sent in enumerate(_sent(seen[:R], room)):
        own = entering[t]
        entering[t] = sent if own is None else own + sent
    d_states = room("d_states", length + 1, len(cell.states), R, B, H)
    d_a = room("d_a", length, R, B, cell.width(H))
    d_states[0] = 0
    for stop in range(T, 0, -length):
        block = slice(max(stop - length, 0), stop)
        n = stop - block.start
        d_states[n] = d_states[0]
        steps = zip(reversed(weights[block]), tape.partials(stop, block.start), strict=True)
        kept = d_states[: n + 1], d_a[:n]
        walk_back(cell, plain(*kept, entering[block], cut[block]), steps)
        yield block, *kept


def _entering(
    T: int,
    R: int,
    where: tuple[Integers, ...],
    last: Integers,
    d_h: Floats,
    room: Callable[..., Floats],
) -> list[Floats | None]:
    """Return (T) the adjoints (R, B, H) that enter at each timestep, None where none does."""
    (t, b), B = where, len(last)
    another = np.ones(len(t), dtype=bool)
    np.greater(t[1:], t[:-1], out=another[1:])
    timesteps, entry = t[another], another.cumsum() - 1
    enters = room("enters", len(timesteps), R, B, d_h.shape[1])
    enters[...] = 0
    enters[entry, 0, b] = d_h
    if R > 1:
        ends = t == last[b]
        enters[entry[ends], 1, b[ends]] = d_h[ends]
    of_timestep = dict(zip(timesteps.tolist(), enters, strict=True))
    return [of_timestep.get(t) for t in range(T)]


def _sent(seen: Sequence[Floats], room: Callable[..., Floats]) -> Iterable[Floats]:
    """Return (m) the adjoints (R, B, H) that attention sends to each timestep of an encoder."""
    if not seen:
        return ()
    B, m, H = seen[0].shape
    sent = room("seen", m, len(seen), B, H)
    for r, each in enumerate(seen):
        sent[:, r] = each.swapaxes(0, 1)
    return sent


def last_losses(where: tuple[Integers, ...], B: int) -> Integers:
    """Return (B,) the timestep of each example's last loss, 0 of one that has none."""
    (t, b), last = where, np.zeros(B, dtype=np.int64)
    last[b] = t  # the latest of several comes last
    return last


class BatchPass(BackwardPass):
    """The gradient at every timestep of every example, all of them walked in one block.

    The chosen loss is each example's last, or the sum of all of its losses.
    """

    def __init__(self, forward: ForwardPass, asked_loss: int | str, truncate: int) -> None:
        if asked_loss not in ("last", "all"):
            raise ValueError(f"loss of a batch must be last or all, got {asked_loss!r}")
        super().__init__(forward, asked_loss, truncate)

    def blocks(self) -> Iterator[tuple[int, list[int]]]:
        forward, where = self._forward, self._forward.losses_at()
        weights = [forward.weights[part] for part in forward.parts]
        T, (B,) = len(weights), forward.problem.batch
        last = last_losses(where, B)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            d_h, attention = self._entering(0, forward.readouts())
            seen, cut = attention.seen if attention else (), cuts(self._truncate, T).tolist()
            walk = walk_batch(forward.room, weights, where, last, d_h, cut, seen=seen)
            ((_, found, d_a),) = walk
        self.d_initial, d_states = Scaled(found[0, :, 0], 0), found[1:]
        self.d_state, self._d_a = d_states[:, :, 0], d_a[:, 0]
        self.log10_norms = scaled.log10_norms(self.d_state, 0)
        self.log10_chosen = self.log10_norms
        if self._asked_loss == "last":
            self.log10_chosen = scaled.log10_norms(d_states[:, :, -1], 0)
        own = self.log10_chosen[last, :, np.arange(B)].T
        self.log10_shares = log10_shares(self.log10_chosen, own)
        yield T, [1] * T

    def _entering(self, first: int, readouts: Readouts) -> tuple[Floats, BatchGradient | None]:
        """Return ∂L/∂h (n, H) of the losses from a timestep on, and their attention."""
        forward, where = self._forward, self._forward.losses_at(first)
        d_h, h = scaled.plain(readouts.d_h, readouts.exponents), forward.room.moments.h
        last = last_losses(where, h.shape[1])
        of = forward.network.attention
        attention = BatchGradient.of(of, forward.problem, h, where, last, d_h)
        return attention.d_h if attention else d_h, attention

    def _read(self, first: int, readouts: Readouts) -> tuple[Floats, dict[str, ScaledProduct]]:
        _, attention = self._entering(first, readouts)
        return (attention.q, attention.products) if attention else super()._read(first, readouts)
