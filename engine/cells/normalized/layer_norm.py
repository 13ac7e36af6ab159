"""Layer normalization, forward and back, and what the cells have in common that normalize a sum.

    LN(s) = (s - μ) r        μ = mean of s        r = 1/√(mean of (s - μ)² + ε)

Ba, Kiros & Hinton (2016) multiply LN(s) by a gain too, one number a unit, which starts at 1; here
it stays 1, as ``torch.nn.functional.layer_norm`` has it without weights. ε is PyTorch's.

Backward, with n = LN(s):

    LN'(s)ᵀ v = r (v - mean of v - n * mean of n * v)

for any v: nothing of what points along 1, and ε r² of what points along n. Of two units nothing
else is left.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from unrolled.engine.cells.base import Cell, Weights, block
from unrolled.engine.cells.equations import TRANSPOSED, Line
from unrolled.engine.numerics.arrays import Floats, read_only

EPSILON = 1e-5
LN = r"\operatorname{LN}"
"""In LaTeX."""


class Slopes(NamedTuple):
    """The factors of LN'(s)ᵀ, with the units that are normalized together last."""

    n: Floats
    """LN(s)."""
    n_n: Floats
    """n / mean of n²; 0 where s is the same for every unit."""
    n_rest: Floats
    """The same times ε r², which is 1 - mean of n²."""
    r: Floats


def normalize(s: Floats, n: Floats, r: Floats) -> None:
    """Write LN(s) to ``n``, and the scale, which is the same for every unit, to ``r``."""
    np.subtract(s, s.mean(axis=-1, keepdims=True), out=n)
    n -= n.mean(axis=-1, keepdims=True)  # what rounding left is much, where s is nearly the same
    r[...] = 1 / np.sqrt(np.square(n).mean(axis=-1, keepdims=True) + EPSILON)
    n *= r


def slopes(n: Floats, r: Floats) -> Slopes:
    """Return the factors of LN'(s)ᵀ for what ``normalize`` wrote."""
    square = (n * n).sum(axis=-1)[..., None] / n.shape[-1]
    n_n = n / (square + np.logical_not(square > 0))
    return Slopes(n, n_n, n_n * (r * r * EPSILON), r)


def back(d_n: Floats, n: Floats, n_n: Floats, n_rest: Floats, r: Floats) -> Floats:
    """Return ∂L/∂s = LN'(s)ᵀ ∂L/∂n."""
    mean = _mean(n.shape[-1])
    centred = d_n - d_n @ mean
    along_n = (centred * n) @ mean
    d_s = centred - n_n * along_n
    d_s = d_s - d_s @ mean  #                  a second time, for what rounding left
    d_s = d_s - n_n * ((d_s * n) @ mean)
    return (d_s + n_rest * along_n) * r


@lru_cache(maxsize=8)
def _mean(H: int) -> Floats:
    """Return (H, 1): the product of a row with it is the mean, in numbers of any kind."""
    return read_only(np.full((H, 1), 1 / H))


@dataclass(frozen=True)
class Normalized(Cell):
    """A cell whose sums are normalized before the biases are added: a = LN(s) + b.

    The products of the weights are in s, and the biases in a: a step back has both ∂L/∂a and
    ∂L/∂s in ``d_a``, the one after the other.
    """

    def drive_bias(self, weights: Weights) -> Floats:
        """Return zeros: the biases are added after the normalization."""
        return np.zeros_like(weights.b_xh)

    def width(self, H: int) -> int:
        """Return 2 K·H, of ∂L/∂a and ∂L/∂s."""
        return 2 * super().width(H)

    def d_x(self, d_a: Floats) -> Floats:
        return super().d_x(block(d_a, 1, 2))

    def d_h(self, d_a: Floats) -> Floats:
        return super().d_h(block(d_a, 1, 2))

    def d_biases(self, d_a: Floats) -> tuple[Floats, Floats]:
        own = block(d_a, 0, 2)
        return super().d_x(own), super().d_h(own)


def by_block(stacked: Floats, K: int) -> Floats:
    """Return a view (..., K, H) of (..., K·H)."""
    return stacked.reshape(*stacked.shape[:-1], K, -1)


# --- the equations ---------------------------------------------------------------------------


def normalized_gate(name: str, function: str = r"\sigma") -> Line:
    """Return the line of a gate: a function of LN of the products, and of b."""
    return Line(
        rf"{name}_t & = & {function}({LN}( & W_{{h{name}}} & h_{{t-1}} & + & "
        rf"W_{{x{name}}} x_t & ) & + & b_{name} & )"
    )


def through(of: str, line: Line, at: str = "& = & ") -> Line:
    """Return the line with LN'ᵀ of what comes after ``at``."""
    before, after = line.latex.split(at)
    slope = rf"{{{LN}'_{of}}}{TRANSPOSED}"
    return line._replace(latex=f"{before}{at}{slope}( & {after} & )")
