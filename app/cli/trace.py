"""`unrolled trace`: one experiment, as a table or a file."""

from math import inf
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len

from unrolled.app.cli.console import shown
from unrolled.app.cli.experiment import Sequence, Trained, experiment_of
from unrolled.app.cli.output import aligned, ending_of, show, without_path, write
from unrolled.app.cli.refusals import refuse_value
from unrolled.app.cli.weights import (
    Embedding,
    Head,
    Module,
    Own,
    Reads,
    Vocabulary,
    Weights,
    given_run_of,
)
from unrolled.app.i18n.catalog import translator
from unrolled.app.i18n.invisible_tokens import is_unseen, name_of
from unrolled.engine import (
    Experiment,
    ExperimentError,
    GivenRun,
    Problem,
    Trace,
    deep_trace_of,
    trace_of,
)


def trace(
    sequence: Sequence = None,
    checkpoint: Trained = None,
    weights: Weights = None,
    module: Module = None,
    head: Head = None,
    embedding: Embedding = None,
    vocabulary: Vocabulary = None,
    reads: Reads = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write: .csv, .json, .npz, .html, or code in PyTorch, .py or .ipynb, "
            "or in Keras, .keras.py."
        ),
    ] = None,
    **given: Any,
) -> None:
    """Run one experiment: a table of its gradient, or a file of it (see --out)."""
    from unrolled.app.exports.tables import EXPORTS

    ending = ending_of(out, EXPORTS)
    asked: Experiment | GivenRun
    if weights:
        asked = given_run_of(
            sequence, Own(weights, module, head, embedding, vocabulary, reads), given
        )
    else:
        asked = experiment_of(sequence, checkpoint, given)
    if not out:
        show(_deep_table(asked) if asked.deep else _table(asked))
        return
    try:
        write(out, lambda: EXPORTS[ending].make(asked))
    except ExperimentError as error:
        refuse_value(error)


def _table(experiment: Experiment | GivenRun) -> str:
    """Return lines of t, token, log10 ||∂L/∂h_t|| and the share that arrives, and the verdict."""
    trace = trace_of(experiment)
    tokens = tokens_of(trace)
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


def _deep_table(described: Experiment | GivenRun) -> str:
    """Return log10 ||∂L/∂h_t|| of every layer and direction, the shares and the verdicts."""
    trace = deep_trace_of(described)
    tokens = tokens_of(trace.problem)
    first = {"t": range(1, len(tokens) + 1), "token": tokens}
    names = [f"layer {each.layer}{', from the end' * each.reverse}" for each in trace.levels]
    norms = [each.log10_gradient_norm.tolist() for each in trace.levels]
    shares = trace.log10_shares().tolist()
    chosen = "of all losses" if trace.chosen_loss == "all" else f"of L_{trace.chosen_loss}"
    lines = [
        "log10 ||∂L/∂h_t||",
        aligned(first | dict(zip(names, norms, strict=True))),
        f"log10 share {chosen}",
        aligned(first | dict(zip(names, shares, strict=True))),
    ]
    lost = [name for name, share in zip(names, shares, strict=True) if -inf in share]
    if lost:
        lines.append(without_path(lost, any(name.endswith("the end") for name in lost)))
    for name, level, share, verdict in zip(
        names, trace.levels, shares, trace.verdicts, strict=True
    ):
        end = (len(tokens), share[-1]) if level.reverse else (1, share[0])
        lines.append(f"{name}: {verdict}: {_share(end[1])} of the gradient arrives at t = {end[0]}")
    if trace.diverged_at:
        lines.append(f"the state overflowed at t = {trace.diverged_at}")
    return "\n".join(lines)


def tokens_of(read: Trace | Problem) -> list[str]:
    """Return the input of each timestep, as a terminal can show it."""
    t = translator()
    return [
        f"[{name_of(token, t)}]" if is_unseen(token) else shown(repr(token))
        for token in read.tokens
    ]


def _share(log10: float) -> str:
    """Return a share as a percentage where that is short, else as a power of ten."""
    if log10 == -inf:
        return "nothing"
    return f"{100 * 10**log10:.2g} %" if -4 <= log10 < 2 else f"10^{log10:.1f}"
