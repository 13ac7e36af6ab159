"""Exports of a run: CSV, JSON, NumPy arrays, a page that replays it, and code."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np

from unrolled.app.exports import columns
from unrolled.app.exports.arrays import packed_with_weights
from unrolled.app.exports.code import keras_layers, pytorch_layers
from unrolled.app.exports.deep import arrays_of as arrays_of_layers
from unrolled.app.exports.opener import USUAL, Opener
from unrolled.app.exports.spreadsheet import table_of
from unrolled.app.exports.trace_json import answer
from unrolled.app.runs.cancellation import deep_trace_of, trace_of
from unrolled.app.texts import typed
from unrolled.engine import Experiment, GivenRun
from unrolled.engine.bptt.trace import ARRAYS

_LONGEST_NAME = 24
_LAST_NULS = re.compile(r"\0+$")


class Export(NamedTuple):
    """An export format: the function that makes it, and its media type."""

    make: Callable[..., bytes | bytearray]
    """Of an experiment, and an ``Opener`` unless it is the usual one."""
    media_type: str


def as_csv(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a CSV with one row per timestep; missing values are empty cells.

    Of several layers, or both directions, it has a row per layer, direction and timestep.

    The last columns are the provenance: each setting in every row, and in the first row the address
    that opens the run in a lab, and, as JSON, what reproduces it.

    A text that a spreadsheet would run has an apostrophe before its operator, and one that it would
    convert to a number has one in front: removing the first apostrophe restores the text.
    """
    if experiment.deep:
        return table_of(columns.of_layers(deep_trace_of(experiment), opener))
    return table_of(columns.of_trace(trace_of(experiment), opener))


def as_npz(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return all arrays of the trace, with weights and their gradients by PyTorch's names.

    ``np.load(file, allow_pickle=False)`` reads it; ``experiment`` and the provenance ``made_by``
    are JSON strings. NumPy's strings lose trailing NULs, so a NUL is ␀ in ``tokens`` and
    the vocabularies.
    """
    if experiment.deep:
        return arrays_of_layers(deep_trace_of(experiment))
    trace, made_by = trace_of(experiment), experiment.made_by()
    arrays: dict[str, Any] = {
        "experiment": json.dumps(made_by["experiment"], ensure_ascii=False),
        "made_by": json.dumps(made_by, ensure_ascii=False),
        "tokens": _texts(trace.tokens),
        "input_vocabulary": _texts(trace.input_vocabulary),
        "vocabulary": _texts(trace.vocabulary),
        "diverged_at": np.array(trace.diverged_at or 0),
        "log10_share": trace.log10_share(),
        "verdict": trace.verdict,
    }
    for name in ARRAYS:
        if (array := getattr(trace, name)) is not None:
            arrays[name] = array
    arrays |= {f"gate.{name}": array for name, array in trace.gates.items()}
    return packed_with_weights(arrays, trace)


def as_json(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytearray:
    """Return the trace as `/api/trace` answers it."""
    return answer(experiment)


def as_page(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a page that replays the run; what it is made with is loaded when one is asked for."""
    from unrolled.app.exports.replay import replay

    return replay(experiment, opener)


EXPORTS = {
    "csv": Export(as_csv, "text/csv; charset=utf-8"),
    "json": Export(as_json, "application/json"),
    "npz": Export(as_npz, "application/octet-stream"),
    "html": Export(as_page, "text/html; charset=utf-8"),
    "py": Export(pytorch_layers.script, "text/x-python; charset=utf-8"),
    "ipynb": Export(pytorch_layers.notebook, "application/x-ipynb+json"),
    "keras.py": Export(keras_layers.script, "text/x-python; charset=utf-8"),
}


def fields_of(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return an experiment's fields from a query; ``Experiment`` validates them."""
    kinds = {name: type(value) for name, value in Experiment().named().items()}
    return {name: typed(text, kinds.get(name, str)) for name, text in texts.items()}


def file_name(experiment: Experiment, ending: str) -> str:
    """Return the file name: the cell and the start of the sequence."""
    words = re.sub(r"\W+", "-", experiment.sequence[:_LONGEST_NAME]).strip("-")
    return f"unrolled-{experiment.cell}-{words or 'run'}.{ending}"


def disposition(experiment: Experiment, ending: str) -> str:
    """Return the Content-Disposition header for a file name in any script (RFC 6266)."""
    name = file_name(experiment, ending)
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _texts(texts: Iterable[str]) -> Any:
    return np.array(
        [_LAST_NULS.sub(lambda nuls: "\N{SYMBOL FOR NULL}" * len(nuls[0]), text) for text in texts]
    )
