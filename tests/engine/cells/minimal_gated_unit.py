"""A cell that the engine does not have: the minimal gated unit (Zhou et al. 2016).

    f_t = σ(W_hf h_{t-1} + W_xf x_t + b_f)        n_t = tanh(W_hn (f_t * h_{t-1}) + W_xn x_t + b_n)

    h_t = (1 - f_t) * h_{t-1} + f_t * n_t

One gate, before a product, and the state is kept where it is closed. Everything that the engine,
the server and the page do for it, they do from this file.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import autograd.numpy as anp
import mpmath
import numpy as np

from tests.engine import autograd_oracle, mpmath_oracle
from tests.engine.mpmath_oracle import before, digits, entrywise
from unrolled.engine.cells import CELLS, Carry, Cell
from unrolled.engine.cells.activations import sigmoid, sigmoid_slope, tanh_slope
from unrolled.engine.cells.base import split
from unrolled.engine.cells.equations import (
    D_H,
    D_H_PREV,
    TRANSPOSED,
    Equations,
    Line,
    gate,
)


class StepValues(NamedTuple):
    a: Any
    fh: Any
    gates: Any
    h: Any


class Slopes(NamedTuple):
    f: Any
    n: Any


class Partials(NamedTuple):
    h_f: Any
    h_n: Any
    fh_f: Any
    fh_h: Any
    h_h: Any


@dataclass(frozen=True)
class MinimalGatedUnit(Cell):
    forget_bias: float

    title: ClassVar = "Minimal"
    step_values: ClassVar = StepValues
    blocks: ClassVar = 2
    gates: ClassVar = ("f", "n")
    candidates: ClassVar = ("n",)
    carry: ClassVar = Carry("h_h", gate="f", closed=True, bias="forget_bias")

    @property
    def saturating(self):
        return ("a",)

    def step(self, weights, state_prev, values):
        (h_prev,), (a, fh, gates, h) = state_prev, values
        (f, n), (a_f, a_n), (W_f, W_n) = split(gates, 2), split(a, 2), blocks(weights)
        a_f += np.matmul(h_prev, W_f.mT)
        sigmoid(a_f, out=f)
        np.multiply(f, h_prev, out=fh)
        a_n += np.matmul(fh, W_n.mT)
        np.tanh(a_n, out=n)
        np.subtract(n, h_prev, out=h)
        h *= f
        h += h_prev

    def slopes(self, values):
        a_f, a_n = split(values.a, 2)
        return Slopes(sigmoid_slope(a_f), tanh_slope(a_n))

    def partials(self, values, states_prev):
        (h_prev,), (f, n), slope = states_prev, split(values.gates, 2), self.slopes(values)
        return Partials(
            h_f=(n - h_prev) * slope.f,
            h_n=f * slope.n,
            fh_f=h_prev * slope.f,
            fh_h=f,
            h_h=sigmoid(-split(values.a, 2)[0]),
        )

    def step_back(self, weights, partial, d_state, d_a, d_state_prev):
        d_h, d_h_prev = d_state[0], d_state_prev[0]
        h_f, h_n, fh_f, fh_h, h_h = partial
        (d_f, d_n), (W_f, W_n) = split(d_a, 2), blocks(weights)
        np.multiply(d_h, h_n, out=d_n)
        d_fh = np.matmul(d_n, W_n)
        np.multiply(d_h, h_f, out=d_f)
        d_f += d_fh * fh_f
        np.matmul(d_f, W_f, out=d_h_prev)
        d_h_prev += d_fh * fh_h
        d_h_prev += d_h * h_h

    def recurrent_products(self, values, states_prev):
        H = values.h.shape[-1]
        return (slice(H), states_prev[0]), (slice(H, None), values.fh)

    @property
    def equations(self):
        ways = rf"\kappa_{{t-1}} & + & f_t & \odot & \rho_t & + & W_{{hf}}{TRANSPOSED} & \delta_f"
        return Equations(
            (
                gate("f"),
                gate("n", r"\tanh", r"(f_t \odot h_{t-1})"),
                Line(r"h_t & = & (1-f_t) & \odot & h_{t-1} & + & f_t & \odot & n_t"),
            ),
            (
                Line(rf"\delta_n & = & \tanh'(a_n) & \odot & f_t & \odot & {D_H}"),
                Line(rf"\rho_t & = & W_{{hn}}{TRANSPOSED} & \delta_n"),
                Line(
                    rf"\delta_f & = & \sigma'(a_f) & \odot & ( & (n_t-h_{{t-1}}) & \odot & {D_H}"
                    r" & + & h_{t-1} & \odot & \rho_t & )"
                ),
            ),
            (
                Line(rf"\kappa_{{t-1}} & = & (1-f_t) & \odot & {D_H}", "carry"),
                Line(f"{D_H_PREV} & = & {ways}", "recurrent"),
            ),
        )

    def arrays(self, values, slopes, state_prev):
        return {
            **super().arrays(values, slopes, state_prev),
            r"(f_t \odot h_{t-1})": values.fh,
            "(1-f_t)": 1 - values.f,
            "(n_t-h_{t-1})": values.n - state_prev[0],
        }

    def gradients(self, weights, d_h):
        return {r"\rho_t": (split(d_h, 2)[1][None] @ blocks(weights)[1])[0]}


def blocks(weights):
    """W_hf and W_hn."""
    H = weights.W_hh.shape[-1]
    return weights.W_hh[..., :H, :], weights.W_hh[..., H:, :]


def register(patch):
    """Add the cell as a plug-in does, by one line; and what the oracles know of it."""
    patch.setitem(CELLS, "mgu", MinimalGatedUnit)
    patch.setitem(autograd_oracle.STEPS, "mgu", for_autograd)
    patch.setitem(mpmath_oracle.WALKS, "mgu", in_digits)


def for_autograd(f, p, x, h, c, t):
    u = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"]
    H, W = len(h), p["weight_hh_l0"]
    forget = autograd_oracle.sigma(u[:H] + anp.dot(W[:H], h))
    n = anp.tanh(u[H:] + anp.dot(W[H:], forget * h))
    return (1 - forget) * h + forget * n + p["shift_h"][t], c


def in_digits(trace, t, W, d_h):
    H = W.shape[1]
    a_f, a_n = np.split(digits(trace.moments.a[t]), 2)
    f, n = entrywise(mpmath_oracle.sigmoid, a_f), entrywise(mpmath.tanh, a_n)
    h_prev = before(trace.moments.h, t)
    d_n = d_h * f * entrywise(mpmath_oracle.sech2, a_n)
    d_fh = d_n @ W[H:]
    d_f = (d_h * (n - h_prev) + d_fh * h_prev) * entrywise(mpmath_oracle.sigmoid_slope, a_f)
    return [d_h], [d_h * (1 - f) + d_fh * f + d_f @ W[:H]]
