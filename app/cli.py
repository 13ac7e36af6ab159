"""The `unrolled` command."""

import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from app.options import with_options

if TYPE_CHECKING:
    from engine import Experiment, TrainingRun, TrainingStep

# One thread a run: small matrices gain nothing from more, and runs share the processors. It must be
# said before NumPy is imported, which is below.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

FEW_DESCRIPTORS = 4096
"""Open files below which a large class may find no place."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("unrolled"))
        raise typer.Exit


@cli.callback()
def about(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and leave.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    """An interactive web lab for recurrent networks."""


@cli.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to serve on: HOST, or 127.0.0.1.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port: PORT, or 8000; 0 for a free one.")] = None,
    root_path: Annotated[
        str | None, typer.Option(help="Prefix that a proxy keeps, such as /course/rnn.")
    ] = None,
) -> None:
    """Serve the lab."""
    from pydantic import ValidationError

    from app.lessons import LessonError
    from app.serving import raise_descriptors, server
    from app.settings import Settings

    named: dict[str, Any] = {"host": host, "port": port, "root_path": root_path}
    try:
        settings = Settings(**{name: value for name, value in named.items() if value is not None})
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(map(str, problem["loc"]))
            typer.echo(f"{name}: {problem['msg']}, got {problem['input']!r}", err=True)
        sys.exit(2)
    try:
        lab = server(settings)
    except LessonError as error:
        _refuse(str(error))
    try:
        listening = _listen(settings.host, settings.port)
    except OSError as error:
        typer.echo(
            f"Cannot serve on {settings.host}:{settings.port}: {error.strerror or error}. "
            "Choose another address: PORT=8001 make",
            err=True,
        )
        sys.exit(1)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"unrolled: http://{shown}:{listening.getsockname()[1]}  (Ctrl+C to stop)")
    if (descriptors := raise_descriptors()) is not None and descriptors < FEW_DESCRIPTORS:
        typer.echo(
            f"This system allows {descriptors} open files, enough for some {descriptors // 7} "
            "browsers at once: raise it with ulimit -n.",
            err=True,
        )
    lab.run(sockets=[listening])


def _trace(
    sequence: Annotated[str, typer.Argument(help="The text that the network reads.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .json, .npz or .html.")
    ] = None,
    **given: Any,
) -> None:
    """Run one experiment: a table of its gradient, or a file (.csv, .json, .npz or .html)."""
    from app.exports import EXPORTS
    from engine import Experiment, ExperimentError

    ending = out.suffix.removeprefix(".").lower() if out else ""
    if out and ending not in EXPORTS:
        choices = ", ".join(f".{each}" for each in EXPORTS)
        _refuse(f"--out must end in one of {choices}, got {out.name}")
    try:
        experiment = Experiment.of({"sequence": sequence, **given})
    except ExperimentError as error:
        _refuse(str(error))
    if not out:
        typer.echo(_table(experiment))
        return
    try:
        out.write_bytes(EXPORTS[ending].make(experiment))
    except OSError as error:
        _refuse(f"cannot write {out}: {error.strerror or error}")
    typer.echo(f"{out}: {out.stat().st_size:,} bytes")


def _table(experiment: "Experiment") -> str:
    """t, token and log10 ||∂L/∂h_t||, a line each, and the verdict."""
    from engine import rate, trace_of

    trace = trace_of(experiment)
    norms = zip(trace.tokens, trace.log10_gradient_norm.tolist(), strict=True)
    lines = [f"{t:>5}  {token!r:8}  {norm:9.3f}" for t, (token, norm) in enumerate(norms, 1)]
    speed = rate(trace.log10_gradient_norm)
    verdict = f"{speed.verdict}: × {speed.factor:.3g} a timestep" if speed else "no gradient"
    if trace.diverged_at:
        verdict = f"the state overflowed at t = {trace.diverged_at}"
    return "\n".join(["    t  token     log10 ||∂L/∂h_t||", *lines, verdict])


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(2)


def _train(
    out: Annotated[
        Path | None,
        typer.Option(help="Name of the two files to write: NAME.html and NAME.npz; TASK-CELL."),
    ] = None,
    **given: Any,
) -> None:
    """Train a network on a task; leaves a figure (.html) and the weights (.npz)."""
    from app import figures
    from app.planning import planned
    from engine import ExperimentError, TrainingRun

    try:
        run = TrainingRun(replace(planned(given["task"]), **given))
    except ExperimentError as error:
        _refuse(str(error))
    name = out or Path(f"{run.training.task}-{run.training.cell}")
    figure, weights = (name.with_name(name.name + ending) for ending in (".html", ".npz"))
    steps = list(_watched(run))
    last = steps[-1]
    try:
        drawn = figures.training(steps, run.task.baseline)
        drawn.write_html(figure, config=figures.CONFIG, default_height=_ONE_SCREEN)
        run.checkpoint().save(weights)
    except OSError as error:
        _refuse(f"cannot write {error.filename}: {error.strerror or error}")
    if last.diverged:
        typer.echo(f"After {last.step} steps the {last.diverged} is no longer finite.")
    typer.echo(f"loss {last.loss:.4f}, baseline {run.task.baseline:.4f}: {figure}, {weights}")


_ONE_SCREEN = "calc(100vh - 24px)"
"""The height of a figure alone on its page, whose edges take the rest."""


def _watched(run: "TrainingRun") -> Iterator["TrainingStep"]:
    """The steps of a run, with a bar that shows how far it is and its loss."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    said = TextColumn("loss {task.fields[loss]:.4f}")
    with Progress(BarColumn(), MofNCompleteColumn(), said, TimeRemainingColumn()) as progress:
        bar = progress.add_task(run.training.task, total=run.training.steps, loss=run.task.baseline)
        for step in run.steps():
            progress.update(bar, completed=step.step, loss=step.loss)
            yield step


def _add_commands() -> None:
    """The commands whose options are fields of the engine's."""
    from app.planning import PLAN, WANTED
    from engine import CHOICES, RANGES, Experiment
    from engine import training as learning

    says = {"target": "what is owed", "examples": "your own text, or lines"}
    wanted = says | dict.fromkeys(WANTED, "if not given, what suits the task")
    train = with_options(_train, PLAN, learning.CHOICES, learning.RANGES, wanted, WANTED)
    cli.command("trace")(with_options(_trace, Experiment(), CHOICES, RANGES, says))
    cli.command("train")(train)


_add_commands()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def main() -> None:
    cli()
