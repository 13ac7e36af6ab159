"""One training run, answered: orders in, frames out. No sockets, no event loop.

The frames are ``begin``, then ``steps`` again and again, then ``end``, or an ``error``. A run that
diverges ends with that as its result.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

import engine
from app.checkpoints import Checkpoints, scheduled
from app.frames import encode
from app.messages import MessageError
from app.orders import Order
from app.session import Stopwatch, error_frame
from app.settings import Settings
from engine import (
    ACTIVATIONS,
    CELLS,
    Checkpoint,
    ExperimentError,
    Task,
    Training,
    TrainingRun,
    TrainingStep,
)

CHUNK_SECONDS = 0.045
OVERHEAD = 32
"""Hidden units whose multiplications take as long as a timestep of a network of none."""


class Trainer:
    """A page's training run, if it has one."""

    def __init__(self, settings: Settings, checkpoints: Checkpoints) -> None:
        self._settings, self._checkpoints = settings, checkpoints
        self._run: _Run | None = None

    @property
    def live(self) -> bool:
        """Whether there is a run that can go on."""
        return self._run is not None

    def drop(self) -> None:
        self._run = None

    def follow(self, order: Order) -> tuple[list[bytes], int]:
        """A moment's work: the frames, and how many training steps were taken."""
        frames, taken = [], 0
        try:
            for frame, steps in self._follow(order):
                frames.append(frame)
                taken += steps
        except (ExperimentError, MessageError) as error:
            frames.append(error_frame(order.id, error))
        return frames, taken

    def _follow(self, order: Order) -> Iterator[tuple[bytes, int]]:
        if order.fields is not None:
            self._run = None
            self._run = _Run(order.id, _training(order.fields, self._settings), self._checkpoints)
            yield self._run.begin(), 0
        run = self._run
        if run is None:
            return
        if order.changes:
            run.change(order.changes)
        if order.stop:
            self._run = None
            yield run.end("stopped"), 0
            return
        if order.steps != 0:
            records = run.take(order.steps)
            yield run.steps(records), len(records)
        if run.result:
            self._run = None
            yield run.end(run.result), 0


class _Run:
    def __init__(self, number: int | None, training: Training, checkpoints: Checkpoints) -> None:
        self._number, self._checkpoints = number, checkpoints
        self._watch = Stopwatch()
        with self._watch:
            self._run = TrainingRun(training)
        self._records = self._run.steps()
        self._name = checkpoints.name()
        self._last: TrainingStep | None = None
        self.result = ""
        """``finished`` or ``diverged``, once it is."""
        checkpoints.keep(self._name, self._run.checkpoint())

    def begin(self) -> bytes:
        task, training = self._run.task, self._run.training
        return self._frame(
            "begin",
            run=self._name,
            training=asdict(training),
            architecture=task.architecture,
            timesteps=task.timesteps,
            inputs=task.inputs,
            outputs=task.outputs,
            numbers=task.numbers,
            tokens=task.tokens,
            baseline=task.baseline,
            source=task.source,
            probes=_probes(task),
            checkpoints=self._checkpoints.steps(self._name),
        )

    def change(self, fields: dict[str, Any]) -> None:
        try:
            self._run.change(**fields)
        except ExperimentError:
            raise
        except ValueError:
            raise MessageError("fixed", field=", ".join(fields)[:60]) from None

    def take(self, most: int | None) -> list[TrainingStep]:
        """Train for about the time of a chunk, and for no more than so many steps.

        The newest network is kept, or the last one before a step that diverged.
        """
        records: list[TrainingStep] = []
        finite: Checkpoint | None = None
        start, steps = time.perf_counter(), self._run.training.steps
        with self._watch:
            for record in self._records:
                records.append(record)
                if not record.diverged:
                    finite = self._run.checkpoint()
                    if scheduled(record.step, steps):
                        self._checkpoints.keep(self._name, finite)
                if len(records) == most or time.perf_counter() - start >= CHUNK_SECONDS:
                    break
        self._last = records[-1]
        if finite:
            self._checkpoints.keep(self._name, finite)
        if self._last.diverged or self._last.step == steps:
            self.result = "diverged" if self._last.diverged else "finished"
        return records

    def steps(self, records: list[TrainingStep]) -> bytes:
        names = ("loss", "log10_gradient_norm", "log10_clipped_norm", "log10_norm_by_distance")
        arrays = {name: np.array([getattr(each, name) for each in records]) for name in names}
        arrays["accuracy"] = np.array(
            [math.nan if each.accuracy is None else each.accuracy for each in records]
        )
        return encode(
            {
                "id": self._number,
                "type": "steps",
                "from": records[0].step,
                "to": records[-1].step,
                "answers": _answers(records[-1]),
                "checkpoints": self._checkpoints.steps(self._name),
                "seconds": self._watch.seconds,
            },
            arrays,
        )

    def end(self, result: str) -> bytes:
        step, seconds = self._run.step, self._watch.seconds
        return self._frame(
            "end",
            result=result,
            step=step,
            diverged=self._last.diverged if self._last else None,
            checkpoints=self._checkpoints.steps(self._name),
            seconds=seconds,
            steps_per_second=step / seconds if seconds else 0,
        )

    def _frame(self, kind: str, **header: Any) -> bytes:
        return encode({"id": self._number, "type": kind, **header})


def _training(fields: dict[str, Any], settings: Settings) -> Training:
    """The training that is asked for; ``ExperimentError``, or ``MessageError`` on too large."""
    training = Training.of(fields)
    if (H := training.hidden_size) > (most := settings.most_hidden_units):
        raise ExperimentError("hidden_size", "integer", low=1, high=most, value=H)
    cell = CELLS[training.cell](ACTIVATIONS[training.activation], training.forget_bias)
    T = engine.task(training.task, training.length, training.examples).timesteps
    work = T * training.batch_size * cell.blocks * (H + OVERHEAD) ** 2
    if work > (limit := settings.training_work):
        raise MessageError("training_too_big", field="hidden_size", work=work, limit=limit)
    return training


def _probes(task: Task) -> list[dict[str, Any]]:
    """What each probe reads and owes, timestep by timestep."""
    examples = range(task.probes.x.shape[1])
    return [
        {"reads": task.reads(task.probes, b), "owes": task.owes(task.probes, b)} for b in examples
    ]


def _answers(record: TrainingStep) -> list[dict[str, Any]]:
    """What the network says where an output is owed; null for the probability of a number."""
    return [
        {
            "timesteps": (owed := [t for t, said in enumerate(each.said) if said]),
            "said": [each.said[t] for t in owed],
            "right": [each.right[t] for t in owed],
            "probability": [
                None if math.isnan(each.probability[t]) else each.probability[t] for t in owed
            ],
        }
        for each in record.answers
    ]
