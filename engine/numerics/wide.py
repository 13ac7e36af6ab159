"""Arrays each of whose entries has an exponent of its own.

An entry stands for mantissa · 2^exponent. A row of adjoints has one exponent
(``engine.numerics.scaled``), which is enough while its units mix. Where they do not, or where a
slope is below float64, one unit may be 1e-400 of another and carry the gradient later on. A
``Wide`` takes part in the arithmetic of the cells as any array does, some ten times slower.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from unrolled.engine.numerics import scaled
from unrolled.engine.numerics.arrays import Floats, Integers

_ZERO = -(2**62)
"""The exponent of 0, below any other; twice it is an int64 still."""
_LOWEST = -2000
"""A number times 2^this is 0 in float64."""
_FARTHEST = 2.0**38
"""Arguments up to which exp has an exponent above that of 0."""


def watched(lost: list[str], **others: Any) -> np.errstate:
    """Return a context that records underflow in ``lost``; such numbers need a ``Wide``."""
    return np.errstate(under="call", call=lambda kind, flag: lost.append(kind), **others)


class Wide(NDArrayOperatorsMixin):
    """The arguments of NumPy's functions in ``_WIDE``; they write to ``out`` too."""

    def __init__(self, mantissa: Floats, exponent: Any) -> None:
        """Represent mantissa · 2^exponent; the exponent is broadcast."""
        self._mantissa, shift = np.frexp(mantissa)
        self._exponent: Integers = np.where(
            self._mantissa == 0, _ZERO, shift.astype(np.int64) + exponent
        )

    @classmethod
    def zeros(cls, *shape: int) -> "Wide":
        return cls(np.zeros(shape), 0)

    @classmethod
    def of(cls, values: Any, exponent: Any = 0) -> "Wide":
        """Return floats times 2^exponent; ``Wide`` numbers as they are."""
        return (
            values if isinstance(values, Wide) else cls(np.asarray(values, dtype=float), exponent)
        )

    @classmethod
    def power_of_ten(cls, log10: float) -> "Wide":
        fraction, whole = np.modf(log10 / scaled.LOG10_2)
        return cls(np.exp2(fraction), int(whole))

    @property
    def T(self) -> "Wide":
        """Return a transposed view."""
        view = object.__new__(Wide)
        view._mantissa, view._exponent = self._mantissa.T, self._exponent.T
        return view

    @property
    def shape(self) -> tuple[int, ...]:
        return self._mantissa.shape

    @property
    def size(self) -> int:
        return self._mantissa.size

    def reshape(self, *shape: int) -> "Wide":
        """Return the numbers in another shape, a view where NumPy has one."""
        view = object.__new__(Wide)
        view._mantissa = self._mantissa.reshape(*shape)
        view._exponent = self._exponent.reshape(*shape)
        return view

    def __len__(self) -> int:
        return len(self._mantissa)

    def __getitem__(self, key: Any) -> "Wide":
        """Return a view."""
        view = object.__new__(Wide)
        view._mantissa, view._exponent = self._mantissa[key], self._exponent[key]
        return view

    def __setitem__(self, key: Any, value: Any) -> None:
        value = Wide.of(value)
        self._mantissa[key], self._exponent[key] = value._mantissa, value._exponent

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any
    ) -> Any:
        if method != "__call__" or options or ufunc not in _WIDE:
            return NotImplemented
        with np.errstate(under="ignore"):
            result = _WIDE[ufunc](*inputs)
        if out is None:
            return result
        out[0][...] = result
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function is not np.concatenate:
            return NotImplemented
        (arrays,) = args
        joined = object.__new__(Wide)
        joined._mantissa = np.concatenate([each._mantissa for each in arrays], **options)
        joined._exponent = np.concatenate([each._exponent for each in arrays], **options)
        return joined

    def largest(self, axis: int | None = None) -> Any:
        """Return the largest exponent, overall or of each row; that of 0 is below all others."""
        return self._exponent.max(axis=axis)

    def sum(self, axis: int) -> "Wide":
        """Return the sums along an axis."""
        exponent = self.largest(axis=axis)
        return Wide(self.mantissas(np.expand_dims(exponent, axis)).sum(axis=axis), exponent)

    def norms(self) -> "Wide":
        """Return the norm of each row (..., H)."""
        exponents = self.largest(axis=-1)
        return Wide(np.sqrt(scaled.squared_norms(self.mantissas(exponents[..., None]))), exponents)

    def log10(self) -> Floats:
        """log10 of each size; -inf of 0."""
        return scaled.log10_roots(np.square(self._mantissa), self._exponent)

    def log10_norm(self) -> float:
        """log10 of the norm of all entries together."""
        with np.errstate(under="ignore"):
            return scaled.log10_norm_together(self.norms().log10())

    def times_power_of_ten(self, log10: float) -> "Wide":
        return self * Wide.power_of_ten(log10)

    def plain(self) -> Floats:
        """Return the numbers in float64, which overflow to inf and underflow to 0."""
        return scaled.plain(self._mantissa[..., None], self._exponent)[..., 0]

    def mantissas(self, exponent: Any) -> Floats:
        """Return mantissas for one exponent, no smaller than any; numbers far below it are 0."""
        with np.errstate(under="ignore"):
            return self._shifted(exponent)

    def rows(self) -> tuple[Floats, Integers]:
        """Return rows (states, n, H) with one exponent (n,) each; a lost number is an underflow."""
        exponents = self._exponent.max(axis=(0, 2))
        return self._shifted(exponents[:, None]), exponents

    def _shifted(self, exponent: Any) -> Floats:
        shifted: Floats = np.ldexp(self._mantissa, np.maximum(self._exponent - exponent, _LOWEST))
        return shifted


def _multiply(a: Any, b: Any) -> Wide:
    a, b = Wide.of(a), Wide.of(b)
    return Wide(a._mantissa * b._mantissa, a._exponent + b._exponent)


def _divide(a: Any, b: Any) -> Wide:
    a, b = Wide.of(a), Wide.of(b)
    return Wide(a._mantissa / b._mantissa, a._exponent - b._exponent)


def _add(a: Any, b: Any) -> Wide:
    a, b = Wide.of(a), Wide.of(b)
    exponent = np.maximum(a._exponent, b._exponent)
    return Wide(a.mantissas(exponent) + b.mantissas(exponent), exponent)


def _exp(a: Wide) -> Wide:
    """exp(x) = exp(x - n ln 2) · 2^n."""
    x = np.clip(np.ldexp(a._mantissa, a._exponent), -_FARTHEST, _FARTHEST)
    n = np.floor(x / np.log(2))
    return Wide(np.exp(x - n * np.log(2)), n.astype(np.int64))


def _matmul(rows: Wide, W: Floats) -> Wide:
    """Multiply rows (..., R, K·H) by W (..., K·H, n). Unmixed units keep their exponents."""
    H, rest = W.shape[-1], W.shape[-2] % W.shape[-1]
    blocks = W.reshape(*W.shape[:-2], -1, H, H) if not rest else W[..., None, :0, :0]
    diagonals = np.diagonal(blocks, axis1=-2, axis2=-1)
    if np.count_nonzero(W) > np.count_nonzero(diagonals):
        exponent = rows.largest(axis=-1)[..., None]
        return Wide(rows.mantissas(exponent) @ W, exponent)
    product = Wide.zeros(*rows.shape[:-1], H)
    for k in range(diagonals.shape[-2]):
        product += rows[..., k * H : (k + 1) * H] * diagonals[..., k, None, :]
    return product


_WIDE: dict[Any, Callable[..., Any]] = {
    np.multiply: _multiply,
    np.divide: _divide,
    np.reciprocal: lambda a: _divide(1.0, a),
    np.add: _add,
    np.subtract: lambda a, b: _add(a, _multiply(b, -1.0)),
    np.negative: lambda a: _multiply(a, -1.0),
    np.absolute: lambda a: Wide(np.abs(a._mantissa), a._exponent),
    np.exp: _exp,
    np.cosh: lambda a: _multiply(0.5, _add(_exp(a), _exp(_multiply(a, -1.0)))),
    np.matmul: _matmul,
    np.greater: lambda a, b: _add(a, _multiply(b, -1.0))._mantissa > 0,
}
