"""The weights of a small network in numbers, as a page shows them to be set by hand."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from unrolled.app.errors import MessageError
from unrolled.app.json import as_json
from unrolled.app.runs.analyses import spectrum
from unrolled.app.runs.cancellation import trace_of
from unrolled.engine import Experiment, ExperimentError, Trace
from unrolled.engine.analysis.one_weight import STEP, one_weight
from unrolled.engine.cells import Cell
from unrolled.engine.validation import quote
from unrolled.engine.weights.by_hand import (
    MOST_UNITS,
    Look,
    attention_matrices,
    names_of,
    numbers_of,
    place_of,
    written,
)

MOST_WORDS = 64
"""Different tokens, or labels, of a network whose weights are shown."""


class Matrix(NamedTuple):
    """A matrix, or a bias, of one gate."""

    letter: str
    """``W`` or ``b``, and of attention ``U`` and ``v`` too; a vector's is small."""
    leads: str
    """From what to what it leads, as its name says: ``hh``, ``hy``; of attention ``a``, ``qv``."""
    part: str | None
    """``encoder`` or ``decoder``, where there are two."""
    rows: list[str]
    """The unit or the word of each row."""
    columns: list[str]
    """Likewise; one without a name, of a bias."""
    names: list[list[str | None]]
    """The name of each weight, as an experiment takes it; null where there is no weight."""
    values: list[list[float]]
    gradients: list[list[float]]
    """∂L/∂ of each, of the sum of all losses, before clipping."""
    by_hand: list[list[bool]]
    """Whether each was set by hand."""


def check(experiment: Experiment) -> None:
    """Raise an error where there are too many weights to show."""
    if experiment.hidden_size > MOST_UNITS:
        H = experiment.hidden_size
        raise ExperimentError("hidden_size", "integer", low=1, high=MOST_UNITS, value=H)
    problem = experiment.problem()
    if (V := max(len(problem.input_vocabulary), len(problem.vocabulary))) > MOST_WORDS:
        raise MessageError("weights_too_many", field="sequence", count=V, limit=MOST_WORDS)


def answer(experiment: Experiment, weight: str) -> bytearray:
    """Run an experiment and return its weights as JSON, and one of them by its name, if any."""
    return as_json(weights_in_numbers(experiment, weight))


def weights_in_numbers(experiment: Experiment, weight: str) -> dict[str, Any]:
    """Return every matrix, the eigenvalues of the recurrent ones, and one weight by its name.

    Raises ``ExperimentError`` for a name that no weight has.
    """
    trace = trace_of(replace(experiment, clip_norm=0.0))
    cell = trace.network.cell
    return {
        "made_by": experiment.made_by(),
        "loss": float(np.nansum(trace.losses)),
        "matrices": [each._asdict() for each in matrices(trace)],
        "eigenvalues": spectrum(trace)["blocks"] if cell.recurrent and cell.mixes != 0 else [],
        "weight": _one(trace, weight) if weight else None,
    }


def _one(trace: Trace, name: str) -> dict[str, Any]:
    """Return one weight: its gradient by timestep, and a central difference."""
    own: Any = trace.described
    place = place_of(name, own.weights_shape())
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
        "timesteps": found.timesteps,
    }


def matrices(trace: Trace) -> Iterator[Matrix]:
    """Yield the matrices in the order in which a timestep uses them."""
    shape = trace.experiment.weights_shape()
    for part in ("encoder", "decoder") if shape.encoder else (None,):
        for array in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
            if array != "bias_hh_l0" or _keeps_apart(trace.network.cell):
                whole = f"{part}.{array}" if part else array
                for name, first in names_of(shape, whole):
                    yield _of_cell(trace, whole, name, first, part)
    for name, look in attention_matrices(shape).items():
        yield _of_attention(trace, name, look)
    for array, letter in (("head.weight", "W"), ("head.bias", "b")):
        yield _of_readout(trace, array, letter)


def _keeps_apart(cell: Cell) -> bool:
    """Return whether the two biases do not just add up."""
    return type(cell).drive_bias is not Cell.drive_bias


def _of_cell(trace: Trace, array: str, name: str, first: int, part: str | None) -> Matrix:
    H, cell = trace.network.hidden_size, trace.network.cell
    letter, leads = name.rpartition(".")[2].split("_")
    units, own = [str(k) for k in range(1, H + 1)], slice(first, first + H)
    if letter == "b":
        leads = leads if _keeps_apart(cell) else leads[1:]
        names: Any = [[f"{name}_{unit}"] for unit in units]
        return _matrix(
            trace, array, Matrix(letter, leads, part, units, [""], names, [], [], []), own
        )
    columns = [*trace.problem.input_vocabulary] if "_ih" in array else units
    there = cell.mixed(H)[own] if "_hh" in array else np.ones((H, len(columns)), dtype=bool)
    names = [
        [f"{name}_{unit}_{written(to)}" if there[i, j] else None for j, to in enumerate(columns)]
        for i, unit in enumerate(units)
    ]
    return _matrix(
        trace, array, Matrix(letter, leads, part, units, columns, names, [], [], []), own
    )


def _of_attention(trace: Trace, name: str, look: Look) -> Matrix:
    letter, leads = name.split("_")
    units = [str(k + 1) for k in range(trace.network.hidden_size)]
    columns = slice(look.first, look.first + len(units))
    if look.rows == 1:
        names: Any = [[f"{name}_{unit}"] for unit in units]
        empty = Matrix(letter, leads, None, units, [""], names, [], [], [])
        return _matrix(trace, look.array, empty, 0, columns)
    names = [[f"{name}_{to}_{unit}" for unit in units] for to in units]
    empty = Matrix(letter, leads, None, units, units, names, [], [], [])
    return _matrix(trace, look.array, empty, slice(None), columns)


def _of_readout(trace: Trace, array: str, letter: str) -> Matrix:
    words = [*trace.problem.vocabulary]
    if letter == "b":
        names: Any = [[f"b_y_{written(word)}"] for word in words]
        empty = Matrix("b", "y", None, words, [""], names, [], [], [])
    else:
        units = [str(k) for k in range(1, trace.network.hidden_size + 1)]
        names = [[f"W_hy_{unit}_{written(word)}" for unit in units] for word in words]
        empty = Matrix("W", "hy", None, words, units, names, [], [], [])
    return _matrix(trace, array, empty)


def _matrix(trace: Trace, array: str, empty: Matrix, *where: Any) -> Matrix:
    """Return the matrix with the numbers of some rows of an array, and of some columns."""
    state, gradients = trace.network.state_dict()[array], trace.weight_gradients[array]
    return empty._replace(
        values=_rows(state[where]),
        gradients=_rows(gradients[where]),
        by_hand=_rows(_set_by_hand(trace, array, state.shape)[where]),
    )


def _set_by_hand(trace: Trace, array: str, shape: tuple[int, ...]) -> Any:
    """Return which entries of an array were set by hand."""
    own, problem, found = trace.experiment, trace.problem, np.zeros(shape, dtype=bool)
    for place in numbers_of(own.by_hand, own.weights_shape()) if own.by_hand.strip() else ():
        index = place.within(problem.input_vocabulary, problem.vocabulary)
        if place.array == array and index is not None:
            found[index] = True
    return found


def _rows(array: Any) -> list[list[Any]]:
    found: list[list[Any]] = (array if array.ndim == 2 else array[:, None]).tolist()
    return found
