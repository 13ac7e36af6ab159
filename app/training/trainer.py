"""Runs the commands of a training page and yields frames, without sockets or an event loop.

A diverging run ends with that as its outcome; of an invalid command the problem is returned.
"""

import secrets
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, NamedTuple

from unrolled.app.errors import MessageError
from unrolled.app.runs.limits import check_training, training_bytes
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.commands import Order
from unrolled.app.training.registry import Trainings
from unrolled.app.training.run import Run
from unrolled.engine import (
    ExperimentError,
    Training,
)

Refused = ExperimentError | MessageError


class Work(NamedTuple):
    """The part of an order that has been done."""

    frames: list[bytes]
    steps: int
    """Training steps taken."""
    problem: Refused | None
    """Why no more was done."""


class Trainer:
    """The training run of a page, if it has one. Thread-safe."""

    def __init__(
        self,
        settings: Settings,
        checkpoints: Checkpoints,
        trainings: Trainings,
        taken: Callable[[], bool] = lambda: False,
        client: str = "",
    ) -> None:
        self._settings, self._checkpoints, self._trainings = settings, checkpoints, trainings
        self.client = client
        self._taken = taken
        """Called when another page has taken the run; returns whether it waited."""
        self._run: Run | None = None
        self._lock = Lock()

    @property
    def live(self) -> bool:
        """Whether there is a run that can continue."""
        run = self._run
        return run is not None and not run.result

    def drop(self) -> None:
        with self._lock:
            self._forget()

    def halt(self) -> list[bytes]:
        """Return the frame of a run that has come to wait, if there is a run."""
        with self._lock:
            return [self._run.halt()] if self._run and not self._run.result else []

    def follow(self, order: Order) -> Work:
        """Train for a chunk."""
        frames, taken, problem = [], 0, None
        with self._lock:
            try:
                for frame, steps in self._follow(order):
                    frames.append(frame)
                    taken += steps
            except (ExperimentError, MessageError) as error:
                problem = error
        return Work(frames, taken, problem)

    def find(self, key: str, number: int, waited: bool) -> tuple[list[bytes], bool]:
        """Take over the run of a key; return the frames of its history, and whether it is paused.

        Its own run, which has ``waited`` or not, is kept as if its page had disconnected. Raises
        ``MessageError`` if there is no run of the key.
        """
        with self._lock:
            if (own := self._run) and own.key == key:
                own.rest(waited)
                return own.again(number), waited
        self.leave(waited)
        run = self._trainings.take(key)
        with self._lock:
            try:
                self._trainings.begin(run.key, self, run.size)
            except MessageError:
                self._trainings.keep(run)
                raise
            self._run = run
            return run.again(number), run.paused

    def give(self) -> Run | None:
        """Hand the run over to a page that has found it."""
        with self._lock:
            run, self._run = self._run, None
            waited = self._taken()
            if run:
                run.rest(waited)
        return run

    def leave(self, paused: bool) -> None:
        """Keep the run for a limited time after its page has disconnected."""
        with self._lock:
            if self._run:
                self._run.rest(paused)
                self._trainings.keep(self._run)
            self._run = None

    def _forget(self) -> None:
        if self._run:
            self._trainings.end(self._run.key)
        self._run = None

    def _follow(self, order: Order) -> Iterator[tuple[bytes, int]]:
        if order.fields is not None:
            if self.live:
                yield self._end("stopped"), 0
            self._forget()
            training = _training(order.fields, self._settings)
            key = secrets.token_hex(16) + self._checkpoints.process
            self._trainings.begin(key, self, training_bytes(training))
            try:
                self._run = Run(order.id, key, training, self._checkpoints)
            except BaseException:
                self._trainings.end(key)
                raise
            self._trainings.name(self._run)
            yield self._run.begin(), 0
        run = self._run
        if run is None or run.result:
            return
        if order.changes:
            run.change(order.changes)
        if order.stop:
            yield self._end("stopped"), 0
            return
        if order.steps != 0:
            rows = run.take(order.steps)
            yield run.steps(rows), len(rows)
        if result := run.outcome:
            yield self._end(result), 0

    def _end(self, result: str) -> bytes:
        assert self._run
        self._trainings.over(self._run.key)
        return self._run.end(result)


def _training(fields: dict[str, Any], settings: Settings) -> Training:
    """Return the training; raises ``ExperimentError``, or ``MessageError`` if it is too large."""
    training = Training.of(fields)
    check_training(training, settings)
    return training
