"""Attention, and what outputs read with it: see ``engine.attention``."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.attention.scores import SCORES, Score
from unrolled.engine.cells import CELLS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.layer import gaussian
from unrolled.engine.numerics.arrays import Booleans, Floats, Integers

ATTENTIONS = {"none": None, **SCORES}
"""What an output may look at beside its own state."""
_STREAM = 16
"""The first random stream of its weights, beyond those of the layers."""
OUT = "attention.weight"
"""What W_q is called in a ``state_dict``."""


class Attended(NamedTuple):
    """The n vectors that outputs of a decoder read, of themselves and of its encoder's m states.

    Of a batch the arrays have an axis for the examples before these.
    """

    e: Floats
    """(n, m) e_tj, less the largest of each row; -inf where j is padding."""
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
        return dict(zip(self.names, self.arrays, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """Of W_q, then of the score's weights."""
        return (OUT, *map(of_score, self.score.shapes(len(self.W_q))))

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """W_q, then the score's weights."""
        return self.W_q, *self.score.weights

    def with_arrays(self, W_q: Floats, *of_score: Floats) -> "Attention":
        """Return the same attention with other ``arrays``."""
        return Attention(type(self.score)(*of_score), W_q)

    def of(self, h: Floats, encoder: Floats, padding: Booleans | None = None) -> Attended:
        """Return what outputs of the states h (n, H) read, beside an encoder's states (m, H).

        Of a batch they are (B, n, H) and (B, m, H); ``padding`` (B, m) then tells which states of
        an encoder come before its example begins. They have no part in the softmax.
        """
        e = self.score.of(h, encoder)
        if padding is not None:
            np.copyto(e, -np.inf, where=padding[:, None])
        e -= e.max(axis=-1, keepdims=True, initial=-np.inf)
        weights = np.exp(e)
        weights /= weights.sum(axis=-1, keepdims=True)
        joined = np.concatenate([weights @ encoder, h], axis=-1)
        a = joined @ self.W_q.T
        return Attended(e, weights, joined, a, np.tanh(a))


def check_attention(attention: str, architecture: str, cell: str) -> None:
    """Refuse attention where there is no recurrent encoder to look at."""
    if attention == "none":
        return
    if architecture != "encoder-decoder":
        raise ExperimentError("attention", "no_encoder", value=attention)
    if not CELLS[cell].recurrent:
        cells = ", ".join(name for name, each in CELLS.items() if each.recurrent)
        raise ExperimentError("attention", "no_states", value=attention, cell=cell, cells=cells)


def of_score(name: str) -> str:
    """Return what a weight of a score is called in a ``state_dict``."""
    return f"attention.{name}.weight"


def attended(
    attention: Attention,
    h: Floats,
    timesteps: Integers,
    encoded: int,
    padding: Booleans | None = None,
) -> Attended:
    """Return what the outputs of some timesteps read of the states h (T, H), or (T, B, H).

    The first ``encoded`` are an encoder's; ``padding`` (B, m) is as in ``Attention.of``.
    """
    return attention.of(by_example(h[timesteps]), by_example(h[:encoded]), padding)


def by_example(h: Floats) -> Floats:
    """Return states (T, H) as they are, and those of a batch (T, B, H) as (B, T, H)."""
    return np.ascontiguousarray(np.moveaxis(h, 0, -2))


def outputs_of(where: tuple[Integers, ...]) -> tuple[Integers, Any]:
    """Return the timesteps (n,) of the outputs that look, and where losses are among them.

    The losses are at ``where``: timesteps, and of a batch examples. In a batch all examples look at
    each of those timesteps: which of (B, n) have a loss is an index.
    """
    t, *examples = where
    if not examples:
        return t, ...
    timesteps, place = np.unique(t, return_inverse=True)
    return timesteps, (*examples, place)
