"""Starts the server, for the command and for the tests."""

import gc
import os
import socket
import sys
from collections.abc import Callable
from errno import EACCES, EADDRINUSE
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Lines and headers of a handshake: a head is bounded as a whole (``app.server.http_protocol``), and
# beyond its own limits websockets sends no response. It reads them when it is imported.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")
os.environ.setdefault("WEBSOCKETS_MAX_NUM_HEADERS", "16384")

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from unrolled.app.main import create_app
from unrolled.app.server.http_protocol import BoundedHttpProtocol
from unrolled.app.server.websocket_protocol import QuietSocketProtocol
from unrolled.app.settings import Settings

MOST_DESCRIPTORS = 65_536
_HIGHEST_PORT = 65535
STARTING_SECONDS = 20
"""Seconds that a process may take to start: a slow or busy computer needs more than five."""
_TURN_SECONDS = 0.001
"""Seconds for which a thread that computes keeps the interpreter's lock from those that wait."""


class AddressError(OSError):
    """An address that cannot be served; the message names it, the reason and the remedy."""


def server(settings: Settings) -> uvicorn.Server:
    """Return a server with one process."""
    return uvicorn.Server(_config(create_app(settings), settings))


def prepared(settings: Settings) -> Callable[[socket.socket], None]:
    """Return what serves on a socket until it is told to stop, with as many processes as set."""
    if settings.processes == 1:
        only = server(settings)
        stay_prompt()
        return lambda listening: only.run(sockets=[listening])
    create_app(settings)  # what is wrong with the lessons is said once
    return partial(_serve_several, settings)


def _serve_several(settings: Settings, listening: socket.socket) -> None:
    """Serve with several processes, which share the networks that they train."""
    with TemporaryDirectory(prefix="unrolled-") as folder:
        shared = {"checkpoint_folder": settings.checkpoint_folder or Path(folder)}
        made = partial(_frozen, settings.model_copy(update=shared))
        Multiprocess(_config(made, settings, factory=True), [listening]).run()


def _frozen(settings: Settings) -> FastAPI:
    """Return the application of one process of several."""
    app = create_app(settings)
    stay_prompt()
    return app


def _config(app: Any, settings: Settings, factory: bool = False) -> uvicorn.Config:
    """Return how an application is served. Frames hardly compress, so the socket does not try."""
    return uvicorn.Config(
        app,
        factory=factory,
        workers=settings.processes,
        host=settings.host,
        port=settings.port,
        http=BoundedHttpProtocol,
        ws=QuietSocketProtocol,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # the application sees to them
        ws_per_message_deflate=False,
        ws_max_size=settings.message_bytes,
        timeout_graceful_shutdown=5,
        timeout_worker_healthcheck=STARTING_SECONDS,
    )


def raise_descriptors() -> int | None:
    """Raise the limit on open files and sockets to the system's maximum; return the limit.

    A browser takes up to seven, and the usual limit is 1,024 (256 on macOS), too few for a class of
    200. None if the system has no such limit (Windows).
    """
    try:
        import resource
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(soft, most)


def stay_prompt() -> None:
    """Keep the loop prompt beside threads that compute.

    All loaded objects are excluded from later garbage collections: a full one would visit all of
    them, which blocks every request for 20 to 70 ms. And the interpreter's lock, which the loop
    takes again for each message, is handed over after 1 ms and not after 5.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_TURN_SECONDS)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address exclusively."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # On Windows SO_REUSEADDR would let a second server take the same port silently.
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    listening.setsockopt(socket.SOL_SOCKET, alone, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except (OSError, UnicodeError) as error:
        listening.close()
        raise AddressError(_refusal(host, port, error)) from None
    return listening


def _refusal(host: str, port: int, error: OSError | UnicodeError) -> str:
    other = port + 1 if port < _HIGHEST_PORT else port - 1
    another = f"choose another with --port {other}, or PORT={other}"
    number = getattr(error, "errno", None)
    if number == EADDRINUSE:
        return f"Cannot serve on {host}:{port}: another program has that port; {another}."
    if number == EACCES:
        return f"Cannot serve on {host}:{port}: this user may not have that port; {another}."
    reason = getattr(error, "strerror", None) or error
    return (
        f"Cannot serve on {host}:{port} ({reason}): choose an address of this machine with "
        "--host 127.0.0.1, or HOST=127.0.0.1; 0.0.0.0 is all of them."
    )
