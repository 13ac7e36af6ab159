"""A lab with one worker, or with several and a Redis of its own."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.serving import computed, resident, served
from tests.redis_server import RedisServer


class Lab(NamedTuple):
    url: str
    process: Any
    redis: RedisServer | None
    """None with one worker."""

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return workers_of(self.process, 2 if self.redis else 1)

    @property
    def computed(self) -> float:
        """The processor seconds of all workers."""
        return sum(map(computed, self.workers))

    @property
    def resident(self) -> int:
        """The bytes of memory of all workers."""
        return sum(map(resident, self.workers))


@contextmanager
def labs(workers: int, **settings: object) -> Iterator[Lab]:
    """Serve a lab with so many workers."""
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer()) if workers > 1 else None
        shared = {"UNROLLED_PROCESSES": workers, "UNROLLED_REDIS": redis.url} if redis else {}
        url, process = stack.enter_context(served(**shared, **settings))
        settle(process, workers)
        yield Lab(url, process, redis)


def settle(process: Any, workers: int) -> None:
    """Wait until all workers have started and have prepared their pages.

    The first one answers before the others do, and a worker compresses its pages for 8 s of a
    processor after it has begun to answer.
    """
    before: list[float] = []
    while True:
        now = [computed(pid) for pid in workers_of(process, workers)]
        if len(now) == workers and now == before:
            return
        before = now
        time.sleep(0.3)


def workers_of(process: Any, workers: int) -> list[int]:
    """Return the processes of a server that answer."""
    if workers == 1:
        return [process.pid]
    found = []
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        found += [int(each) for each in (task / "children").read_text().split()]
    named = {each: Path(f"/proc/{each}/cmdline").read_text() for each in found}
    return [each for each, line in named.items() if "spawn_main" in line]
