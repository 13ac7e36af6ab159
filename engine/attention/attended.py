"""Attention, and what outputs read with it: see ``engine.attention``."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from unrolled.engine.attention.scores import SCORES, Score
from unrolled.engine.layer import gaussian
from unrolled.engine.numerics.arrays import Floats, Integers

ATTENTIONS = {"none": None, **SCORES}
"""What an output may look at beside its own state."""
_STREAM = 16
"""The first random stream of its weights, beyond those of the layers."""
OUT = "attention.weight"
"""What W_q is called in a ``state_dict``."""


class Attended(NamedTuple):
    """The n vectors that outputs of a decoder read, of themselves and of its encoder's m states."""

    e: Floats
    """(n, m) e_tj, less the largest of each row."""
    weights: Floats
    """(n, m) α_tj: how much of each encoder's state; each row has the sum 1."""
    joined: Floats
    """(n, 2H) v_t and h_t beside each other."""
    a: Floats
    """(n, H) W_q [v_t, h_t]."""
    q: Floats
    """(n, H) what W_hy multiplies."""


class Attention(NamedTuple):
    """The weights with which outputs of a decoder look at its encoder."""

    score: Score
    W_q: Floats
    """(H, 2H)"""

    @classmethod
    def random(cls, name: str, H: int, seed: int) -> "Attention":
        """Return attention of random weights, with a score of ``SCORES``."""
        kind = SCORES[name]
        W_q = gaussian(seed, _STREAM, H, 2 * H, 2 * H)
        shapes = enumerate(kind.shapes(H).values(), start=_STREAM + 1)
        return cls(kind(*(gaussian(seed, stream, *shape, H) for stream, shape in shapes)), W_q)

    @classmethod
    def taken(
        cls, names: Iterable[str], H: int, take: Callable[[str, tuple[int, int]], Floats]
    ) -> "Attention | None":
        """Return attention of given weights, if there are some among these names.

        ``take`` returns the array of a name, of a shape.
        """
        own = {name for name in names if name.startswith("attention.")}
        if not own:
            return None
        kind = next(
            kind
            for kind in reversed(SCORES.values())
            if not kind.shapes(H) or own & {*map(of_score, kind.shapes(H))}
        )
        score = kind(*(take(of_score(name), shape) for name, shape in kind.shapes(H).items()))
        return cls(score, take(OUT, (H, 2 * H)))

    def named(self) -> dict[str, Floats]:
        """Return the weights by the names of ``Network.state_dict``."""
        return dict(zip(self.names, (self.W_q, *self.score.weights), strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """Of W_q, then of the score's weights."""
        return (OUT, *map(of_score, self.score.shapes(len(self.W_q))))

    def of(self, h: Floats, encoder: Floats) -> Attended:
        """Return what outputs of the states h (n, H) read, beside an encoder's states (m, H)."""
        e = self.score.of(h, encoder)
        e -= e.max(axis=1, keepdims=True, initial=-np.inf)
        weights = np.exp(e)
        weights /= weights.sum(axis=1, keepdims=True)
        joined = np.concatenate([weights @ encoder, h], axis=1)
        a = joined @ self.W_q.T
        return Attended(e, weights, joined, a, np.tanh(a))


def of_score(name: str) -> str:
    """Return what a weight of a score is called in a ``state_dict``."""
    return f"attention.{name}.weight"


def attended(
    attention: Attention | None, h: Floats, timesteps: Integers, encoded: int
) -> Attended | None:
    """Return what the outputs of some timesteps read of the states h (T, H).

    The first ``encoded`` are an encoder's. None of a network without attention.
    """
    return None if attention is None else attention.of(h[timesteps], h[:encoded])
