"""Checkpoints: a network at some step of its training, as the lab opens and the shell saves it."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from unrolled.engine.cells import cell_of
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.description.keywords import OfProblem
from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.experiment import Experiment
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import read_only
from unrolled.engine.problem import Problem
from unrolled.engine.tasks import PROBES, Names, Task, earlier, task
from unrolled.engine.training.config import Training
from unrolled.engine.training.parameters import Parameters
from unrolled.engine.validation import made_of, quote
from unrolled.engine.weights.npz import (
    MOST_BYTES,
    ArrayError,
    array_of,
    head_of,
    json_of,
    opened,
    write,
)

_OF_NETWORK = (
    "cell",
    "activation",
    "hidden_size",
    "initialization",
    "input_scale",
    "forget_bias",
    "update_bias",
    "chrono",
    "seed",
    "attention",
)
"""Fields of an experiment that a trained network has fixed."""
FREE = ("sequence", "target", "recurrent_scale", "clip_norm", "truncate", "loss")
"""Fields that an experiment on a trained network may choose."""
Change = tuple[int, str, float]
"""After which update a field was changed, its name, and its value from then on."""
_CHARACTER_BYTES, _CHANGE_BYTES = 2, 160
"""Bytes of a character of a text, and of a change in flight, about."""


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A network as it was after some update of its training."""

    training: Training
    """As it began."""
    task: Task
    """What it was trained on, with the words that it knows."""
    step: int
    """Updates that made it."""
    network: Network
    """The network, with read-only copies of the weights."""
    changes: tuple[Change, ...] = ()
    """The changes in flight, in order."""
    versions: Mapping[str, str] = field(default_factory=lambda: VERSIONS)
    """Of ``unrolled`` and NumPy, which trained it; empty where an older file does not say."""

    def __repr__(self) -> str:
        made = f"{self.training.task}, step {self.step} of {self.training.steps}"
        return f"Checkpoint({made}, {self.network!r})"

    def told(self) -> dict[str, Any]:
        """Return what made it, by name: the training, its step and the versions.

        A user's own text appears as its SHA-256 alone, so that a file of results does not contain
        it; the checkpoint's file does. The same holds for the words of the network.
        """
        training = asdict(self.training)
        if text := training.pop("examples"):
            training["examples_sha256"] = digest(text)
        changes = [list(change) for change in self.changes]
        return {
            "training": training,
            "step": self.step,
            "changes": changes,
            "words_sha256": digest(json.dumps(self.task.names)),
            "versions": {**self.versions},
        }

    def network_at(self, recurrent_scale: float) -> Network:
        """Return the network with its recurrent weights times ``recurrent_scale``."""
        parameters = Parameters(self.network)
        with np.errstate(over="ignore"):
            for weights in parameters.network.weights:
                np.multiply(weights.W_hh, recurrent_scale, out=weights.W_hh)
        read_only(parameters.theta)
        return parameters.network

    def network_of(self, wanted: Experiment) -> Network:
        """Return the network that an experiment runs."""
        return self.network_at(wanted.recurrent_scale)

    def deep_network_of(self, wanted: Experiment) -> DeepNetwork:
        """Return the network that an experiment runs, as one of any number of layers."""
        network = self.network_of(wanted)
        return DeepNetwork((network.layers,), network.W_hy, network.b_y)

    def problem_of(self, wanted: Experiment) -> Problem:
        """Return the sequence of an experiment in numbers, as its task reads it."""
        return self.problem(wanted.sequence, wanted.target)

    @property
    def free(self) -> tuple[str, ...]:
        """The fields that an experiment on it may choose."""
        return FREE

    @property
    def layers(self) -> int:
        """1: training has one layer."""
        return 1

    @property
    def directions(self) -> int:
        """1: training reads forward."""
        return 1

    @property
    def reads(self) -> str:
        """``h_n``: in one direction it is the state at T."""
        return "h_n"

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays and texts, about."""
        arrays: Any = self.network.state_dict().values()
        names = self.task.names
        texts = self.training.examples, *names.inputs, *names.targets, *chain(*names.probes)
        own = sum(array.nbytes for array in arrays) + _CHANGE_BYTES * len(self.changes)
        return own + _CHARACTER_BYTES * sum(map(len, texts))

    def problem(self, sequence: str, target: str = "") -> Problem:
        """Return a sequence and its target in numbers, as its task reads them."""
        return self.task.problem(sequence, target)

    def experiment(self, **fields: Unpack[OfProblem]) -> Experiment:
        """Return an experiment on the network: its task's first probe, or what ``fields`` say.

        Of the fields of ``Experiment`` those of the network, and how its task reads, are given.

        Raises
        ------
        ExperimentError
            On a field out of its range, and on another value of a field that is given.
        """
        own, said = self.task, dict(fields)
        sequence, target = own.text(own.probes, 0)
        fixed = {name: getattr(self.training, name) for name in _OF_NETWORK}
        fixed |= {"tokens": own.tokens, "architecture": own.architecture, "labels": ""}
        for name, value in fixed.items():
            if name in said and said[name] != value:
                wrong = quote(said[name])
                raise ExperimentError(name, "trained", fixed=str(value), value=wrong)
        given = {
            **{"sequence": sequence, "target": "" if _tells(own, sequence) else target},
            **said,
            **fixed,
        }
        return made_of(Experiment, given, checkpoint=self)

    def save(self, path: Path) -> None:
        """Save the training, its words, the step and the weights of ``state_dict`` as ``.npz``."""
        write(path, self.arrays())

    def arrays(self) -> dict[str, Any]:
        """Return what ``save`` writes, by name."""
        return {
            "training": json.dumps(asdict(self.training)),
            "names": json.dumps(self.task.names),
            "step": np.int64(self.step),
            "changes": json.dumps(self.changes),
            "versions": json.dumps(dict(self.versions)),
            **self.network.state_dict(),
        }

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Return what ``save`` wrote.

        Raises
        ------
        ExperimentError
            On what ``save`` cannot have written.
        OSError
            Where there is no such file.
        """
        return cls.read(path.read_bytes(), path.name)

    @classmethod
    def read(cls, content: bytes, name: str) -> "Checkpoint":
        """Return what ``save`` wrote, from its bytes, as ``load`` does from a file of that name."""
        with opened(content, name) as file:
            training = Training.of(dict(json.loads(str(array_of(file, "training", ())[()]))))
            step = int(array_of(file, "step", ())[()])
            if not 0 <= step <= training.steps:
                raise ArrayError("step")
            changes = _changes(json_of(file, "changes", "[]"))
            versions = {str(k): str(v) for k, v in dict(json_of(file, "versions", "{}")).items()}
            own = _task(file, training)
            network = Parameters(own.network(training, training.attention)).network
            for each, weights in network.state_dict().items():
                weights[...] = array_of(file, each, weights.shape)
        return cls(training, own, step, network, changes, versions)


def _task(file: zipfile.ZipFile, training: Training) -> Task:
    """Return the task of a file, with the words that its network was trained on."""
    now = task(training.task, training.length, training.examples)
    if (told := json_of(file, "names", "null")) is not None:
        return _named(now, told, training)
    names = earlier().get(training.task)
    if names and head_of(file, "weight_ih_l0")[0][-1:] != (now.inputs,):
        return now.renamed(names)
    return now


def _named(now: Task, told: Any, training: Training) -> Task:
    inputs, targets, probes = told
    pairs = tuple((str(sequence), str(target)) for sequence, target in probes)
    names = Names(_texts(inputs), _texts(targets), pairs)
    width = 8 * cell_of(training).blocks * training.hidden_size * max(map(len, names))
    if width > MOST_BYTES or len(names.probes) != PROBES:
        raise ArrayError("names")
    try:
        return now.renamed(names)
    except ExperimentError:
        raise ArrayError("names") from None


def _texts(told: Any) -> tuple[str, ...]:
    """Return different texts."""
    if len({*told}) != len(told) or not all(isinstance(each, str) for each in told):
        raise ArrayError("names")
    return tuple(told)


def digest(text: str) -> str:
    """Return the SHA-256 of a text, empty for none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _changes(told: Any) -> tuple[Change, ...]:
    return tuple((int(step), str(name), float(value)) for step, name, value in told)


def _tells(own: Task, sequence: str) -> bool:
    """Return whether the task can compute the target of a sequence."""
    if own.answer is None:
        return True
    return own.answer(own.input_notation.cut(sequence)) is not None
