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


@np.errstate(over="ignore")
def tanh_slope(a: Floats) -> Floats:
    """sech²(a) = 1/cosh²(a)."""
    slope = np.cosh(a)
    np.reciprocal(slope, out=slope)
    slope *= slope
    return slope


def sigmoid(a: Floats, out: Floats | None = None) -> Floats:
    """σ(a) = 1/(1 + exp(-a))."""
    return one_minus_sigmoid(np.negative(a, out=out), out)


def one_minus_sigmoid(a: Floats, out: Floats | None = None) -> Floats:
    """1 - σ(a) = σ(-a) = 1/(1 + exp(a)): near σ(a) = 1 the difference has lost digits."""
    out = np.exp(a, out=out)
    out += 1
    return np.reciprocal(out, out=out)


@np.errstate(over="ignore")
def sigmoid_slope(a: Floats) -> Floats:
    """σ'(a) = ½/(1 + cosh(a))."""
    slope = np.cosh(a)
    slope += 1
    return np.divide(0.5, slope, out=slope)


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
