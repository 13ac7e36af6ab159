"""The `unrolled` command."""

import os
import socket
import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer

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
    # One thread a run: small matrices gain nothing from more, and runs share the processors.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
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
