"""Tasks with random examples: the usual tests of recurrent networks."""

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.tasks.base import Batch, Task
from unrolled.engine.tasks.encoding import TARGET_VALUES, VALUES, Classes, Vectors, decimal

LETTERS = tuple("ABCDEFGH")
"""The symbols to be remembered."""
DISTRACTORS = tuple("uvwxyz")
BLANK, GO = "-", ">"
COPIED, COPY_LETTERS = 3, LETTERS[:4]
"""Ten of eight letters in the papers, which takes hours; three of four take a minute."""
SHORTEST_PERIOD, LONGEST_PERIOD = 8, 24
RARE = 16
"""Letters of which there are so many sequences that none is drawn twice."""


def recall(length: int, examples: str) -> Task:
    """Make the task of the first letter, after length - 1 distractors: many-to-one."""
    symbols = Classes((*LETTERS, *DISTRACTORS))

    def draw(rng: np.random.Generator, B: int) -> Batch:
        x = rng.integers(len(LETTERS), symbols.width, size=(length, B))
        x[0] = rng.integers(len(LETTERS), size=B)
        return _last(x, x[0])

    return Task(
        name="recall",
        architecture="many-to-one",
        input_notation=symbols,
        target_notation=symbols,
        baseline=float(np.log(len(LETTERS))),
        source="Bengio et al. 1994; Hochreiter & Schmidhuber 1997",
        draw=draw,
        answer=lambda tokens: tokens[0],
        held_out=length >= RARE,
    )


def copying(length: int, examples: str) -> Task:
    """Make the task of letters, ``length`` timesteps, a signal, and the letters: many-to-many.

    The targets are blanks until the signal. A network that has forgotten S letters, each one of K,
    loses S ln K at the end and nothing before: S ln K / (length + 2S) for each output.
    """
    symbols = Classes((*COPY_LETTERS, BLANK, GO))
    T, blank, go = length + 2 * COPIED, len(COPY_LETTERS), len(COPY_LETTERS) + 1

    def draw(rng: np.random.Generator, B: int) -> Batch:
        letters = rng.integers(len(COPY_LETTERS), size=(COPIED, B))
        x, targets = np.full((2, T, B), blank, dtype=np.int64)
        x[:COPIED], x[-COPIED - 1], targets[-COPIED:] = letters, go, letters
        return _batch(x, targets)

    def answer(tokens: list[str]) -> str | None:
        letters = [token for token in tokens if token in COPY_LETTERS]
        after = len(tokens) - 1 - tokens.index(GO) if GO in tokens else 0
        if after < len(letters):
            return None
        return BLANK * (len(tokens) - after) + "".join(letters) + BLANK * (after - len(letters))

    return Task(
        name="copying",
        architecture="many-to-many",
        input_notation=symbols,
        target_notation=symbols,
        baseline=float(COPIED * np.log(len(COPY_LETTERS)) / T),
        source="Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016",
        draw=draw,
        answer=answer,
    )


def adding(length: int, examples: str) -> Task:
    """Make the task of the sum of two marked numbers, one in each half: many-to-one.

    The best constant is the mean, 1; two numbers uniform in [0, 1] are 2/12 = 1/6 around it.
    """
    half = length // 2

    def draw(rng: np.random.Generator, B: int) -> Batch:
        x = np.zeros((length, B, 2))
        x[:, :, 0] = rng.random((length, B))
        each = np.arange(B)
        x[rng.integers(half, size=B), each, 1] = 1
        x[rng.integers(half, length, size=B), each, 1] = 1
        return _last(x, x.prod(axis=2).sum(axis=0)[:, None])

    return Task(
        name="adding",
        architecture="many-to-one",
        input_notation=Vectors(2, _marked, _with_mark, "0.37 0.82^ 0.10 0.55^"),
        target_notation=TARGET_VALUES,
        baseline=2 / 12 / 2,
        source="Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016",
        draw=draw,
        answer=lambda tokens: repr(sum(value * mark for value, mark in map(_marked, tokens))),
        held_out=True,
    )


def parity(length: int, examples: str) -> Task:
    """Make the task of the parity of up to ``length`` bits, 1 for odd, 0 for even: many-to-one.

    The short sequences are learnt first, and lead to the long ones.
    """
    symbols = Classes(("0", "1"))

    def draw(rng: np.random.Generator, B: int) -> Batch:
        size = rng.integers(1, length + 1, size=B)
        bits = rng.integers(2, size=(length, B))
        read = np.arange(length)[:, None] >= length - size
        return _last(np.where(read, bits, -1), (bits * read).sum(axis=0) % 2)

    return Task(
        name="parity",
        architecture="many-to-one",
        input_notation=symbols,
        target_notation=symbols,
        baseline=float(np.log(2)),
        source="Bengio et al. 1994",
        draw=draw,
        answer=lambda tokens: str(tokens.count("1") % 2),
    )


def sine(length: int, examples: str) -> Task:
    """Make the task of the next value of a wave of unknown phase and frequency ω: many-to-many.

    The best prediction from x_t alone is x_t · mean cos ω, which leaves a variance of
    (1 - (mean cos ω)²) / 2.
    """
    slow, fast = 2 * np.pi / LONGEST_PERIOD, 2 * np.pi / SHORTEST_PERIOD
    mean_cosine = (np.sin(fast) - np.sin(slow)) / (fast - slow)

    def draw(rng: np.random.Generator, B: int) -> Batch:
        phase, frequency = rng.uniform(0, 2 * np.pi, size=B), rng.uniform(slow, fast, size=B)
        wave = np.sin(phase + frequency * np.arange(length + 1)[:, None])[:, :, None]
        return _batch(wave[:-1], wave[1:])

    return Task(
        name="sine",
        architecture="many-to-many",
        input_notation=VALUES,
        target_notation=TARGET_VALUES,
        baseline=float((1 - mean_cosine**2) / 4),
        source="Williams & Zipser 1989",
        draw=draw,
        held_out=True,
    )


def _batch(x: Integers | Floats, targets: Integers | Floats) -> Batch:
    return Batch(read_only(x), read_only(targets), read_only(np.zeros(len(x), dtype=np.int64)))


def _last(x: Integers | Floats, last: Integers | Floats) -> Batch:
    """Return a batch whose only target is at T."""
    nothing = np.nan if last.ndim == 2 else -1
    targets = np.full((len(x), *last.shape), nothing, dtype=last.dtype)
    targets[-1] = last
    return _batch(x, targets)


def _marked(token: str) -> tuple[float, float]:
    """Return a number and its mark: ``0.82^`` is 0.82 and 1."""
    return float(token.removesuffix("^")), float(token.endswith("^"))


def _with_mark(row: Floats) -> str:
    return decimal(row[0]) + "^" * bool(row[1])
