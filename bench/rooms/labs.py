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
        return children(self.process) if self.redis else [self.process.pid]

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
        if workers > 1:
            settle(process, workers)
        yield Lab(url, process, redis)


def settle(process: Any, workers: int) -> None:
    """Wait until all workers have started: the first one answers before the others do."""
    before: list[float] = []
    while True:
        now = [computed(pid) for pid in children(process)]
        if len(now) == workers and now == before:
            return
        before = now
        time.sleep(0.3)


def children(process: Any) -> list[int]:
    """Return the workers of a server."""
    found = []
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        found += [int(each) for each in (task / "children").read_text().split()]
    named = {each: Path(f"/proc/{each}/cmdline").read_text() for each in found}
    return [each for each, line in named.items() if "spawn_main" in line]
