"""The lab, served as its command serves it; with ``BEHIND=nginx-kept``, behind that proxy."""

import os
import signal

# As the command does, before NumPy comes: threads that fight over the processors make a long run
# many times longer.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")
# Most servers of the tests end before they are asked for a page.
os.environ.setdefault("UNROLLED_PREPARE", "false")

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import ClassVar
from urllib.parse import urlsplit

import hypothesis
import pytest
import uvicorn

from tests import proxies
from unrolled.app.server.process import server as make_server
from unrolled.app.settings import Settings

# A shell's background job ignores these, and so would every command that a test starts.
for each in ("SIGINT", "SIGHUP"):
    if (number := getattr(signal, each, None)) and signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)

# Each client of httpx would read all the certificates that there are, and no test needs one.
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]

# The same examples each time, at their own pace.
hypothesis.settings.load_profile("ci")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return half as many again as there are processors: many tests wait, most for a browser."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a lab with the usual settings."""
    with_settings = Served(Settings())
    yield with_settings.url
    with_settings.stop()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve more labs, with settings of their own: their addresses."""
    served: list[Served] = []

    def start(
        change: Callable[[uvicorn.Config], None] = lambda config: None, **fields: object
    ) -> str:
        served.append(Served(Settings(**fields), change))
        return served[-1].url

    yield start
    for each in served:
        each.stop()


class Served:
    hosts: ClassVar[set[str]] = set()
    """Where there are or were labs."""

    def __init__(
        self,
        settings: Settings,
        change: Callable[[uvicorn.Config], None] = lambda config: None,
        behind: str = os.environ.get("BEHIND", ""),
    ) -> None:
        self._server = make_server(settings.model_copy(update=proxies.settings(behind)))
        change(self._server.config)
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        self._proxy = proxies.Proxy(behind, port) if behind else None
        if self._proxy:
            self.url = self._proxy.url
        self.hosts.add(urlsplit(self.url).netloc)

    def stop(self) -> None:
        if self._proxy:
            self._proxy.stop()
        self._server.should_exit = True
        self._thread.join(timeout=10)
