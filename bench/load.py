"""Load of a class: students who drag the slider, open the page, and train at the same time.

``python -m bench.load`` serves the lab in a process of its own on the loopback, follows the page's
protocol (``static/js/net/run-channel.js``) in one client per student, and prints latencies. Seeded,
and bounded in time.

    drag    each student moves the slider ten times a second; measured are answers per second, the
            time from request to end of run, and the longest time without a new picture
    open    all students open the page at once: its files, and the first picture
    train   all students press Start in /train: two networks each
"""

import argparse
import asyncio
import json
import random
import re
import resource
import statistics
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from subprocess import Popen
from typing import Any

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from bench.browser import Browser, source
from bench.serving import computed, served

TEXT = "the clouds are in the sky and the rain is on the way home today "
CHANGES = 10
"""Moves of a thumb a second."""
LEAST, MOST, WAITS = 0.12, 4.0, 3
"""Of ``static/js/net/answer-timeout.js``, in seconds."""
SLOWER, FASTER = 1 / 2, 1 / 8
DESCRIPTORS = 1024
"""The usual limit of descriptors, for the server; the students have one of their own."""


@dataclass
class Student:
    """One page's channel, and its measurements."""

    url: str
    number: int
    experiment: dict[str, object]
    rng: random.Random
    seconds: float
    moves: float = CHANGES
    answers: int = 0
    refused: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds from sending a request to the end of its run."""
    blank: float = 0.0
    """The longest time without a new picture while the thumb moved."""
    latest: dict[str, Any] = field(default_factory=dict)
    under_way: int | None = None
    since: float = 0.0
    answered: bool = False
    usual: float | None = None
    hurry: asyncio.TimerHandle | None = None

    async def drag(self) -> None:
        async with connected(self.url, "/api/stream", self.number) as socket:
            await asyncio.sleep(self.rng.random() / self.moves)
            reading = asyncio.create_task(self._read(socket))
            start = self._last_picture = time.perf_counter()
            number = 0
            while time.perf_counter() - start < self.seconds:
                number += 1
                scale = round(self.rng.uniform(0.2, 3.0), 2)
                self.latest = {
                    "id": number,
                    "experiment": {**self.experiment, "recurrent_scale": scale},
                }
                if self.under_way is None:
                    await self._send(socket)
                else:
                    self._hurry_up(socket)
                await asyncio.sleep(1 / self.moves)
            self.blank = max(self.blank, time.perf_counter() - self._last_picture)
            reading.cancel()
            if self.hurry:
                self.hurry.cancel()

    async def _send(self, socket: ClientConnection) -> None:
        if self.hurry:
            self.hurry.cancel()
        now = time.perf_counter()
        if self.under_way is not None and not self.answered:
            self.usual = max(self.usual or 0.0, now - self.since)
        self.under_way, self.since, self.answered = self.latest["id"], now, False
        with suppress(ConnectionClosed):  # closed here: the drag is over
            await socket.send(json.dumps(self.latest))

    def _hurry_up(self, socket: ClientConnection) -> None:
        if self.hurry:
            self.hurry.cancel()
        patience = max(LEAST, min(WAITS * (self.usual or 0.0), MOST))
        delay = self.since + patience - time.perf_counter()
        loop = asyncio.get_running_loop()
        self.hurry = loop.call_later(
            max(0.0, delay), lambda: asyncio.ensure_future(self._send(socket))
        )

    async def _read(self, socket: ClientConnection) -> None:
        async for data in socket:
            header = header_of(data)
            now = time.perf_counter()
            if header["id"] != self.under_way:
                continue
            if not self.answered:
                self._learn(now - self.since)
                self.answered = True
            if header["type"] not in ("end", "error"):
                continue
            if header["type"] == "end":
                self.answers += 1
                self.waits.append(now - self.since)
                self.blank = max(self.blank, now - self._last_picture)
                self._last_picture = now
            else:
                self.refused += 1
            self.under_way = None
            if self.latest["id"] != header["id"]:
                await self._send(socket)

    def _learn(self, wait: float) -> None:
        if self.usual is None:
            self.usual = wait
        else:
            self.usual += (wait - self.usual) * (SLOWER if wait > self.usual else FASTER)


def connected(url: str, path: str, number: int) -> connect:
    """Open a socket from a student's own address."""
    return connect(
        f"ws{url.removeprefix('http')}{path}",
        origin=Origin(url),
        compression=None,
        max_size=None,
        open_timeout=60,
        local_addr=source(number),
    )


def header_of(data: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + length])


async def drags(url: str, students: int, T: int, H: int, seconds: float, seed: int) -> None:
    # many-to-one reads all but the last token
    sequence = (TEXT * 40)[: T + 1]
    experiment = {"sequence": sequence, "hidden_size": H}
    everyone = [
        Student(url, n, experiment, random.Random(f"{seed}-{n}"), seconds) for n in range(students)
    ]
    start = time.perf_counter()
    await asyncio.gather(*(student.drag() for student in everyone))
    spent = time.perf_counter() - start
    print(f"  {students} drag, T = {T}, H = {H}: {of_drags(everyone, spent)}")


def of_drags(everyone: list[Student], seconds: float) -> str:
    """Return what students got of their drags."""
    answers = sorted(student.answers for student in everyone)
    waits = [wait for student in everyone for wait in student.waits]
    blank = max(student.blank for student in everyone)
    return (
        f"{sum(answers) / seconds:.0f} answers a second, "
        f"send to end p50 {1000 * quantile(waits, 0.5):.0f} ms, "
        f"p95 {1000 * quantile(waits, 0.95):.0f} ms; "
        f"slowest student {answers[0] / max(1, statistics.median(answers)):.2f} of the median; "
        f"longest without a new picture {blank:.2f} s; "
        f"{sum(student.refused for student in everyone)} refused"
    )


def quantile(values: list[float], share: float) -> float:
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


PLOTLY = re.compile(r"vendor/plotly-\w+\.js")


async def opens(url: str, process: Popen[bytes], students: int, limit: float) -> None:
    """Open the page for all students at once, with empty caches.

    As Chromium does in a window of 1280 × 720: the page, what it names, a socket and the first run,
    which is the picture; then the icon, Plotly, the chart in view and its numbers.
    """
    pictures: list[float] = []
    charts: list[float] = []
    start, before, own = time.perf_counter(), computed(process.pid), time.process_time()

    async def student(number: int) -> None:
        browser = Browser(url, source(number))
        page = await browser.open("/")
        async with connected(url, "/api/stream", number) as channel:
            await channel.send(json.dumps({"id": 1, "experiment": {}}))
            while header_of(await channel.recv())["type"] != "end":
                pass
            pictures.append(time.perf_counter() - start)
            plotly = PLOTLY.search(page)
            assert plotly, "the page names no Plotly"
            await browser.fetch([f"/{plotly[0]}", "/api/figures?theme=light&lang=en"])
            await browser.post("/api/analysis/step_factors", b"{}")
            charts.append(time.perf_counter() - start)
        browser.close()

    bounded = (asyncio.wait_for(student(number), 2 * limit) for number in range(students))
    found = await asyncio.gather(*bounded, return_exceptions=True)
    print(
        f"  {students} open the page at once: {len(pictures)} have a picture, half of them after "
        f"{quantile(pictures, 0.5):.1f} s, the last after {quantile(pictures, 1):.1f} s; "
        f"{len(charts)} have a chart, the last after {quantile(charts, 1):.1f} s; the server took "
        f"{computed(process.pid) - before:.1f} s of a processor, and the students "
        f"{time.process_time() - own:.1f} s"
    )
    for error in {repr(each) for each in found if isinstance(each, BaseException)}:
        print(f"    {error[:160]}")


async def trains(url: str, students: int, seconds: float) -> None:
    """Train an RNN and an LSTM for each student, as the page does."""
    steps: dict[int, int] = {}
    said: dict[int, str] = {}

    async def network(number: int) -> None:
        plan = {"task": "recall", "cell": "lstm" if number % 2 else "rnn", "steps": 5000}
        async with connected(url, "/api/train", number // 2) as channel:
            await channel.send(json.dumps({"id": 1, "train": plan}))
            async for data in channel:
                header = header_of(data)
                said[number] = str(header.get("code") or header["type"])
                if header["type"] == "steps":
                    steps[number] = int(header["to"])

    tasks = [asyncio.create_task(network(number)) for number in range(2 * students)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    trained = sorted(steps.get(number, 0) for number in range(2 * students))
    print(
        f"  {students} press Start, two networks each, for {seconds:.0f} s: "
        f"{sum(count > 0 for count in trained)} of {2 * students} trained, "
        f"{trained[0]} to {trained[-1]} steps; the others were told "
        f"{sorted({said.get(n, 'nothing') for n in range(2 * students) if not steps.get(n)})}"
    )


@contextmanager
def descriptors(most: int) -> Iterator[None]:
    """Raise this process's limit on open files; child processes keep the usual one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", choices=("drag", "open", "train", []), default=[])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    what = chosen.what or ["drag", "open", "train"]
    with descriptors(DESCRIPTORS), served() as (url, process):
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2
        )
        if "drag" in what:
            for students, T, H in ((20, 24, 16), (100, 24, 16), (200, 24, 16), (200, 50, 32)):
                uvloop.run(drags(url, students, T, H, chosen.seconds, chosen.seed))
        if "open" in what:
            uvloop.run(opens(url, process, 300, 20))
        if "train" in what:
            uvloop.run(trains(url, 40, 2 * chosen.seconds))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
