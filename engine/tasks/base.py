"""The interface of a task: minibatches of examples, and facts about them.

An example is a sequence and a target. ``engine.architectures`` gives each timestep its
input and target token; a ``Notation`` turns a token into a number or a vector, and back.
"""

from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field, replace
from typing import NamedTuple

import numpy as np

from unrolled.engine.architectures import ARCHITECTURES, Unrolled
from unrolled.engine.config import NetworkConfig
from unrolled.engine.description.keywords import AttentionName
from unrolled.engine.errors import ExperimentError
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.problem import Problem
from unrolled.engine.tasks.encoding import Notation, Vectors, joined
from unrolled.engine.tokenizers import MOST_TOKENS

END = "</s>"
"""The last target where an answer may have any length."""
PROBES = 3
_PROBE_SEED = np.random.SeedSequence(0, spawn_key=(1997,))


class Batch(NamedTuple):
    """B examples over T timesteps."""

    x: Integers | Floats
    """(T, B) class read, -1 for a zero vector; or (T, B, D) vectors."""
    targets: Integers | Floats
    """(T, B) target class, -1 where none; or (T, B, D_out) numbers, NaN where none."""
    parts: Integers
    """(T,) whose weights a timestep uses: 0, and 1 for a decoder's timesteps."""

    def of(self, examples: Integers) -> "Batch":
        """Return some of the examples."""
        return Batch(self.x[:, examples], self.targets[:, examples], self.parts)


class Names(NamedTuple):
    """The words of a task, which a trained network keeps when the task gets others."""

    inputs: tuple[str, ...]
    """What each entry of an input stands for; empty for numbers."""
    targets: tuple[str, ...]
    """What each class is called; empty for numbers."""
    probes: tuple[tuple[str, str], ...]
    """Sequence and target of the three probes."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task to learn: minibatches that are a pure function of a random generator."""

    name: str
    """A key of ``TASKS``."""
    architecture: str
    """A key of ``ARCHITECTURES``."""
    input_notation: Notation
    """How what it reads is written, and read."""
    target_notation: Notation
    """How its targets are."""
    baseline: float
    """Loss of the best answer that remembers nothing, per output."""
    source: str
    """The paper, empty for the user's own examples."""
    draw: Callable[[np.random.Generator, int], Batch]
    """A fresh minibatch of B examples."""
    answer: Callable[[list[str]], str | None] | None = None
    """The target of a sequence's tokens, None where it is unknown; without this
    function the target is the next token."""
    asked: InitVar[Sequence[tuple[str, str]]] = ()
    """Sequence and target of the probes; empty for three from a stream of their own."""
    held_out: bool = False
    """Whether the probes are never trained on; of few possible examples, they are."""
    probes: Batch = field(init=False)
    """Three fixed examples."""

    def __post_init__(self, asked: Sequence[tuple[str, str]]) -> None:
        drawn = self.draw(np.random.default_rng(_PROBE_SEED), PROBES)
        # Written and read again: a page then shows the very numbers that the network reads.
        asked = asked or [(self.text(drawn, b)[0], "") for b in range(PROBES)]
        examples = [self.parse(*example) for example in asked]
        object.__setattr__(self, "probes", padded(examples, self.architecture, like=drawn))

    def __repr__(self) -> str:
        sizes = f"T={self.timesteps}, inputs={self.inputs}, outputs={self.outputs}"
        return f"Task({self.name!r}, {self.architecture}, {sizes}, baseline={self.baseline:.4f})"

    @property
    def timesteps(self) -> int:
        """T of a batch."""
        return len(self.probes.parts)

    @property
    def inputs(self) -> int:
        """V classes, or D numbers of a vector."""
        return self.input_notation.width

    @property
    def outputs(self) -> int:
        """Classes, or numbers for a squared error."""
        return self.target_notation.width

    def network(self, config: NetworkConfig, attention: AttentionName = "none") -> Network:
        """Return a network of random weights for its inputs and outputs."""
        encoder, sizes = bool(self.probes.parts.any()), (self.inputs, self.outputs)
        return Network.random(config, *sizes, encoder=encoder, attention=attention)

    @property
    def vectors(self) -> bool:
        """Whether it reads vectors."""
        return isinstance(self.input_notation, Vectors)

    @property
    def feedback(self) -> bool:
        """Whether each target is the next input, after the one that is given, which is a vector."""
        return self.vectors and bool(self.input_notation.names)

    @property
    def numbers(self) -> bool:
        """Whether targets are numbers, for ½‖y - target‖²; if not, classes, for cross-entropy."""
        return isinstance(self.target_notation, Vectors)

    @property
    def tokens(self) -> str:
        """The unit of a token: ``characters`` or ``words``."""
        return self.input_notation.tokens

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Names of the target classes; empty for numbers."""
        return self.target_notation.names

    @property
    def names(self) -> Names:
        """What a network of the task has to know of it."""
        probes = tuple(self.text(self.probes, b) for b in range(PROBES))
        return Names(self.input_notation.names, self.target_notation.names, probes)

    @property
    def words(self) -> tuple[str, ...]:
        """Names of the input classes, where the target classes are others; empty elsewhere."""
        names = self.input_notation.names
        return () if names == self.vocabulary else names

    def renamed(self, names: Names) -> "Task":
        """Return the task as a network reads and answers it that was trained on these names.

        Raises ``ExperimentError`` where the examples have others.
        """
        if names == self.names:
            return self
        read = self.input_notation.with_names(names.inputs)
        answers = self.target_notation.with_names(names.targets)
        asked = {tuple(read.cut(sequence)): target for sequence, target in names.probes}

        def known(tokens: list[str]) -> str | None:
            told = asked.get(tuple(tokens)) or (self.answer(tokens) if self.answer else None)
            unknown = {*answers.cut(told or "")} - {*names.targets}
            return None if names.targets and unknown else told

        return replace(
            self,
            input_notation=read,
            target_notation=answers,
            answer=self.answer and known,
            asked=names.probes,
        )

    def reads(self, batch: Batch, b: int) -> tuple[str, ...]:
        """Return (T) the input token of each timestep of example b."""
        return self.input_notation.write(batch.x[:, b])

    def targets(self, batch: Batch, b: int) -> tuple[str, ...]:
        """Return (T) the target of each timestep of example b, empty where none."""
        return self.target_notation.write(batch.targets[:, b])

    def prediction(self, y: Floats) -> str:
        """Return the token that the output y (outputs,) of one timestep predicts."""
        rows = y[None] if self.numbers else np.array([np.argmax(y)])
        return self.target_notation.write(rows)[0]

    def text(self, batch: Batch, b: int) -> tuple[str, str]:
        """Return example b as a sequence and a target, which ``parse`` reads back."""
        encoder = (batch.parts == 0).tolist()
        reads = [token for token, own in zip(self.reads(batch, b), encoder, strict=True) if own]
        targets = [token for token in self.targets(batch, b) if token != END]
        reads, targets = list(filter(None, reads)), list(filter(None, targets))
        if self.feedback:
            reads = reads[:1]
        if self.answer is None:
            return joined(self.input_notation, [*reads, targets[-1]]), ""
        return joined(self.input_notation, reads), joined(self.target_notation, targets)

    def parse(self, sequence: str, target: str = "") -> Batch:
        """Return a typed example as a batch of one, without padding.

        The task works out an empty target where it can. Raises ``ExperimentError`` on tokens that
        it does not know, and on a target that it cannot work out.
        """
        tokens = self.input_notation.cut(sequence)
        if not tokens:
            raise ExperimentError("sequence", "blank" if sequence else "empty")
        if len(tokens) > MOST_TOKENS:
            raise ExperimentError("sequence", "too_long", count=len(tokens), limit=MOST_TOKENS)
        self.input_notation.read(tokens, "sequence")
        answer: str | None = target.strip()
        if not answer and self.answer is not None:
            answer = self.answer(tokens)
        if answer is None:
            raise ExperimentError("target", "no_target", example=self.text(self.probes, 0)[1])
        cut = self.target_notation.cut
        unrolled = unroll(self.architecture, tokens, answer, cut, self.feedback)
        return encoded(unrolled, self.input_notation, self.target_notation)

    def problem(self, sequence: str, target: str = "") -> Problem:
        """Return a typed example as a problem of its own: see ``parse``."""
        batch = self.parse(sequence, target)
        found = Problem.of_arrays(batch.x[:, 0], batch.targets[:, 0], batch.parts)
        names, classes = self.vocabulary, found.targets
        if self.numbers:
            words = self.targets(batch, 0)
            names = tuple(dict.fromkeys(filter(None, words)))
            classes = np.array([names.index(word) if word else -1 for word in words])
        return replace(
            found,
            tokens=self.reads(batch, 0),
            vocabulary=names,
            targets=read_only(classes),
            words=() if self.vectors else self.words,
        )


ENDS = ("one-to-many", "encoder-decoder")
"""Architectures whose answers may have any length."""


def unroll(
    architecture: str,
    tokens: list[str],
    target: str,
    cut: Callable[[str], list[str]],
    feedback: bool = False,
) -> Unrolled:
    """Return the input and target token of each timestep; ``cut`` is for the target.

    With ``feedback`` each target is the next input, after the first.
    """
    ends = [END] * (architecture in ENDS)
    found = ARCHITECTURES[architecture](tokens, target, lambda text: [*cut(text), *ends])
    return found._replace(reads=[tokens[0], *found.targets[:-1]]) if feedback else found


def encoded(unrolled: Unrolled, input_notation: Notation, target_notation: Notation) -> Batch:
    """Return one example in numbers, as a batch of one."""
    reads, answers, encoder = unrolled
    x = input_notation.read(reads, "sequence")[:, None]
    targets = target_notation.read(answers, "target")[:, None]
    parts = np.array([int(0 < encoder <= t) for t in range(len(reads))], dtype=np.int64)
    return Batch(read_only(x), read_only(targets), read_only(parts))


def padded(examples: Sequence[Batch], architecture: str, like: Batch | None = None) -> Batch:
    """Return batches side by side, over as many timesteps as they, or ``like``, need.

    Padding goes to the front, so that the last loss is at T; in an encoder-decoder to the front of
    the encoder and to the back of the decoder; and to the back of what follows one input.
    """
    frames = [*examples, like] if like else examples
    front = max(_pivot(frame, architecture) for frame in frames)
    T = front + max(len(frame.parts) - _pivot(frame, architecture) for frame in frames)
    columns = [_placed(each, front - _pivot(each, architecture), T) for each in examples]
    x, targets = (np.concatenate(each, axis=1) for each in zip(*columns, strict=True))
    decoder = np.arange(T) >= front if architecture == "encoder-decoder" else np.zeros(T)
    return Batch(read_only(x), read_only(targets), read_only(decoder.astype(np.int64)))


def _pivot(batch: Batch, architecture: str) -> int:
    """Return how many timesteps have their padding at the front."""
    return 0 if architecture == "one-to-many" else int((batch.parts == 0).sum())


def _placed(batch: Batch, start: int, T: int) -> tuple[Integers | Floats, Integers | Floats]:
    """Return the inputs and targets of a batch, padded to T timesteps."""
    x = np.full((T, *batch.x.shape[1:]), 0 if batch.x.ndim == 3 else -1, batch.x.dtype)
    nothing = np.nan if batch.targets.ndim == 3 else -1
    targets = np.full((T, *batch.targets.shape[1:]), nothing, batch.targets.dtype)
    x[start : start + len(batch.x)] = batch.x
    targets[start : start + len(batch.x)] = batch.targets
    return x, targets
