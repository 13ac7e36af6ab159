"""∂L/∂W: the sum of what every timestep adds to the gradient of the shared weights.

    ∂L/∂W_hh = Σ_t δ_t h_{t-1}ᵀ        ∂L/∂W_xh = Σ_t δ_t x_tᵀ        ∂L/∂b = Σ_t δ_t

    ∂L/∂W_hy = Σ_s ∂L_s/∂y_s h_sᵀ        with attention Σ_s ∂L_s/∂y_s q_sᵀ

with δ_t the total adjoint of the pre-activations of t.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from unrolled.engine.attention.gradient import ScaledProduct
from unrolled.engine.bptt.readout import Readouts
from unrolled.engine.cells import Products
from unrolled.engine.network import Network
from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.numerics.scaled import Scaled
from unrolled.engine.numerics.wide import Wide

_NEAR = 8
"""Bits by which exponents of timesteps may differ and still be called near."""
Gradient = Scaled | Wide


class Deltas(NamedTuple):
    """The parts of n timesteps in the gradients of their cells' weights.

    All but ``parts`` may have an axis for the examples of a batch after that of time.
    """

    parts: Integers
    """(n,) whose weights each uses: first an encoder's."""
    x: Any
    """(n,) the classes read, -1 for none, or (n, D) the vectors."""
    d_a: Floats
    """(n, width) the total's ``d_a``, as ``Cell.step_back`` writes it, is d_a · 2^exponent."""
    products: Products
    """The rows of W_hh, and the vectors (n, H) that they multiply."""
    exponents: Integers | int
    """(n,), or one for all."""

    def where(self, chosen: Any) -> "Deltas":
        """Return those of some timesteps, chosen as NumPy indexes."""
        products = tuple((rows, vectors[chosen]) for rows, vectors in self.products)
        parts, x, d_a = (each[chosen] for each in (self.parts, self.x, self.d_a))
        exponents = self.exponents
        return Deltas(
            parts, x, d_a, products, exponents if isinstance(exponents, int) else exponents[chosen]
        )

    def rows(self) -> tuple[Any, Floats, Products, Integers | int]:
        """Return all but ``parts``; examples of many exponents in one axis with the timesteps."""
        _, x, d_a, products, exponents = self
        if isinstance(exponents, int) or d_a.ndim == 2:
            return x, d_a, products, exponents
        x, d_a = (each.reshape(-1, *each.shape[2:]) for each in (x, d_a))
        products = tuple((rows, each.reshape(-1, each.shape[-1])) for rows, each in products)
        return x, d_a, products, exponents.reshape(-1)


class WeightGradients(NamedTuple):
    """The gradients after clipping, their norm before it, and the factor."""

    gradients: dict[str, Floats]
    """By the names of ``Network.state_dict``, in plain float64."""
    log10_norm: float
    """log10 of the norm of all of them together, before clipping."""
    log10_clip: float
    """log10 of the factor by which clipping multiplied them; 0 if it did not."""


def weight_gradients(
    network: Network,
    deltas: Deltas,
    h: Floats,
    readouts: Readouts,
    clip_norm: float,
    attention: Mapping[str, ScaledProduct],
) -> WeightGradients:
    """Return ∂L/∂W from the δ of some timesteps, and from readouts of some states h (n, H).

    With ``attention``, its weights' gradients by name, they are readouts of q (n, H). They are
    clipped: see ``clipped``.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        own = {
            name: _outer_products(each.rows, scaled.shared(each.exponents), each.others)
            for name, each in attention.items()
        }
        parts = sums_of_parts(network, deltas)
        head = of_readout(h, readouts.d_y, readouts.exponents)
        gradients = network.named(parts, *head, own)
    return clipped(gradients, clip_norm)


def clipped(gradients: dict[str, Gradient], clip_norm: float) -> WeightGradients:
    """Return gradients in plain float64, clipped by norm (Pascanu et al. 2013).

    Where the norm of all of them together exceeds ``clip_norm`` they are multiplied by
    ``clip_norm`` / norm. 0 clips nothing.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        log10_norm = log10_norm_of([*gradients.values()])
        log10_clip = 0.0
        if clip_norm and log10_norm > np.log10(clip_norm):
            log10_clip = float(np.log10(clip_norm)) - log10_norm
        plain = {
            name: read_only(gradient.times_power_of_ten(log10_clip).plain())
            for name, gradient in gradients.items()
        }
    return WeightGradients(plain, log10_norm, log10_clip)


def of_readout(h: Floats, d_y: Floats, exponents: Integers | int) -> tuple[Gradient, Gradient]:
    """Return ∂L/∂W_hy and ∂L/∂b_y, sums over timesteps and examples.

    ∂L/∂y of n readouts of h (n, H) is d_y (n, V) · 2^exponents, (n,) or one for all.
    """
    exponents = scaled.shared(exponents)
    return _outer_products(d_y, exponents, h), _sum(d_y, exponents)


def sums_of_parts(network: Network, deltas: Deltas) -> list[tuple[Gradient, ...]]:
    """Return the gradients of W_xh, W_hh, b_xh and b_hh of each part."""
    return [_of_part(network, part, deltas) for part in range(len(network.weights))]


def input_gradient(network: Network, deltas: Deltas) -> tuple[Floats, Integers | int]:
    """Return ∂L/∂x_t as scaled rows (n, V), and their exponents (n,).

    ∂L/∂x_t = W_xhᵀ δ_t
    """
    d_x = network.cell.d_x(deltas.d_a)
    rows = np.empty((*d_x.shape[:-1], network.inputs))
    with np.errstate(under="ignore"):
        for layer, now in network.spans(deltas.parts):
            np.matmul(d_x[now], layer.weights.W_xh, out=rows[now])
    return rows, deltas.exponents


def _of_part(network: Network, part: int, deltas: Deltas) -> tuple[Gradient, ...]:
    if len(network.weights) > 1:
        deltas = deltas.where(slice(*np.searchsorted(deltas.parts, [part, part + 1])))
    cell, (x, d_a, products, each) = network.cell, deltas.rows()
    exponents, d_h = scaled.shared(each), cell.d_h(d_a)

    def of_classes(some: Any, each: Integers | int) -> Scaled:
        rows, exponent = scaled.common(d_a[some], each)
        V = network.weights[part].W_xh.shape[1]
        rows = rows.reshape(-1, rows.shape[-1])
        return Scaled(sum_by_class(rows, x[some].reshape(-1), V), exponent)

    vectors = x.dtype.kind == "f"
    of_inputs = _outer_products(d_a, exponents, x) if vectors else _total(exponents, of_classes)
    recurrent = [_outer_products(d_h[..., rows], exponents, each) for rows, each in products]
    if cell.mixes:
        mixed = cell.mixed(network.hidden_size)
        recurrent = [
            _within(mixed[rows], each) for (rows, _), each in zip(products, recurrent, strict=True)
        ]
    of_biases = _sum(d_a, exponents)
    nothing = Scaled(np.zeros(network.weights[part].W_hh.shape), 0)
    return (
        _picked(cell.d_x, of_inputs),
        _stacked(recurrent) if recurrent else nothing,
        _picked(lambda sums: cell.d_biases(sums)[0], of_biases),
        _picked(lambda sums: cell.d_biases(sums)[1], of_biases),
    )


def _picked(pick: Callable[[Any], Any], sums: Gradient) -> Gradient:
    """Return the rows that ``Cell.d_x`` or ``d_h`` picks: it may as well do so after the sum."""
    if isinstance(sums, Scaled):
        return Scaled(pick(sums.mantissa.T).T, sums.exponent)
    return cast(Wide, pick(sums.T).T)


def _within(mixed: Any, gradient: Gradient) -> Gradient:
    """Return the gradient of the entries that a matrix has."""
    if isinstance(gradient, Scaled):
        return Scaled(gradient.mantissa * mixed, gradient.exponent)
    return cast(Wide, gradient * mixed)


def _stacked(blocks: Sequence[Gradient]) -> Gradient:
    """Return the gradients of some rows of a matrix, and then of others, as one."""
    if len(blocks) == 1:
        return blocks[0]
    wide: Any = [Wide.of(*each) if isinstance(each, Scaled) else each for each in blocks]
    return cast(Wide, np.concatenate(wide))


def _sum(rows: Floats, exponents: Integers | int) -> Gradient:
    return _total(exponents, lambda some, each: scaled.sum_of(rows[some], each))


def _outer_products(rows: Floats, exponents: Integers | int, others: Floats) -> Gradient:
    return _total(
        exponents,
        lambda some, each: scaled.sum_of_outer_products(rows[some], each, others[some]),
    )


def _total(exponents: Integers | int, sum_of: Callable[[Any, Integers | int], Scaled]) -> Gradient:
    """Return the sum of all timesteps, from sums of those whose exponents are near.

    An entry to which only the smaller timesteps add needs an exponent of its own.
    """
    if isinstance(exponents, int):
        return sum_of(..., exponents)
    near = exponents >> _NEAR
    first, *others = (sum_of(some, exponents[some]) for some in near == np.unique(near)[:, None])
    return sum((Wide.of(*each) for each in others), Wide.of(*first)) if others else first


def log10_norm_of(gradients: Sequence[Gradient]) -> float:
    """log10 of the norm of all of them together."""
    plain = [each for each in gradients if isinstance(each, Scaled)]
    if len(plain) == len(gradients) and len({each.exponent for each in plain}) == 1:
        square = sum(np.vdot(each.mantissa, each.mantissa) for each in plain)
        if scaled.LOSSY < square < np.inf:
            return float(scaled.log10_roots(square, plain[0].exponent))
    return scaled.log10_norm_together([each.log10_norm() for each in gradients])


def sum_by_class(rows: Floats, classes: Integers, V: int) -> Floats:
    """Return (K·H, V): column k is the sum of the rows (n, K·H) of class k; -1 is of none."""
    order = np.argsort(classes, kind="stable")[np.count_nonzero(classes < 0) :]
    ordered, sums = classes[order], np.zeros((V, rows.shape[1]))
    if len(order):
        starts = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
        sums[ordered[starts]] = np.add.reduceat(rows[order], starts)
    return sums.T
