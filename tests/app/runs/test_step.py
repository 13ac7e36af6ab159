"""The numbers under the symbols are the engine's, and they fulfil the equations they stand in."""

import json
import re

import numpy as np
import pytest

from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.runs.equations import D_H_OWN
from unrolled.app.runs.step import MOST_UNITS, answer, step_in_numbers
from unrolled.engine.attention.equations import D_H_SEEN
from unrolled.engine.cells.equations import D_C, D_H, D_H_PREV
from unrolled.engine.cells.normalized.layer_norm import EPSILON

CELLS = [(cell, "tanh") for cell in engine.CELLS]
CELLS += [("rnn", f) for f in ("relu", "sigmoid", "identity")]
SLOPE = {
    "tanh": r"\tanh'(a_t)",
    "relu": r"\operatorname{ReLU}'(a_t)",
    "sigmoid": r"\sigma'(a_t)",
}


def step(timestep, **fields):
    """The answer as the page gets it, its arrays as arrays; and the whole trace."""
    experiment = engine.Experiment.of({"sequence": "abcab", "hidden_size": 6, **fields})
    body = json.loads(answer(experiment, timestep))
    arrays = {name: np.array(each["values"]) for name, each in body["arrays"].items()}
    return body, arrays, engine.trace_of(experiment)


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-300)


def finite(log10):
    """Return a number; null stands for NaN."""
    return -np.inf if log10 is None else log10


def before(stack, t):
    return stack[t - 2] if t > 1 else np.zeros_like(stack[0])


def times(arrays, body, name):
    """A gradient at its true size."""
    return arrays[name] * 10.0 ** body["backward"]["power"]


@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
@pytest.mark.parametrize(("cell", "activation"), CELLS)
@pytest.mark.parametrize("which", ["first", "second", "last"])
def test_states_and_gradients_are_those_of_the_trace(cell, activation, architecture, which):
    fields = {"cell": cell, "activation": activation, "architecture": architecture, "loss": "all"}
    last = len(engine.trace("abcab", **fields).tokens)
    t = {"first": 1, "second": 2, "last": last}[which]
    body, arrays, trace = step(t, **fields)
    close(arrays["h_t"], trace.hidden[t - 1])
    if cell != "feedforward":
        close(arrays["h_{t-1}"], before(trace.hidden, t))
    close(times(arrays, body, D_H), trace.hidden_gradient[t - 1])
    assert finite(body["backward"]["log10_norm"]) == pytest.approx(trace.log10_gradient_norm[t - 1])
    if t > 1:
        close(times(arrays, body, D_H_PREV), trace.hidden_gradient[t - 2])
    for gate, values in trace.gates.items():
        close(arrays[f"{gate}_t"], values[t - 1])
    if cell == "lstm":
        close(arrays["c_t"], trace.cell_state[t - 1])
        close(arrays["c_{t-1}"], before(trace.cell_state, t))
        close(times(arrays, body, D_C), trace.cell_gradient[t - 1])


@pytest.mark.parametrize("activation", engine.ACTIVATIONS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_an_rnns_equations_hold_between_the_numbers_shown(activation, architecture):
    fields = {"activation": activation, "architecture": architecture, "loss": "all"}
    for t in range(1, len(engine.trace("abcab", **fields).tokens) + 1):
        _, a, trace = step(t, **fields)
        f = trace.network.cell.f
        close(a["a_t"], a["W_{hh}"] @ a["h_{t-1}"] + a["W_{xh} x_t"] + a["b_h"])
        close(a["h_t"], f.value(a["a_t"]))
        slope = a[SLOPE[activation]] if activation in SLOPE else 1
        close(a["u_t"], slope * a[D_H])
        close(a[D_H_PREV], a["W_{hh}"].T @ a["u_t"] + a.get(D_H_OWN, 0))
        assert (D_H_OWN in a) == (t > 1 and trace.targets[t - 2] >= 0)
        assert a["W_{xh} x_t"].any() == (trace.input_classes[t - 1] >= 0)


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_the_equations_of_attention_hold_between_the_numbers_shown(attention):
    """The encoder reads 1 to 5, and is sent more at each."""
    fields = {"architecture": "encoder-decoder", "attention": attention, "loss": "all"}
    body, a, trace = step(8, **fields)
    h, encoder = a["h_t"], a["h_j"]
    e = encoder @ h
    if attention == "additive":
        e = np.tanh(a["W_a"] @ h + encoder @ a["U_a"].T) @ a["v_a"]
    close(a["e_{tj}"], e)
    close(a[r"\alpha_{tj}"], np.exp(e) / np.exp(e).sum())
    close(a[r"\alpha_{tj}"], trace.attention[7])
    close(a["v_t"], a[r"\alpha_{tj}"] @ encoder)
    close(a[r"\tilde{h}_t"], np.tanh(a["W_{qv}"] @ a["v_t"] + a["W_{qh}"] @ h))
    assert body["arrays"]["h_j"]["rows"] == [1, 2, 3, 4, 5]
    for t in (4, 6):
        body, a, trace = step(t, **fields)
        handed = np.linalg.norm(a["W_{hh}"].T @ a["u_t"]) / np.linalg.norm(a[D_H])
        assert 10 ** body["backward"]["factors"]["log10_ratio"] == pytest.approx(handed)
        assert ("e_{tj}" in a) == (t == 6)
        close(a[D_H_PREV], a["W_{hh}"].T @ a["u_t"] + a[D_H_SEEN])
        close(times(a, body, D_H_PREV), trace.hidden_gradient[t - 2])


def test_the_equations_of_layer_normalization_hold_between_the_numbers_shown():
    _, a, _ = step(4, cell="ln-rnn", architecture="many-to-many", loss="all")
    s = a["W_{hh}"] @ a["h_{t-1}"] + a["W_{xh} x_t"]
    r = 1 / np.sqrt(s.var() + EPSILON)
    n = r * (s - s.mean())
    close(a["a_t"], n + a["b_h"])
    v = a[r"\tanh'(a_t)"] * a[D_H]
    close(a["u_t"], r * (v - v.mean() - n * (n * v).mean()))
    close(a[D_H_PREV], a["W_{hh}"].T @ a["u_t"] + a[D_H_OWN])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def normalized(s):
    """LN(s), and LN'(s)ᵀ as a function."""
    r = 1 / np.sqrt(s.var() + EPSILON)
    n = r * (s - s.mean())
    return n, lambda v: r * (v - v.mean() - n * (n * v).mean())


def test_an_lstms_equations_with_layer_normalization_hold_between_the_numbers_shown():
    _, a, _ = step(3, cell="ln-lstm", architecture="many-to-many", loss="all")

    m, through_c = normalized(a["c_t"])
    tanh_m, own = a[r"\tanh(\operatorname{LN}(c_t))"], a[r"\tanh'(\operatorname{LN}(c_t))"]
    close(tanh_m, np.tanh(m))
    close(a["c_t"], a["f_t"] * a["c_{t-1}"] + a["i_t"] * a["g_t"])
    close(a["h_t"], a["o_t"] * tanh_m)
    close(a[D_C], a[r"\kappa_t"] + through_c(a["o_t"] * own * a[D_H]))
    d_c = {"i": a["g_t"] * a[D_C], "f": a["c_{t-1}"] * a[D_C], "g": a["i_t"] * a[D_C]}
    for gate, d in (d_c | {"o": tanh_m * a[D_H]}).items():
        n, through = normalized(a[f"W_{{h{gate}}}"] @ a["h_{t-1}"] + a[f"W_{{x{gate}}} x_t"])
        f, name = (np.tanh, r"\tanh") if gate == "g" else (sigmoid, r"\sigma")
        close(a[f"{gate}_t"], f(n + a[f"b_{gate}"]))
        close(a[rf"\delta_{gate}"], through(a[f"{name}'(a_{gate})"] * d))
    paths = [a[f"W_{{h{gate}}}"].T @ a[rf"\delta_{gate}"] for gate in "ifgo"]
    close(a[D_H_PREV], sum(paths) + a[D_H_OWN])
    close(a[r"\kappa_{t-1}"], a["f_t"] * a[D_C])


@pytest.mark.parametrize("t", [1, 2, 4])
def test_an_lstms_equations_hold_between_the_numbers_shown(t):
    _, a, _ = step(t, cell="lstm", architecture="many-to-many")
    for gate in "ifgo":
        drive = a[f"W_{{h{gate}}}"] @ a["h_{t-1}"] + a[f"W_{{x{gate}}} x_t"] + a[f"b_{gate}"]
        close(a[f"{gate}_t"], np.tanh(drive) if gate == "g" else sigmoid(drive))
    close(a["c_t"], a["f_t"] * a["c_{t-1}"] + a["i_t"] * a["g_t"])
    close(a["h_t"], a["o_t"] * a[r"\tanh(c_t)"])
    close(a[D_C], a[r"\kappa_t"] + a["o_t"] * a[r"\tanh'(c_t)"] * a[D_H])
    close(a[r"\delta_i"], a[r"\sigma'(a_i)"] * a["g_t"] * a[D_C])
    close(a[r"\delta_f"], a[r"\sigma'(a_f)"] * a["c_{t-1}"] * a[D_C])
    close(a[r"\delta_g"], a[r"\tanh'(a_g)"] * a["i_t"] * a[D_C])
    close(a[r"\delta_o"], a[r"\sigma'(a_o)"] * a[r"\tanh(c_t)"] * a[D_H])
    close(a[r"\kappa_{t-1}"], a["f_t"] * a[D_C])
    paths = [a[f"W_{{h{gate}}}"].T @ a[rf"\delta_{gate}"] for gate in "ifgo"]
    close(a[D_H_PREV], sum(paths) + a.get(D_H_OWN, 0))


@pytest.mark.parametrize("t", [1, 2, 4])
def test_a_grus_equations_hold_between_the_numbers_shown(t):
    _, a, _ = step(t, cell="gru", architecture="many-to-many")
    for gate in "rz":
        drive = a[f"W_{{h{gate}}}"] @ a["h_{t-1}"] + a[f"W_{{x{gate}}} x_t"] + a[f"b_{gate}"]
        close(a[f"{gate}_t"], sigmoid(drive))
    close(a["q_t"], a["W_{hn}"] @ a["h_{t-1}"] + a["b_{hn}"])
    close(a["n_t"], np.tanh(a["W_{xn} x_t"] + a["b_{xn}"] + a["r_t"] * a["q_t"]))
    close(a["h_t"], a["(1-z_t)"] * a["n_t"] + a["z_t"] * a["h_{t-1}"])
    close(a[r"\delta_n"], a[r"\tanh'(a_n)"] * a["(1-z_t)"] * a[D_H])
    close(a[r"\delta_z"], a[r"\sigma'(a_z)"] * a["(h_{t-1}-n_t)"] * a[D_H])
    close(a[r"\delta_r"], a[r"\sigma'(a_r)"] * a["q_t"] * a[r"\delta_n"])
    close(a[r"\kappa_{t-1}"], a["z_t"] * a[D_H])
    deltas = a[r"\delta_r"], a[r"\delta_z"], a[r"(r_t \odot \delta_n)"]
    paths = [a[f"W_{{h{g}}}"].T @ delta for g, delta in zip("rzn", deltas, strict=True)]
    close(a[D_H_PREV], a[r"\kappa_{t-1}"] + sum(paths) + a.get(D_H_OWN, 0))


def test_a_grus_equations_with_layer_normalization_hold_between_the_numbers_shown():
    _, a, _ = step(3, cell="ln-gru", architecture="many-to-many", loss="all", update_bias=0.5)

    q, through_q = normalized(a["W_{hn}"] @ a["h_{t-1}"])
    close(a["q_t"], q + a["b_{hn}"])
    x = normalized(a["W_{xn} x_t"])[0]
    close(a["n_t"], np.tanh(x + a["b_{xn}"] + a["r_t"] * a["q_t"]))
    close(a["h_t"], a["(1-z_t)"] * a["n_t"] + a["z_t"] * a["h_{t-1}"])
    close(a["u_n"], a[r"\tanh'(a_n)"] * a["(1-z_t)"] * a[D_H])
    close(a[r"\delta_q"], through_q(a["r_t"] * a["u_n"]))
    before = {"z": a["(h_{t-1}-n_t)"] * a[D_H], "r": a["q_t"] * a["u_n"]}
    for gate, d in before.items():
        n, through = normalized(a[f"W_{{h{gate}}}"] @ a["h_{t-1}"] + a[f"W_{{x{gate}}} x_t"])
        close(a[f"{gate}_t"], sigmoid(n + a[f"b_{gate}"]))
        close(a[rf"\delta_{gate}"], through(a[rf"\sigma'(a_{gate})"] * d))
    close(a[r"\kappa_{t-1}"], a["z_t"] * a[D_H])
    deltas = {"r": a[r"\delta_r"], "z": a[r"\delta_z"], "n": a[r"\delta_q"]}
    paths = [a[f"W_{{h{gate}}}"].T @ delta for gate, delta in deltas.items()]
    close(a[D_H_PREV], a[r"\kappa_{t-1}"] + sum(paths) + a[D_H_OWN])


@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_every_array_stands_under_a_symbol_and_every_symbol_above_an_array(cell, activation):
    body, arrays, _ = step(2, cell=cell, activation=activation)
    lines = body["forward"]["lines"] + body["backward"]["lines"]
    named = {term["array"] for line in lines for term in line["terms"] if "array" in term}
    assert named == set(arrays)
    assert all(line["terms"][0].get("array") for line in lines)


@pytest.mark.parametrize(("cell", "activation"), CELLS)
@pytest.mark.parametrize("t", [2, 4])
def test_the_factors_are_those_of_the_engine(cell, activation, t):
    body, _, trace = step(t, cell=cell, activation=activation)
    factors, expected = body["backward"]["factors"], engine.step_factors(trace)
    (i,) = np.flatnonzero(expected.timesteps == t) if t in expected.timesteps else (None,)
    if i is None:
        assert factors is None
        return
    assert factors["loss"] == expected.loss
    shown = {"ratio": factors["log10_ratio"], **factors["log10_factors"], **factors["shares"]}
    known = {"ratio": expected.log10_ratio, **expected.log10_factors, **expected.shares}
    for name, values in known.items():
        assert finite(shown[name]) == pytest.approx(values[i], abs=1e-12)
    if factors["log10_factors"] and factors["log10_ratio"] is not None:
        assert sum(factors["log10_factors"].values()) == pytest.approx(factors["log10_ratio"])
    if factors["shares"]:
        assert sum(factors["shares"].values()) == pytest.approx(1)


def test_the_gradients_and_the_factors_are_those_of_the_chosen_loss():
    fields = {"sequence": "abcab", "architecture": "many-to-many"}
    for loss in (3, "all"):
        body, arrays, trace = step(2, **fields, loss=loss)
        backward = body["backward"]
        assert backward["factors"]["loss"] == loss
        norms = trace.log10_gradient_norm if loss == "all" else trace.log10_gradient_matrix[2]
        assert backward["log10_norm"] == pytest.approx(norms[1])
        assert (D_H_OWN in arrays) == (loss == "all")


@pytest.mark.parametrize("scale", [0.01, 10])
def test_gradients_beyond_floating_point_keep_their_digits(scale):
    fields = {"recurrent_scale": scale, "activation": "identity", "input_scale": 0}
    body, arrays, trace = step(1, sequence="ab" * 150, **fields)
    log10 = np.log10(np.linalg.norm(arrays[D_H])) + body["backward"]["power"]
    assert log10 == pytest.approx(trace.log10_gradient_norm[0])
    assert abs(log10) > 290
    assert 0.01 < np.abs(arrays[D_H]).max() < 10


def test_truncated_bptt_cuts_the_path_where_it_does():
    body, arrays, trace = step(3, truncate=2)
    assert (body["backward"]["ends"], body["backward"]["factors"]) == ("cut", None)
    assert D_H_PREV not in arrays
    close(times(arrays, body, D_H), trace.hidden_gradient[2])
    assert step(4, truncate=2)[0]["backward"]["ends"] is None


def test_at_the_first_timestep_the_gradient_ends():
    body, _, _ = step(1)
    assert (body["backward"]["ends"], body["backward"]["log10_norm_prev"]) == ("first", None)
    assert body["backward"]["factors"] is None


def test_a_timestep_that_overflowed_has_no_numbers_and_says_so():
    fields = {"activation": "relu", "recurrent_scale": 10, "sequence": "ab" * 250}
    experiment = engine.Experiment(**fields)
    diverged_at = engine.trace_of(experiment).diverged_at
    before_it = step_in_numbers(experiment, diverged_at - 1)
    assert before_it["backward"] is None
    assert np.isfinite(before_it["arrays"]["h_t"]["values"]).all()
    with pytest.raises(MessageError, match=f"overflowed at t = {diverged_at}"):
        step_in_numbers(experiment, diverged_at)


@pytest.mark.parametrize("timestep", [0, -1, 5, 1.0, "2", None, True])
def test_a_timestep_that_there_is_not_is_refused(timestep):
    with pytest.raises(MessageError, match="from 1 to 4"):
        step_in_numbers(engine.Experiment(sequence="abcab"), timestep)


def test_a_large_network_travels_sampled_and_names_the_units():
    experiment = engine.Experiment(sequence="abcab", hidden_size=130)
    trace = engine.trace_of(experiment)
    shown = step_in_numbers(experiment, 2)
    units = np.array(shown["units"])
    assert len(units) <= MOST_UNITS
    assert units[0] == 1
    close(shown["arrays"]["h_t"]["values"], trace.hidden[1][units - 1])
    W_hh = trace.network.weights[0].W_hh
    close(shown["arrays"]["W_{hh}"]["values"], W_hh[np.ix_(units - 1, units - 1)])


def test_one_symbol_alone_has_no_gradient_and_no_nan():
    body = answer(engine.Experiment(sequence="aaaa"), 2)
    assert b"NaN" not in body
    assert json.loads(body)["backward"]["power"] == 0


LAYERS = [
    {"layers": 3, "layer": 2},
    {"layers": 2, "directions": 2, "layer": -1, "architecture": "many-to-many", "loss": "all"},
    {"layers": 2, "directions": 2, "layer": -2, "truncate": 2},
    {"directions": 2, "layer": 1, "architecture": "many-to-many"},
]


@pytest.mark.parametrize("fields", LAYERS, ids=str)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_the_numbers_of_a_layer_are_its_own_and_its_input_is_the_state_below(cell, fields):
    experiment = engine.Experiment("abcab", cell=cell, hidden_size=3, **fields)
    trace = engine.deep_trace_of(experiment)
    k, T = trace.in_front, len(trace.losses)
    level, weights = trace.levels[k], trace.network.weights[k]
    way, ways = (1 if level.reverse else -1), trace.network.directions
    for t in range(1, T + 1):
        body = json.loads(answer(experiment, t))
        arrays = {name: np.array(each["values"]) for name, each in body["arrays"].items()}
        prev = level.hidden[t - 1 + way] if 1 <= t + way <= T else np.zeros(3)
        close(arrays["h_t"], level.hidden[t - 1])
        if cell != "gru":
            close(arrays["h_{t-1}"], prev)
        if level.layer > 1:
            below = (level.layer - 2) * ways
            x = np.concatenate([each.hidden[t - 1] for each in trace.levels[below : below + ways]])
        else:
            x = np.eye(len(trace.problem.input_vocabulary))[trace.problem.inputs[t - 1]]
        drives = [name for name in arrays if re.match(r"W_\{x\w\} ", name)]
        close(
            np.concatenate([arrays[each] for each in sorted(drives)]), _in_order(weights, x, cell)
        )
        gradient = level.hidden_gradient
        if fields.get("loss") == "all" or len(trace.reached_losses) == 1:
            close(times(arrays, body, D_H), gradient[t - 1])
            if D_H_PREV in arrays and 1 <= t + way <= T:
                close(times(arrays, body, D_H_PREV), gradient[t - 1 + way])
        expected = "first" if not 1 <= t + way <= T else None
        assert body["backward"]["ends"] in (expected, "cut")
        if cell == "rnn":
            close(arrays["a_t"], arrays["W_{hh}"] @ prev + arrays[drives[0]] + arrays["b_h"])
            close(arrays["h_t"], np.tanh(arrays["a_t"]))
            _holds_back(arrays, body)


def _in_order(weights, x, cell):
    """The products with the input, in the order of the gates' names."""
    gates = engine.CELLS[cell].gates or ("h",)
    parts = dict(zip(gates, np.split(weights.W_xh @ x, len(gates)), strict=True))
    return np.concatenate([parts[gate] for gate in sorted(parts)])


def _holds_back(arrays, body):
    """Check that what goes back is the sum of the terms of its equation."""
    if D_H_PREV not in arrays:
        return
    total = arrays["W_{hh}"].T @ arrays["u_t"]
    others = [name for name in arrays if name == D_H_OWN or name.startswith("W_{xh}^")]
    close(arrays[D_H_PREV], sum((arrays[name] for name in others), total))
    factors = body["backward"]["factors"]
    if others and factors:
        ratio = np.log10(np.linalg.norm(total) / np.linalg.norm(arrays[D_H]))
        assert factors["log10_ratio"] == pytest.approx(ratio, abs=1e-9)
