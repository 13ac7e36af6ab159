"""The `unrolled` command."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import fields
from importlib.metadata import version
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from engine import Experiment

# One thread a run: small matrices gain nothing from more, and runs share the processors. It must be
# said before NumPy is imported, which is below.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

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
) -> None:
    """Serve the lab."""
    from pydantic import ValidationError

    from app.serving import server
    from app.settings import Settings

    named: dict[str, Any] = {"host": host, "port": port}
    try:
        settings = Settings(**{name: value for name, value in named.items() if value is not None})
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(map(str, problem["loc"]))
            typer.echo(f"{name}: {problem['msg']}, got {problem['input']!r}", err=True)
        sys.exit(2)
    try:
        listening = _listen(settings.host, settings.port)
    except OSError as error:
        typer.echo(
            f"Cannot serve on {settings.host}:{settings.port}: {error.strerror or error}. "
            "Choose another address: PORT=8001 make",
            err=True,
        )
        sys.exit(1)
    lab = server(settings)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"unrolled: http://{shown}:{listening.getsockname()[1]}  (Ctrl+C to stop)")
    lab.run(sockets=[listening])


def _trace(sequence: str, out: Path | None, **given: Any) -> None:
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
    """t, token and log10 ‖∂L/∂h_t‖, a line each, and the verdict."""
    from engine import rate, trace_of

    trace = trace_of(experiment)
    norms = zip(trace.tokens, trace.log10_gradient_norm.tolist(), strict=True)
    lines = [f"{t:>5}  {token!r:8}  {norm:9.3f}" for t, (token, norm) in enumerate(norms, 1)]
    speed = rate(trace.log10_gradient_norm)
    verdict = f"{speed.verdict}: × {speed.factor:.3g} a timestep" if speed else "no gradient"
    if trace.diverged_at:
        verdict = f"the state overflowed at t = {trace.diverged_at}"
    return "\n".join(["    t  token     log10 ‖∂L/∂h_t‖", *lines, verdict])


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(2)


def _with_options() -> Callable[..., None]:
    """``_trace`` with an option for each field of an experiment, read off the engine."""
    from engine import CHOICES, RANGES, Experiment

    parameters = list(signature(_trace).parameters.values())[:2]
    sequence = typer.Argument(help="The text that the network reads.")
    out = typer.Option(help="File to write: .csv, .json, .npz or .html.")
    annotations: dict[str, Any] = {
        "sequence": Annotated[str, sequence],
        "out": Annotated[Path | None, out],
    }
    parameters[1] = parameters[1].replace(default=None)
    for field in fields(Experiment):
        name = field.name
        if name == "sequence":
            continue
        if name in CHOICES:
            says = ", ".join(CHOICES[name])
        else:
            says = "{} to {}".format(*RANGES[name]) if name in RANGES else "what is owed"
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=field.default))
        annotations[name] = Annotated[type(field.default), typer.Option(help=says)]

    def command(**given: Any) -> None:
        _trace(**given)

    command.__doc__ = _trace.__doc__
    command.__annotations__ = annotations
    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [each.replace(annotation=annotations[each.name]) for each in parameters]
    )
    return command


cli.command("trace")(_with_options())


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
