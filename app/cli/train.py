"""`unrolled train`: train a network, and save it also when interrupted."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from unrolled.app.cli.console import Ending, announce, complain, deferred
from unrolled.app.cli.refusals import check, refuse_value, unwritten
from unrolled.engine import ExperimentError, Training, TrainingRun, TrainingStep, files


def train(
    before: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Train on: a .npz file that this command wrote; --steps are all steps."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Name of the two files to write: NAME.html and NAME.npz; TASK-CELL."),
    ] = None,
    **given: Any,
) -> None:
    """Train a network on a task; save a figure (.html) and the weights (.npz).

    Ctrl+C ends it early and saves the network so far.
    """
    from unrolled.app import figures

    run = _begun(before, given)
    name = _named(out, f"{run.training.task}-{run.training.cell}")
    figure, weights = (name.with_name(name.name + ending) for ending in (".html", ".npz"))
    for file in (figure, weights):
        check(file)
    with deferred() as ending:
        steps = _trained(run, ending)
        if not steps:
            complain("Stopped before the first step: there is nothing to write.")
            sys.exit(ending.code)

        def draw(path: Path) -> None:
            drawn = figures.training(steps, run.task.baseline)
            html = drawn.to_html(config=figures.CONFIG, default_height=_ONE_SCREEN)
            files.write(path, _told(html, run.checkpoint().told()).encode())

        # The weights first: they are small, and matter more than the figure.
        kept = [_keep(weights, run.save), _keep(figure, draw)]
        last = steps[-1]
        if ending.signal:
            announce(f"Stopped after {last.step:,} of {run.training.steps:,} steps.")
        _announce_end(run, last, ", ".join(str(path) for path in kept[::-1] if path))
    sys.exit(ending.code or int(kept != [weights, figure]))


def _begun(before: Path | None, given: dict[str, Any]) -> TrainingRun:
    """Return a new training, or one that goes on; end the command if it is invalid."""
    try:
        return TrainingRun.load(before, **given) if before else TrainingRun(Training.of(given))
    except ExperimentError as error:
        refuse_value(error)


def _announce_end(run: TrainingRun, last: TrainingStep, written: str) -> None:
    if last.diverged:
        announce(f"After {last.step} steps the {last.diverged} is no longer finite.")
    announce(f"loss {last.loss:.4f}, baseline {run.task.baseline:.4f}: {written or 'no file'}")


_ONE_SCREEN = "calc(100vh - 24px)"
"""The height of a figure alone on its page, whose edges take the rest."""


def _named(out: Path | None, usual: str) -> Path:
    """Return the path of the output files without an ending; in a folder, the default name."""
    if out is None or out.is_dir():
        return (out or Path()) / usual
    return out.with_suffix("") if out.suffix.lower() in (".html", ".npz") else out


def _told(html: str, made_by: object) -> str:
    """Return the page with its provenance in it, as JSON that is not shown."""
    told = json.dumps(made_by).replace("<", "\\u003c")
    element = f'<script type="application/json" id="made-by">{told}</script>'
    return html.replace("</head>", f"{element}</head>", 1)


def _keep(wanted: Path, write: Callable[[Path], None]) -> Path | None:
    """Write a file to the given path, or else to a temporary folder; return its path."""
    try:
        write(wanted)
        return wanted
    except OSError as error:
        lost = unwritten(error)
    for parent in (None, os.path.expanduser("~")):
        with suppress(OSError):
            path = Path(mkdtemp(prefix="unrolled-", dir=parent), wanted.name)
            try:
                write(path)
            except OSError:
                path.parent.rmdir()
                raise
            complain(f"{lost}: it is in {path} instead")
            return path
    complain(f"{lost}, nor in any other place")
    return None


def _trained(run: TrainingRun, ending: Ending) -> list[TrainingStep]:
    """Train to the end or until a signal; a closed terminal does not end it."""
    steps: list[TrainingStep] = []
    with suppress(OSError), _progress(run) as tell:
        for step in run.steps():
            steps.append(step)
            tell(step)
            if ending.signal:
                break
    return steps


@contextmanager
def _progress(run: TrainingRun) -> Iterator[Callable[[TrainingStep], None]]:
    """Return a progress bar with the loss."""
    said = TextColumn("loss {task.fields[loss]:.4f}")
    columns = BarColumn(), MofNCompleteColumn(), said, TimeRemainingColumn()
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as progress:
        bar = progress.add_task(run.training.task, total=run.training.steps, loss=run.task.baseline)
        yield lambda step: progress.update(bar, completed=step.step, loss=step.loss)
