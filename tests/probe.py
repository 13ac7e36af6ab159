"""Measures the time until a server says that it is well, and how much of it the server spent.

A machine that has other work lets a process wait for a processor, which is no fault of the server.
Linux tells how long each thread was ready to run and was not run, and how long a virtual machine's
processors stood still for others; elsewhere nothing is subtracted.
"""

import multiprocessing
import os
import re
import socket
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

PAUSE = 0.03
_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Probe(NamedTuple):
    """One question and its answer."""

    began: float
    """As ``time.monotonic`` has it."""
    seconds: float
    waited: float
    """Seconds for which this process, the thread of the server's loop, and of its other threads the
    one that waited longest, had no processor: another thread may hold the interpreter's lock. And
    those for which the processor that stood still longest did so."""

    @property
    def own(self) -> float:
        """Seconds that the server spent itself, at least."""
        return max(0.0, self.seconds - self.waited)


class Watch:
    """``with`` it, `/healthz` of a server is asked again and again, by a process of its own."""

    def __init__(self, url: str, process: int) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._here, there = spawning.Pipe()
        self._process = spawning.Process(target=_ask, args=(url, process, there), daemon=True)
        self.probes: list[Probe] = []
        """The answers, once the block has ended."""

    def __enter__(self) -> "Watch":
        self._process.start()
        self._here.recv()  # it has begun
        return self

    def __exit__(self, *exception: object) -> None:
        self._here.send("stop")
        self.probes = self._here.recv()
        self._process.join()


def _ask(url: str, process: int, there: Connection) -> None:
    address, probes = urlsplit(url), list[Probe]()
    there.send("begun")
    while not there.poll(PAUSE):
        with socket.create_connection((address.hostname, address.port), timeout=60) as client:
            stood, before, began = _stolen(), _delays(process), time.monotonic()
            client.sendall(_REQUEST)
            answer = b""
            while b'"ok"' not in answer:
                if not (part := client.recv(65_536)):
                    raise ConnectionError(f"/healthz: {answer!r}")
                answer += part
            seconds, after = time.monotonic() - began, _delays(process)
        waited = _growth(before, after)
        known = [waited.pop(thread, 0.0) for thread in (0, process)]
        longest = [max(each.values(), default=0.0) for each in (waited, _growth(stood, _stolen()))]
        probes.append(Probe(began, seconds, sum(known + longest)))
    there.send(probes)


def _growth(before: dict[int, float], after: dict[int, float]) -> dict[int, float]:
    return {name: seconds - before.get(name, 0.0) for name, seconds in after.items()}


def _stolen() -> dict[int, float]:
    """Seconds for which each processor of a virtual machine has stood still for other machines."""
    found: dict[int, float] = {}
    with suppress(OSError):
        for line in Path("/proc/stat").read_text().splitlines():
            if re.match(r"cpu\d", line):
                name, *ticks = line.split()
                found[int(name[3:])] = int(ticks[7]) / os.sysconf("SC_CLK_TCK")
    return found


def _delays(process: int) -> dict[int, float]:
    """Seconds for which each thread of a process has had no processor; 0 is this process itself."""
    found: dict[int, float] = {}
    with suppress(OSError):
        found[0] = _delay(Path("/proc/self/schedstat"))
        for thread in os.listdir(f"/proc/{process}/task"):
            with suppress(OSError):  # it has ended
                found[int(thread)] = _delay(Path(f"/proc/{process}/task/{thread}/schedstat"))
    return found


def _delay(path: Path) -> float:
    return int(path.read_text().split()[1]) / 1e9
