"""`unrolled serve`: start the server."""

import sys
from typing import Annotated, Any

import typer

from unrolled.app.cli.console import announce, complain
from unrolled.app.cli.options import option_of
from unrolled.app.cli.refusals import refuse

FEW_DESCRIPTORS = 4096
"""Open files below which a large class may find no place."""


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to serve on: HOST, or 127.0.0.1.")
    ] = None,
    port: Annotated[int | None, option_of(int, "Port: PORT, or 8000; 0 for a free one.")] = None,
    root_path: Annotated[
        str | None, typer.Option(help="Prefix that a proxy keeps, such as /course/rnn.")
    ] = None,
    workers: Annotated[
        int | None,
        option_of(int, "Processes: UNROLLED_PROCESSES, or 1; several need UNROLLED_REDIS."),
    ] = None,
) -> None:
    """Serve the lab."""
    from unrolled.app.lessons import LessonError
    from unrolled.app.server.environment import SettingError, settings_of, unknown
    from unrolled.app.server.process import AddressError, listen, prepared, raise_descriptors
    from unrolled.app.web.qr import lab_addresses

    given: dict[str, Any] = {"host": host, "port": port, "root_path": root_path}
    given["processes"] = workers
    try:
        settings = settings_of({name: each for name, each in given.items() if each is not None})
        for warning in unknown():
            complain(warning)
        serve_on = prepared(settings)
    except (SettingError, LessonError) as error:
        refuse(str(error))
    try:
        listening = listen(settings.host, settings.port)
    except AddressError as error:
        complain(str(error))
        sys.exit(1)
    addresses = lab_addresses(settings, listening.getsockname()[1])
    announce(f"unrolled: {', for others '.join(addresses)}  (Ctrl+C to stop)")
    _tell_few(raise_descriptors())
    try:
        serve_on(listening)
    except KeyboardInterrupt:
        sys.exit(0)


def _tell_few(descriptors: int | None) -> None:
    if descriptors is not None and descriptors < FEW_DESCRIPTORS:
        complain(
            f"This system allows {descriptors} open files, enough for some {descriptors // 7} "
            "browsers at once: raise it with ulimit -n."
        )
