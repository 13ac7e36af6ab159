"""The weights of a small network in numbers, as a page shows them to be set by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from unrolled.app.errors import MessageError
from unrolled.app.json import as_json
from unrolled.app.runs.analyses import spectrum
from unrolled.app.runs.cancellation import trace_of
from unrolled.app.weights.places import Matrix, places_of
from unrolled.engine import Experiment, ExperimentError, Trace
from unrolled.engine.analysis.one_weight import STEP, one_weight
from unrolled.engine.validation import quote
from unrolled.engine.weights.by_hand import MOST_UNITS, numbers_of, place_of

MOST_WORDS = 64
"""Different tokens, or labels, of a network whose weights are shown."""


MOST_TIMESTEPS = 100
"""Of a run that brings its weights: those of a longer one are asked for apart, once it is shown."""


def check(experiment: Experiment) -> None:
    """Raise an error where there are too many weights to show."""
    if experiment.hidden_size > MOST_UNITS:
        H = experiment.hidden_size
        raise ExperimentError("hidden_size", "integer", low=1, high=MOST_UNITS, value=H)
    problem = experiment.problem()
    if (V := max(len(problem.input_vocabulary), len(problem.vocabulary))) > MOST_WORDS:
        raise MessageError("weights_too_many", field="sequence", count=V, limit=MOST_WORDS)


def answer(experiment: Experiment, weight: str) -> bytearray:
    """Run an experiment and return its weights as JSON, and one of them by its name, if any.

    Raises ``ExperimentError`` for a name that no weight has, and ``MessageError`` for one of a word
    that is not read.
    """
    trace = trace_of(replace(experiment, clip_norm=0.0))
    return as_json({"made_by": experiment.made_by(), **weights_in_numbers(trace, weight)})


def weights_of_run(weight: str | None) -> Callable[[Trace], dict[str, Any] | None] | None:
    """Return what computes the weights of a run that ends, if they are asked for.

    They are those of ``answer``; without the one that is named where it is gone, and None of a run
    whose weights are not shown, or that is long.
    """
    if weight is None:
        return None

    def of(trace: Trace) -> dict[str, Any] | None:
        own = trace.described
        if not isinstance(own, Experiment) or own.checkpoint or len(trace.tokens) > MOST_TIMESTEPS:
            return None
        try:
            check(own)
        except (ExperimentError, MessageError):
            return None
        whole = trace_of(replace(own, clip_norm=0.0)) if own.clip_norm else trace
        try:
            return weights_in_numbers(whole, weight)
        except (ExperimentError, MessageError):
            return weights_in_numbers(whole, "")

    return of


def weights_in_numbers(trace: Trace, weight: str) -> dict[str, Any]:
    """Return every matrix, the eigenvalues of the recurrent ones, and one weight by its name.

    The run is one whose gradients are not clipped. Raises as ``answer`` does.
    """
    cell = trace.network.cell
    return {
        "loss": float(np.nansum(trace.losses)),
        "matrices": [each._asdict() for each in matrices(trace)],
        "eigenvalues": [
            {**each, "real": each["real"].tolist(), "imaginary": each["imaginary"].tolist()}
            for each in (spectrum(trace)["blocks"] if cell.recurrent and cell.mixes != 0 else ())
        ],
        "weight": _one(trace, weight) if weight else None,
    }


def _one(trace: Trace, name: str) -> dict[str, Any]:
    """Return one weight: its gradient by timestep, and a central difference."""
    place = place_of(name, trace.experiment.weights_shape())
    index = place.within(trace.problem.input_vocabulary, trace.problem.vocabulary)
    if index is None:
        raise MessageError("weight_gone", field="weight", value=quote(name))
    found = one_weight(trace, place.array, index)
    return {
        "name": name,
        "value": found.value,
        "gradient": found.gradient,
        "difference": found.difference,
        "step": STEP,
        "timesteps": found.timesteps.tolist(),
    }


def matrices(trace: Trace) -> Iterator[Matrix]:
    """Yield the matrices in the order in which a timestep uses them."""
    problem, shape = trace.problem, trace.experiment.weights_shape()
    values, gradients = trace.network.state_dict(), trace.weight_gradients
    by_hand: dict[str, Any] = {}
    for array, index in _set_by_hand(trace):
        by_hand.setdefault(array, np.zeros(values[array].shape, dtype=bool))[index] = True
    for empty, array, where in places_of(shape, problem.input_vocabulary, problem.vocabulary):
        numbers = values[array][where]
        own = by_hand[array][where] if array in by_hand else np.zeros(numbers.shape, dtype=bool)
        yield empty._replace(
            values=_rows(numbers), gradients=_rows(gradients[array][where]), by_hand=_rows(own)
        )


def _set_by_hand(trace: Trace) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the arrays, and the index in each, of the weights that were set by hand."""
    own, problem = trace.experiment, trace.problem
    for place in numbers_of(own.by_hand, own.weights_shape()) if own.by_hand.strip() else ():
        index = place.within(problem.input_vocabulary, problem.vocabulary)
        if index is not None:
            yield place.array, index


def _rows(array: Any) -> list[list[Any]]:
    found: list[list[Any]] = (array if array.ndim == 2 else array[:, None]).tolist()
    return found
