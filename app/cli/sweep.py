"""`unrolled sweep`: many networks of one experiment, as a table or a file."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from unrolled.app.cli.experiment import Sequence, experiment_of
from unrolled.app.cli.options import option_of
from unrolled.app.cli.output import aligned, ending_of, show, write
from unrolled.app.cli.refusals import refuse, refuse_value
from unrolled.app.exports.spreadsheet import inert_json, numbers, table_of
from unrolled.app.json import as_json
from unrolled.app.runs.sweeps import made_by, result, shares
from unrolled.engine import ExperimentError, Sweep
from unrolled.engine import sweep as swept
from unrolled.engine.analysis.sweeps import SEEDS
from unrolled.engine.weights.npz import packed

MOST_SCALES = 1000


def sweep(
    sequence: Sequence = None,
    least: Annotated[float, option_of(float, "The smallest scale.")] = 0.1,
    most: Annotated[float, option_of(float, "The largest scale.")] = 4.0,
    scales: Annotated[int, option_of(int, "How many scales, evenly spaced.")] = 40,
    seeds: Annotated[int, option_of(int, "How many networks of each.")] = SEEDS,
    out: Annotated[Path | None, typer.Option(help="File to write: .csv, .json or .npz.")] = None,
    **given: Any,
) -> None:
    """Run many networks over the recurrent scale: a table, or a file (.csv, .json or .npz).

    Each row is a scale: the median factor by which a step back multiplies the gradient, and log10
    of the share that arrives at t = 1.
    """
    ending = ending_of(out, _ENDINGS)
    experiment = experiment_of(sequence, None, given)
    if type(scales) is not int or not 1 <= scales <= MOST_SCALES:
        refuse(f"--scales must be a whole number from 1 to {MOST_SCALES}, got {scales}")
    for name, end in (("--least", least), ("--most", most)):
        try:
            replace(experiment, recurrent_scale=end)
        except ExperimentError as error:
            refuse(str(error).replace("recurrent_scale", name))
    if scales > 1 and least >= most:
        refuse(f"--most must be larger than --least, got {least} and {most}")
    try:
        found = swept(experiment, np.linspace(least, most, scales), seeds)
    except ExperimentError as error:
        refuse_value(error)
    if not out:
        show(_shown(found))
        return
    write(out, lambda: _ENDINGS[ending](found))


def _columns(found: Sweep) -> dict[str, list[Any]]:
    return {
        "recurrent_scale": found.recurrent_scale.tolist(),
        "median_factor": found.median_factor.tolist(),
        "log10_share": found.log10_share.tolist(),
        "diverged": found.diverged.sum(axis=1).tolist(),
    }


def _shown(found: Sweep) -> str:
    n, critical, edge = len(found.seeds), found.critical_scale, found.edge_scale
    columns = _columns(found)
    if found.experiment.attends:
        del columns["median_factor"]
    lines = [aligned(columns), f"{n} networks a scale"]
    if critical is not None:
        lines.append(f"from {critical:.2f} on a step back makes the gradient longer, not shorter")
    if edge is not None:
        lines.append(f"at {edge:.2f} as much gradient arrives at t = 1 as leaves the loss")
    return "\n".join(lines)


def _as_csv(found: Sweep) -> bytes:
    columns = {name: numbers(each) for name, each in _columns(found).items()}
    told = [inert_json(made_by(found)), *[None] * (len(found.recurrent_scale) - 1)]
    return table_of({**columns, "made_by": told})


def _as_json(found: Sweep) -> bytearray:
    return as_json({**result(found), **shares(found)})


def _as_npz(found: Sweep) -> bytes:
    arrays = {
        "made_by": json.dumps(made_by(found), ensure_ascii=False),
        "seeds": found.seeds,
        "log10_gradient_norms": found.log10_gradient_norms,
        "diverged_networks": found.diverged,
        **{name: np.array(column) for name, column in _columns(found).items()},
    }
    return packed(arrays, compressed=True)


_ENDINGS: dict[str, Callable[[Sweep], bytes | bytearray]] = {
    "csv": _as_csv,
    "json": _as_json,
    "npz": _as_npz,
}
