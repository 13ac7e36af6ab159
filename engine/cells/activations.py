"""Activations f(a) and their slopes f'(a).

A slope is computed from the pre-activation, not from the output: 1 - tanh(a)² has no correct digit
left beyond |a| = 18, where the gradient that a saturated unit lets through is small but not zero.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.arrays import Floats


class Activation(NamedTuple):
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def tanh_slope(a: Floats) -> Floats:
    """sech²(a) = 4e/(1+e)², with e = exp(-2|a|)."""
    e = np.exp(-2 * np.abs(a))
    return 4 * e / (1 + e) ** 2


def sigmoid(a: Floats) -> Floats:
    """σ(a) = 1/(1 + exp(-a))."""
    return 1 / (1 + np.exp(-a))


def sigmoid_slope(a: Floats) -> Floats:
    """σ'(a) = e/(1+e)², with e = exp(-|a|)."""
    e = np.exp(-np.abs(a))
    return e / (1 + e) ** 2


def relu(a: Floats) -> Floats:
    """max(a, 0)."""
    return np.maximum(a, 0)


def relu_slope(a: Floats) -> Floats:
    """1 where a > 0, else 0."""
    return (a > 0).astype(float)


ACTIVATIONS = {
    "tanh": Activation(np.tanh, tanh_slope),
    "relu": Activation(relu, relu_slope),
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "identity": Activation(np.positive, np.ones_like),
}
