"""The experiment of a command, on a random network or a trained one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.app.cli.refusals import refuse_value
from unrolled.engine import Checkpoint, Experiment, ExperimentError

Sequence = Annotated[
    str | None,
    typer.Argument(
        help="The text that the network reads; that of a trained network has a default."
    ),
]
Trained = Annotated[
    Path | None,
    typer.Option("--checkpoint", help="A trained network: a .npz file that unrolled train wrote."),
]


def experiment_of(
    sequence: str | None, checkpoint: Path | None, given: dict[str, Any]
) -> Experiment:
    """Return the experiment; end the command with one line if it is invalid."""
    if sequence is not None:
        given = {"sequence": sequence, **given}
    elif not checkpoint:
        given = {"sequence": "", **given}
    try:
        if checkpoint:
            return Checkpoint.load(checkpoint).experiment(**given)
        return Experiment.of(given)
    except ExperimentError as error:
        refuse_value(error)
