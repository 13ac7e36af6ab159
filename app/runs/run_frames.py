"""Answers a request with an iterator of frames, without sockets or an event loop."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple, TypeVar

import numpy as np

from unrolled.app.runs import frame_kinds as kinds
from unrolled.app.runs.frames import Frame
from unrolled.app.runs.layer_frames import frames_of_layers
from unrolled.app.runs.memory import Memory
from unrolled.app.runs.requests import Lookup, TraceRequest, experiment
from unrolled.app.settings import Settings
from unrolled.app.stopwatch import Stopwatch
from unrolled.engine import (
    BackwardStep,
    Experiment,
    ForwardStep,
    GivenRun,
    LossStep,
    Run,
    Trace,
    mean_field_of,
    rate,
    verdict,
)
from unrolled.engine.trace import trace_from

CHUNK_SECONDS = 0.04

Record = TypeVar("Record")


class Asked(NamedTuple):
    """The further parts of a last frame, each computed from the whole run."""

    claims: Callable[[Trace], dict[str, kinds.Claimed]] | None = None
    """What it says to claims, by their names."""
    weights: Callable[[Trace], dict[str, Any] | None] | None = None
    """Its weights in numbers."""


NOTHING = Asked()


class CancelledError(Exception):
    """The request was cancelled, so the remaining frames are not computed."""


def frames(
    request: TraceRequest,
    settings: Settings,
    cancelled: Callable[[], bool],
    checkpoint_of: Lookup | None = None,
    memory: Memory | None = None,
    asked: Asked = NOTHING,
) -> Iterator[bytes]:
    """Yield the frames of one request, up to the timestep at which it is cancelled.

    The first ``next`` raises ``ExperimentError``, or ``MessageError``, on an invalid request or one
    that does not fit in ``memory``.
    """
    watch = Stopwatch()
    with watch:
        wanted = experiment(request.experiment, settings, checkpoint_of)
    name = request.experiment["checkpoint"] if wanted.checkpoint else None
    with memory.room(wanted) if memory else nullcontext():
        yield from frames_of(request.id, wanted, cancelled, watch, name, asked)


def frames_of(
    number: int,
    wanted: Experiment | GivenRun,
    cancelled: Callable[[], bool],
    watch: Stopwatch,
    checkpoint: str | None = None,
    asked: Asked = NOTHING,
) -> Iterator[bytes]:
    """Yield the frames of an experiment, on the network named ``checkpoint`` if any."""

    def go_on() -> None:
        if cancelled():
            raise CancelledError

    try:
        if wanted.deep:
            for frame in frames_of_layers(number, wanted, go_on, watch, checkpoint):
                yield frame.encode()
            return
        with watch:
            run = Run.of(wanted)
        for frame in _parts(run, number, checkpoint, watch, cancelled, asked):
            yield frame.encode()
    except CancelledError:
        return


def _parts(
    run: Run,
    number: int,
    checkpoint: str | None,
    watch: Stopwatch,
    cancelled: Callable[[], bool],
    asked: Asked,
) -> Iterator[Frame]:
    problem, cell, H = run.problem, run.network.cell, run.network.hidden_size
    yield kinds.begin(number, run.described, problem, cell, H, checkpoint=checkpoint)
    for chunk in _chunks(run.forward(), watch, cancelled):
        yield _forward(number, chunk)
    with watch:
        losses = list(run.losses())
    yield _loss(number, losses)
    for steps in _chunks(run.backward(), watch, cancelled):
        yield _backward(number, steps[::-1])
    yield _end(run, number, losses, watch, asked)


def _chunks(
    records: Iterable[Record], watch: Stopwatch, cancelled: Callable[[], bool]
) -> Iterator[list[Record]]:
    """Yield lists of the records computed in about the time of one chunk."""
    chunk: list[Record] = []
    start = time.perf_counter()
    for record in records:
        if cancelled():
            raise CancelledError
        chunk.append(record)
        if (spent := time.perf_counter() - start) >= CHUNK_SECONDS:
            watch.seconds += spent
            yield chunk
            chunk, start = [], time.perf_counter()
    watch.seconds += time.perf_counter() - start
    if chunk:
        yield chunk


def _forward(number: int, steps: Sequence[ForwardStep]) -> kinds.Forward:
    outputs = [each for each in steps if each.probabilities is not None or each.output is not None]
    return kinds.Forward(
        id=number,
        from_=steps[0].timestep,
        to=steps[-1].timestep,
        outputs=[step.timestep for step in outputs],
        hidden=_stack(steps, "hidden"),
        cell_state=_stack(steps, "cell_state"),
        probabilities=_stack(outputs, "probabilities"),
        predicted=_stack(outputs, "output"),
        attention=_stack(outputs, "attention"),
        gates={gate: np.array([step.gates[gate] for step in steps]) for gate in steps[0].gates},
        level_hidden=None,
    )


def _loss(number: int, losses: Sequence[LossStep]) -> kinds.Loss:
    return kinds.Loss(
        id=number,
        timesteps=[step.timestep for step in losses],
        targets=[step.target for step in losses],
        loss=np.array([step.loss for step in losses]),
    )


def _backward(number: int, steps: Sequence[BackwardStep]) -> kinds.Backward:
    return kinds.Backward(
        id=number,
        from_=steps[0].timestep,
        to=steps[-1].timestep,
        log10_gradient_norm=_stack(steps, "log10_gradient_norm"),
        log10_share=_stack(steps, "log10_share"),
        log10_cell_share=_stack(steps, "log10_cell_share"),
        log10_level_shares=None,
        log10_level_entering=None,
    )


def _end(
    run: Run, number: int, losses: list[LossStep], watch: Stopwatch, asked: Asked
) -> kinds.End:
    timesteps = [loss.timestep for loss in losses]
    with watch:
        of_losses = run.log10_loss_norms
        chosen, *of_cell = run.log10_chosen.T
        speed = None if run.network.attention else rate(chosen)  # it does not go step by step
        theory, of_inputs = _theory(run), run.log10_input_gradient_norms()
        clip = _clip(run) if timesteps else None
    trace = trace_from(run) if any(asked) else None
    return kinds.End(
        id=number,
        rate=kinds.speed(speed),
        loss=run.loss,
        verdict=verdict(run.log10_shares[0, 0]),
        theory=theory,
        diverged_at=run.diverged_at,
        arrives={**_arrival(run, chosen), "cell": _of_cell(run, of_cell[0]) if of_cell else None},
        log10_input_gradient_norm=of_inputs,
        clip=clip,
        claims=asked.claims(trace) if asked.claims and trace else None,
        weights=asked.weights(trace) if asked.weights and trace else None,
        engine_seconds=watch.seconds,
        **kinds.share_matrix(of_losses, timesteps, run.loss),
    )


def _of_cell(run: Run, log10_norms: Any) -> kinds.CellArrival:
    arrival = _arrival(run, log10_norms)
    first = -np.inf if arrival["first"] is None else arrival["first"]
    return {**arrival, "verdict": verdict(first)}


def _theory(run: Run) -> float | None:
    """Return log10 of the factor per timestep that mean-field theory predicts, if finite."""
    if run.diverged_at == 1:
        return None
    expected = mean_field_of(run.network, run.problem.parts, run.tape().moments)
    return expected if expected is not None and np.isfinite(expected) else None


def _arrival(run: Run, log10_norms: Any) -> kinds.Arrival:
    own = log10_norms[run.sent_from] if np.isfinite(log10_norms).any() else -np.inf
    with np.errstate(invalid="ignore"):
        return kinds.arrival(log10_norms - own, own)


def _clip(run: Run) -> kinds.Clip | None:
    """Return the effect of clipping, None if it is off."""
    if not run.clip_norm:
        return None
    found = run.weight_gradients()
    return kinds.clip(found.log10_norm, found.log10_clip)


def _stack(steps: Sequence[Any], name: str) -> Any:
    values = [getattr(step, name) for step in steps]
    return np.array(values) if values and values[0] is not None else None
