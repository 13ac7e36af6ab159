"""`unrolled trace`: one experiment, as a table or a file."""

import sys
from math import inf
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len

from unrolled.app.cli.console import announce, complain, shown
from unrolled.app.cli.refusals import check, refuse, unwritten
from unrolled.app.i18n.catalog import translator
from unrolled.app.i18n.invisible_tokens import is_unseen, name_of
from unrolled.engine import Experiment, ExperimentError, files, trace_of


def trace(
    sequence: Annotated[str, typer.Argument(help="The text that the network reads.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .json, .npz or .html.")
    ] = None,
    **given: Any,
) -> None:
    """Run one experiment: a table of its gradient, or a file (.csv, .json, .npz or .html)."""
    from unrolled.app.exports.tables import EXPORTS

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
    """t, token, log10 ||∂L/∂h_t|| and the share that arrives, a line each, and the verdict."""
    trace = trace_of(experiment)
    t = translator()
    tokens = [
        f"[{name_of(token, t)}]" if is_unseen(token) else shown(repr(token))
        for token in trace.tokens
    ]
    width = max(8, *map(cell_len, tokens))
    shares = trace.log10_share().tolist()
    rows = zip(tokens, trace.log10_gradient_norm.tolist(), shares, strict=True)
    lines = [
        f"{timestep:>5}  {token}{' ' * (width - cell_len(token))}  {norm:17.3f}  {share:11.3f}"
        for timestep, (token, norm, share) in enumerate(rows, 1)
    ]
    said = f"{trace.verdict}: {_share(shares[0])} of the gradient arrives at t = 1"
    if trace.diverged_at:
        said = f"the state overflowed at t = {trace.diverged_at}"
    head = f"    t  {'token':{width}}  log10 ||∂L/∂h_t||  log10 share"
    return "\n".join([head, *lines, said])


def _share(log10: float) -> str:
    """A share in words: in per cent as far as that is short, else a power of ten."""
    if log10 == -inf:
        return "nothing"
    return f"{100 * 10**log10:.2g} %" if -4 <= log10 < 2 else f"10^{log10:.1f}"
