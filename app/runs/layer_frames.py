"""The frames of a run of several layers: those of one layer, with the shares of all beside them.

The states, the gradient and what they say are of the layer and direction that are in front, so that
a page shows it as it shows a network of one layer. Timesteps are those of the sequence in both
directions; the cell that reads from the end has T where the other has 1.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from unrolled.app.runs import frame_kinds as kinds
from unrolled.app.runs.frame_kinds import Place
from unrolled.app.runs.frames import Frame
from unrolled.app.stopwatch import Stopwatch
from unrolled.engine import (
    DeepTrace,
    Experiment,
    GivenRun,
    LevelTrace,
    deep_trace_of,
    rate,
    verdict,
)

MOST_STATES = 2**18
"""Numbers of the states of all layers that are sent together."""


def frames_of_layers(
    number: int,
    wanted: Experiment | GivenRun,
    go_on: Callable[[], None],
    watch: Stopwatch,
    checkpoint: str | None = None,
) -> Iterator[Frame]:
    """Yield the frames of an experiment, on the network named ``checkpoint`` if any.

    ``go_on`` raises where they are no longer wanted.
    """
    network = wanted.deep_network()
    asked = wanted.layer or len(network.layers)
    place = Place(len(network.layers), network.directions, abs(asked), asked < 0)
    H = network.hidden_size
    yield kinds.begin(number, wanted, wanted.problem(), network.cell, H, place, checkpoint)
    with watch:
        trace = deep_trace_of(wanted, go_on)
    yield from _walked(number, trace, trace.in_front, watch)


def frames_of_each(number: int, trace: DeepTrace, watch: Stopwatch) -> Iterator[list[bytes]]:
    """Yield the frames of a run with each layer and direction in front, that of the run first."""
    network, described = trace.network, trace.described
    ways, H, cell = network.directions, network.hidden_size, network.cell
    for k in sorted(range(len(trace.levels)), key=lambda k: k != trace.in_front):
        level = trace.levels[k]
        place = Place(len(network.layers), ways, level.layer, level.reverse)
        begin = kinds.begin(number, described, trace.problem, cell, H, place)
        if isinstance(described, Experiment):
            layer = -level.layer if level.reverse else level.layer
            begin = replace(begin, experiment=begin.experiment | {"layer": layer})
        yield [frame.encode() for frame in (begin, *_walked(number, trace, k, watch))]


def _walked(number: int, trace: DeepTrace, k: int, watch: Stopwatch) -> Iterator[Frame]:
    """Yield the frames after the first, with a place in ``levels`` in front."""
    level, there = trace.levels[k], trace.reached_losses
    count = (trace.diverged_at or len(trace.losses) + 1) - 1
    if count:
        yield _forward(number, trace, level, count)
    yield kinds.Loss(
        id=number,
        timesteps=(there + 1).tolist(),
        targets=trace.problem.targets[there].tolist(),
        loss=trace.losses[there],
    )
    shares, of_cells = trace.log10_shares(), trace.log10_cell_shares()
    own = None if of_cells is None else of_cells[k]
    if count:
        yield _backward(number, trace, shares, own, k, count)
    yield _end(number, trace, shares[k], own, k, watch)


def _forward(number: int, trace: DeepTrace, level: LevelTrace, count: int) -> kinds.Forward:
    outputs, said = trace.reached_losses[trace.reached_losses < count], trace.outputs
    cell_state = level.cell_state
    return kinds.Forward(
        id=number,
        from_=1,
        to=count,
        outputs=(outputs + 1).tolist(),
        hidden=level.hidden[:count],
        cell_state=None if cell_state is None else cell_state[:count],
        probabilities=trace.probabilities[outputs] if len(outputs) and said is None else None,
        predicted=said[outputs] if len(outputs) and said is not None else None,
        attention=None,
        gates={name: gate[:count] for name, gate in level.gates.items()},
        level_hidden=_states(trace, count),
    )


def _states(trace: DeepTrace, count: int) -> Any:
    """Return (n, L, H) the states of all levels, None where they are too many."""
    states = [level.hidden[:count] for level in trace.levels]
    return np.stack(states, axis=1) if sum(map(np.size, states)) <= MOST_STATES else None


def _backward(
    number: int, trace: DeepTrace, shares: Any, of_cell: Any, k: int, count: int
) -> kinds.Backward:
    level = trace.levels[k]
    return kinds.Backward(
        id=number,
        from_=1,
        to=count,
        log10_gradient_norm=level.log10_gradient_norm[:count],
        log10_share=shares[k, :count],
        log10_cell_share=None if of_cell is None else of_cell[:count],
        log10_level_shares=shares[:, :count].T,
        log10_level_entering=trace.log10_entering_shares()[:, :count].T,
    )


def _end(
    number: int, trace: DeepTrace, share: Any, of_cell: Any, k: int, watch: Stopwatch
) -> kinds.End:
    level = trace.levels[k]
    timesteps, chosen_norms = (trace.reached_losses + 1).tolist(), _norms(trace, level)
    (reached,) = np.nonzero(np.isfinite(share))
    own = chosen_norms[reached[-1]] - share[reached[-1]] if len(reached) else -np.inf
    in_order = chosen_norms[::-1] if level.reverse else chosen_norms
    clipped = bool(timesteps and trace.clip_norm)
    clip = kinds.clip(trace.log10_weight_gradient_norm, trace.log10_clip) if clipped else None
    return kinds.End(
        id=number,
        rate=kinds.speed(rate(in_order)),
        loss=trace.chosen_loss,
        verdict=verdict(float(share[-level.reverse])),
        theory=None,
        diverged_at=trace.diverged_at,
        arrives={
            **kinds.arrival(share, own, reverse=level.reverse),
            "cell": None if of_cell is None else _of_cell(of_cell, level),
        },
        log10_input_gradient_norm=np.nan_to_num(
            trace.log10_input_gradient_norm, nan=-np.inf, neginf=-np.inf
        ),
        clip=clip,
        claims=None,
        weights=None,
        engine_seconds=watch.seconds,
        log10_level_sent=[
            norm if np.isfinite(norm) else None for norm in trace.log10_sent_norms.tolist()
        ],
        **kinds.share_matrix(
            level.log10_loss_gradient_norms,
            timesteps,
            trace.chosen_loss,
            (trace.read_at[int(level.reverse)] + 1).tolist(),
        ),
    )


def _of_cell(share: Any, level: LevelTrace) -> kinds.CellArrival:
    return {
        **kinds.arrival(share, -np.inf, reverse=level.reverse),
        "verdict": verdict(float(share[-level.reverse])),
    }


def _norms(trace: DeepTrace, level: LevelTrace) -> Any:
    """Return (T,) log10 of the norms of what the chosen loss sends to each state of a level."""
    if trace.chosen_loss == "all":
        return level.log10_gradient_norm
    if trace.chosen_loss is None:
        return np.full(len(trace.losses), -np.inf)
    return level.log10_loss_gradient_norms[trace.reached_losses + 1 == trace.chosen_loss][0]
