"""The gradient at every state of a recorded module, by the engine's walk back, in log range.

What autograd gives is ∂L/∂ of the module's outputs: the direct part. It enters the highest layer at
every timestep, and the gradients at the states that the module returned enter each layer at the end
of its way:

    ∂L/∂h_t^(k) = W_hhᵀ δ_{t+1}^(k) + W_xhᵀ δ_t^(k+1)        ∂L/∂h_T^(k) also has ∂L/∂h_n^(k)

Sequences do not depend on one another, so some of a batch have the gradients that they have in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.engine.bptt.backward import Entering
from unrolled.engine.bptt.tape import Tape
from unrolled.engine.deep.backward import Adjoints, Walked, walk_level
from unrolled.engine.layer import Layer
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.recording.moment import Moment

ALL, LAST = 0, 1
"""The rows that are walked back: of all losses, and of the last timestep that has one alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """The gradients of a moment; ``levels`` are layers and directions, as PyTorch orders them."""

    hidden: Floats
    """(levels, states, T, B, H) ∂L/∂h_t, and of an LSTM ∂L/∂c_t, in plain float64."""
    log10_norms: Floats
    """(levels, states, T, B) log10 of their norms, in log range; NaN beyond a sequence's end."""
    log10_last: Floats
    """(levels, states, T, B) likewise of the last timestep alone that has a gradient, by distance
    from it: k = 0..T-1; NaN where the sequence has no such timestep. Where the loss reads a state
    that the module returned, a level that reads from the end has it at the first timestep."""
    difference: float
    """The largest by which a state that the module returned differs here, if it was recorded."""


def gradients_of(moment: Moment) -> Gradients:
    """Return the gradients of a moment, of each sequence up to its length."""
    layers, (T, B, _) = moment.layers, moment.x.shape
    states = len(layers[0].cell.states)
    shape = (len(layers), states, T, B)
    found = Gradients(
        np.zeros((*shape, moment.module.hidden_size)),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        0.0,
    )
    differences = [
        _fill(found, moment, layers, np.flatnonzero(moment.lengths == length))
        for length in np.unique(moment.lengths)
    ]
    return Gradients(found.hidden, found.log10_norms, found.log10_last, max(differences))


def _fill(found: Gradients, moment: Moment, layers: Sequence[Layer], own: Integers) -> float:
    """Compute the sequences of one length; return the largest difference of their last states."""
    T, ways = int(moment.lengths[own[0]]), 1 + moment.module.bidirectional
    tapes, x = [], moment.x[:T, own].astype(np.float64)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for k in range(0, len(layers), ways):
            of_layer = [_tape(moment, layers[n], n, own, x, n > k) for n in range(k, k + ways)]
            each = [tape.moments.h for tape in of_layer]
            x = np.concatenate([each[0], *(h[::-1] for h in each[1:])], axis=-1)
            tapes += of_layer
    if not np.isfinite(x).all():
        raise ValueError(f"a state of {moment!r} is not finite")
    entering, last = _entering(moment, own, T)
    for k in range(len(layers) - ways, -1, -ways):
        asked: list[Adjoints] = []
        for n in range(k, k + ways):
            reverse, tape = n > k, tapes[n]
            part = entering.of_direction(reverse, moment.module.hidden_size)
            enters = _enters(moment, layers[n].cell.states, n, own, part, last)
            walked = walk_level(layers[n], tape, enters, (2, len(own)), [False] * T)
            asked.append(walked.asked.turned(reverse))
            _keep(found, walked, n, own, last, reverse, _returned(moment, own))
        entering = asked[0] if ways == 1 else asked[0].plus(asked[1])
    if "h_n" not in moment.states:
        return 0.0
    returned = moment.states["h_n"][:, own]
    return float(np.abs([tape.moments.h[-1] for tape in tapes] - returned).max())


def _tape(
    moment: Moment, layer: Layer, level: int, own: Integers, x: Floats, reverse: bool
) -> Tape:
    """Run one level, a reverse one from the end."""
    tape = Tape.blank(layer.cell, len(x), len(own), moment.module.hidden_size)
    for name, states_prev in zip(layer.cell.states, tape.states_prev, strict=True):
        states_prev[0] = moment.state(f"{name}_0", level, own)
    layer.drive(x[::-1] if reverse else x, tape.moments.a)
    tape.forward([layer.weights], [0] * len(x), 0, len(x))
    return tape


def _entering(moment: Moment, own: Integers, T: int) -> tuple[Adjoints, Integers]:
    """Return what enters the highest layer, and the last timestep (B,) with a gradient, or -1."""
    d_output = moment.d_output[:T, own].astype(np.float64)
    there: Any = d_output.any(axis=-1)
    last = np.where(there.any(axis=0), T - 1 - np.argmax(there[::-1], axis=0), -1)
    for name in ("d_h_n", "d_c_n"):
        if name in moment.states:
            last[moment.states[name][:, own].any(axis=(0, 2))] = T - 1
    alone = d_output * (np.arange(T)[:, None] == last)[..., None]
    rows = np.stack([d_output, alone], axis=1)
    return Adjoints(rows, np.zeros(rows.shape[:-1], dtype=np.int64)), last


def _enters(
    moment: Moment,
    states: Sequence[str],
    level: int,
    own: Integers,
    entering: Adjoints,
    last: Integers,
) -> dict[int, Entering]:
    """Return what enters a level at each timestep, with the states that the module returned."""
    T, _, B, _ = entering.rows.shape
    at_end = {name: np.stack([moment.state(f"d_{name}_n", level, own)] * 2) for name in states}
    for each in at_end.values():
        each[LAST, last != T - 1] = 0
    zeros = np.zeros((1, 2, B), dtype=np.int64)
    end = Adjoints(entering.rows[-1:], entering.exponents[-1:]).plus(
        Adjoints(at_end["h"][None], zeros)
    )
    enters = entering.by_timestep()
    d_c = at_end[states[-1]] if len(states) > 1 else None
    enters[T - 1] = Entering(slice(None), end.rows[0], end.exponents[0], d_c)
    return enters


def _keep(
    found: Gradients,
    walked: Walked,
    level: int,
    own: Integers,
    last: Integers,
    reverse: bool,
    returned: Any,
) -> None:
    """Write a level's gradients in the order of the sequence, and by distance."""
    order, T = slice(None, None, -1 if reverse else 1), len(walked.log10_norms)
    hidden, norms = walked.first.plain()[order], walked.log10_norms[order]
    for n, (b, end) in enumerate(zip(own.tolist(), last.tolist(), strict=True)):
        found.hidden[level, :, :T, b] = hidden[:, :, n].swapaxes(0, 1)
        found.log10_norms[level, :, :T, b] = norms[:, :, ALL, n].T
        if end >= 0:
            way = slice(end + 1) if reverse and returned[n] else slice(end, None, -1)
            found.log10_last[level, :, : end + 1, b] = norms[way, :, LAST, n].T


def _returned(moment: Moment, own: Integers) -> Any:
    """Return whether the loss of each sequence read a state that the module returned."""
    names = [name for name in ("d_h_n", "d_c_n") if name in moment.states]
    there = [moment.states[name][:, own].any(axis=(0, 2)) for name in names]
    return np.any(there, axis=0) if there else np.zeros(len(own), dtype=bool)
