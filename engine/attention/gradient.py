"""The way back through attention, from what outputs read to every state that they read of.

    ∂L/∂a_t = tanh'(a_t) * ∂L/∂q_t        (∂L/∂v_t, ∂L/∂h_t) = W_qᵀ ∂L/∂a_t

    ∂L/∂α_tj = ∂L/∂v_t · h_j        ∂L/∂e_tj = α_tj (∂L/∂α_tj - Σ_k α_tk ∂L/∂α_tk)

and from e_tj on as the score says. ``engine.attention.batch`` walks it for a batch.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.attention.attended import Attended, Attention
from unrolled.engine.attention.scores import Number, Product
from unrolled.engine.cells.activations import tanh_slope
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.numerics.wide import Wide, watched

_FAR = 300
"""Arguments up to which exp and the slope of tanh are far from the end of float64."""


class Rows(NamedTuple):
    """Rows that stand for d · 2^exponents."""

    d: Floats
    """(n, K)"""
    exponents: Integers
    """(n,)"""

    @classmethod
    def of(cls, numbers: Wide) -> "Rows":
        (d,), exponents = numbers[None].rows()
        return cls(d, np.where(d.any(axis=1), exponents, 0))

    def turned(self) -> "Rows":
        """Return them in reverse order."""
        return Rows(self.d[::-1], self.exponents[::-1])


class ScaledProduct(NamedTuple):
    """The sum of outer products of n rows with n others, each times 2^ of its exponent."""

    rows: Floats
    """(n, K)"""
    exponents: Integers | int
    """(n,), or one for all."""
    others: Floats
    """(n, L)"""
    of_encoder: bool
    """Whether the n are the encoder's states; else they are the losses."""

    @classmethod
    def of(cls, product: Product, exponents: Integers) -> "ScaledProduct":
        """Return a product with the exponents of its numbers, or of all where they are floats."""
        rows, others, of_encoder = product
        if isinstance(rows, Wide):
            return cls(*Rows.of(rows), others, of_encoder)
        if isinstance(others, Wide):
            others, own = Rows.of(others)
            return cls(rows, own, others, of_encoder)
        return cls(rows, np.resize(exponents, len(rows)), others, of_encoder)


class Way(NamedTuple):
    """The way back in numbers of one kind: see ``ScoreGradient``."""

    d_h: Any
    at: Callable[[slice], Any]
    total: Callable[[], Any]
    products: tuple[Product, ...]
    """Of each of ``Attention.names``."""

    @classmethod
    def of(
        cls,
        attention: Attention,
        attended: Attended,
        encoder: Floats,
        d_q: Any,
        weights: Any,
        number: Number,
    ) -> "Way":
        """Walk ∂L/∂q (n, H) back, through the ``weights`` α (n, m), in numbers of their kind."""
        score, W_q = attention
        H = encoder.shape[-1]
        h = attended.joined[..., H:]
        d_a = tanh_slope(number(attended.a.copy())) * d_q
        d_v, d_h = d_a @ W_q[:, :H], d_a @ W_q[:, H:]
        d_weights = d_v @ encoder.swapaxes(-1, -2)
        # Less that of the likeliest: near α = 1 the difference would have lost its digits.
        likeliest = *np.indices(h.shape[:-1]), attended.e.argmax(axis=-1), None
        d_weights = d_weights - d_weights[likeliest]
        d_e = weights * (d_weights - (weights * d_weights).sum(axis=-1)[..., None])
        of_score = score.back(h, encoder, d_e, number)
        return cls(
            d_h=d_h + of_score.d_h,
            at=lambda some: weights[..., some, None] * d_v[..., None, :] + of_score.at(some),
            total=lambda: weights.swapaxes(-1, -2) @ d_v + of_score.total(),
            products=(Product(d_a, attended.joined), *of_score.products),
        )

    @classmethod
    def plain(cls, attention: Attention, attended: Attended, encoder: Floats, d_q: Floats) -> "Way":
        """Walk ∂L/∂q (n, H) back in plain float64."""
        return cls.of(attention, attended, encoder, d_q, attended.weights, np.asarray)


class AttentionGradient:
    """The gradient of n losses where attention takes it.

    It is in float64, and where a number would be lost there, in ``Wide`` numbers.
    """

    def __init__(
        self,
        attention: Attention,
        attended: Attended,
        encoder: Floats,
        d_q: Floats,
        exponents: Integers,
    ) -> None:
        """Walk ∂L/∂q, which is d_q (n, H) · 2^exponents (n,), back."""
        self.attended = attended
        self._attention, self._encoder = attention, encoder
        self._d_q, self._exponents = d_q, exponents
        self._plain: Way | None = None
        if self._is_near():
            lost: list[str] = []
            with watched(lost):
                way = Way.plain(attention, attended, encoder, d_q)
            self._plain = None if lost else way

    def _is_near(self) -> bool:
        """Return whether float64 may do: there is one exponent, and no slope has vanished."""
        own, (e, _, _, a, _) = self._exponents, self.attended
        h = self.attended.joined[:, self._encoder.shape[1] :]
        farthest = self._attention.score.farthest(h, self._encoder)
        sizes = (np.abs(each).max(initial=0) for each in (e, a, farthest))
        return bool((own == own[:1]).all()) and max(sizes) < _FAR

    @cached_property
    def _wide(self) -> Way:
        powers = np.exp(Wide(self.attended.e, 0))
        weights = powers / np.exp(self.attended.e).sum(axis=1, keepdims=True)
        d_q = Wide(self._d_q, self._exponents[:, None])
        return Way.of(self._attention, self.attended, self._encoder, d_q, weights, Wide.of)

    @property
    def d_h(self) -> Rows:
        """(n, H) ∂L/∂h_t at the loss's own timestep."""
        return self._rows(lambda way: way.d_h)

    def at(self, j: int) -> Rows:
        """Return (n, H) what each loss sends to the encoder's state of timestep j, from 0.

        α_tj ∂L/∂v_t, and what the score sends.
        """
        return self._rows(lambda way: way.at(slice(j, j + 1))[:, 0])

    def of_one(self) -> Rows:
        """Return (m, H) what a single loss sends to all of the encoder's states."""
        return self._rows(lambda way: way.at(slice(None))[0])

    def products(self) -> dict[str, ScaledProduct]:
        """Return the gradient of each weight, by its name in ``Network.state_dict``."""
        found = (self._plain or self._wide).products
        scaled = (ScaledProduct.of(each, self._exponents[:1]) for each in found)
        return dict(zip(self._attention.names, scaled, strict=True))

    def _rows(self, ask: Callable[[Way], Any]) -> Rows:
        if self._plain:
            lost: list[str] = []
            with watched(lost):
                numbers = ask(self._plain)
            if not lost:
                return Rows(numbers, np.resize(self._exponents, len(numbers)))
        return Rows.of(ask(self._wide))
