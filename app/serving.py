"""How the application is served, by the command and by the tests alike."""

import os

# A handshake's lines and headers: a head is bounded as a whole (``app.http_protocol``), and beyond
# these websockets answers nothing at all. It reads them when it is imported.
os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")
os.environ.setdefault("WEBSOCKETS_MAX_NUM_HEADERS", "16384")

import uvicorn

from app.http_protocol import BoundedHttpProtocol
from app.main import create_app
from app.settings import Settings

MOST_DESCRIPTORS = 65_536


def server(settings: Settings) -> uvicorn.Server:
    """One process. Frames are numbers that hardly compress, so the socket does not try."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=BoundedHttpProtocol,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # the application sees to them
        ws_per_message_deflate=False,
        ws_max_size=settings.message_bytes,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


def raise_descriptors() -> int | None:
    """Let this process open as many files and sockets as the system allows; return how many.

    A browser takes up to seven at once, and the usual limit is 1,024 (256 on macOS): a class of 200
    would not get in. None where the system has no such limit (Windows).
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
