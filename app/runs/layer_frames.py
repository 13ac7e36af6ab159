"""The frames of a run of several layers: those of one layer, with the shares of all beside them.

The states, the gradient and what they say are of the layer that is in front, in the direction that
reads forward, so that a page shows it as it shows a network of one layer.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from unrolled.app.runs import frame_kinds as kinds
from unrolled.app.runs.frames import Frame
from unrolled.app.stopwatch import Stopwatch
from unrolled.engine import DeepTrace, Experiment, LevelTrace, deep_trace_of, rate, verdict
from unrolled.engine.bptt.shares import log10_shares
from unrolled.engine.cells import cell_of


def frames_of_layers(
    number: int, wanted: Experiment, go_on: Callable[[], None], watch: Stopwatch
) -> Iterator[Frame]:
    """Yield the frames of an experiment; ``go_on`` raises where they are no longer wanted."""
    yield _begin(number, wanted)
    with watch:
        trace = deep_trace_of(wanted, go_on)
    level, there = trace.levels[trace.in_front], trace.reached_losses
    count = (trace.diverged_at or len(trace.losses) + 1) - 1
    if count:
        yield _forward(number, trace, level, count)
    yield kinds.Loss(
        id=number,
        timesteps=(there + 1).tolist(),
        targets=trace.problem.targets[there].tolist(),
        loss=trace.losses[there],
    )
    shares = trace.log10_shares()
    if count:
        yield _backward(number, trace, shares, count)
    yield _end(number, trace, level, shares[trace.in_front], watch)


def _begin(number: int, wanted: Experiment) -> kinds.Begin:
    problem, cell = wanted.problem(), cell_of(wanted)
    return kinds.Begin(
        id=number,
        experiment=wanted.named(),
        made_by=wanted.made_by(),
        tokens=[*problem.tokens],
        vocabulary=[*problem.vocabulary],
        targets=problem.targets.tolist(),
        timesteps=len(problem.tokens),
        hidden_size=wanted.hidden_size,
        gates=[*cell.gates],
        candidates=[*cell.candidates],
        carry=cell.carry.gate if cell.carry else None,
        closed=bool(cell.carry and cell.carry.closed),
        states=[*cell.states],
        recurrent=cell.recurrent,
        numbers=False,
        encoder=0,
        layers=wanted.layers,
        directions=wanted.directions,
        layer=wanted.layer or wanted.layers,
    )


def _forward(number: int, trace: DeepTrace, level: LevelTrace, count: int) -> kinds.Forward:
    outputs = np.flatnonzero(np.isfinite(trace.probabilities[:count]).all(axis=1))
    cell_state = level.cell_state
    return kinds.Forward(
        id=number,
        from_=1,
        to=count,
        outputs=(outputs + 1).tolist(),
        hidden=level.hidden[:count],
        cell_state=None if cell_state is None else cell_state[:count],
        probabilities=trace.probabilities[outputs] if len(outputs) else None,
        gates={name: gate[:count] for name, gate in level.gates.items()},
    )


def _backward(number: int, trace: DeepTrace, shares: Any, count: int) -> kinds.Backward:
    level = trace.levels[trace.in_front]
    return kinds.Backward(
        id=number,
        from_=1,
        to=count,
        log10_gradient_norm=level.log10_gradient_norm[:count],
        log10_share=shares[trace.in_front, :count],
        log10_cell_share=None,
        log10_level_shares=shares[:, :count].T,
    )


def _end(
    number: int, trace: DeepTrace, level: LevelTrace, share: Any, watch: Stopwatch
) -> kinds.End:
    there = trace.reached_losses
    timesteps, chosen = (there + 1).tolist(), trace.chosen_loss
    row = timesteps.index(chosen) if chosen in timesteps else -1
    rows = kinds.sampled(timesteps, row)
    columns = kinds.sampled(range(1, len(trace.losses) + 1), 0)
    which = np.searchsorted(timesteps, rows)
    norms = level.log10_loss_gradient_norms[np.ix_(which, np.array(columns) - 1)]
    own = level.log10_loss_gradient_norms[which, np.array(rows, dtype=int) - 1]
    chosen_norms = _norms(trace, level)
    return kinds.End(
        id=number,
        rate=kinds.speed(rate(chosen_norms)),
        loss=chosen,
        verdict=verdict(float(share[0])),
        theory=None,
        diverged_at=trace.diverged_at,
        arrives={**_arrival(share, chosen_norms), "cell": None},
        log10_input_gradient_norm=np.nan_to_num(trace.log10_input_gradient_norm, nan=-np.inf),
        clip=_clip(trace) if timesteps else None,
        claims=None,
        engine_seconds=watch.seconds,
        matrix_losses=rows,
        matrix_timesteps=columns,
        log10_share_matrix=log10_shares(norms, own[:, None]),
    )


def _norms(trace: DeepTrace, level: LevelTrace) -> Any:
    """Return (T,) log10 of the norms of what the chosen loss sends to each state of a level."""
    if trace.chosen_loss == "all":
        return level.log10_gradient_norm
    if trace.chosen_loss is None:
        return np.full(len(trace.losses), -np.inf)
    return level.log10_loss_gradient_norms[trace.reached_losses + 1 == trace.chosen_loss][0]


def _arrival(share: Any, norms: Any) -> kinds.Arrival:
    (reached,) = np.nonzero(np.isfinite(share))
    own = norms[reached[-1]] - share[reached[-1]] if len(reached) else -np.inf
    return {
        "reaches": int(reached[0]) + 1 if len(reached) else None,
        "first": float(share[0]) if np.isfinite(share[0]) else None,
        "own": float(own) if np.isfinite(own) else None,
    }


def _clip(trace: DeepTrace) -> kinds.Clip | None:
    if not trace.clip_norm:
        return None
    norm = trace.log10_weight_gradient_norm
    return {"log10_norm": norm if np.isfinite(norm) else None, "log10_factor": trace.log10_clip}
