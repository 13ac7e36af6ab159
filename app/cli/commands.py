"""The `unrolled` command."""

import os
import signal
import sys
from typing import Annotated

import typer

from unrolled import __version__
from unrolled.__main__ import INTERRUPTED
from unrolled.app.cli.console import complain, ended, prepare
from unrolled.app.cli.options import with_options

# One thread per run: small matrices gain nothing from more, and runs share the processors. NumPy
# reads the variables when it is imported, which is below.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
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
    """Explore recurrent networks in an interactive web lab."""


def _add_commands() -> None:
    """Add the commands; the options of most are fields of the engine's."""
    from unrolled.app.cli.analyse import analyse
    from unrolled.app.cli.opened import opened
    from unrolled.app.cli.serve import serve
    from unrolled.app.cli.sweep import sweep
    from unrolled.app.cli.trace import trace
    from unrolled.app.cli.train import train
    from unrolled.engine import CHOICES, RANGES, Experiment, Training
    from unrolled.engine import training as learning

    says = {
        "target": "the right answer: a label, tags or text",
        "labels": "what the outputs choose among, such as positive / negative; if empty, the words",
        "examples": "your own text, or lines",
        "by_hand": "weights by their names, such as W_hh_1_2 0.5, of at most 4 hidden units",
        "loss": "a timestep that has a target, or all: whose gradient is shown",
    }
    wanted = says | dict.fromkeys(learning.OF_TASK, "if not given, what suits the task")
    cli.command()(serve)
    cli.command("open")(opened)
    cli.command("trace")(with_options(trace, Experiment(), CHOICES, RANGES, says))
    cli.command("analyse")(with_options(analyse, Experiment(), CHOICES, RANGES, says))
    scale = ("recurrent_scale",)
    cli.command("sweep")(with_options(sweep, Experiment(), CHOICES, RANGES, says, scale))
    cli.command("train")(with_options(train, Training(), learning.CHOICES, learning.RANGES, wanted))


_add_commands()


def main() -> None:
    """Run the command that was typed, and exit with its exit code."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    prepare()
    code = ended(_run)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def _run() -> int:
    """Run the command; report a mistyped one in one line."""
    try:
        code: int | None = cli(standalone_mode=False)
    except typer.TyperException as error:
        if said := error.format_message().rstrip("."):  # none where the help has been shown
            command = getattr(getattr(error, "ctx", None), "command_path", "unrolled")
            complain(f"{command}: {said}. Try {command} --help.")
        return error.exit_code
    if code == INTERRUPTED:
        complain("Stopped.")
    return code or 0
