"""Activations f(a) and their slopes f'(a).

A slope is computed from the pre-activation, not from the output: 1 - tanh(a)² has no correct digit
left beyond |a| = 18, where the gradient that a saturated unit lets through is small but not zero.

Each takes ``out`` as NumPy's functions do, an array to write to; a slope may be written over its
argument.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from unrolled.engine.numerics.arrays import Floats


class Activation(NamedTuple):
    value: Callable[..., Floats]
    slope: Callable[[Floats], Floats]
    saturates: bool
    """Whether the slope vanishes far from zero."""
    latex: str
    """The function before its argument, in LaTeX; empty for the identity."""


def tanh_slope(a: Floats) -> Floats:
    """sech²(a) = 4e/(1+e)², with e = exp(-2|a|)."""
    e = np.abs(a)
    e *= -2
    np.exp(e, out=e)
    slope = 1 + e
    slope *= slope
    np.divide(e, slope, out=slope)
    slope *= 4
    return slope


def sigmoid(a: Floats, out: Floats | None = None) -> Floats:
    """σ(a) = 1/(1 + exp(-a))."""
    out = np.negative(a, out=out)
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)


def sigmoid_slope(a: Floats) -> Floats:
    """σ'(a) = e/(1+e)², with e = exp(-|a|)."""
    e = np.abs(a)
    np.negative(e, out=e)
    np.exp(e, out=e)
    slope = 1 + e
    slope *= slope
    return np.divide(e, slope, out=slope)


def relu(a: Floats, out: Floats | None = None) -> Floats:
    """max(a, 0)."""
    return np.maximum(a, 0, out=out)


def relu_slope(a: Floats) -> Floats:
    """1 where a > 0, else 0."""
    return (a > 0).astype(float)


def identity_slope(a: Floats) -> Floats:
    """1."""
    return np.ones(a.shape)


ACTIVATIONS = {
    "tanh": Activation(np.tanh, tanh_slope, saturates=True, latex=r"\tanh"),
    "relu": Activation(relu, relu_slope, saturates=False, latex=r"\operatorname{ReLU}"),
    "sigmoid": Activation(sigmoid, sigmoid_slope, saturates=True, latex=r"\sigma"),
    "identity": Activation(np.positive, identity_slope, saturates=False, latex=""),
}
