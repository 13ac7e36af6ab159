"""The losses' way back through all levels, a row for each loss, in log range.

The losses enter the highest layer. What a level asks of the vectors that it reads enters the one
below, at every timestep:

    ∂L/∂x_t^(k) = W_xhᵀ δ_t^(k)        ∂L/∂h_t^(k) = W_hhᵀ δ_{t+1}^(k) + ∂L/∂x_t^(k+1)

Losses are independent, so some rows at a time walk back through all levels, and memory does not
grow with their number.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.bptt.adjoint import Steps, exactly
from unrolled.engine.bptt.backward import (
    NUMBERS,
    ROWS,
    Entering,
    Kind,
    Rooms,
    in_log_range,
    walk_back,
)
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.deep.forward import Pass, beside
from unrolled.engine.layer import Layer
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers

MOST_NUMBERS = 2**19
"""Numbers of the adjoints that enter one level at once, about."""


class Adjoints(NamedTuple):
    """Rows of adjoints over time: rows · 2^exponents."""

    rows: Floats
    """(T, R, ..., n)"""
    exponents: Integers
    """(T, R, ...)"""

    def turned(self, reverse: bool) -> "Adjoints":
        """Return them in the other order of time, if ``reverse``."""
        return Adjoints(self.rows[::-1], self.exponents[::-1]) if reverse else self

    def of_direction(self, reverse: bool, H: int) -> "Adjoints":
        """Return the part of a layer's states that is of one direction's, in its order of time."""
        rows = self.rows[..., H:] if reverse else self.rows[..., :H]
        return Adjoints(rows, self.exponents).turned(reverse)

    def by_timestep(self) -> dict[int, Entering]:
        """Return what of them enters at each timestep at which any does."""
        (entered,) = np.nonzero(self.rows.any(axis=tuple(range(1, self.rows.ndim))))
        return {t: Entering(slice(None), self.rows[t], self.exponents[t]) for t in entered.tolist()}

    def plus(self, other: "Adjoints") -> "Adjoints":
        """Return the sums of rows."""
        states = self.rows[None].copy()
        exponents = scaled.add(states, self.exponents, other.rows, other.exponents)
        return Adjoints(states[0], exponents)

    def copy(self) -> "Adjoints":
        """Return them in memory of their own, so that what they were a part of can be freed."""
        return Adjoints(self.rows.copy(), self.exponents.copy())

    def plain(self) -> Floats:
        """Return them in float64, which overflow to inf and underflow to 0."""
        return scaled.plain(self.rows, self.exponents)


class Walked(NamedTuple):
    """The adjoints of some rows at one level, in the order in which it read."""

    log10_norms: Floats
    """(T, states, R, ...)"""
    first: Adjoints
    """(T, states, ..., H) row 0 of each state."""
    d_a: Adjoints
    """(T, ..., width) row 0's, from which ``Cell.d_x`` and ``Cell.d_h`` are taken."""
    asked: Adjoints
    """(T, R, ..., D) ∂L/∂ of the vectors that it read."""


class WalkedLevel(NamedTuple):
    """A level's adjoints, and what enters it from above: from what reads it."""

    walked: Walked
    log10_entering: Floats
    """(T, R) log10 of the norm of what enters the hidden states."""

    def kept(self) -> "WalkedLevel":
        """Return what is kept of a level once the one below is asked: of rows the first alone."""
        walked = self.walked
        none = Adjoints(walked.asked.rows[:0], walked.asked.exponents[:0]).copy()
        own = Walked(walked.log10_norms, walked.first.copy(), walked.d_a.copy(), none)
        return WalkedLevel(own, self.log10_entering)


class Losses(NamedTuple):
    """The gradients of n losses at the states of the highest layer: d_h · 2^exponents."""

    read_at: Integers
    """(directions, n) the timestep, from 0, whose state of a direction each loss reads."""
    d_h: Floats
    """(n, H or 2H)"""
    exponents: Integers
    """(n,)"""

    def of(self, chosen: Any) -> "Losses":
        """Return some of them, chosen as NumPy indexes."""
        return Losses(self.read_at[:, chosen], self.d_h[chosen], self.exponents[chosen])

    def rows(self, T: int, start: int, stop: int) -> Adjoints:
        """Return some rows over T timesteps: row 0 is of all losses, and n + 1 of loss n."""
        rows = np.zeros((T, stop - start, self.d_h.shape[1]))
        exponents = np.zeros((T, stop - start), dtype=np.int64)
        some = slice(max(start, 1) - 1, stop - 1)
        entries = [(np.arange(max(start, 1), stop) - start, some)]
        if start == 0:
            entries.append((np.zeros(len(self.exponents), dtype=np.int64), slice(None)))
        H = self.d_h.shape[1] // len(self.read_at)
        for way, timesteps in enumerate(self.read_at):
            own = slice(way * H, (way + 1) * H)
            for row, losses in entries:
                rows[timesteps[losses], row, own] = self.d_h[losses, own]
                exponents[timesteps[losses], row] = self.exponents[losses]
        return Adjoints(rows, exponents)


def walk_all(
    passes: list[Pass],
    directions: int,
    losses: Losses,
    cut: Any,
    between: Callable[[], None] = lambda: None,
) -> Iterator[tuple[list[WalkedLevel], Adjoints]]:
    """Walk a row of all losses, and one of each, back through all levels, some rows at a time.

    Yields what each level has, from the inputs up, and of the first of these rows ∂L/∂x (T, D).
    ``between`` is called after every layer.
    """
    T, R = len(passes[0].x), 1 + len(losses.exponents)
    some = max(1, MOST_NUMBERS // max(1, T * losses.d_h.shape[1]))
    for start in range(0, R, some):
        asks = losses.rows(T, start, min(start + some, R))
        found: list[WalkedLevel] = []
        for k in range(len(passes) - directions, -1, -directions):
            walked, asks = walk_down(passes[k : k + directions], asks, cut)
            found[:0] = [each.kept() for each in walked]
            del walked
            between()
        yield found, Adjoints(asks.rows[:, 0], asks.exponents[:, 0]).copy()


def asks_of(
    passes: Sequence[Pass], directions: int, losses: Losses, cut: Any, above: int
) -> Adjoints:
    """Return the row of all ``losses`` (T, 1, H or 2H) at the states that level ``above`` reads.

    ``above`` is the place of the next layer's first level in ``passes``; of the highest layer it is
    their number.
    """
    asks = losses.rows(len(passes[0].x), 0, 1)
    for k in range(len(passes) - directions, above - 1, -directions):
        _, asks = walk_down(passes[k : k + directions], asks, cut)
    return asks


def walk_down(
    of_layer: Sequence[Pass], asks: Adjoints, cut: Any
) -> tuple[list[WalkedLevel], Adjoints]:
    """Walk rows back through one layer; return also what it asks of the vectors that it read.

    Both directions are walked side by side, as they were computed.
    """
    H = of_layer[0].tape.moments.h.shape[-1]
    entering = [asks.of_direction(one.level.reverse, H) for one in of_layer]
    layers, tapes = [one.level.layer for one in of_layer], [one.tape for one in of_layer]
    if len(of_layer) == 1:
        enters, rows = entering[0].by_timestep(), entering[0].exponents.shape[1:]
        walked = [walk_level(layers[0], tapes[0], enters, rows, cut)]
    else:
        both = Adjoints(*(np.stack(each, axis=1) for each in zip(*entering, strict=True)))
        layer = Layer(layers[0].cell, beside([each.weights for each in layers]))
        enters, rows = both.by_timestep(), both.exponents.shape[1:]
        walked = _walk(layer, Tape.beside(tapes), enters, rows, cut, range(len(layers)))
    first, *others = (
        each.asked.turned(one.level.reverse) for one, each in zip(of_layer, walked, strict=True)
    )
    for other in others:
        first = first.plus(other)
    norms = [scaled.log10_norms(*each) for each in entering]
    return [WalkedLevel(*each) for each in zip(walked, norms, strict=True)], first


def walk_level(
    layer: Layer, tape: Tape, enters: Mapping[int, Entering], rows: tuple[int, ...], cut: Any
) -> Walked:
    """Walk rows (R, ...) back through one level, from what enters it at some timesteps."""
    (walked,) = _walk(layer, tape, enters, rows, cut, [slice(None)])
    return walked


def _walk(
    layer: Layer,
    tape: Tape,
    enters: Mapping[int, Entering],
    rows: tuple[int, ...],
    cut: Any,
    levels: Sequence[Any],
) -> list[Walked]:
    """Walk the rows of some levels, each chosen in the first axis of ``rows`` as NumPy indexes."""
    cell, (T, *_, H) = layer.cell, tape.moments.h.shape

    def walk(wide: bool) -> list[Walked]:
        kind = NUMBERS if wide else ROWS
        walked = kind.zeros(T, len(cell.states), *rows, H)
        d_a = kind.zeros(T, *rows, cell.width(H))
        exponents = np.zeros((T, *rows), dtype=np.int64)

        def keep(t: int, rooms: Rooms, now: Integers) -> None:
            walked[t], d_a[t], exponents[t] = rooms[0], rooms[1], now

        adjoints = in_log_range(kind, cell, (*rows, H), enters, cut, keep)
        steps = Steps(tape, [layer.weights], np.zeros(T, dtype=int), wide=wide)
        walk_back(cell, adjoints, steps.backward())
        asked = cell.d_x(d_a) @ layer.weights.W_xh
        return [
            _walked(kind, walked[:, :, k], d_a[:, k], asked[:, k], exponents[:, k]) for k in levels
        ]

    return exactly(tape, walk)


def _walked(kind: Kind, rows: Any, d_a: Any, asked: Any, exponents: Integers) -> Walked:
    """Return the adjoints (T, states, R, ..., H) of one level, with their exponents."""
    return Walked(
        kind.log10_norms(rows, exponents[:, None]),
        _scaled(rows[:, :, 0], exponents[:, None, 0]),
        _scaled(d_a[:, 0], exponents[:, 0]),
        _scaled(asked, exponents),
    )


def _scaled(rows: Any, exponents: Integers) -> Adjoints:
    """Return rows that have an exponent each; a number far below its row is 0."""
    if isinstance(rows, np.ndarray):
        return Adjoints(rows, np.broadcast_to(exponents, rows.shape[:-1]))
    largest = rows.largest(axis=-1)
    return Adjoints(rows.mantissas(largest[..., None]), largest)
