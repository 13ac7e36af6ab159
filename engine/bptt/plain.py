"""Backpropagation through time, to be read: one network, nothing but its equations.

A simple recurrent network reads x_1 … x_T, one vector a timestep, and has the loss L_t at some of
them; L is their sum. Forward, from the first timestep to the last:

    a_t = W_xh x_t + W_hh h_{t-1} + b_h
    h_t = tanh(a_t)
    y_t = W_hy h_t + b_y          p_t = softmax(y_t)          L_t = -log p_t[target]

Backward, from the last timestep to the first, each line the chain rule of a line above:

    ∂L/∂y_t = p_t - onehot(target)
    ∂L/∂h_t = W_hyᵀ ∂L/∂y_t + W_hhᵀ ∂L/∂a_{t+1}
    ∂L/∂a_t = (1 - h_t²) * ∂L/∂h_t

h_t is used twice, by the output of t and by the state of t+1, so two gradients meet in it. Each
step back multiplies by W_hhᵀ and by a slope of at most 1: that is why a gradient vanishes, or
explodes. The weights are the same at every timestep, so their gradient is a sum over time.

The rest of the engine computes the same for every cell, for each loss by itself, and beyond the
range of float64. Source: Werbos, "Backpropagation through time" (1990).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers


class Passes(NamedTuple):
    """The results of both passes."""

    h: Floats
    """(T, H) h_t"""
    losses: Floats
    """(T,) L_t in nats, 0 where there is no target."""
    d_h: Floats
    """(T, H) ∂L/∂h_t"""
    d_x: Floats
    """(T, V) ∂L/∂x_t"""
    d_weights: dict[str, Floats]
    """∂L/∂W, by the names of the weights."""


def forward_and_back(weights: Mapping[str, Floats], x: Floats, targets: Integers) -> Passes:
    """Return the states, the losses and every gradient of a simple recurrent network.

    Parameters
    ----------
    weights
        W_xh (H, V), W_hh (H, H), b_h (H,), W_hy (V, H) and b_y (V,), by these names.
    x
        (T, V) the inputs.
    targets
        (T,) the target class of each timestep, -1 where there is none.

    Returns
    -------
    The states and their gradients in the order of time.
    """
    W_xh, W_hh, b_h, W_hy, b_y = (weights[name] for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y"))
    T, H = len(x), len(b_h)
    h, p, losses = np.zeros((T + 1, H)), np.zeros((T, len(b_y))), np.zeros(T)

    for t in range(T):  # h[t] is h_{t-1}, as h[0] is the state before the first timestep
        h[t + 1] = np.tanh(W_xh @ x[t] + W_hh @ h[t] + b_h)
        if targets[t] >= 0:
            y = W_hy @ h[t + 1] + b_y
            p[t] = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
            losses[t] = -np.log(p[t, targets[t]])

    d_h, d_x = np.zeros((T + 1, H)), np.zeros(x.shape)
    d = {name: np.zeros(weight.shape) for name, weight in weights.items()}
    for t in reversed(range(T)):
        if targets[t] >= 0:
            d_y = p[t] - np.eye(len(b_y))[targets[t]]
            d["W_hy"] += np.outer(d_y, h[t + 1])
            d["b_y"] += d_y
            d_h[t + 1] += W_hy.T @ d_y
        d_a = (1 - h[t + 1] ** 2) * d_h[t + 1]
        d["W_xh"] += np.outer(d_a, x[t])
        d["W_hh"] += np.outer(d_a, h[t])
        d["b_h"] += d_a
        d_x[t] = W_xh.T @ d_a
        d_h[t] = W_hh.T @ d_a

    return Passes(h[1:], losses, d_h[1:], d_x, d)
