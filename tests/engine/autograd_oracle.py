"""The whole network again, straight down the page, for autograd and central differences.

It shares no line with the engine. Shifts added to each h_t and c_t make ∂L/∂h_t and ∂L/∂c_t
ordinary derivatives, with the other state held as a separate variable.
"""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import autograd
import autograd.numpy as anp
import numpy as np
from hypothesis import strategies as st

from unrolled import engine

Parameters = dict[str, Any]
SHIFTS = ("shift_h", "shift_c")
DRAWN = {
    "recurrent_scale": st.floats(0.01, 3),
    "input_scale": st.floats(0.01, 3),
    "forget_bias": st.floats(-3, 3),
    "update_bias": st.floats(-3, 3),
    "seed": st.integers(0, 2**32 - 1),
}
"""The scales, biases and seeds that are drawn of any experiment."""


def sigma(a: Any) -> Any:
    return 1 / (1 + anp.exp(-a))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": anp.tanh,
    "relu": lambda a: anp.where(a > 0, a, 0.0),
    "sigmoid": sigma,
    "identity": lambda a: 1.0 * a,
}


def simple(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    a = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"]
    if "weight_hh_l0" in p:
        a = a + anp.dot(p["weight_hh_l0"], h)
    return f(a) + p["shift_h"][t], c


def lstm(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    a = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"]
    a = a + anp.dot(p["weight_hh_l0"], h) + p["bias_hh_l0"]
    H = len(h)
    i, forget, g, o = (a[k * H : (k + 1) * H] for k in range(4))
    c = sigma(forget) * c + sigma(i) * anp.tanh(g) + p["shift_c"][t]
    return sigma(o) * anp.tanh(c) + p["shift_h"][t], c


def gru(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    u = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"]
    q = anp.dot(p["weight_hh_l0"], h) + p["bias_hh_l0"]
    H = len(h)
    r, z = sigma(u[:H] + q[:H]), sigma(u[H : 2 * H] + q[H : 2 * H])
    n = anp.tanh(u[2 * H :] + r * q[2 * H :])
    return (1 - z) * n + z * h + p["shift_h"][t], c


def gru_2014(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    u = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"]
    H, W = len(h), p["weight_hh_l0"]
    r, z = (sigma(u[k * H : (k + 1) * H] + anp.dot(W[k * H : (k + 1) * H], h)) for k in range(2))
    n = anp.tanh(u[2 * H :] + anp.dot(W[2 * H :], r * h))
    return (1 - z) * n + z * h + p["shift_h"][t], c


def mgu(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    u = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"]
    H, W = len(h), p["weight_hh_l0"]
    forget = sigma(u[:H] + anp.dot(W[:H], h))
    n = anp.tanh(u[H:] + anp.dot(W[H:], forget * h))
    return (1 - forget) * h + forget * n + p["shift_h"][t], c


def mingru(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    u, H = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"], len(h)
    z = sigma(u[:H])
    return (1 - z) * h + z * u[H:] + p["shift_h"][t], c


def minlstm(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    u, H = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"], len(h)
    i, forget = sigma(u[:H]), sigma(u[H : 2 * H])
    kept = forget / (i + forget)
    return kept * h + (1 - kept) * u[2 * H :] + p["shift_h"][t], c


def indrnn(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    a = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"]
    return f(a + anp.diag(p["weight_hh_l0"]) * h) + p["shift_h"][t], c


def lru(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    """Pair by pair; an odd last unit is alone."""
    a, W = anp.dot(p["weight_ih_l0"], x) + p["bias_ih_l0"] + p["bias_hh_l0"], p["weight_hh_l0"]
    pairs = [slice(k, k + 2) for k in range(0, len(h), 2)]
    mixed = anp.concatenate([anp.dot(W[pair, pair], h[pair]) for pair in pairs])
    return a + mixed + p["shift_h"][t], c


def normalized(s: Any) -> Any:
    centred = s - anp.mean(s)
    return centred / anp.sqrt(anp.mean(centred**2) + 1e-5)


def ln_rnn(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    n = normalized(anp.dot(p["weight_ih_l0"], x) + anp.dot(p["weight_hh_l0"], h))
    return f(n + p["bias_ih_l0"] + p["bias_hh_l0"]) + p["shift_h"][t], c


def ln_lstm(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    s = anp.dot(p["weight_ih_l0"], x) + anp.dot(p["weight_hh_l0"], h)
    b, H = p["bias_ih_l0"] + p["bias_hh_l0"], len(h)
    blocks = (slice(k * H, (k + 1) * H) for k in range(4))
    i, forget, g, o = (normalized(s[block]) + b[block] for block in blocks)
    c = sigma(forget) * c + sigma(i) * anp.tanh(g) + p["shift_c"][t]
    return sigma(o) * anp.tanh(normalized(c)) + p["shift_h"][t], c


def ln_gru(f: Callable[[Any], Any], p: Parameters, x: Any, h: Any, c: Any, t: int) -> Any:
    H = len(h)
    of_r, of_z, of_n = (slice(k * H, (k + 1) * H) for k in range(3))
    of_x, of_h = anp.dot(p["weight_ih_l0"], x), anp.dot(p["weight_hh_l0"], h)
    s, b = of_x + of_h, p["bias_ih_l0"] + p["bias_hh_l0"]
    r, z = (sigma(normalized(s[block]) + b[block]) for block in (of_r, of_z))
    q = normalized(of_h[of_n]) + p["bias_hh_l0"][of_n]
    n = anp.tanh(normalized(of_x[of_n]) + p["bias_ih_l0"][of_n] + r * q)
    return (1 - z) * n + z * h + p["shift_h"][t], c


STEPS = {
    **{"rnn": simple, "feedforward": simple, "lstm": lstm, "gru": gru, "gru-2014": gru_2014},
    **{
        "mgu": mgu,
        "mingru": mingru,
        "minlstm": minlstm,
        "indrnn": indrnn,
        "lru": lru,
        "ln-rnn": ln_rnn,
        "ln-lstm": ln_lstm,
        "ln-gru": ln_gru,
    },
}


class Oracle(NamedTuple):
    """Everything an engine's trace should agree with."""

    hidden: Any
    cell_state: Any
    losses: list[Any]
    probabilities: list[Any]


def parameters(trace: engine.Trace) -> Parameters:
    """The weights, and the shifts of the states, all zero."""
    zeros = np.zeros(trace.hidden.shape)
    return {**trace.network.state_dict(), "shift_h": zeros, "shift_c": zeros}


def forward(trace: engine.Trace, p: Parameters) -> Oracle:
    """The trace's experiment on other parameters; one loss for each timestep that has one."""
    step, f = STEPS[trace.experiment.cell], FUNCTIONS[trace.experiment.activation]
    h = c = np.zeros(trace.experiment.hidden_size)
    out = Oracle([], [], [], [])
    for t, (x, target) in enumerate(zip(trace.inputs, trace.targets, strict=True)):
        h, c = step(f, of_part(trace, p, t), x, h, c, t)
        out.hidden.append(h)
        out.cell_state.append(c)
        if target >= 0:
            y = anp.dot(p["head.weight"], read_by_output(trace, p, out.hidden)) + p["head.bias"]
            peak = anp.max(y)
            log_sum = peak + anp.log(anp.sum(anp.exp(y - peak)))
            out.losses.append(log_sum - y[target])
            out.probabilities.append(anp.exp(y - log_sum))
    return out


def read_by_output(trace: engine.Trace, p: Parameters, hidden: list[Any]) -> Any:
    """Return h_t of the last of these timesteps, or with attention its q_t."""
    h = hidden[-1]
    if "attention.weight" not in p:
        return h
    encoded = [each for each, part in zip(hidden, trace.parts, strict=False) if part == 0]
    scores = [anp.sum(each * h) for each in encoded]
    if trace.experiment.attention == "additive":
        W_a, U_a, v_a = (p[f"attention.{name}.weight"] for name in ("W_a", "U_a", "v_a"))
        scores = [
            anp.dot(v_a[0], anp.tanh(anp.dot(W_a, h) + anp.dot(U_a, each))) for each in encoded
        ]
    powers = [anp.exp(score - max(scores)) for score in scores]
    seen = sum(power * each for power, each in zip(powers, encoded, strict=True)) / sum(powers)
    return anp.tanh(anp.dot(p["attention.weight"], anp.concatenate([seen, h])))


def of_part(trace: engine.Trace, p: Parameters, t: int) -> Parameters:
    """The parameters a timestep uses, under the names they have without an encoder-decoder."""
    if trace.experiment.architecture != "encoder-decoder":
        return p
    prefix = ("encoder.", "decoder.")[trace.parts[t]]
    return {name.removeprefix(prefix): value for name, value in p.items()}


def total_loss(trace: engine.Trace, p: Parameters) -> Any:
    return sum(forward(trace, p).losses)


def gradients(trace: engine.Trace) -> Parameters:
    """∂L/∂ every parameter, by autograd."""
    return autograd.grad(lambda p: total_loss(trace, p))(parameters(trace))


def gradients_of_each_loss(trace: engine.Trace) -> Any:
    """(S, T, H) ∂L_s/∂h_t, by autograd."""

    def losses(shift: Any) -> Any:
        return anp.array(forward(trace, {**parameters(trace), "shift_h": shift}).losses)

    return autograd.jacobian(losses)(parameters(trace)["shift_h"])


def engine_gradients(trace: engine.Trace) -> Parameters:
    """The engine's gradients under the oracle's names."""
    found = {**trace.weight_gradients, "shift_h": trace.hidden_gradient}
    return found if trace.cell_gradient is None else {**found, "shift_c": trace.cell_gradient}


def gradients_of_a_stretch(trace: engine.Trace, start: int, stop: int) -> Parameters:
    """∂L/∂W of the losses at start < t <= stop, from the state at ``start`` as a constant."""
    step, f = STEPS[trace.experiment.cell], FUNCTIONS[trace.experiment.activation]
    everything = parameters(trace)

    def loss(weights: Parameters) -> Any:
        p = {**everything, **weights}
        h, c = np.zeros((2, trace.experiment.hidden_size))
        if start >= 0:
            h = trace.hidden[start]
            c = c if trace.cell_state is None else trace.cell_state[start]
        total = 0.0
        for t in range(max(start + 1, 0), stop + 1):
            h, c = step(f, p, trace.inputs[t], h, c, t)
            y = anp.dot(p["head.weight"], h) + p["head.bias"]
            total = total + anp.log(anp.sum(anp.exp(y))) - y[trace.targets[t]]
        return total

    return autograd.grad(loss)(trace.network.state_dict())


def relative_error(found: Any, expected: Any) -> float:
    """The largest difference, relative to the largest entry expected."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"shape {found.shape}, expected {expected.shape}"
    scale = np.abs(expected).max()
    return float(np.abs(found - expected).max() / (scale or 1.0))


def every_network() -> list[dict[str, str]]:
    """Return the fields of every cell x activation x initialization x architecture that match."""
    rest = itertools.product(engine.INITIALIZATIONS, engine.ARCHITECTURES)
    return [_fields(*first, *last) for first, last in itertools.product(_cells(), rest)]


def networks() -> list[dict[str, str]]:
    """Return a quarter of them, in which any two values that match meet once at least."""
    initializations = itertools.cycle(engine.INITIALIZATIONS)
    found = []
    for first in _cells():
        next(initializations)  # another one meets the first architecture
        found += [
            _fields(*first, next(initializations), architecture)
            for architecture in engine.ARCHITECTURES
        ]
    return found


def _cells() -> list[tuple[str, str]]:
    """Return each cell with each activation that it takes."""
    takes = {name: "activation" in cell.hyperparameters() for name, cell in engine.CELLS.items()}
    return [(cell, f) for cell in takes for f in (engine.ACTIVATIONS if takes[cell] else ["tanh"])]


def _fields(cell: str, activation: str, initialization: str, architecture: str) -> dict[str, str]:
    return {
        "cell": cell,
        "activation": activation,
        "initialization": initialization,
        "architecture": architecture,
    }


def name_of(fields: dict[str, Any]) -> str:
    return "-".join(str(value) for value in fields.values())
