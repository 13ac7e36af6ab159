"""A long load test that checks that the server's memory stays flat: `make soak`.

Twenty students drag while networks train, sweeps run and runs are exported, seeded, on the
loopback. Memory may grow until the store of trained networks is full, which is early because the
store is small and a run waits for its page only briefly. From then on it has to be flat.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import uvloop

from bench.browser import Answer, Browser, source
from bench.load import TEXT, Student, connected, header_of
from bench.serving import FLAT, WARM, resident, served, warmed

DRAGGERS = 20
MOVES = 5
"""Of each student's thumb, a second."""
LINES = 20
"""Lines that say how it goes."""
KEPT = 4 * 2**20
SETTINGS = {"UNROLLED_CHECKPOINT_BYTES": KEPT, "UNROLLED_TRAINING_KEEP": 20}
PAUSES = {"training": 4.0, "sweep": 10.0, "export": 2.0}
"""Seconds between two of a kind."""


class Soak:
    """Requests other than drags, and their responses."""

    def __init__(self, url: str, seed: int) -> None:
        self.url = url
        self.rng = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    async def training(self) -> None:
        plan = {
            "task": self.rng.choice(("recall", "adding", "copying")),
            "cell": self.rng.choice(("rnn", "gru", "lstm")),
            "seed": self.rng.randrange(1000),
            "steps": 200,
        }
        async with connected(self.url, "/api/train", DRAGGERS) as channel:
            await channel.send(json.dumps({"id": 1, "train": plan}))
            while (header := header_of(await channel.recv()))["type"] != "end":
                if header["type"] == "error":
                    raise ConnectionError(header["code"])

    async def sweep(self) -> None:
        scales = sorted({round(self.rng.uniform(0.1, 3), 2) for _ in range(12)})
        body = {"experiment": self._experiment(), "recurrent_scale": scales, "seeds": 5}
        answer = await self._asked("POST", "/api/sweep", json.dumps(body).encode())
        if "error" in json.loads(answer.body.splitlines()[-1]):
            raise ConnectionError("a sweep ended in an error")

    async def export(self) -> None:
        ending = self.rng.choice(("csv", "json", "npz", "html"))
        query = "&".join(f"{name}={value}" for name, value in self._experiment().items())
        await self._asked("GET", f"/api/export/{ending}?{query}")

    def _experiment(self) -> dict[str, Any]:
        return {
            "sequence": "ab" * self.rng.randint(5, 60),
            "hidden_size": self.rng.randint(4, 64),
            "cell": self.rng.choice(("rnn", "gru", "lstm")),
            "seed": self.rng.randrange(1000),
        }

    async def _asked(self, method: str, path: str, body: bytes = b"") -> Answer:
        browser = Browser(self.url, source(DRAGGERS))
        try:
            if method == "POST":
                return await browser.post(path, body)
            return (await browser.fetch([path]))[0]
        finally:
            browser.close()

    async def again_and_again(self, kind: str, until: float) -> None:
        work: Callable[[], Awaitable[None]] = getattr(self, kind)
        while time.perf_counter() < until:
            try:
                await work()
                self.done[kind] += 1
            except OSError as error:
                self.wrong[f"{kind}: {error}"] += 1
            await asyncio.sleep(PAUSES[kind])


async def soak(url: str, process: Popen[bytes], seconds: float, seed: int) -> tuple[Soak, bool]:
    """Return what was done, and whether the memory stayed flat."""
    found = Soak(url, seed)
    experiment = {"sequence": TEXT[:50], "hidden_size": 32, "cell": "lstm"}
    students = [
        Student(url, n, experiment, random.Random(f"{seed}-{n}"), seconds, MOVES)
        for n in range(DRAGGERS)
    ]
    start = time.perf_counter()
    working = [
        *(asyncio.create_task(student.drag()) for student in students),
        *(asyncio.create_task(found.again_and_again(kind, start + seconds)) for kind in PAUSES),
    ]
    memory: list[int] = []
    marks = iter(_marks(seconds))
    mark = next(marks)
    while (now := time.perf_counter() - start) < seconds:
        memory.append(resident(process.pid))
        if now >= mark:
            mark = next(marks, seconds)
            found.done["run"] = sum(student.answers for student in students)
            done = ", ".join(f"{count} {kind}s" for kind, count in found.done.items())
            print(f"  {now:4.0f} s: {memory[-1] / 2**20:5.0f} MiB; {done}", flush=True)
        await asyncio.sleep(0.5)
    await asyncio.gather(*working)
    found.wrong["a drag was refused"] += sum(student.refused for student in students)
    before, after = warmed(memory)
    flat = after - before <= FLAT
    print(
        f"  after {WARM * seconds:.0f} s {before / 2**20:.0f} MiB, at the end "
        f"{after / 2**20:.0f} MiB; trained networks kept: at most {KEPT >> 20} MiB here, "
        "UNROLLED_CHECKPOINT_BYTES elsewhere"
    )
    return found, flat


def _marks(seconds: float) -> Iterator[float]:
    yield from (seconds * n / LINES for n in range(LINES + 1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="where what the server says is kept")
    chosen = parser.parse_args()
    with chosen.log.open("w+b") if chosen.log else tempfile.TemporaryFile() as log:
        with served(log, **SETTINGS) as (url, process):
            found, flat = uvloop.run(soak(url, process, chosen.seconds, chosen.seed))
        log.seek(0)
        said = log.read().decode(errors="replace")
    wrong = [f"{count} times: {what}" for what, count in found.wrong.items() if count]
    wrong += ["the memory grew"] * (not flat)
    if count := said.count("Traceback (most recent call last)"):
        wrong.append(f"{count} tracebacks in the log: ...{said[-600:]}")
    print("  " + ("; ".join(f"WRONG, {each}" for each in wrong) or "flat, and nothing went wrong"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
