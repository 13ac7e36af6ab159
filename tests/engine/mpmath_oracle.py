"""The walk back in 50-digit arithmetic, from the states that a trace computed in float64.

Shares no line with the engine, and follows the equations in the docstrings of its cells.
"""

from typing import Any

import mpmath
import numpy as np

DIGITS = 50
SATURATING: dict[str, Any] = {"cell": "lstm", "forget_bias": 10, "input_scale": 10}
"""A cell state that grows by about one a timestep, so that its tanh loses its slope."""


def sigmoid(a):
    return 1 / (1 + mpmath.exp(-a))


def sech2(a):
    return 1 / mpmath.cosh(a) ** 2


def sigmoid_slope(a):
    return 1 / (2 * mpmath.cosh(a / 2)) ** 2


SLOPES = {
    "tanh": sech2,
    "sigmoid": sigmoid_slope,
    "relu": lambda a: mpmath.mpf(a > 0),
    "identity": lambda a: mpmath.mpf(1),
}


def digits(array):
    """The floats of an array as they are, with 50 digits to compute on in."""
    return np.asarray(entrywise(mpmath.mpf, array), dtype=object)


def entrywise(f, array):
    return np.frompyfunc(f, 1, 1)(array)


def rounded(array):
    """The nearest floats, with 50 digits to compute on in."""
    return digits(array.astype(float))


def log10_norms(trace, last, d_h, kept=lambda d: d):
    """(states, last) log10 of the norms of each state, t = last..1, from d_h = ∂L/∂h_last.

    ``kept`` is what a step back reads of the ∂L/∂h and ∂L/∂c that the one before it wrote.
    """
    with mpmath.workdps(DIGITS):
        H, W = trace.network.hidden_size, digits(trace.network.weights[0].W_hh)
        walk = WALKS[trace.experiment.cell]
        d_state, norms = [digits(d_h), *[digits(np.zeros(H))] * (walk in (lstm, ln_lstm))], []
        for t in range(last - 1, -1, -1):
            d_state, d_state_prev = walk(trace, t, W, *d_state)
            norms.append([log10_norm(each) for each in d_state])
            d_state = [kept(each) for each in d_state_prev]
    return np.array(norms).T


def log10_norm(d):
    square = d @ d
    return float(mpmath.log10(mpmath.sqrt(square))) if square else -np.inf


def before(states, t):
    return digits(states[t - 1] if t else np.zeros_like(states[0]))


def rnn(trace, t, W, d_h):
    d_a = d_h * entrywise(SLOPES[trace.experiment.activation], digits(trace.moments.a[t]))
    return [d_h], [d_a @ W]


def lstm(trace, t, W, d_h, d_c):
    moments = trace.moments
    a_i, a_f, a_g, a_o = np.split(digits(moments.a[t]), 4)
    i, f, o = (entrywise(sigmoid, a) for a in (a_i, a_f, a_o))
    g, c, c_prev = entrywise(mpmath.tanh, a_g), digits(moments.c[t]), before(moments.c, t)
    d_c = d_c + d_h * o * entrywise(sech2, c)
    d_a = [
        d_c * g * entrywise(sigmoid_slope, a_i),
        d_c * c_prev * entrywise(sigmoid_slope, a_f),
        d_c * i * entrywise(sech2, a_g),
        d_h * entrywise(mpmath.tanh, c) * entrywise(sigmoid_slope, a_o),
    ]
    return [d_h, d_c], [np.concatenate(d_a) @ W, d_c * f]


def gru(trace, t, W, d_h):
    moments = trace.moments
    a_r, a_z, a_n = np.split(digits(moments.a[t]), 3)
    r, z, n = entrywise(sigmoid, a_r), entrywise(sigmoid, a_z), entrywise(mpmath.tanh, a_n)
    d_n = d_h * (1 - z) * entrywise(sech2, a_n)
    d_a = [
        d_n * digits(moments.q_n[t]) * entrywise(sigmoid_slope, a_r),
        d_h * (before(moments.h, t) - n) * entrywise(sigmoid_slope, a_z),
        d_n * r,
    ]
    return [d_h], [np.concatenate(d_a) @ W + d_h * z]


def gru_2014(trace, t, W, d_h):
    H, h_prev = W.shape[1], before(trace.moments.h, t)
    a_r, a_z, a_n = np.split(digits(trace.moments.a[t]), 3)
    r, z, n = entrywise(sigmoid, a_r), entrywise(sigmoid, a_z), entrywise(mpmath.tanh, a_n)
    d_n = d_h * (1 - z) * entrywise(sech2, a_n)
    d_rh = d_n @ W[2 * H :]
    d_a = [
        d_rh * h_prev * entrywise(sigmoid_slope, a_r),
        d_h * (h_prev - n) * entrywise(sigmoid_slope, a_z),
    ]
    return [d_h], [np.concatenate(d_a) @ W[: 2 * H] + d_rh * r + d_h * z]


def mgu(trace, t, W, d_h):
    H, h_prev = W.shape[1], before(trace.moments.h, t)
    a_f, a_n = np.split(digits(trace.moments.a[t]), 2)
    f, n = entrywise(sigmoid, a_f), entrywise(mpmath.tanh, a_n)
    d_n = d_h * f * entrywise(sech2, a_n)
    d_fh = d_n @ W[H:]
    d_f = (d_h * (n - h_prev) + d_fh * h_prev) * entrywise(sigmoid_slope, a_f)
    return [d_h], [d_h * (1 - f) + d_fh * f + d_f @ W[:H]]


def mingru(trace, t, W, d_h):
    a_z, _ = np.split(digits(trace.moments.a[t]), 2)
    return [d_h], [d_h * (1 - entrywise(sigmoid, a_z))]


def minlstm(trace, t, W, d_h):
    a_i, a_f, _ = np.split(digits(trace.moments.a[t]), 3)
    i, f = entrywise(sigmoid, a_i), entrywise(sigmoid, a_f)
    return [d_h], [d_h * f / (i + f)]


def lru(trace, t, W, d_h):
    return [d_h], [d_h @ W]


def ln_rnn(trace, t, W, d_h):
    d_a = d_h * entrywise(SLOPES[trace.experiment.activation], digits(trace.moments.a[t]))
    return [d_h], [d_a @ normalization(sums(trace, t))[1] @ W]


def ln_lstm(trace, t, W, d_h, d_c):
    moments = trace.moments
    a_i, a_f, a_g, a_o = np.split(digits(moments.a[t]), 4)
    i, f, o = (entrywise(sigmoid, a) for a in (a_i, a_f, a_o))
    g, c_prev = entrywise(mpmath.tanh, a_g), before(moments.c, t)
    m, slope = normalization(digits(moments.c[t]))
    d_c = d_c + (d_h * o * entrywise(sech2, m)) @ slope
    d_a = [
        d_c * g * entrywise(sigmoid_slope, a_i),
        d_c * c_prev * entrywise(sigmoid_slope, a_f),
        d_c * i * entrywise(sech2, a_g),
        d_h * entrywise(mpmath.tanh, m) * entrywise(sigmoid_slope, a_o),
    ]
    gates = zip(d_a, np.split(sums(trace, t), 4), strict=True)
    d_s = [d @ normalization(s)[1] for d, s in gates]
    return [d_h, d_c], [np.concatenate(d_s) @ W, d_c * f]


def ln_gru(trace, t, W, d_h):
    H, h_prev = W.shape[1], before(trace.moments.h, t)
    a_r, a_z, a_n = np.split(digits(trace.moments.a[t]), 3)
    r, z, n = entrywise(sigmoid, a_r), entrywise(sigmoid, a_z), entrywise(mpmath.tanh, a_n)
    q, through_q = normalization(W[2 * H :] @ h_prev)
    q = q + digits(trace.network.weights[0].b_hh[2 * H :])
    d_n = d_h * (1 - z) * entrywise(sech2, a_n)
    s_r, s_z, _ = np.split(sums(trace, t), 3)
    d_r = (d_n * q * entrywise(sigmoid_slope, a_r)) @ normalization(s_r)[1]
    d_z = (d_h * (h_prev - n) * entrywise(sigmoid_slope, a_z)) @ normalization(s_z)[1]
    return [d_h], [np.concatenate([d_r, d_z, (d_n * r) @ through_q]) @ W + d_h * z]


def sums(trace, t):
    """W_hh h_{t-1} + W_xh x_t: a float's rounding is much beside what LN' lets through."""
    weights = trace.network.weights[0]
    h_prev, x = before(trace.moments.h, t), digits(trace.inputs[t])
    return digits(weights.W_hh) @ h_prev + digits(weights.W_xh) @ x


def normalization(s):
    """n = LN(s), and LN'(s) as a matrix: ∂n_i/∂s_j = r (1 if i = j - 1/H - n_i n_j / H)."""
    H, centred = len(s), s - s.sum() / len(s)
    r = 1 / mpmath.sqrt((centred**2).sum() / H + mpmath.mpf(1e-5))
    n = centred * r
    return n, r * (digits(np.eye(H)) - mpmath.mpf(1) / H - np.outer(n, n) / H)


WALKS: dict[str, Any] = {
    **{"rnn": rnn, "lstm": lstm, "gru": gru, "gru-2014": gru_2014},
    **{
        "mgu": mgu,
        "mingru": mingru,
        "minlstm": minlstm,
        "indrnn": rnn,
        "lru": lru,
        "ln-rnn": ln_rnn,
        "ln-lstm": ln_lstm,
        "ln-gru": ln_gru,
    },
}
"""The step back of each cell."""
