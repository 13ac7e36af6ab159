"""The lab in a process of its own, as its command serves it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def served() -> Iterator[str]:
    """The lab, as its command serves it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "app", "serve"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/healthz")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the lab did not start within a minute")
        yield url
    finally:
        process.terminate()
        process.wait()
