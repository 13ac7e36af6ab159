"""A server process, started by the command."""

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

WARM = 1 / 4
"""Of the time, in which memory may grow: caches and stores fill."""
FLAT = 16 * 2**20
"""Bytes by which the last quarter may be above the first after that: what an allocator moves."""


@contextmanager
def served(
    log: IO[bytes] | None = None, **settings: object
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the lab on a free port of the loopback; yield its address and process.

    Parameters
    ----------
    log
        A file for its output; by default the output of this process.
    settings
        Environment variables.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: str(value) for name, value in settings.items()}
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), **own}
    command = [sys.executable, "-m", "unrolled", "serve"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/readyz")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the lab did not start within a minute")
        yield url, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def computed(pid: int) -> float:
    """Return the processor seconds of a process; 0 if they cannot be read."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Return the resident bytes of a process; 0 if they cannot be read."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def warmed(memory: Sequence[int]) -> tuple[float, float]:
    """Return the bytes of a server in the first and in the last quarter of its time when warm."""
    warm = memory[int(WARM * len(memory)) :]
    quarter = max(1, len(warm) // 4)
    return statistics.median(warm[:quarter]), statistics.median(warm[-quarter:])
