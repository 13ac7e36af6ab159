"""How the application is served, by the command and by the tests alike."""

import uvicorn

from app.main import create_app
from app.settings import Settings


def server(settings: Settings) -> uvicorn.Server:
    """One process. Frames are numbers that hardly compress, so the socket does not try."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        ws_per_message_deflate=False,
        ws_max_size=settings.message_bytes,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)
