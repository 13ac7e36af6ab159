"""One training run, answered: orders in, frames out. No sockets, no event loop.

The frames are ``begin``, then ``steps`` again and again, then ``end``, or an ``error``. A run that
diverges ends with that as its result.
"""

import math
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from threading import Lock
from typing import Any

from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.runs.frames import encode
from unrolled.app.runs.run_frames import Stopwatch, error_frame
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints, scheduled
from unrolled.app.training.commands import Order
from unrolled.app.training.history import History, Row, arrays
from unrolled.app.training.registry import Trainings
from unrolled.engine import (
    Checkpoint,
    ExperimentError,
    Task,
    Training,
    TrainingRun,
    TrainingStep,
)
from unrolled.engine.cells import cell_of

CHUNK_SECONDS = 0.045
OVERHEAD = 32
"""Hidden units whose multiplications take as long as a timestep of a network of none."""


class Trainer:
    """A page's training run, if it has one. Threads may share it."""

    def __init__(
        self,
        settings: Settings,
        checkpoints: Checkpoints,
        trainings: Trainings,
        taken: Callable[[], None] = lambda: None,
        client: str = "",
    ) -> None:
        self._settings, self._checkpoints, self._trainings = settings, checkpoints, trainings
        self.client = client
        self._taken = taken
        """Called when another page has taken the run."""
        self._run: Run | None = None
        self._lock = Lock()

    @property
    def live(self) -> bool:
        """Whether there is a run that can go on."""
        run = self._run
        return run is not None and not run.result

    def drop(self) -> None:
        with self._lock:
            self._forget()

    def follow(self, order: Order) -> tuple[list[bytes], int]:
        """A moment's work: the frames, and how many training steps were taken."""
        frames, taken = [], 0
        with self._lock:
            try:
                for frame, steps in self._follow(order):
                    frames.append(frame)
                    taken += steps
            except (ExperimentError, MessageError) as error:
                frames.append(error_frame(order.id, error))
        return frames, taken

    def find(self, key: str, number: int) -> tuple[list[bytes], bool]:
        """Take up the run of a key, wherever it is: what it has shown, and whether it is paused.

        Raises ``MessageError`` where there is none.
        """
        run = self._trainings.take(key)
        with self._lock:
            self._forget()
            try:
                self._trainings.begin(run.key, self, run.size)
            except MessageError:
                self._trainings.keep(run)
                raise
            self._run = run
            return run.again(number), run.paused

    def give(self) -> "Run | None":
        """Give the run away, to a page that has found it."""
        with self._lock:
            run, self._run = self._run, None
        self._taken()
        return run

    def leave(self, paused: bool) -> None:
        """The page has gone; its run waits for it, for a while."""
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
            self._forget()
            training, key = _training(order.fields, self._settings), secrets.token_hex(16)
            self._trainings.begin(key, self, size(training))
            try:
                self._run = Run(order.id, key, training, self._checkpoints)
            except BaseException:
                self._trainings.end(key)
                raise
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


class Run:
    """A training run that has a page; after its end, what it has shown."""

    def __init__(
        self, number: int | None, key: str, training: Training, checkpoints: Checkpoints
    ) -> None:
        self._number, self._checkpoints = number, checkpoints
        self._watch = Stopwatch()
        with self._watch:
            self._run: TrainingRun | None = TrainingRun(training)
        self._records = self._run.steps()
        self._name = checkpoints.name()
        self._history = History()
        self._begin = self._beginning(self._run)
        self._end: dict[str, Any] = {}
        self._steps = training.steps
        self.key = key
        """By which its page finds it again: the name is in links that are handed on."""
        self.paused = False
        self.result = ""
        """``finished``, ``stopped`` or ``diverged``, once it has ended."""
        checkpoints.keep(self._name, self._run.checkpoint())

    @property
    def outcome(self) -> str:
        """What ends it, if that has come."""
        last = self._history.last
        if last is None or not (last.diverged or last.step == self._steps):
            return ""
        return "diverged" if last.diverged else "finished"

    @property
    def size(self) -> int:
        """Bytes that it takes while it trains."""
        return size(self._run.training) if self._run else 0

    @property
    def nbytes(self) -> int:
        return self._history.nbytes + (self._run.nbytes if self._run else 0)

    def rest(self, paused: bool) -> None:
        """Wait, with as little as a run can go on with."""
        self.paused = paused
        if self._run:
            self._run.rest()

    def begin(self) -> bytes:
        return self._frame("begin", **self._begin, key=self.key)

    def again(self, number: int) -> list[bytes]:
        """The frames of what it has shown, for a page that has found it."""
        self._number = number
        frames = [self._frame("begin", **self._begin, key=self.key, paused=self.paused)]
        if self._history.rows:
            frames.append(self.steps(self._history.rows, self._history.every))
        if self.result:
            frames.append(self._frame("end", **self._end))
        return frames

    def change(self, fields: dict[str, Any]) -> None:
        self._trained.change(**fields)

    def take(self, most: int | None) -> list[Row]:
        """Train for about the time of a chunk, and for no more than so many steps.

        The newest network is kept, or the last one before a step that diverged.
        """
        rows: list[Row] = []
        finite: Checkpoint | None = None
        start = time.perf_counter()
        with self._watch:
            for record in self._records:
                rows.append(self._history.add(record))
                if not record.diverged:
                    finite = self._trained.checkpoint()
                    if scheduled(record.step, self._steps):
                        self._checkpoints.keep(self._name, finite)
                if len(rows) == most or time.perf_counter() - start >= CHUNK_SECONDS:
                    break
        if finite:
            self._checkpoints.keep(self._name, finite)
        return rows

    def steps(self, rows: list[Row], every: int = 1) -> bytes:
        """The frame of steps that follow each other, or of every k-th up to the last."""
        last = self._history.last
        header = {
            "id": self._number,
            "type": "steps",
            "from": rows[0].step,
            "to": last.step if last else 0,
            "every": every,
            "answers": _answers(last) if last else [],
            "checkpoints": self._checkpoints.steps(self._name),
            "seconds": self._watch.seconds,
        }
        return encode(header, arrays(rows))

    def end(self, result: str) -> bytes:
        """The run is over: its weights are kept as checkpoints, if at all."""
        step, seconds, last = self._trained.step, self._watch.seconds, self._history.last
        self._end = {
            "result": result,
            "step": step,
            "diverged": last.diverged if last else None,
            "checkpoints": self._checkpoints.steps(self._name),
            "seconds": seconds,
            "steps_per_second": step / seconds if seconds else 0,
        }
        self.result, self._run, self._records = result, None, iter(())
        return self._frame("end", **self._end)

    @property
    def _trained(self) -> TrainingRun:
        assert self._run is not None, "a run that has ended does not go on"
        return self._run

    def _beginning(self, run: TrainingRun) -> dict[str, Any]:
        task = run.task
        return {
            "run": self._name,
            "training": asdict(run.training),
            "architecture": task.architecture,
            "timesteps": task.timesteps,
            "inputs": task.inputs,
            "outputs": task.outputs,
            "numbers": task.numbers,
            "vectors": task.vectors,
            "tokens": task.tokens,
            "baseline": task.baseline,
            "source": task.source,
            "probes": _probes(task),
            "held_out": task.held_out,
        }

    def _frame(self, kind: str, **header: Any) -> bytes:
        checkpoints = self._checkpoints.steps(self._name)
        return encode({"id": self._number, "type": kind, "checkpoints": checkpoints, **header})


def _training(fields: dict[str, Any], settings: Settings) -> Training:
    """The training that is asked for; ``ExperimentError``, or ``MessageError`` on too large."""
    training = Training.of(fields)
    if (H := training.hidden_size) > (most := settings.most_hidden_units):
        raise ExperimentError("hidden_size", "integer", low=1, high=most, value=H)
    cell = cell_of(training)
    task = engine.task(training.task, training.length, training.examples)
    here = cell.blocks * (H + OVERHEAD) ** 2 + (H + OVERHEAD) * task.outputs
    work = task.timesteps * training.batch_size * here
    if work > (limit := settings.training_work):
        raise MessageError("training_too_big", field="hidden_size", work=work, limit=limit)
    return training


def size(training: Training) -> int:
    """Return the bytes that a training run keeps from one step to the next, at most.

    Four arrays of the size of the weights, and some of each timestep of each example of a
    minibatch: seven times the numbers that the cell's blocks compute there.
    """
    task = engine.task(training.task, training.length, training.examples)
    blocks = cell_of(training).blocks
    H, parts = training.hidden_size, 1 + int(task.probes.parts.max())
    weights = parts * blocks * H * (task.inputs + H + 2) + task.outputs * (H + 1)
    timesteps = task.timesteps * (training.batch_size + task.probes.x.shape[1])
    return 8 * (4 * weights + 7 * blocks * H * timesteps)


def _probes(task: Task) -> list[dict[str, Any]]:
    """The input and the target of each probe, timestep by timestep."""
    examples = range(task.probes.x.shape[1])
    return [
        {"reads": task.reads(task.probes, b), "targets": task.targets(task.probes, b)}
        for b in examples
    ]


def _answers(record: TrainingStep) -> list[dict[str, Any]]:
    """Predictions where there is a target; null for the probability of a number."""
    return [
        {
            "timesteps": (timesteps := [t for t, token in enumerate(each.predictions) if token]),
            "predictions": [each.predictions[t] for t in timesteps],
            "right": [each.right[t] for t in timesteps],
            "probability": [
                None if math.isnan(each.probability[t]) else each.probability[t] for t in timesteps
            ],
        }
        for each in record.answers
    ]
