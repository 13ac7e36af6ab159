"""One training run: forward, loss, backward, update, once for each minibatch.

    θ ← θ - update(clip(∂L/∂θ))

The task's three probes are appended to every minibatch; they do not contribute to the gradient.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from unrolled.engine.bptt.cell_pass import cuts
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.description.keywords import GoingOn, InFlight
from unrolled.engine.errors import ExperimentError
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.numerics.scaled import Scaled
from unrolled.engine.problem import Problem
from unrolled.engine.tasks import PROBES, Batch, Task, task
from unrolled.engine.training.answers import Answers
from unrolled.engine.training.checkpoint import Change, Checkpoint
from unrolled.engine.training.config import Training
from unrolled.engine.training.constraints import constrain
from unrolled.engine.training.minibatch import Room, backward, forward
from unrolled.engine.training.optimizers import OPTIMIZERS
from unrolled.engine.training.parameters import Parameters
from unrolled.engine.training.records import TrainingStep
from unrolled.engine.validation import quote
from unrolled.engine.weights import npz

IN_FLIGHT = ("learning_rate", "clip_norm", "clip_value")
"""Fields that a run can change."""
_BATCHES = 2**31
"""The random stream of the minibatches, far from those of the weights."""


class TrainingRun:
    """A network while it is trained: ``steps`` trains, ``network`` is as it is now.

    It can be pickled, and goes on in another process as if it had never left.

    Examples
    --------
    >>> import numpy as np, unrolled
    >>> run = unrolled.TrainingRun(unrolled.Training("adding", hidden_size=4, steps=2))
    >>> [step.step for step in run.steps()]
    [1, 2]
    >>> batch = run.task.draw(np.random.default_rng(0), 8)     # a minibatch of 8 examples
    >>> run.gradient(batch)["weight_hh_l0"].shape
    (4, 4)
    """

    def __init__(self, training: Training) -> None:
        """Start a training.

        Parameters
        ----------
        training
            What to train, and how.
        """
        self.training = training
        self._began = training
        self._changes: list[Change] = []
        self.task = task(training.task, training.length, training.examples)
        self.step = 0
        """Updates done."""
        self._parameters = Parameters(self.task.network(training, training.attention))
        self._constrain()
        self._gradient = self._parameters.like()
        self._optimizer = OPTIMIZERS[training.optimizer](self._parameters.theta.size)
        self._room = Room()
        self._cut = cuts(training.truncate, self.task.timesteps)
        stream = np.random.SeedSequence(training.seed, spawn_key=(_BATCHES,))
        self._rng = np.random.default_rng(stream)

    def __repr__(self) -> str:
        done = f"{self.training.task}, step {self.step} of {self.training.steps}"
        return f"TrainingRun({done}, {self.network!r})"

    def __getstate__(self) -> dict[str, Any]:
        """Return what it goes on with in another process: the weights once, and no functions."""
        kept = ("training", "_began", "_changes", "step", "_optimizer", "_rng")
        return {**{name: getattr(self, name) for name in kept}, "theta": self._parameters.theta}

    def __setstate__(self, state: dict[str, Any]) -> None:
        theta = state.pop("theta")
        self.__init__(state["_began"])  # type: ignore[misc]
        self._parameters.theta[:] = theta
        self.__dict__ |= state

    def save(self, path: Path) -> None:
        """Save ``checkpoint()``, and what ``load`` needs beside it to train on.

        Raises
        ------
        OSError
            Where the file cannot be written.
        """
        progress = {
            "optimizer": self._optimizer.memory,
            "updates": np.int64(self._optimizer.updates),
            "minibatches": json.dumps(self._rng.bit_generator.state),
        }
        npz.write(path, {**self.checkpoint().arrays(), **progress})

    @classmethod
    def load(cls, path: Path, **fields: Unpack[GoingOn]) -> "TrainingRun":
        """Return a training that goes on where ``save`` left it, as if it had never stopped.

        Parameters
        ----------
        path
            What ``save`` wrote, or the command `unrolled train`.
        **fields
            ``steps`` in all, by default as before, and what ``change`` takes.

        Raises
        ------
        ExperimentError
            On another file, on a field out of its range, and on one that is fixed.
        OSError
            Where there is no such file.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import mkdtemp
        >>> import unrolled
        >>> path = Path(mkdtemp(), "adding.npz")
        >>> run = unrolled.TrainingRun(unrolled.Training("adding", hidden_size=4, steps=2))
        >>> done = [*run.steps()]
        >>> run.save(path)
        >>> [step.step for step in unrolled.TrainingRun.load(path, steps=4).steps()]
        [3, 4]
        """
        content = path.read_bytes()
        checkpoint = Checkpoint.read(content, path.name)
        run = cls(_going_on(checkpoint, fields))
        if run.task.names != checkpoint.task.names:
            task = checkpoint.training.task
            raise ExperimentError("checkpoint", "other_words", value=path.name, task=task)
        with npz.opened(content, path.name) as file:
            if "optimizer.npy" not in file.namelist():
                raise ExperimentError("checkpoint", "no_optimizer", value=path.name)
            memory = run._optimizer.memory
            memory[...] = npz.array_of(file, "optimizer", memory.shape)
            run._optimizer.updates = int(npz.array_of(file, "updates", ())[()])
            run._rng.bit_generator.state = npz.json_of(file, "minibatches", "{}")
        run._parameters.theta[:] = Parameters(checkpoint.network).theta
        run.step, run._changes = checkpoint.step, [*checkpoint.changes]
        changed: Any = {name: to for _, name, to in run._changes}
        run.training = replace(run.training, **changed)
        now: Any = {name: to for name, to in fields.items() if name in IN_FLIGHT}
        run.change(**{name: to for name, to in now.items() if to != getattr(run.training, name)})
        return run

    @property
    def network(self) -> Network:
        """The network as it is now; its weights go on changing."""
        return self._parameters.network

    def checkpoint(self) -> Checkpoint:
        """Return a copy of the network as it is now."""
        network = Parameters(self.network).network
        return Checkpoint(self._began, self.task, self.step, network, tuple(self._changes))

    @property
    def nbytes(self) -> int:
        """Bytes of the weights, of their gradient and of what the optimizer remembers."""
        arrays = self._parameters.theta, self._gradient.theta, self._optimizer.memory
        return sum(each.nbytes for each in arrays)

    def rest(self) -> None:
        """Free the large arrays of a minibatch; the next step allocates them again."""
        self._room = Room()

    def change(self, **fields: Unpack[InFlight]) -> None:
        """Change the training from the next step on.

        Parameters
        ----------
        **fields
            ``learning_rate``, ``clip_norm`` or ``clip_value``. PyTorch adds 1e-6 to the norm that
            it clips by; here clipping is exact.

        Raises
        ------
        ValueError
            On another field.
        ExperimentError
            On a value out of its range.
        """
        for name in fields:
            if name not in IN_FLIGHT:
                raise ValueError(f"{name} cannot change while training")
        self.training = replace(self.training, **fields)
        self._changes += [(self.step, name, getattr(self.training, name)) for name in fields]

    def steps(self) -> Iterator[TrainingStep]:
        """Yield one record per update, until all are done or the run diverges."""
        diverged = None
        while self.step < self.training.steps and diverged is None:
            record = self._train(self.task.draw(self._rng, self.training.batch_size))
            diverged = record.diverged
            yield record

    def gradient(self, batch: Batch) -> dict[str, Floats]:
        """Return ∂L/∂θ of a minibatch, before clipping.

        Parameters
        ----------
        batch
            B examples of the task, over T timesteps: ``task.draw(rng, B)``.

        Returns
        -------
        dict
            Arrays by the names, and of the shapes, of ``Network.state_dict``.
        """
        with np.errstate(all="ignore"):
            made = forward(self.network, batch, self._room)
            backward(made, batch.x.shape[1], self._cut, self._gradient, self._room)
        return {name: d.copy() for name, d in self._gradient.named.items()}

    def _train(self, batch: Batch) -> TrainingStep:
        theta, d, B = self._parameters.theta, self._gradient, batch.x.shape[1]
        with np.errstate(all="ignore"):
            made = forward(self.network, _beside(batch, self.task.probes), self._room)
            mine, readouts = made.problem.losses_at[1] < B, made.readouts()
            losses = readouts.losses[mine]
            loss = float(losses.sum() / len(losses))
            accuracy, answers = _judged(self.task, made.problem, readouts, mine)
            reach = backward(made, B, self._cut, d, self._room)
            before = d.log10_norm()
            clipped = self._clip(before)
            diverged = None if math.isfinite(loss) else "loss"
            if not diverged:
                self._optimizer.update(theta, d.theta, self.training.learning_rate)
                diverged = None if np.isfinite(theta).all() else "weights"
            if not diverged:
                self._constrain()
        self.step += 1
        return TrainingStep(
            step=self.step,
            loss=loss,
            accuracy=accuracy,
            log10_gradient_norm=before,
            log10_clipped_norm=clipped,
            log10_norm_by_distance=read_only(reach),
            answers=answers,
            diverged=diverged,
        )

    def _constrain(self) -> None:
        constrain(self.network, self.training.constraint, self.training.recurrent_scale)

    def _clip(self, log10_norm: float) -> float:
        """Clip by value, then by the norm of all weights together (Pascanu et al. 2013).

        Takes log10 of the gradient's norm and returns it after clipping. An infinite gradient has
        no direction to keep: it stays, and the run diverges.
        """
        d, value, norm = self._gradient, self.training.clip_value, self.training.clip_norm
        if value:
            np.clip(d.theta, -value, value, out=d.theta)
            log10_norm = d.log10_norm()
        if norm and 0 < (excess := log10_norm - math.log10(norm)) < math.inf:
            d.theta[:] = Scaled(d.theta, 0).times_power_of_ten(-excess).plain()
            return math.log10(norm)
        return log10_norm


def _going_on(checkpoint: Checkpoint, fields: Mapping[str, Any]) -> Training:
    """Return the training of a checkpoint with more steps; refuse what it has fixed."""
    before, done = checkpoint.training, checkpoint.step
    asked = Training.of({**asdict(before), **fields})
    for name in fields:
        fixed, value = getattr(before, name), getattr(asked, name)
        if value != fixed and name not in (*IN_FLIGHT, "steps"):
            raise ExperimentError(name, "trained", fixed=str(fixed), value=quote(value))
    if asked.steps <= done:
        raise ExperimentError("steps", "steps_done", count=done, value=asked.steps)
    return replace(before, steps=asked.steps)


def _beside(batch: Batch, probes: Batch) -> Batch:
    return Batch(
        np.concatenate([batch.x, probes.x], axis=1),
        np.concatenate([batch.targets, probes.targets], axis=1),
        batch.parts,
    )


def _judged(
    task: Task, problem: Problem, readouts: Readouts, mine: Any
) -> tuple[float | None, Answers]:
    """Return the share of right answers, of the losses that are ``mine``, and those to the probes.

    The probes are the last examples.
    """
    (t, b), probes = problem.losses_at, np.flatnonzero(~mine)
    where = t[probes], b[probes] - (problem.batch[0] - PROBES)
    if task.numbers:
        nothing = np.full(len(probes), np.nan)
        return None, Answers(task, where, readouts.y[probes], nothing > 0, nothing)
    targets, classes = problem.targets[t, b], readouts.y.argmax(axis=1)
    right, probability = classes == targets, readouts.probabilities[probes, targets[probes]]
    accuracy = np.count_nonzero(right[mine]) / (len(mine) - len(probes))
    return accuracy, Answers(task, where, classes[probes], right[probes], probability)
