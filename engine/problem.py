"""A sequence in numbers: its inputs and its targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from unrolled.engine.architectures import (
    ARCHITECTURES,
    LABELLED,
    Tokenize,
    Unrolled,
    labels_of,
    tokens_of,
)
from unrolled.engine.description.representation import brief
from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Booleans, Floats, Integers, read_only
from unrolled.engine.tokenizers import MOST_TOKENS, TOKENIZERS, tokenizer
from unrolled.engine.validation import check_arrays, check_choice, quote

_UNKNOWN = {"<unk>", "[unk]", "<unknown>", "[unknown]", "<oov>", "[oov]"}
"""The tokens that a vocabulary has for words that it does not know, in small letters."""
_SHOWN = 3
"""Tokens of a vocabulary that an error names."""


@dataclass(frozen=True)
class Problem:
    """A sequence in numbers, or a batch of B: the inputs and targets of T timesteps.

    ``vocabulary`` lists what an output may be: the labels, or else the distinct tokens in order of
    first appearance, so that a sequence that grows keeps the numbers of the tokens it had.

    The arrays of a batch have an axis for its examples after that of time; it has no ``tokens``.
    """

    tokens: tuple[str, ...]
    """(T) the token each timestep read, empty where it read none."""
    vocabulary: tuple[str, ...]
    """(V) what an output may be."""
    inputs: Integers
    """(T,) index into ``input_vocabulary`` of the token read, -1 for a zero vector."""
    targets: Integers
    """(T,) index into the vocabulary of the target, -1 where none."""
    parts: Integers
    """(T,) whose weights a timestep uses: 0, and in an encoder-decoder 1 for the decoder's."""
    vectors: Floats | None = None
    """(T, D) the vectors read, where no classes are: ``inputs`` then is -1 throughout."""
    numbers: Floats | None = None
    """(T, D) the targets that are numbers, NaN where none, for a squared error; ``vocabulary`` then
    has them in words, and ``targets`` counts those words."""
    words: tuple[str, ...] = ()
    """The distinct tokens read, where the vocabulary has labels in place of them."""
    h_0: Floats | None = None
    """(H,) the hidden state that the first timestep reads, of a batch (B, H); None for zero."""
    c_0: Floats | None = None
    """Its cell state, likewise."""
    named: tuple[str, ...] = ()
    """(T,) the numbers that a timestep reads, with their names; empty where it reads tokens."""

    def __repr__(self) -> str:
        return brief(self)

    @property
    def x(self) -> Integers | Floats:
        """(T,) the classes read, or (T, D) the vectors."""
        return self.inputs if self.vectors is None else self.vectors

    @property
    def input_vocabulary(self) -> tuple[str, ...]:
        """What the entries of x_t stand for; empty for vectors."""
        return () if self.vectors is not None else self.words or self.vocabulary

    @property
    def batch(self) -> tuple[int, ...]:
        """The axis of the examples: (B,) of a batch, () of a single sequence."""
        return self.targets.shape[1:]

    @cached_property
    def losses_at(self) -> tuple[Integers, ...]:
        """Where the n losses are: timesteps (n,), from 0, and of a batch its examples (n,)."""
        return tuple(map(read_only, np.nonzero(self.targets >= 0)))

    @property
    def loss_timesteps(self) -> Integers:
        """(n,) the timesteps of the losses, from 0."""
        return self.losses_at[0]

    @cached_property
    def losses_before(self) -> list[int]:
        """(T + 1) how many losses the timesteps before each have."""
        return np.searchsorted(self.loss_timesteps, np.arange(len(self.parts) + 1)).tolist()

    def targets_at(self, where: Any) -> Integers | Floats:
        """(n,) the target classes of n losses, or (n, D) the target numbers."""
        return (self.targets if self.numbers is None else self.numbers)[where]

    @classmethod
    def from_text(
        cls,
        sequence: str,
        architecture: str = "many-to-one",
        *,
        target: str = "",
        labels: str = "",
        tokens: str = "characters",
        vocabulary: Sequence[str] = (),
    ) -> "Problem":
        """Return the problem that an experiment of these fields has.

        ``vocabulary`` has the tokens that a network was trained on, in the order of its inputs; by
        default it is that of the sequence and the target.

        Raises ``ExperimentError`` where a field is not one of its choices, there is no token, or
        the vocabulary has it not.

        >>> Problem.from_text("abba").inputs
        array([0, 1, 1])
        >>> Problem.from_text("abba", vocabulary="cba").inputs
        array([2, 1, 1])
        """
        return problem_of(sequence, tokens, architecture, target, labels, tuple(vocabulary))

    @classmethod
    def from_arrays(
        cls, x: ArrayLike, targets: ArrayLike, *, vocabulary: Sequence[str] = (), encoder: int = 0
    ) -> "Problem":
        """Return a problem of one's own numbers.

        Parameters
        ----------
        x
            (T,) classes, -1 for a zero vector, or (T, D) vectors, NaN for one; of a batch of B
            examples (T, B) classes or (T, B, D) vectors.
        targets
            (T,) classes, -1 for no loss, or (T, D) numbers for a squared error, NaN for no loss;
            of a batch (T, B) or (T, B, D).
        vocabulary
            What the classes stand for; their numbers, if it is empty.
        encoder
            How many of the timesteps are an encoder's. Of a batch those before an example's first
            input are padding, at which attention does not look.

        Raises
        ------
        ValueError
            Where the shapes do not fit each other, there is no loss, or a number is not finite.

        >>> Problem.from_arrays([[0.5, 1.0], [2.0, 0.0]], targets=[-1, 1]).vocabulary
        ('0', '1')
        """
        read, wanted = np.asarray(x), np.asarray(targets)
        if read.dtype.kind == "f":
            read = np.where(np.isnan(read).all(axis=-1, keepdims=True), 0, read)
        check_arrays(read, wanted, encoder)
        parts = (np.arange(len(read)) >= encoder).astype(np.int64) * (encoder > 0)
        found = cls.of_arrays(read, wanted, parts)
        V = 1 + int(max(found.inputs.max(), found.targets.max()))
        names = tuple(vocabulary) or tuple(map(str, range(V)))
        if len(names) < V:
            raise ValueError(f"vocabulary must name {V} classes, got {len(names)}")
        tokens: tuple[str, ...] = ()
        if not found.batch:
            tokens = tuple("" if each < 0 else names[each] for each in found.inputs.tolist())
        return replace(found, tokens=tokens, vocabulary=names)

    @classmethod
    def of_arrays(cls, x: Any, targets: Any, parts: Integers) -> "Problem":
        """Return the problem of arrays that ``from_arrays`` would take, without names."""
        vectors, numbers = x.dtype.kind == "f", targets.dtype.kind == "f"
        classes = targets
        if numbers:
            there = ~np.isnan(targets).any(axis=-1)
            classes = np.where(there, there.cumsum().reshape(there.shape) - 1, -1)
        return cls(
            tokens=(),
            vocabulary=(),
            inputs=read_only(np.full(x.shape[:-1], -1) if vectors else x.astype(np.int64)),
            targets=read_only(classes.astype(np.int64)),
            parts=read_only(parts),
            vectors=read_only(x.astype(float)) if vectors else None,
            numbers=read_only(targets.astype(float)) if numbers else None,
        )

    @cached_property
    def reads(self) -> Booleans:
        """(T,) whether a timestep reads anything, of a batch (T, B)."""
        return np.asarray(self.inputs >= 0 if self.vectors is None else self.vectors.any(axis=-1))

    @cached_property
    def padding(self) -> Booleans | None:
        """(B, m) which of an encoder's timesteps come before each example's first input.

        None where none does: a single sequence has no padding.
        """
        reads = self.reads[: self.encoded]
        if not self.batch:
            return None
        before = ~np.logical_or.accumulate(reads) & reads.any(axis=0)
        return before.T if before.any() else None

    def starting_from(self, h_0: ArrayLike, c_0: ArrayLike | None = None) -> "Problem":
        """Return the problem with an initial state, as PyTorch's modules take it beside x.

        Parameters
        ----------
        h_0
            (H,) the hidden state that the first timestep reads, of a batch (B, H).
        c_0
            The cell state of an LSTM, likewise; None for zero.

        Raises
        ------
        ValueError
            Where a number is not finite. ``Run`` says where the shape does not fit its network;
            a ``DeepNetwork`` starts from zero.

        >>> problem = Problem.from_arrays([0, 1], targets=[-1, 0]).starting_from([0.5, -0.5])
        >>> problem.h_0
        array([ 0.5, -0.5])
        """
        given = {"h_0": h_0} if c_0 is None else {"h_0": h_0, "c_0": c_0}
        states: Any = {name: read_only(np.array(each, float)) for name, each in given.items()}
        if not all(np.isfinite(state).all() for state in states.values()):
            raise ValueError(f"{' and '.join(states)} must hold finite numbers")
        return replace(self, **states)

    def initial(self, states: Sequence[str], H: int) -> list[Floats]:
        """Return the initial state of a network of such states; one 0, where none is given.

        Raises ``ValueError`` where one of another kind or shape is given.
        """
        if self.h_0 is None and self.c_0 is None:
            return [_ZERO] * len(states)
        given = {"h": self.h_0, "c": self.c_0}
        found, shape = [], (*self.batch, H)
        for name, state in given.items():
            if state is not None and name not in states:
                raise ValueError(f"{name}_0 is given, and the cell has no state {name}")
            if state is not None and state.shape != shape:
                raise ValueError(f"{name}_0 must have the shape {shape}, got {state.shape}")
            if name in states:
                found.append(np.zeros(shape) if state is None else state)
        return found

    @property
    def encoded(self) -> int:
        """The timesteps that an encoder reads."""
        return int((self.parts == 0).sum()) if self.parts.any() else 0

    @cached_property
    def _needs(self) -> tuple[int, int, int]:
        """The inputs, the outputs and the segments that a network needs."""
        return (
            1 + int(self.inputs.max()) if self.vectors is None else self.vectors.shape[-1],
            1 + int(self.targets.max()) if self.numbers is None else self.numbers.shape[-1],
            1 + int(self.parts.max()),
        )

    def check(self, inputs: int, outputs: int, segments: int) -> None:
        """Raise ``ValueError`` where a network of such a size cannot be run on it."""
        asked, wanted, needed = self._needs
        fits = asked <= inputs if self.vectors is None else asked == inputs
        if not fits:
            raise ValueError(f"the network reads {inputs} inputs, the problem has {asked}")
        if wanted > outputs or (self.numbers is not None and wanted != outputs):
            raise ValueError(f"the network has {outputs} outputs, the problem needs {wanted}")
        if needed != segments:
            raise ValueError("an encoder needs a decoder, in the network and in the problem")

    @classmethod
    def of(
        cls, unrolled: Unrolled, labels: Sequence[str] = (), known: Sequence[str] = ()
    ) -> "Problem":
        """Return the tokens of an unrolled sequence in numbers; its targets are labels, if any.

        The words are those that are ``known``, if any, else those that are there.
        """
        reads, targets, encoder = unrolled
        words = _distinct(reads if labels else (*reads, *targets))
        if known:
            _check_known(reads, "sequence", known)
            if not labels:
                _check_known(targets, "target", known)
            words = tuple(known)
        vocabulary = tuple(labels) or words
        index: dict[str | None, int] = {name: k for k, name in enumerate(vocabulary)} | {None: -1}
        for target in targets:
            if target not in index:
                value, choices = quote(target), " ".join(map(quote, labels))
                raise ExperimentError("target", "no_label", value=value, known=choices)
        read: dict[str | None, int] = {name: k for k, name in enumerate(words)} | {None: -1}
        return cls(
            tokens=tuple(token or "" for token in reads),
            vocabulary=vocabulary,
            inputs=read_only(np.array([read[token] for token in reads])),
            targets=read_only(np.array([index[token] for token in targets])),
            parts=read_only(np.array([int(0 < encoder <= t) for t in range(len(reads))])),
            words=words if labels else (),
        )


def _check_known(tokens: Iterable[str | None], field: str, known: Sequence[str]) -> None:
    there = {None, *known}
    for token in (each for each in tokens if each not in there):
        some = [quote(each, 20) for each in known[:_SHOWN]] + ["…"] * (len(known) > _SHOWN)
        told: Any = {"value": quote(token), "count": len(known), "known": " ".join(some)}
        if mark := next((each for each in known if each.casefold() in _UNKNOWN), ""):
            raise ExperimentError(field, "no_word_here", example=mark, **told)
        raise ExperimentError(field, "no_word", **told)


_ZERO = read_only(np.zeros(()))


def _distinct(tokens: Iterable[str | None]) -> tuple[str, ...]:
    """Return the tokens in order of first appearance."""
    return tuple(token for token in dict.fromkeys(tokens) if token is not None)


@lru_cache(maxsize=8)
def problem_of(
    sequence: str,
    tokens: str,
    architecture: str,
    target: str,
    labels: str,
    known: tuple[str, ...],
) -> Problem:
    """Return a problem; the last ones are kept, for a field beside them that is being dragged."""
    check_choice("tokens", tokens, tuple(TOKENIZERS))
    check_choice("architecture", architecture, tuple(ARCHITECTURES))
    tokenize = tokenizer(tokens, known)
    cut = tokenized(sequence, tokenize)
    own = labels_of(labels) if architecture in LABELLED else ()
    if len(own) > MOST_TOKENS:
        raise ExperimentError("labels", "too_long", count=len(own), limit=MOST_TOKENS)
    return Problem.of(ARCHITECTURES[architecture](cut, target, tokenize), own, known)


def tokenized(sequence: str, tokenize: Tokenize) -> list[str]:
    """Return the tokens of a sequence; raises ``ExperimentError`` where there is none."""
    if not sequence:
        raise ExperimentError("sequence", "empty")
    return tokens_of(sequence, tokenize, "sequence")
