"""Tasks whose examples are a list: pairs of a sequence and its target."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np

from unrolled.engine.architectures import LABELLED, Unrolled
from unrolled.engine.tasks.base import Batch, Task, encoded, padded, unroll
from unrolled.engine.tasks.encoding import Classes
from unrolled.engine.tokenizers import TOKENIZERS

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
    """Make the task of the pairs ``trained``, with the probes ``asked`` and the words of both.

    Classes and tags are labels of their own, which are never read. The baseline is the
    loss of knowing only how often each class is a target.
    """
    cut = TOKENIZERS[tokens]
    pairs = [(cut(sequence), target) for sequence, target in (*trained, *asked)]
    unrolled = [unroll(architecture, *pair, cut) for pair in pairs]
    occurring = dict.fromkeys(
        chain.from_iterable((*each.reads, *each.targets) for each in unrolled)
    )
    names = tuple(token for token in occurring if token is not None)
    typed = tuple(dict.fromkeys(chain.from_iterable(sequence for sequence, _ in pairs)))
    counts = counted(unrolled[: len(trained)])
    labelled = architecture in LABELLED
    inputs = Classes(typed if labelled else names, tokens, usual=typed)
    targets = Classes(tuple(counts) if labelled else names, tokens, usual=tuple(counts))
    pool = padded([encoded(each, inputs, targets) for each in unrolled], architecture)
    known = {tuple(sequence): target for sequence, target in pairs}

    def draw(rng: np.random.Generator, B: int) -> Batch:
        return pool.of(rng.integers(len(trained), size=B))

    return Task(
        name=name,
        architecture=architecture,
        input_notation=inputs,
        target_notation=targets,
        baseline=entropy(counts),
        source=source,
        draw=draw,
        answer=lambda sequence: known.get(tuple(sequence)),
        asked=asked,
        held_out=set(asked).isdisjoint(trained),
    )


def counted(unrolled: Iterable[Unrolled]) -> Counter[str]:
    """Return how often each token is a target."""
    targets = chain.from_iterable(each.targets for each in unrolled)
    return Counter(token for token in targets if token is not None)


def entropy(counts: Counter[str]) -> float:
    """-Σ p log p, in nats."""
    p = np.array([*counts.values()]) / counts.total()
    return float(-(p * np.log(p)).sum())


@cache
def data(name: str) -> str:
    """Return the text of a file of the package."""
    return files("unrolled.engine.tasks").joinpath("data", name).read_text(encoding="utf-8")
