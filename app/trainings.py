"""The training runs that have a page, and those that wait for theirs to come back.

A run that waits does not train. It is found by its key, which only its page knows.
"""

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from app.messages import MessageError
from app.settings import Settings

if TYPE_CHECKING:
    from app.training import Run, Trainer


class Trainings:
    """Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._seconds, self._most = settings.training_keep, settings.training_bytes
        self._trainers: dict[str, Trainer] = {}
        self._waiting: OrderedDict[str, tuple[Run, float]] = OrderedDict()
        """By key, with the time until which each is kept."""
        self._bytes = 0
        self._lock = Lock()

    def begin(self, key: str, trainer: "Trainer") -> None:
        """A run has a page."""
        with self._lock:
            self._trainers[key] = trainer

    def end(self, key: str) -> None:
        """Nobody will ask for a run again."""
        with self._lock:
            self._trainers.pop(key, None)

    def keep(self, run: "Run") -> None:
        """A run waits for its page, for a while; those that have waited longest give way to it."""
        with self._lock:
            self._trainers.pop(run.key, None)
            self._waiting[run.key] = run, time.monotonic() + self._seconds
            self._bytes += run.nbytes
            while self._bytes > self._most:
                self._drop(next(iter(self._waiting)))

    def take(self, key: str) -> "Run":
        """The run of a key, also from another page; raises ``MessageError`` if there is none."""
        self.expire()
        with self._lock:
            trainer = self._trainers.pop(key, None)
            run = self._drop(key) if key in self._waiting else None
        if run is None and trainer is not None:
            run = trainer.give()
        if run is None:
            raise MessageError("training_gone")
        return run

    def expire(self) -> None:
        """Forget those that have waited too long."""
        with self._lock:
            now = time.monotonic()
            for key in [key for key, (_, until) in self._waiting.items() if until < now]:
                self._drop(key)

    def _drop(self, key: str) -> "Run":
        run, _ = self._waiting.pop(key)
        self._bytes -= run.nbytes
        return run
