"""`unrolled trace`: one experiment, as a table or a file."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len

from app.catalog import translator
from app.commands.refusals import check, refuse, unwritten
from app.console import announce, complain, shown
from app.signs import is_unseen, name_of
from engine import Experiment, ExperimentError, files, rate, trace_of


def trace(
    sequence: Annotated[str, typer.Argument(help="The text that the network reads.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .json, .npz or .html.")
    ] = None,
    **given: Any,
) -> None:
    """Run one experiment: a table of its gradient, or a file (.csv, .json, .npz or .html)."""
    from app.exports import EXPORTS

    ending = out.suffix.removeprefix(".").lower() if out else ""
    if out and ending not in EXPORTS:
        choices = ", ".join(f".{each}" for each in EXPORTS)
        refuse(f"--out must end in one of {choices}, got {out.name}")
    try:
        experiment = Experiment.of({"sequence": sequence, **given})
    except ExperimentError as error:
        refuse(str(error))
    if not out:
        if not sys.stdout:
            refuse("Standard output is closed: name a file with --out")
        print(_table(experiment), flush=True)
        return
    check(out)
    try:
        files.write(out, EXPORTS[ending].make(experiment))
    except OSError as error:
        complain(f"{unwritten(error)}: make room, or name another with --out")
        sys.exit(1)
    announce(f"{out}: {out.stat().st_size:,} bytes")


def _table(experiment: Experiment) -> str:
    """t, token and log10 ||∂L/∂h_t||, a line each, and the verdict."""
    trace = trace_of(experiment)
    t = translator()
    tokens = [
        f"[{name_of(token, t)}]" if is_unseen(token) else shown(repr(token))
        for token in trace.tokens
    ]
    width = max(8, *map(cell_len, tokens))
    norms = zip(tokens, trace.log10_gradient_norm.tolist(), strict=True)
    lines = [
        f"{timestep:>5}  {token}{' ' * (width - cell_len(token))}  {norm:9.3f}"
        for timestep, (token, norm) in enumerate(norms, 1)
    ]
    speed = rate(trace.log10_gradient_norm)
    verdict = f"{speed.verdict}: × {speed.factor:.3g} a timestep" if speed else "no gradient"
    if trace.diverged_at:
        verdict = f"the state overflowed at t = {trace.diverged_at}"
    return "\n".join([f"    t  {'token':{width}}  log10 ||∂L/∂h_t||", *lines, verdict])
