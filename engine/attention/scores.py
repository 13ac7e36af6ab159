"""The scores of attention: how a decoder's state is compared with each state of an encoder.

A score is its weights, what it computes, and the way back. A new one is a class here and a line in
``SCORES``. Numbers on the way back are floats or ``Wide``: both take part in the same arithmetic.

Every array of states, of scores and of gradients may have axes for the examples of a batch before
those that are written here: states (B, n, H) of decoders are compared with the states (B, m, H) of
their encoders. A weight has none, and its gradient is the sum over the examples.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np

from unrolled.engine.cells.activations import tanh_slope
from unrolled.engine.numerics.arrays import Floats

Number = Callable[[Floats], Any]
"""Makes floats the numbers of a way back: floats as they are, or ``Wide`` ones."""
_CHUNK = 2**16
"""Numbers of an array (n, m, H) that are computed at once, about."""


class Product(NamedTuple):
    """The gradient of a matrix as the sum of outer products of n rows with n others."""

    rows: Any
    """(n, K)"""
    others: Any
    """(n, L)"""
    of_encoder: bool = False
    """Whether the n are the encoder's states; else they are the losses."""


class ScoreGradient(NamedTuple):
    """The gradient of n losses on the other side of a score, from ∂L/∂e (n, m)."""

    d_h: Any
    """(n, H) ∂L/∂h_t at the loss's own timestep."""
    at: Callable[[slice], Any]
    """Returns (n, some, H) what each loss sends to some of the encoder's states."""
    total: Callable[[], Any]
    """Returns (m, H) what all losses together send to each of them; of floats."""
    products: tuple[Product, ...]
    """Of each weight of the score."""


class Score(Protocol):
    """A comparison of states h (n, H) of a decoder with the states (m, H) of an encoder."""

    name: ClassVar[str]
    """Its key in ``SCORES``."""
    pytorch: ClassVar[str]
    """(m,) e_t of h (H,) and ``encoded`` (m, H), in PyTorch."""
    keras: ClassVar[str]
    """(1, m) e_t of h (1, H) and ``encoded`` (m, H), in Keras, whose matrices are transposed."""
    latex: ClassVar[str]
    """What e_tj is, in terms: see ``engine.cells.equations``."""

    @property
    def weights(self) -> tuple[Floats, ...]:
        """Its weights, in the order of ``shapes``."""
        ...

    @staticmethod
    def shapes(H: int) -> dict[str, tuple[int, int]]:
        """Return the shape of each weight by its name."""
        ...

    def of(self, h: Floats, encoder: Floats) -> Floats:
        """Return (n, m) e_tj."""
        ...

    def back(self, h: Floats, encoder: Floats, d_e: Any, number: Number) -> ScoreGradient:
        """Return where ∂L/∂e (n, m) goes, in numbers of its kind."""
        ...

    def farthest(self, h: Floats, encoder: Floats) -> float:
        """Return a bound of the arguments whose slopes the way back multiplies by."""
        ...


@dataclass(frozen=True)
class Dot:
    """The product of Luong et al. (2015), which has no weights.

        e_tj = h_t · h_j

    Backward:

        ∂L/∂h_t = Σ_j ∂L/∂e_tj h_j        ∂L/∂h_j = ∂L/∂e_tj h_t
    """

    name: ClassVar[str] = "dot"
    pytorch: ClassVar[str] = "encoded @ h"
    keras: ClassVar[str] = "h @ ops.transpose(encoded)"
    latex: ClassVar[str] = r"h_j & \cdot & h_t"
    weights: ClassVar[tuple[Floats, ...]] = ()

    @staticmethod
    def shapes(H: int) -> dict[str, tuple[int, int]]:
        return {}

    def of(self, h: Floats, encoder: Floats) -> Floats:
        return h @ encoder.swapaxes(-1, -2)

    def back(self, h: Floats, encoder: Floats, d_e: Any, number: Number) -> ScoreGradient:
        return ScoreGradient(
            d_h=d_e @ encoder,
            at=lambda some: d_e[..., some, None] * h[..., None, :],
            total=lambda: d_e.swapaxes(-1, -2) @ h,
            products=(),
        )

    def farthest(self, h: Floats, encoder: Floats) -> float:
        return 0.0


@dataclass(frozen=True, eq=False)
class Additive:
    """The score of Bahdanau et al. (2015): a network of one hidden layer.

        b_tj = W_a h_t + U_a h_j        u_tj = tanh(b_tj)        e_tj = v_a · u_tj

    Backward:

        ∂L/∂b_tj = tanh'(b_tj) * v_a ∂L/∂e_tj

        ∂L/∂h_t = W_aᵀ Σ_j ∂L/∂b_tj        ∂L/∂h_j = U_aᵀ ∂L/∂b_tj
    """

    W_a: Floats
    """(H, H)"""
    U_a: Floats
    """(H, H)"""
    v_a: Floats
    """(1, H)"""

    name: ClassVar[str] = "additive"
    pytorch: ClassVar[str] = "torch.tanh(W_a @ h + encoded @ U_a.T) @ v_a[0]"
    keras: ClassVar[str] = "ops.transpose(ops.tanh(h @ W_a + encoded @ U_a) @ v_a)"
    latex: ClassVar[str] = r"v_a & \cdot & \tanh( & W_a & h_t & + & U_a & h_j & )"

    @property
    def weights(self) -> tuple[Floats, ...]:
        return self.W_a, self.U_a, self.v_a

    @staticmethod
    def shapes(H: int) -> dict[str, tuple[int, int]]:
        return {"W_a": (H, H), "U_a": (H, H), "v_a": (1, H)}

    def of(self, h: Floats, encoder: Floats) -> Floats:
        b = self._arguments(h, encoder)
        scores = np.empty((*h.shape[:-1], encoder.shape[-2]))
        for some in _chunks(h, encoder):
            scores[..., some] = np.tanh(b(some)) @ self.v_a[0]
        return scores

    def _arguments(self, h: Floats, encoder: Floats) -> Callable[[slice], Floats]:
        """Return what returns (n, some, H) b_tj of some of the encoder's states."""
        of_h, of_encoder = (h @ self.W_a.T)[..., None, :], encoder @ self.U_a.T
        return lambda some: of_h + of_encoder[..., None, some, :]

    def back(self, h: Floats, encoder: Floats, d_e: Any, number: Number) -> ScoreGradient:
        b = self._arguments(h, encoder)

        def d_b(some: slice, b: Floats) -> Any:
            return tanh_slope(number(b)) * self.v_a * d_e[..., some, None]

        d_h, d_encoder, d_v = (number(np.zeros(each.shape)) for each in (h, encoder, h))
        for some in _chunks(h, encoder):
            of_some = b(some)
            d_v += (d_e[..., some, None] * np.tanh(of_some)).sum(axis=-2)
            d = d_b(some, of_some)
            d_h += d.sum(axis=-2)
            d_encoder[..., some, :] = d.sum(axis=-3)
        ones = np.ones((*h.shape[:-1], 1))
        return ScoreGradient(
            d_h=d_h @ self.W_a,
            at=lambda some: d_b(some, b(some)) @ self.U_a,
            total=lambda: d_encoder @ self.U_a,
            products=(Product(d_h, h), Product(d_encoder, encoder, True), Product(ones, d_v)),
        )

    def farthest(self, h: Floats, encoder: Floats) -> float:
        parts = h @ self.W_a.T, encoder @ self.U_a.T
        return float(sum(np.abs(each).max(initial=0) for each in parts))


def _chunks(h: Floats, encoder: Floats) -> Iterator[slice]:
    """Yield some of an encoder's states after others, so that a chunk (n, some, H) is small."""
    step = max(1, _CHUNK // max(1, h.size))
    return (slice(start, start + step) for start in range(0, encoder.shape[-2], step))


SCORES: dict[str, type[Dot | Additive]] = {"dot": Dot, "additive": Additive}
"""The scores by name."""
