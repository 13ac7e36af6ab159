"""Exports of a run: CSV, JSON, NumPy arrays, a page that replays it, and code."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np

from unrolled.app.exports.arrays import packed_with_weights
from unrolled.app.exports.code import pytorch
from unrolled.app.exports.deep import arrays_of as arrays_of_layers
from unrolled.app.exports.opener import USUAL, Opener
from unrolled.app.exports.trace_json import answer
from unrolled.app.runs.cancellation import deep_trace_of, trace_of
from unrolled.app.texts import typed
from unrolled.engine import Experiment, GivenRun, Trace
from unrolled.engine.bptt.trace import ARRAYS

_LONGEST_NAME = 24
_BOM = "\ufeff"
"""So that Excel reads Chinese as UTF-8. LibreOffice, pandas and Python's ``utf-8-sig`` drop it."""
_NUMBER = re.compile(r"(?!-0$)-?(0|[1-9][0-9]{0,14})(\.[0-9]*[1-9])?")
"""A number that a spreadsheet writes as it was read."""
_RUNS = re.compile(r"(^|[;\"\t\r\n])(?='*[=+\-@\t\r＝＋－＠])")
"""Where a spreadsheet would read a formula, though it cut the line at semicolons or tabs."""
_BEGINS = re.compile(r"(?<=\")['=+\-@＝＋－＠]|;")
_MONTH = (
    r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?"
    r"|oct(ober)?|nov(ember)?|dec(ember)?)"
)
_READ = re.compile(
    r"(?=[^0-9]*[0-9])[0-9\s,.:/+\-()%$¢£¥\u20ac\u20a9\u20b9年月日时分秒]+([ap]m?|e[+-]?[0-9]+)?"
    rf"|{_MONTH}[-\s./,]*[0-9][0-9\s,.:/-]*|[0-9]+[-\s./]*{_MONTH}[0-9\s,.:/-]*|true|false",
    re.I,
)
"""What a spreadsheet reads as a date, a time, a share, an amount or a truth, and so writes in
another way: 1/2, 12:30, 50%, 0123, 1e5, Mar1. LibreOffice 7.4 keeps every text that is marked."""
_LAST_NULS = re.compile(r"\0+$")
_TOLD = ("sequence", "target", "labels", "loss")
"""Settings that have no column of their own: other columns say it."""


class Export(NamedTuple):
    """An export format: the function that makes it, and its media type."""

    make: Callable[..., bytes | bytearray]
    """Of an experiment, and an ``Opener`` unless it is the usual one."""
    media_type: str


def as_csv(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return a CSV with one row per timestep; missing values are empty cells.

    The last columns are the provenance: each setting in every row, and in the first row the address
    that opens the run in a lab, and, as JSON, what reproduces it.

    A text that a spreadsheet would run has an apostrophe before its operator, and one that it would
    convert to a number has one in front: removing the first apostrophe restores the text.
    """
    trace = trace_of(experiment)
    return table_of(_columns(trace) | _settings(trace, opener))


def table_of(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """Return columns of numbers and texts as CSV with a byte order mark, so Excel reads UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    for row in zip(*columns.values(), strict=True):  # ``writerows`` would block other threads
        table.writerow(row)
    return (_BOM + text.getvalue()).encode()


def as_npz(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return all arrays of the trace, with weights and their gradients by PyTorch's names.

    ``np.load(file, allow_pickle=False)`` reads it; ``experiment`` and the provenance ``made_by``
    are JSON strings. NumPy's strings lose trailing NULs, so a NUL is ␀ in ``tokens`` and
    the vocabularies.
    """
    if isinstance(experiment, Experiment) and experiment.deep:
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
    "py": Export(pytorch.script, "text/x-python; charset=utf-8"),
    "ipynb": Export(pytorch.notebook, "application/x-ipynb+json"),
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


def _columns(trace: Trace) -> dict[str, list[Any]]:
    targets = [trace.vocabulary[target] if target >= 0 else "" for target in trace.targets]
    columns: dict[str, list[Any]] = {
        "t": list(range(1, len(trace.tokens) + 1)),
        "token": [harmless(token) for token in trace.tokens],
        "target": [harmless(token) for token in targets],
        "prediction": [harmless(token) for token in _predictions(trace)],
        "loss": numbers(trace.losses),
        "log10_gradient_norm": numbers(trace.log10_gradient_norm),
        "log10_share": numbers(trace.log10_share()),
        "log10_input_gradient_norm": numbers(trace.log10_input_gradient_norm),
    }
    if trace.log10_cell_gradient_norm is not None:
        columns["log10_cell_gradient_norm"] = numbers(trace.log10_cell_gradient_norm)
    states = {"h": trace.hidden, "c": trace.cell_state, **trace.gates}
    for name, stack in states.items():
        if stack is not None:
            columns |= {f"{name}_{i}": numbers(unit) for i, unit in enumerate(stack.T, start=1)}
    return columns


def _predictions(trace: Trace) -> list[str]:
    """Return the most likely token of each timestep; empty where there is no prediction."""
    return [
        "" if np.isnan(row).any() else trace.vocabulary[int(row.argmax())]
        for row in trace.probabilities
    ]


def _settings(trace: Trace, opener: Opener) -> dict[str, list[Any]]:
    """Return the settings and the results of the run as columns."""
    T, made_by = len(trace.tokens), trace.described.made_by()
    told = {name: each for name, each in made_by["experiment"].items() if name not in _TOLD}
    if trained := made_by.get("checkpoint"):
        told |= {f"trained_{name}": each for name, each in trained["training"].items()}
        told["trained_step"] = trained["step"]
    return {
        **{name: [value] * T for name, value in told.items()},
        "chosen_loss": [trace.chosen_loss] * T,
        "verdict": [trace.verdict] * T,
        "address": [opener.address(trace.described) or None, *[None] * (T - 1)],
        "made_by": [inert_json(made_by), *[None] * (T - 1)],
    }


def numbers(values: Any) -> list[float | str | None]:
    """Return numbers in full precision; ``-inf`` without a path, empty if undefined."""
    return [None if np.isnan(value) else repr(float(value)) for value in values]


def harmless(text: str) -> str:
    """Return a text that a spreadsheet will not run as a formula; numbers stay as they are."""
    if _NUMBER.fullmatch(text):
        return text
    if _READ.fullmatch(text.lstrip("'")) and not _RUNS.match(text):
        text = f"'{text}"
    return _RUNS.sub(r"\1'", text)


def inert_json(value: object) -> str:
    """Return JSON in which no text starts like a spreadsheet formula."""
    text = json.dumps(value, ensure_ascii=False)
    return _BEGINS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _texts(texts: Iterable[str]) -> Any:
    return np.array(
        [_LAST_NULS.sub(lambda nuls: "\N{SYMBOL FOR NULL}" * len(nuls[0]), text) for text in texts]
    )
