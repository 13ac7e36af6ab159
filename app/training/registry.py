"""Training runs with a connected page, and runs that wait for theirs to reconnect.

A waiting run does not train. Its page finds it by a secret key.
"""

import time
from collections import OrderedDict
from threading import Lock
from typing import Protocol
from weakref import WeakValueDictionary

from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings
from unrolled.app.training.run import Run


class Holder(Protocol):
    """The holder of a page's run, which can hand the run over."""

    client: str

    def give(self) -> Run | None: ...


class Trainings:
    """A thread-safe registry of training runs."""

    def __init__(self, settings: Settings) -> None:
        self._seconds, self._most = settings.training_keep, settings.training_bytes
        self._most_under_way = settings.training_run_bytes
        self._holders: dict[str, Holder] = {}
        self._under_way: dict[str, tuple[str, int]] = {}
        """By key, whose each run is and how many bytes it takes."""
        self._waiting: OrderedDict[str, tuple[Run, float]] = OrderedDict()
        """By key, with the time until which each is kept."""
        self._bytes = 0
        self._named: WeakValueDictionary[str, Run] = WeakValueDictionary()
        self._lock = Lock()

    def begin(self, key: str, trainer: Holder, size: int) -> None:
        """Register a run of a given size; raises ``MessageError`` if the memory is used up.

        Connected runs share the memory; a client has at most half of it, unless its run is alone.
        """
        with self._lock:
            sizes = [n for _, n in self._under_way.values()]
            own = [n for client, n in self._under_way.values() if client == trainer.client]
            most = self._most_under_way
            if (sizes and sum(sizes) + size > most) or (own and sum(own) + size > most // 2):
                raise MessageError("trainings_full", field="hidden_size", limit=most >> 20)
            self._holders[key], self._under_way[key] = trainer, (trainer.client, size)

    def name(self, run: Run) -> None:
        """Let a run be watched by its name."""
        with self._lock:
            self._named[run.name] = run

    def named(self, name: str) -> Run | None:
        """Return the run of a name, for one who watches it and does not take it."""
        with self._lock:
            return self._named.get(name)

    def end(self, key: str) -> None:
        """Remove a run."""
        with self._lock:
            self._part(key)

    def over(self, key: str) -> None:
        """Free the memory of a finished run that still has a page."""
        with self._lock:
            self._under_way.pop(key, None)

    def keep(self, run: Run) -> None:
        """Keep a run for its page for a limited time; evict the longest waiting runs first."""
        with self._lock:
            self._part(run.key)
            self._waiting[run.key] = run, time.monotonic() + self._seconds
            self._bytes += run.nbytes
            while self._bytes > self._most:
                self._drop(next(iter(self._waiting)))

    def take(self, key: str) -> Run:
        """Return the run of a key, also from another page; raises ``MessageError`` without one."""
        self.expire()
        with self._lock:
            trainer = self._part(key)
            run = self._drop(key) if key in self._waiting else None
        if run is None and trainer is not None:
            run = trainer.give()
        if run is None:
            raise MessageError("training_gone")
        return run

    def expire(self) -> None:
        """Remove runs that have waited too long."""
        with self._lock:
            now = time.monotonic()
            for key in [key for key, (_, until) in self._waiting.items() if until < now]:
                self._drop(key)

    def _part(self, key: str) -> Holder | None:
        self._under_way.pop(key, None)
        return self._holders.pop(key, None)

    def _drop(self, key: str) -> Run:
        run, _ = self._waiting.pop(key)
        self._bytes -= run.nbytes
        return run
