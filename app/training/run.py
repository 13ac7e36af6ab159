"""One training run as frames: ``begin``, then ``steps`` again and again, then ``end``."""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from unrolled.app.runs.limits import training_bytes
from unrolled.app.stopwatch import Stopwatch
from unrolled.app.training.checkpoint_store import Checkpoints, scheduled
from unrolled.app.training.frames import (
    Answers,
    Paused,
    Probe,
    Steps,
    TrainingBegin,
    TrainingEnd,
)
from unrolled.app.training.history import History, Row, columns
from unrolled.engine import Checkpoint, Task, Training, TrainingRun, TrainingStep
from unrolled.engine.description.versions import VERSIONS

CHUNK_SECONDS = 0.045


class Run:
    """A training run with a connected page; after its end, its history."""

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
        self._end: TrainingEnd | None = None
        self._steps = training.steps
        self.key = key
        """By which its page finds it again: the name is in links that are handed on."""
        self.paused = False
        self._begin = self._beginning(self._run)
        self.result = ""
        """``finished``, ``stopped`` or ``diverged``, once it has ended."""
        checkpoints.keep(self._name, self._run.checkpoint())

    @property
    def outcome(self) -> str:
        """Why it ended, or None."""
        last = self._history.last
        if last is None or not (last.diverged or last.step == self._steps):
            return ""
        return "diverged" if last.diverged else "finished"

    @property
    def size(self) -> int:
        """Bytes that it uses while it trains."""
        return training_bytes(self._run.training) if self._run else 0

    @property
    def nbytes(self) -> int:
        return self._history.nbytes + (self._run.nbytes if self._run else 0)

    def rest(self, paused: bool) -> None:
        """Free what the run can rebuild when it resumes."""
        self.paused = paused
        if self._run:
            self._run.rest()

    def begin(self) -> bytes:
        kept = self._checkpoints.steps(self._name)
        return replace(self._begin, checkpoints=kept).encode()

    def again(self, number: int) -> list[bytes]:
        """Return the frames of its history, for a page that has found it."""
        self._number, kept = number, self._checkpoints.steps(self._name)
        begin = replace(self._begin, id=number, paused=self.paused, checkpoints=kept)
        frames = [begin.encode()]
        if self._history.rows:
            frames.append(self.steps(self._history.rows, self._history.every))
        if self._end:
            frames.append(replace(self._end, id=number).encode())
        return frames

    @property
    def name(self) -> str:
        """In the names of its networks."""
        return self._name

    @property
    def cell(self) -> str:
        return str(self._begin.training["cell"])

    @property
    def place(self) -> int:
        """How far it is: 1 and its steps, and 1 more once it has ended."""
        last = self._history.last
        return 1 + (last.step if last else 0) + (self._end is not None)

    def shown(self, number: int, after: int, to: int, most: int) -> Iterator[bytes]:
        """Yield what one who watches is shown between two places: of its steps every k-th.

        All are shown at most ``most`` of them; place 0 is before ``begin``.
        """
        every = 1
        while self._steps > most * every:
            every *= 2
        if after == 0:
            kept = self._checkpoints.steps(self._name)
            yield replace(self._begin, id=number, key="", checkpoints=kept).encode()
        rows = [
            row
            for row in self._history.rows
            if after <= row.step < to and (row.step - 1) % every == 0
        ]
        if rows:
            yield self._steps_of(number, rows, every, min(to - 1, self._steps))
        if self._end and self.place == to:
            yield replace(self._end, id=number).encode()

    def change(self, fields: dict[str, Any]) -> None:
        self._trained.change(**fields)

    def take(self, most: int | None) -> list[Row]:
        """Train for about the time of a chunk, and for at most ``most`` steps.

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
        """Return the frame of consecutive steps, or of every k-th up to the last."""
        last = self._history.last
        return self._steps_of(self._number, rows, every, last.step if last else 0)

    def _steps_of(self, number: int | None, rows: list[Row], every: int, to: int) -> bytes:
        last = self._history.last
        return Steps(
            id=number,
            from_=rows[0].step,
            to=to,
            every=every,
            answers=_answers(last) if last else [],
            checkpoints=self._checkpoints.steps(self._name),
            seconds=self._watch.seconds,
            **columns(rows),
        ).encode()

    def halt(self) -> bytes:
        """Return the frame of a run that has come to wait."""
        kept = self._checkpoints.steps(self._name)
        return Paused(id=self._number, checkpoints=kept, step=self._trained.step).encode()

    def end(self, result: str) -> bytes:
        """End the run, keep only its checkpoints, and return its last frame."""
        step, seconds, last = self._trained.step, self._watch.seconds, self._history.last
        self._end = TrainingEnd(
            id=self._number,
            result=result,
            step=step,
            diverged=last.diverged if last else None,
            checkpoints=self._checkpoints.steps(self._name),
            seconds=seconds,
            steps_per_second=step / seconds if seconds else 0,
        )
        self.result, self._run, self._records = result, None, iter(())
        return self._end.encode()

    @property
    def _trained(self) -> TrainingRun:
        assert self._run is not None, "a run that has ended does not go on"
        return self._run

    def _beginning(self, run: TrainingRun) -> TrainingBegin:
        task = run.task
        return TrainingBegin(
            id=self._number,
            checkpoints=self._checkpoints.steps(self._name),
            run=self._name,
            key=self.key,
            paused=self.paused,
            training=asdict(run.training),
            versions=dict(VERSIONS),
            architecture=task.architecture,
            timesteps=task.timesteps,
            inputs=task.inputs,
            outputs=task.outputs,
            numbers=task.numbers,
            vectors=task.vectors,
            tokens=task.tokens,
            baseline=task.baseline,
            source=task.source,
            probes=_probes(task),
            held_out=task.held_out,
        )


def _probes(task: Task) -> list[Probe]:
    """Return the input and the target of each probe at each timestep."""
    examples = range(task.probes.x.shape[1])
    return [
        {"reads": [*task.reads(task.probes, b)], "targets": [*task.targets(task.probes, b)]}
        for b in examples
    ]


def _answers(record: TrainingStep) -> list[Answers]:
    """Return the predictions at each target; for numbers the probability is null."""
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
