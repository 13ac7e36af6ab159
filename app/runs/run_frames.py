"""One request, answered: an iterator of frames. No sockets, no event loop."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

import numpy as np

from unrolled.app.runs.frames import encode
from unrolled.app.runs.memory import Memory
from unrolled.app.runs.requests import Lookup, TraceRequest, experiment
from unrolled.app.runs.stopwatch import Stopwatch
from unrolled.app.settings import Settings
from unrolled.engine import (
    BackwardStep,
    Experiment,
    ForwardStep,
    LossStep,
    Run,
    mean_field_of,
    rate,
    verdict,
)
from unrolled.engine.bptt.shares import log10_shares

CHUNK_SECONDS = 0.04
MOST_MATRIX_TIMESTEPS = 400

Record = TypeVar("Record")


class CancelledError(Exception):
    """Nobody wants the rest."""


def frames(
    request: TraceRequest,
    settings: Settings,
    cancelled: Callable[[], bool],
    checkpoint_of: Lookup | None = None,
    memory: Memory | None = None,
) -> Iterator[bytes]:
    """Yield the frames of one request, up to the timestep at which it is cancelled.

    The first raises ``ExperimentError``, or ``MessageError``, on what cannot be run, or has no room
    in ``memory``.
    """
    watch = Stopwatch()
    with watch:
        wanted = experiment(request.fields, settings, checkpoint_of)
    name = request.fields["checkpoint"] if wanted.checkpoint else None
    with memory.room(wanted) if memory else nullcontext():
        yield from frames_of(request.id, wanted, cancelled, watch, name)


def frames_of(
    number: int,
    wanted: Experiment,
    cancelled: Callable[[], bool],
    watch: Stopwatch,
    checkpoint: str | None = None,
) -> Iterator[bytes]:
    """The frames of an experiment, on a network that goes by the name ``checkpoint`` if any."""
    try:
        with watch:
            run = Run.of(wanted)
        for header, arrays in _parts(run, checkpoint, watch, cancelled):
            yield encode({"id": number, **header}, arrays)
    except CancelledError:
        return


Part = tuple[dict[str, Any], dict[str, Any]]


def _parts(
    run: Run, checkpoint: str | None, watch: Stopwatch, cancelled: Callable[[], bool]
) -> Iterator[Part]:
    yield _begin(run, checkpoint), {}
    for chunk in _chunks(run.forward(), watch, cancelled):
        yield _forward(chunk)
    with watch:
        losses = list(run.losses())
    yield _loss(losses)
    for steps in _chunks(run.backward(), watch, cancelled):
        yield _backward(steps[::-1])
    yield _end(run, losses, watch)


def _chunks(
    records: Iterable[Record], watch: Stopwatch, cancelled: Callable[[], bool]
) -> Iterator[list[Record]]:
    """As many records as were computed in about the time of one chunk."""
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


def _begin(run: Run, checkpoint: str | None) -> dict[str, Any]:
    problem, cell = run.problem, run.network.cell
    trained = {} if checkpoint is None else {"checkpoint": checkpoint}
    return {
        "type": "begin",
        "experiment": run.experiment.named() | trained,
        "tokens": problem.tokens,
        "vocabulary": problem.vocabulary,
        "targets": problem.targets.tolist(),
        "timesteps": len(problem.tokens),
        "hidden_size": run.experiment.hidden_size,
        "gates": cell.gates,
        "carry": cell.carry and cell.carry.gate,
        "closed": bool(cell.carry and cell.carry.closed),
        "states": cell.states,
        "recurrent": cell.recurrent,
        "numbers": problem.numbers is not None,
        "encoder": int((problem.parts == 0).sum()) if problem.parts.any() else 0,
    }


def _forward(steps: Sequence[ForwardStep]) -> Part:
    outputs = [step for step in steps if step.probabilities is not None]
    arrays = {
        "hidden": _stack(steps, "hidden"),
        "cell_state": _stack(steps, "cell_state"),
        "probabilities": _stack(outputs, "probabilities"),
    }
    for gate in steps[0].gates:
        arrays[f"gate_{gate}"] = np.array([step.gates[gate] for step in steps])
    return {
        "type": "forward",
        **_span(steps),
        "outputs": [step.timestep for step in outputs],
    }, _given(arrays)


def _loss(losses: Sequence[LossStep]) -> Part:
    header = {
        "type": "loss",
        "timesteps": [step.timestep for step in losses],
        "targets": [step.target for step in losses],
    }
    return header, {"loss": np.array([step.loss for step in losses])}


def _backward(steps: Sequence[BackwardStep]) -> Part:
    names = (
        "hidden_gradient",
        "log10_gradient_norm",
        "cell_gradient",
        "log10_cell_gradient_norm",
        "log10_share",
        "log10_cell_share",
    )
    return {"type": "backward", **_span(steps)}, _given(
        {name: _stack(steps, name) for name in names}
    )


def _end(run: Run, losses: list[LossStep], watch: Stopwatch) -> Part:
    T = len(run.problem.tokens)
    timesteps = [loss.timestep for loss in losses]
    with watch:
        matrix = run.log10_gradient_matrix()
        chosen, *of_cell = run.log10_chosen.T
        speed = rate(chosen)
        theory = _theory(run)
        clip = _clip(run) if timesteps else None
    row = timesteps.index(run.loss) if run.loss in timesteps else -1
    rows, columns = _sampled(timesteps, row), _sampled(range(1, T + 1), 0)
    header = {
        "type": "end",
        "rate": speed
        and {
            "log10_factor": speed.log10_factor,
            "factor": speed.factor,
            "half_life": speed.half_life,
        },
        "loss": run.loss,
        "verdict": verdict(run.log10_shares[0, 0]),
        "theory": theory,
        "diverged_at": run.diverged_at,
        "arrives": _arrives(run, chosen) | {"cell": _of_cell(run, of_cell[0]) if of_cell else None},
        "clip": clip,
        "engine_seconds": watch.seconds,
        "matrix_losses": rows,
        "matrix_timesteps": columns,
    }
    s = np.array(rows, dtype=int) - 1
    norms = matrix[np.ix_(s, np.array(columns) - 1)]
    return header, {"log10_share_matrix": log10_shares(norms, matrix[s, s][:, None])}


def _of_cell(run: Run, log10_norms: Any) -> dict[str, Any]:
    arrives = _arrives(run, log10_norms)
    first = -np.inf if arrives["first"] is None else arrives["first"]
    return arrives | {"verdict": verdict(first)}


def _theory(run: Run) -> float | None:
    """log10 of the factor a timestep that the mean-field theory expects, where it is finite."""
    if run.diverged_at == 1:
        return None
    expected = mean_field_of(run.network, run.problem.parts, run.tape().moments)
    return expected if expected is not None and np.isfinite(expected) else None


def _arrives(run: Run, log10_norms: Any) -> dict[str, Any]:
    """The first timestep that the chosen loss reaches, log10 of its share at t = 1 and what of."""
    (reached,) = np.nonzero(np.isfinite(log10_norms))
    own = log10_norms[run.sent_from] if len(reached) else -np.inf
    return {
        "reaches": int(reached[0]) + 1 if len(reached) else None,
        "first": float(log10_norms[0] - own) if np.isfinite(log10_norms[0]) else None,
        "own": float(own) if np.isfinite(own) else None,
    }


def _clip(run: Run) -> dict[str, float | None] | None:
    """log10 of the norm of all weights' gradients together, and of what clipping makes of it.

    None where nothing is to be clipped.
    """
    if not run.experiment.clip_norm:
        return None
    found = run.weight_gradients()
    norm = found.log10_norm
    return {"log10_norm": norm if np.isfinite(norm) else None, "log10_factor": found.log10_clip}


def _sampled(timesteps: Sequence[int], kept: int) -> list[int]:
    """All of them, or every k-th where they are more than a picture can show, ``kept`` among them.

    ``kept`` counts from 0, or from the end where it is less.
    """
    step = -(-len(timesteps) // MOST_MATRIX_TIMESTEPS) or 1
    return list(timesteps[kept % (len(timesteps) or 1) % step :: step])


def _span(steps: Sequence[ForwardStep] | Sequence[BackwardStep]) -> dict[str, int]:
    return {"from": steps[0].timestep, "to": steps[-1].timestep}


def _stack(steps: Sequence[Any], name: str) -> Any:
    values = [getattr(step, name) for step in steps]
    return np.array(values) if values and values[0] is not None else None


def _given(arrays: dict[str, Any]) -> dict[str, Any]:
    return {name: array for name, array in arrays.items() if array is not None}
