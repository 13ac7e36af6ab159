"""Attention: each output of a decoder looks at every state of its encoder (Bahdanau et al. 2015).

It is the form of Luong et al. (2015) whose score is a product, of the decoder's state h_t and each
encoder's state h_j:

    e_tj = h_t · h_j        α_t = softmax(e_t)        v_t = Σ_j α_tj h_j

    q_t = tanh(W_q [v_t, h_t])        y_t = W_hy q_t + b_y

The decoder's own recurrence does not read v_t. So a loss sends its gradient to h_t and, past the
recurrence, to every h_j: a path of the same length however far away j is.
"""

from typing import NamedTuple

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers


class Attended(NamedTuple):
    """The n vectors that outputs of a decoder read, of themselves and of its encoder's m states."""

    weights: Floats
    """(n, m) α_tj: how much of each encoder's state; each row has the sum 1."""
    joined: Floats
    """(n, 2H) v_t and h_t beside each other."""
    a: Floats
    """(n, H) W_q [v_t, h_t]."""
    q: Floats
    """(n, H) what W_hy multiplies."""


class AttentionGradient(NamedTuple):
    """The gradient of n losses where attention takes it, each times 2^ of the loss's exponent."""

    d_a: Floats
    """(n, H) ∂L/∂a_t."""
    d_h: Floats
    """(n, H) ∂L/∂h_t at the loss's own timestep."""
    d_v: Floats
    """(n, H) ∂L/∂v_t."""
    d_e: Floats
    """(n, m) ∂L/∂e_tj."""
    attended: Attended

    def at(self, j: int) -> Floats:
        """Return (n, H) what each loss sends to the encoder's state of timestep j, from 0.

        α_tj ∂L/∂v_t + ∂L/∂e_tj h_t
        """
        h = self.attended.joined[:, self.d_v.shape[1] :]
        return self.attended.weights[:, j, None] * self.d_v + self.d_e[:, j, None] * h


def attend(W_q: Floats, h: Floats, encoder: Floats) -> Attended:
    """Return what outputs of the states h (n, H) read, beside an encoder's states (m, H)."""
    scores = h @ encoder.T
    scores -= scores.max(axis=1, keepdims=True, initial=-np.inf)
    weights = np.exp(scores)
    weights /= weights.sum(axis=1, keepdims=True)
    joined = np.concatenate([weights @ encoder, h], axis=1)
    a = joined @ W_q.T
    return Attended(weights, joined, a, np.tanh(a))


def looks(W_q: Floats | None, h: Floats, timesteps: Integers, encoded: int) -> Attended | None:
    """Return what the outputs of some timesteps read of the states h (T, H).

    The first ``encoded`` are an encoder's. None of a network without attention.
    """
    return None if W_q is None else attend(W_q, h[timesteps], h[:encoded])


ATTENTIONS = {"none": None, "dot": attend}
"""What an output may look at beside its own state."""


def walk_attention_back(
    W_q: Floats, attended: Attended, encoder: Floats, d_q: Floats
) -> AttentionGradient:
    """Return what ∂L/∂q (n, H) of n losses becomes at every state that they read.

    ∂L/∂e_tj = α_tj (∂L/∂α_tj - Σ_k α_tk ∂L/∂α_tk)        ∂L/∂α_tj = ∂L/∂v_t · h_j
    """
    weights, _, a, _ = attended
    d_a = d_q / np.cosh(a) ** 2
    d_v, d_h = np.split(d_a @ W_q, 2, axis=1)
    d_weights = d_v @ encoder.T
    d_e = weights * (d_weights - np.vecdot(weights, d_weights)[:, None])
    return AttentionGradient(d_a, d_h + d_e @ encoder, d_v, d_e, attended)
