"""Tasks whose examples are a list: pairs of a sequence and its target."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np

from engine.tasks.base import Batch, Task, encoded, padded, unroll
from engine.tasks.notation import Classes
from engine.tokens import TOKENIZERS

Pair = tuple[str, str]
"""A sequence, and its target."""


def listed(
    name: str,
    architecture: str,
    tokens: str,
    trained: Sequence[Pair],
    asked: Sequence[Pair],
    source: str,
) -> Task:
    """Minibatches of ``trained``; the probes are ``asked``. The vocabulary is that of both.

    The baseline is that of whoever knows only how often each class is owed.
    """
    cut = TOKENIZERS[tokens]
    unrolled = [unroll(architecture, cut(sequence), target, cut) for sequence, target in trained]
    probes = [unroll(architecture, cut(sequence), target, cut) for sequence, target in asked]
    both = [*unrolled, *probes]
    occurring = dict.fromkeys(chain.from_iterable((*each.reads, *each.owes) for each in both))
    classes = Classes(tuple(token for token in occurring if token is not None), tokens)
    pool = padded([encoded(each, classes, classes) for each in both], architecture)
    known = {tuple(cut(sequence)): target for sequence, target in (*trained, *asked)}

    def draw(rng: np.random.Generator, B: int) -> Batch:
        return pool.of(rng.integers(len(trained), size=B))

    return Task(
        name=name,
        architecture=architecture,
        reading=classes,
        owing=classes,
        baseline=entropy(chain.from_iterable(each.owes for each in unrolled)),
        source=source,
        draw=draw,
        answer=lambda sequence: known.get(tuple(sequence)),
        asked=asked,
    )


def entropy(owed: Iterable[str | None]) -> float:
    """-Σ p log p, in nats, of how often each token is owed."""
    counts = np.array([n for token, n in Counter(owed).items() if token is not None])
    p = counts / counts.sum()
    return float(-(p * np.log(p)).sum())


@cache
def data(name: str) -> str:
    """A file of the package."""
    return files("engine.tasks").joinpath("data", name).read_text(encoding="utf-8")
