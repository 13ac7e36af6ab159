"""`unrolled analyse`: why the gradient of one experiment changes, as a table or a file."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from unrolled.app.cli.experiment import Sequence as Text
from unrolled.app.cli.experiment import Trained, experiment_of
from unrolled.app.cli.output import aligned, ending_of, show, write
from unrolled.app.cli.refusals import refuse, refuse_value
from unrolled.app.cli.trace import tokens_of
from unrolled.app.errors import MessageError
from unrolled.app.exports.spreadsheet import harmless, inert_json, table_of
from unrolled.app.json import as_json
from unrolled.app.runs.analyses import ANALYSES, analysed, check_memory
from unrolled.engine.bptt.trace import AnyTrace

Columns = Mapping[str, Sequence[Any]]


def analyse(
    analysis: Annotated[
        str, typer.Argument(help=", ".join(name.replace("_", "-") for name in ANALYSES) + ".")
    ],
    sequence: Text = None,
    checkpoint: Trained = None,
    out: Annotated[Path | None, typer.Option(help="File to write: .csv or .json.")] = None,
    **given: Any,
) -> None:
    """Explain why a gradient vanishes or explodes: a table, or a file (.csv or .json).

    Of several layers it is of the one that --layer puts in front, by default the highest.

    step-factors: what each step back multiplies the gradient by, and of what.
    lyapunov: how fast each direction of the state grows, in nats a timestep.
    singular-values: how much the timesteps stretch each direction, by distance.
    contributions: what each timestep adds to the gradient of the recurrent weights.
    spectrum: the eigenvalues of the recurrent weights, and their spectral radius.
    """
    name = analysis.replace("-", "_")
    if name not in ANALYSES:
        choices = ", ".join(each.replace("_", "-") for each in ANALYSES)
        refuse(f"the analysis must be one of {choices}, got {analysis}")
    ending = ending_of(out, ("csv", "json"))
    experiment = experiment_of(sequence, checkpoint, given)
    try:
        check_memory(experiment)
        trace, found = analysed(name, experiment)
    except MessageError as error:
        refuse_value(error)
    columns = _COLUMNS[name](trace, found)
    if not out:
        show(aligned(_shown(name, trace, columns)))
        return
    made_by = experiment.made_by()
    rows = len(next(iter(columns.values())))
    table = {**columns, "made_by": [inert_json(made_by), *[None] * (rows - 1)][:rows]}
    made = table_of(table) if ending == "csv" else as_json({**found, "made_by": made_by})
    write(out, lambda: made)


def _step_factors(trace: AnyTrace, found: Mapping[str, Any]) -> Columns:
    t = found["timesteps"]
    columns = {"t": t.tolist(), "token": [harmless(trace.problem.tokens[each - 1]) for each in t]}
    columns["log10_ratio"] = found["log10_ratio"].tolist()
    columns |= {f"log10_{name}": each.tolist() for name, each in found["log10_factors"].items()}
    return columns | {f"share_{name}": each.tolist() for name, each in found["shares"].items()}


def _lyapunov(trace: AnyTrace, found: Mapping[str, Any]) -> Columns:
    exponents = found["exponents"].tolist()
    return {"direction": list(range(1, len(exponents) + 1)), "exponent": exponents}


def _singular_values(trace: AnyTrace, found: Mapping[str, Any]) -> Columns:
    values = np.array(found["log10_singular_values"])
    named = {f"log10_{i}": each.tolist() for i, each in enumerate(values.T, 1)}
    return {"distance": found["distance"].tolist(), **named}


def _contributions(trace: AnyTrace, found: Mapping[str, Any]) -> Columns:
    return {
        "t": list(range(1, len(trace.problem.tokens) + 1)),
        "token": [harmless(token) for token in trace.problem.tokens],
        "log10_contribution": found["log10_contributions"].tolist(),
    }


def _spectrum(trace: AnyTrace, found: Mapping[str, Any]) -> Columns:
    columns: dict[str, list[Any]] = {"part": [], "gate": [], "real": [], "imaginary": []}
    columns["modulus"] = []
    for block in found["blocks"]:
        n = len(block["real"])
        columns["part"] += [block["part"]] * n
        columns["gate"] += [block["gate"] or ""] * n
        columns["real"] += block["real"].tolist()
        columns["imaginary"] += block["imaginary"].tolist()
        columns["modulus"] += np.hypot(block["real"], block["imaginary"]).tolist()
    return columns


_COLUMNS: dict[str, Callable[[AnyTrace, Mapping[str, Any]], Columns]] = {
    "spectrum": _spectrum,
    "singular_values": _singular_values,
    "step_factors": _step_factors,
    "lyapunov": _lyapunov,
    "contributions": _contributions,
}


def _shown(name: str, trace: AnyTrace, columns: Columns) -> Columns:
    """Return the columns for a terminal: tokens by name, a few of many directions."""
    if "token" in columns:
        tokens = tokens_of(trace.problem)
        return {**columns, "token": [tokens[t - 1] for t in columns["t"]]}
    if name == "singular_values" and len(columns) > 4:
        distance, *values = columns
        few = {"largest": values[0], "median": values[len(values) // 2], "smallest": values[-1]}
        return {distance: columns[distance], **{f"log10 {n}": columns[v] for n, v in few.items()}}
    return columns
