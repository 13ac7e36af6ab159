"""Backpropagation through time against independent oracles, closed forms and 50 digits."""

from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from tests.engine import oracle

NETWORKS = oracle.networks()
CELL_AND_ACTIVATION = list({(n["cell"], n["activation"]): n for n in NETWORKS}.values())
SMALL = {"sequence": "the cat", "hidden_size": 3, "recurrent_scale": 1.3, "seed": 4}


def exactly(value):
    return pytest.approx(value, rel=1e-12, abs=1e-12)


# --- two independent oracles -------------------------------------------------------------------


def on_a_kink(network):
    """A timestep that reads nothing leaves ReLU units at exactly 0, where they have no slope."""
    return network["activation"] == "relu" and network["architecture"] == "one-to-many"


@pytest.mark.parametrize(
    "network", [each for each in NETWORKS if not on_a_kink(each)], ids=oracle.name_of
)
def test_every_gradient_agrees_with_central_differences_along_a_random_direction(network):
    trace = engine.trace(**SMALL, **network)
    at, step = oracle.parameters(trace), 1e-5
    rng = np.random.default_rng(8)
    for name, gradient in oracle.engine_gradients(trace).items():
        direction = rng.normal(size=at[name].shape)
        ahead = oracle.total_loss(trace, {**at, name: at[name] + step * direction})
        behind = oracle.total_loss(trace, {**at, name: at[name] - step * direction})
        numeric, analytic = (ahead - behind) / (2 * step), np.vdot(gradient, direction)
        assert analytic == pytest.approx(numeric, rel=1e-6, abs=1e-9), (
            f"{name}: central differences give {numeric:.12g}, the engine {analytic:.12g}"
        )


@pytest.mark.parametrize("network", NETWORKS, ids=oracle.name_of)
def test_everything_agrees_with_autograd(network):
    trace = engine.trace(**SMALL, **network)
    expected, p = oracle.forward(trace, oracle.parameters(trace)), oracle.gradients(trace)
    owing = trace.targets >= 0
    pairs = {
        "hidden": (trace.hidden, expected.hidden),
        "losses": (trace.losses[owing], expected.losses),
        "probabilities": (trace.probabilities[owing], expected.probabilities),
    }
    if trace.cell_state is not None:
        pairs["cell_state"] = (trace.cell_state, expected.cell_state)
    for name, gradient in oracle.engine_gradients(trace).items():
        pairs[f"gradient of {name}"] = (gradient, p[name])
    for name, (found, wanted) in pairs.items():
        error = oracle.relative_error(found, wanted)
        assert error < 1e-10, f"{name}: relative error {error:.3g}"
    assert set(trace.weight_gradients) == set(trace.network.state_dict())


@pytest.mark.parametrize("network", CELL_AND_ACTIVATION, ids=oracle.name_of)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_norms_and_the_whole_gradient_matrix_agree_with_autograd(network, architecture):
    trace = engine.trace(**SMALL, **{**network, "architecture": architecture})
    T = len(trace.tokens)
    owing = trace.targets >= 0
    norms = np.linalg.norm(oracle.gradients_of_each_loss(trace), axis=-1)
    assert 10 ** trace.log10_gradient_matrix[owing] == pytest.approx(norms, rel=1e-10, abs=0)
    assert np.isneginf(trace.log10_gradient_matrix[~owing]).all()
    assert np.isneginf(trace.log10_gradient_matrix[np.triu_indices(T, 1)]).all()

    gradients = oracle.gradients(trace)
    norms = np.linalg.norm(gradients["shift_h"], axis=-1)
    assert 10**trace.log10_gradient_norm == pytest.approx(norms, rel=1e-10, abs=0)
    if trace.log10_cell_gradient_norm is not None:
        norms = np.linalg.norm(gradients["shift_c"], axis=-1)
        assert 10**trace.log10_cell_gradient_norm == pytest.approx(norms, rel=1e-10, abs=0)


EXPERIMENTS = st.fixed_dictionaries(
    {
        "sequence": st.text("abc d", min_size=2, max_size=6),
        "network": st.sampled_from(NETWORKS),
        "hidden_size": st.integers(1, 5),
        "recurrent_scale": st.floats(0.01, 3),
        "input_scale": st.floats(0.01, 3),
        "forget_bias": st.floats(-3, 3),
        "seed": st.integers(0, 2**32 - 1),
    }
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EXPERIMENTS)
def test_any_experiment_agrees_with_autograd(fields):
    network = fields.pop("network")
    trace = engine.trace(**fields, **network)
    expected = oracle.gradients(trace)
    for name, gradient in oracle.engine_gradients(trace).items():
        # Cancellation between losses limits a gradient that is small beside its parts.
        scale = max(np.abs(expected[name]).max(), 1e-4)
        assert np.abs(gradient - expected[name]).max() < 1e-10 * scale, name


# --- closed forms ------------------------------------------------------------------------------


@pytest.mark.parametrize("a", [0.5, 0.9, 1.0, 1.1, 3.0])
def test_a_linear_scalar_recurrence_multiplies_the_gradient_by_a_each_timestep(a):
    trace = engine.trace(
        "abcdefgh",
        hidden_size=1,
        activation="identity",
        initialization="identity",
        recurrent_scale=a,
    )
    distance = np.arange(len(trace.tokens))[::-1]
    ratios = trace.hidden_gradient[:, 0] / trace.hidden_gradient[-1, 0]
    assert ratios == pytest.approx(a**distance, rel=1e-12)
    logs = trace.log10_gradient_norm - trace.log10_gradient_norm[-1]
    assert logs == exactly(distance * np.log10(a))


@pytest.mark.parametrize("g", [0.1, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("length", [26, 301])
def test_an_orthogonal_linear_rnn_changes_the_log_norm_by_log10_g_each_timestep(g, length):
    trace = engine.trace(("abcdefghij" * 40)[:length], activation="identity", recurrent_scale=g)
    change = -np.diff(trace.log10_gradient_norm)
    assert change == pytest.approx(np.log10(g), abs=1e-12)


def test_an_orthogonal_linear_rnn_is_exact_down_to_1e_minus_2000():
    trace = engine.trace("ab" * 1000, target="c", activation="identity", recurrent_scale=0.1)
    log10_norm = trace.log10_gradient_norm
    assert log10_norm[0] - log10_norm[-1] == pytest.approx(-1999, abs=1e-9)
    assert np.diff(log10_norm) == pytest.approx(1.0, abs=1e-12)


def test_a_linear_gradient_explodes_beyond_float64_while_the_states_stay_zero():
    trace = engine.trace(
        "ab" * 500, target="c", activation="identity", recurrent_scale=10, input_scale=0
    )
    assert trace.diverged_at is None
    assert trace.log10_gradient_norm[0] - trace.log10_gradient_norm[-1] == pytest.approx(999)
    assert np.isinf(trace.hidden_gradient[0]).all()


@pytest.mark.parametrize("activation", engine.ACTIVATIONS)
def test_without_memory_no_gradient_reaches_an_earlier_timestep(activation):
    trace = engine.trace(cell="feedforward", activation=activation, architecture="many-to-many")
    off_diagonal = ~np.eye(len(trace.tokens), dtype=bool)
    assert np.isneginf(trace.log10_gradient_matrix[off_diagonal]).all()
    assert np.isfinite(np.diag(trace.log10_gradient_matrix)).all()
    last_only = engine.trace(cell="feedforward", activation=activation)
    assert np.isneginf(last_only.log10_gradient_norm[:-1]).all()
    assert not last_only.hidden_gradient[:-1].any()


def test_a_recurrent_scale_of_zero_cuts_every_path_of_an_rnn():
    trace = engine.trace(recurrent_scale=0)
    assert np.isneginf(trace.log10_gradient_norm[:-1]).all()
    assert np.isfinite(trace.log10_gradient_norm[-1])


@pytest.mark.parametrize("forget_bias", [-10.0, -1.0, 0.0, 1.0, 10.0])
def test_without_recurrent_weights_the_lstm_carries_the_product_of_its_forget_gates(forget_bias):
    trace = engine.trace(
        "abcdef" * 20,
        cell="lstm",
        target="b",
        forget_bias=forget_bias,
        recurrent_scale=0,
        hidden_size=1,
    )
    log10_forget = np.log10(trace.gates["f"][1:, 0])
    change = np.diff(trace.log10_cell_gradient_norm)
    assert change == exactly(-log10_forget)
    assert np.isneginf(trace.log10_gradient_norm[:-1]).all()


def test_without_recurrent_weights_the_gru_carries_the_product_of_its_update_gates():
    trace = engine.trace("abcdef" * 20, cell="gru", target="b", recurrent_scale=0, hidden_size=1)
    change = np.diff(trace.log10_gradient_norm)
    assert change == exactly(-np.log10(trace.gates["z"][1:, 0]))


def test_a_vocabulary_of_one_token_leaves_nothing_to_learn():
    for cell in engine.CELLS:
        trace = engine.trace("aaaa", cell=cell, architecture="many-to-many", hidden_size=1)
        assert not trace.losses.any()
        assert np.isneginf(trace.log10_gradient_norm).all()


def test_a_weight_that_every_timestep_shares_gets_the_sum_of_its_timesteps_gradients():
    trace = engine.trace("abab", architecture="many-to-many", activation="identity")
    d_a, h_prev = trace.hidden_gradient, np.vstack([np.zeros(16), trace.hidden[:-1]])
    assert trace.weight_gradients["weight_hh_l0"] == exactly(d_a.T @ h_prev)
    assert trace.weight_gradients["bias_ih_l0"] == exactly(d_a.sum(axis=0))
    assert trace.weight_gradients["weight_ih_l0"] == exactly(d_a.T @ trace.inputs)


# --- beyond float64 ----------------------------------------------------------------------------


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
    return np.vectorize(mpmath.mpf, otypes=[object])(array)


def entrywise(f, array):
    return np.vectorize(f, otypes=[object])(array)


def rnn_log10_norms_in_50_digits(trace):
    """log10 ‖∂L/∂h_t‖ walking back from the trace's own float64 states and last gradient."""
    p = {name: digits(weights) for name, weights in trace.network.state_dict().items()}
    hidden = np.vstack([np.zeros(trace.hidden.shape[1]), trace.hidden])
    d_h, norms = digits(trace.hidden_gradient[-1]), []
    for t in reversed(range(len(trace.tokens))):
        norms.append(float(mpmath.log10(mpmath.sqrt(d_h @ d_h))))
        a = p["weight_hh_l0"] @ digits(hidden[t]) + p["weight_ih_l0"][:, trace.input_classes[t]]
        d_h = (d_h * entrywise(SLOPES[trace.experiment.activation], a)) @ p["weight_hh_l0"]
    return np.array(norms[::-1])


BEYOND: dict[str, dict[str, Any]] = {
    "vanishing identity": {"activation": "identity", "recurrent_scale": 0.1},
    "vanishing tanh": {"activation": "tanh", "recurrent_scale": 0.1},
    "vanishing sigmoid": {"activation": "sigmoid", "recurrent_scale": 0.5},
    "vanishing saturated tanh": {"initialization": "gaussian", "input_scale": 10},
    "vanishing relu": {
        "activation": "relu",
        "recurrent_scale": 0.1,
        "initialization": "identity",
    },
    "exploding identity": {"activation": "identity", "recurrent_scale": 10, "input_scale": 0},
    "exploding relu": {
        "seed": 0,
        "activation": "relu",
        "recurrent_scale": 10,
        "initialization": "identity",
        "input_scale": 1e-300,
    },
    "exploding tanh": {"recurrent_scale": 10, "input_scale": 0},
}


@pytest.mark.parametrize("case", BEYOND)
def test_norms_beyond_float64_agree_with_50_digits(case):
    fields: dict[str, Any] = {"hidden_size": 4, "seed": 1, **BEYOND[case]}
    trace = engine.trace("ab" * 225, target="c", **fields)
    with mpmath.workdps(50):
        expected = rnn_log10_norms_in_50_digits(trace)
    assert trace.diverged_at is None
    assert np.isfinite(expected).all()
    assert expected[0] > 400 if case.startswith("exploding") else expected[0] < -400
    assert trace.log10_gradient_norm == pytest.approx(expected, rel=0, abs=1e-9)


def gated_matrix_at_rest(trace):
    """One timestep's Jacobian of the state where every state and input is zero."""
    W, H = digits(trace.network.state_dict()["weight_hh_l0"]), trace.experiment.hidden_size
    half, eye = mpmath.mpf(1) / 2, digits(np.eye(H))
    if trace.experiment.cell == "gru":  # h = (1 - z) tanh(r q_n) + z h_prev, r = z = ½
        return half * eye + half * half * W[2 * H :]
    forget = 1 / (1 + mpmath.exp(-mpmath.mpf(trace.experiment.forget_bias)))
    d_c_d_h = half * W[2 * H : 3 * H]  # c = f c_prev + ½ tanh(W_g h_prev); h = ½ tanh(c)
    return np.vstack(
        [np.hstack([half * d_c_d_h, half * forget * eye]), np.hstack([d_c_d_h, forget * eye])]
    )


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize(("g", "forget_bias"), [(10, 1.0), (0.1, -3.0)])
def test_gated_cells_at_rest_agree_with_50_digits_of_their_jacobians_power(cell, g, forget_bias):
    T, H = 1600 if g < 1 else 1000, 2
    trace = engine.trace(
        "a" * T,
        target="b",
        cell=cell,
        hidden_size=H,
        input_scale=0,
        recurrent_scale=g,
        forget_bias=forget_bias,
        seed=2,
    )
    with mpmath.workdps(50):
        jacobian = gated_matrix_at_rest(trace)
        d_state = digits(np.zeros(len(jacobian)))
        d_state[:H] = digits(trace.hidden_gradient[-1])
        expected = []
        for _ in range(T):
            expected.append(float(mpmath.log10(mpmath.sqrt(d_state[:H] @ d_state[:H]))))
            d_state = d_state @ jacobian
    assert expected[-1] > 400 if g > 1 else expected[-1] < -400
    assert trace.log10_gradient_norm[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("H", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_saturated_units_let_a_small_gradient_through_not_none(activation, H, seed):
    trace = engine.trace(
        "the clouds are in the sky " * 6,
        activation=activation,
        hidden_size=H,
        seed=seed,
        input_scale=10,
        recurrent_scale=10,
    )
    assert np.isfinite(trace.log10_gradient_norm).all()


@pytest.mark.parametrize("g", [1e-12, 1e-100, 1e-170, 1e-300])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_tiny_recurrent_scale_is_a_path_all_the_same(cell, g):
    trace = engine.trace(cell=cell, recurrent_scale=g)
    assert np.isfinite(trace.log10_gradient_norm).all()
    one = trace.log10_gradient_norm[-2] - trace.log10_gradient_norm[-1]
    if cell != "gru":
        assert one == pytest.approx(np.log10(g), abs=2)


@pytest.mark.parametrize("g", [1.5, 2, 3])
@pytest.mark.parametrize("seed", range(10))
def test_a_loss_that_is_as_good_as_paid_still_sends_a_gradient_back(g, seed):
    trace = engine.trace(
        activation="identity", recurrent_scale=g, seed=seed, architecture="many-to-many"
    )
    for s, row in enumerate(trace.log10_gradient_matrix):
        assert np.isfinite(row[: s + 1]).all()
        change, digits_left = np.diff(row[: s + 1]), 1e-15 * np.abs(row[s])
        assert change == pytest.approx(-np.log10(g), abs=1e-12 + 2 * digits_left)
    assert np.isfinite(trace.log10_gradient_norm).all()


def backward_from(experiment, owing):
    """The records walking back from the losses at some timesteps only."""
    run = engine.Run(experiment)
    targets = np.full_like(run.problem.targets, -1)
    targets[owing] = run.problem.targets[owing]
    run.problem = replace(run.problem, targets=targets)
    list(run.forward())
    return {step.timestep: step for step in run.backward()}


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("last", range(4, 30))
def test_losses_far_apart_add_up_in_every_state(cell, last):
    """The total has nearly vanished, and carries an exponent, when the earlier loss joins it."""
    experiment = engine.Experiment(
        sequence="abc" * 10 + "ab",
        cell=cell,
        architecture="many-to-many",
        forget_bias=-5,
        recurrent_scale=0.01,
        hidden_size=3,
    )
    both = backward_from(experiment, [1, last])
    early, late = backward_from(experiment, [1]), backward_from(experiment, [last])
    for t in (2, 1):
        expected = early[t].hidden_gradient + late[t].hidden_gradient
        assert both[t].hidden_gradient == pytest.approx(expected, rel=1e-12)
        if both[t].cell_gradient is not None:
            expected = early[t].cell_gradient + late[t].cell_gradient
            assert both[t].cell_gradient == pytest.approx(expected, rel=1e-12)


def test_a_unit_far_below_another_is_not_lost_when_it_later_carries_the_gradient():
    """Two units that never mix; each saturates while the other carries."""
    for seed in range(40):
        trace = engine.trace(
            "a" * 150 + "b" * 150,
            target="z",
            hidden_size=2,
            initialization="identity",
            input_scale=10,
            seed=seed,
        )
        W, hidden = trace.network.weights[0].W_xh, np.vstack([np.zeros(2), trace.hidden[:-1]])
        e = np.exp(-2 * np.abs(hidden + W.T[trace.input_classes]))
        log10_slopes = np.log10(4 * e / (1 + e) ** 2)
        start = np.log10(np.abs(trace.hidden_gradient[-1]))
        expected = np.max(start + log10_slopes[1:].sum(axis=0))
        assert trace.log10_gradient_norm[0] == pytest.approx(expected, abs=0.31)


def sigmoid(a):
    return 1 / (1 + mpmath.exp(-a))


def lstm_log10_norms_in_50_digits(trace, last, d_h):
    """log10 of ‖∂L/∂h_t‖ and ‖∂L/∂c_t‖, t = last..1, from the trace's own states and ∂L/∂h_last."""
    moments, H = trace.moments, trace.experiment.hidden_size
    W = digits(trace.network.weights[0].W_hh)
    d_c, norms = digits(np.zeros(H)), []
    for t in range(last - 1, -1, -1):
        a_i, a_f, a_g, a_o = np.split(digits(moments.a[t]), 4)
        i, f, o = (entrywise(sigmoid, a) for a in (a_i, a_f, a_o))
        g, c_prev = entrywise(mpmath.tanh, a_g), digits(moments.c[t - 1] if t else np.zeros(H))
        d_c = d_c + d_h * o * entrywise(sech2, digits(moments.c[t]))
        norms.append([mpmath.log10(mpmath.sqrt(each @ each)) for each in (d_h, d_c)])
        d_a = [
            d_c * g * entrywise(sigmoid_slope, a_i),
            d_c * c_prev * entrywise(sigmoid_slope, a_f),
            d_c * i * entrywise(sech2, a_g),
            d_h * entrywise(mpmath.tanh, digits(moments.c[t])) * entrywise(sigmoid_slope, a_o),
        ]
        d_h, d_c = np.concatenate(d_a) @ W, d_c * f
    return np.array(norms, dtype=float).T


@pytest.mark.parametrize(
    ("H", "g", "initialization", "seed", "truncate"),
    [
        (1, 1, "gaussian", 9, 0),
        (1, 10, "identity", 0, 0),
        (1, 10, "orthogonal", 9, 100),
        (2, 10, "gaussian", 7, 0),
        (2, 10, "orthogonal", 8, 0),
        (3, 0.5, "gaussian", 0, 0),
        (3, 10, "identity", 0, 0),
        (3, 10, "orthogonal", 1, 0),
    ],
)
def test_cell_states_in_the_hundreds_let_the_gradient_through_that_50_digits_have(
    H, g, initialization, seed, truncate
):
    T = 450
    trace = engine.trace(
        "a" * T,
        target="b",
        cell="lstm",
        hidden_size=H,
        forget_bias=10,
        input_scale=10,
        recurrent_scale=g,
        initialization=initialization,
        seed=seed,
        truncate=truncate,
    )
    assert np.abs(trace.cell_state).max() > 372, "where the slope of tanh leaves float64"
    with mpmath.workdps(50):
        expected = lstm_log10_norms_in_50_digits(trace, T, digits(trace.hidden_gradient[-1]))
    if truncate:
        expected[:, truncate:] = -np.inf
    found = [trace.log10_gradient_norm, trace.log10_cell_gradient_norm]
    assert np.array(found)[:, ::-1] == pytest.approx(expected, rel=0, abs=1e-9)


def test_every_loss_goes_back_through_cell_states_in_the_hundreds():
    trace = engine.trace(
        "a" * 420 + "b",
        architecture="many-to-many",
        cell="lstm",
        hidden_size=2,
        forget_bias=10,
        input_scale=10,
        recurrent_scale=10,
        initialization="orthogonal",
        seed=8,
    )
    assert np.abs(trace.cell_state).max() > 372
    with mpmath.workdps(50):
        for last in (420, 400, 300):
            target = trace.targets[last - 1]
            wrong = trace.probabilities[last - 1, 1 - target] * np.array([1, -1])
            d_h = digits(wrong if target else -wrong) @ digits(trace.network.W_hy)
            expected, _ = lstm_log10_norms_in_50_digits(trace, last, d_h)
            row = trace.log10_gradient_matrix[last - 1, :last]
            assert row[::-1] == pytest.approx(expected, rel=0, abs=1e-9)


# --- the generators ----------------------------------------------------------------------------


@pytest.fixture(params=CELL_AND_ACTIVATION, ids=oracle.name_of)
def run(request):
    return engine.Run(engine.Experiment(**SMALL, **request.param))


def test_a_run_yields_one_record_a_timestep_in_order(run):
    T = len(run.problem.tokens)
    assert [step.timestep for step in run.forward()] == list(range(1, T + 1))
    owing = [t for t in range(1, T + 1) if run.problem.targets[t - 1] >= 0]
    assert [loss.timestep for loss in run.losses()] == owing
    assert [step.timestep for step in run.backward()] == list(range(T, 0, -1))


def arrays_in(record):
    for name in record._fields:
        value = getattr(record, name)
        for array in value.values() if isinstance(value, dict) else [value]:
            if isinstance(array, np.ndarray):
                yield array


def test_records_are_frozen_and_their_arrays_read_only(run):
    records = [*run.forward(), *run.losses(), *run.backward()]
    for record in records:
        with pytest.raises(AttributeError):
            record.timestep = 0
        for array in arrays_in(record):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


def test_earlier_records_are_not_changed_by_later_timesteps(run):
    kept = []
    for generator in (run.forward, run.losses, run.backward):
        for record in generator():
            kept.extend((array, array.copy()) for array in arrays_in(record))
    for array, copy in kept:
        np.testing.assert_array_equal(array, copy)


def test_abandoning_the_forward_pass_leaves_the_gradients_of_the_losses_it_reached(run):
    forward = run.forward()
    next(forward), next(forward)
    forward.close()
    reached = [loss.timestep for loss in run.losses()]
    assert reached == [t for t in (1, 2) if run.problem.targets[t - 1] >= 0]
    assert [step.timestep for step in run.backward()] == ([2, 1] if reached else [])
    assert all(np.isfinite(g).all() for g in run.weight_gradients().gradients.values())


def test_abandoning_the_backward_pass_leaves_what_it_walked(run):
    list(run.forward())
    backward = run.backward()
    last, before = next(backward), next(backward)
    backward.close()
    trace = engine.trace_of(run.experiment)
    np.testing.assert_array_equal(last.hidden_gradient, trace.hidden_gradient[-1])
    np.testing.assert_array_equal(before.hidden_gradient, trace.hidden_gradient[-2])
    assert all(np.isfinite(g).all() for g in run.weight_gradients().gradients.values())


def test_weight_gradients_hold_the_timesteps_walked_back_so_far():
    fields = {"activation": "identity", "architecture": "many-to-many"}
    run = engine.Run(engine.Experiment(**SMALL, **fields))
    hidden = np.array([step.hidden for step in run.forward()])
    h_prev, inputs = np.vstack([np.zeros(3), hidden[:-1]]), np.eye(7)[run.problem.inputs]
    assert not any(gradient.any() for gradient in run.weight_gradients().gradients.values())
    walked = []
    for step in run.backward():
        walked.insert(0, step.hidden_gradient)
        found, first = run.weight_gradients().gradients, step.timestep - 1
        d_a = np.array(walked)
        assert found["weight_hh_l0"] == exactly(d_a.T @ h_prev[first:])
        assert found["weight_ih_l0"] == exactly(d_a.T @ inputs[first:, : len(found["head.bias"])])
        assert found["bias_hh_l0"] == exactly(d_a.sum(axis=0))
        step_y = np.linalg.lstsq(run.network.W_hy.T, walked[-1], rcond=None)[0]
        if len(walked) == 1:
            assert run.network.W_hy.T @ found["head.bias"] == exactly(run.network.W_hy.T @ step_y)


def test_two_runs_of_one_experiment_side_by_side_do_not_disturb_each_other(run):
    other = engine.Run(run.experiment)
    for mine, yours in zip(run.forward(), other.forward(), strict=True):
        np.testing.assert_array_equal(mine.hidden, yours.hidden)
    for one, same in zip(run.backward(), other.backward(), strict=True):
        np.testing.assert_array_equal(one.hidden_gradient, same.hidden_gradient)


def test_numpys_settings_are_as_they_were_while_a_generator_waits():
    run = engine.Run(engine.Experiment())
    before = np.geterr()
    for generator in (run.forward(), run.losses(), run.backward()):
        for _ in generator:
            assert np.geterr() == before


def test_each_step_back_measures_the_losses_at_or_after_it_last_first():
    run = engine.Run(engine.Experiment(**SMALL, architecture="many-to-many"))
    trace = engine.trace_of(run.experiment)
    list(run.forward())
    T = len(run.problem.tokens)
    for step in run.backward():
        t = step.timestep - 1
        expected = trace.log10_gradient_matrix[t:, t][::-1]
        np.testing.assert_array_equal(step.log10_loss_gradient_norms, expected)
        assert len(step.log10_loss_gradient_norms) == T - t


@pytest.mark.parametrize("network", CELL_AND_ACTIVATION, ids=oracle.name_of)
def test_the_total_gradient_is_the_sum_of_the_gradients_of_each_loss(network):
    experiment = engine.Experiment(**SMALL, **{**network, "architecture": "many-to-many"})
    total = engine.trace_of(experiment)
    added = np.zeros_like(total.hidden_gradient)
    for s in range(len(total.tokens)):
        for t, step in backward_from(experiment, [s]).items():
            added[t - 1] += step.hidden_gradient
            for norm in step.log10_loss_gradient_norms:
                assert norm == exactly(total.log10_gradient_matrix[s, t - 1])
    assert oracle.relative_error(total.hidden_gradient, added) < 1e-12


# --- divergence and extremes -------------------------------------------------------------------

LONG = ("the clouds are in the sky " * 77)[:2000]


@pytest.mark.parametrize("network", CELL_AND_ACTIVATION, ids=oracle.name_of)
@pytest.mark.parametrize("input_scale", [0, 1e-300, 1, 10])
def test_an_extreme_experiment_gives_numbers_and_no_warning(network, input_scale):
    network = {**network, "architecture": "many-to-one"}
    trace = engine.trace(LONG, **network, recurrent_scale=10, input_scale=input_scale)
    for name in ("hidden_gradient", "log10_gradient_norm", "log10_gradient_matrix"):
        assert not np.isnan(getattr(trace, name)).any(), name
    for name, gradient in trace.weight_gradients.items():
        assert not np.isnan(gradient).any(), name
    reached = len(LONG) - 1 if trace.diverged_at is None else trace.diverged_at - 1
    assert np.isfinite(trace.hidden[:reached]).all()
    assert not np.isposinf(trace.log10_gradient_norm).any()


@pytest.mark.parametrize("activation", ["relu", "identity"])
@pytest.mark.parametrize("initialization", engine.INITIALIZATIONS)
def test_an_overflowing_forward_pass_ends_at_the_timestep_that_overflows(
    activation, initialization
):
    fields = {"activation": activation, "initialization": initialization, "recurrent_scale": 10}
    trace = engine.trace(LONG, **fields)
    assert trace.diverged_at is not None
    reached = trace.diverged_at - 1
    assert np.isfinite(trace.hidden[:reached]).all()
    assert np.isnan(trace.hidden[reached:]).all()
    before = engine.trace(LONG[:reached], **fields)
    kept = len(before.tokens)
    assert before.diverged_at is None
    np.testing.assert_array_equal(trace.hidden[:kept, 0] != 0, before.hidden[:, 0] != 0)


def test_a_run_that_diverges_before_its_only_loss_has_no_gradient():
    trace = engine.trace(LONG, activation="identity", recurrent_scale=10)
    assert trace.diverged_at is not None
    assert np.isnan(trace.losses).all()
    assert np.isneginf(trace.log10_gradient_norm).all()
    assert np.isneginf(trace.log10_gradient_matrix).all()
    assert not trace.hidden_gradient.any()
    assert not any(gradient.any() for gradient in trace.weight_gradients.values())


@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_a_run_that_diverges_keeps_the_gradients_of_the_losses_before(activation):
    trace = engine.trace(
        LONG[:600], activation=activation, recurrent_scale=10, architecture="many-to-many"
    )
    reached = trace.diverged_at - 1
    assert np.isfinite(trace.losses[:reached]).all()
    assert np.isnan(trace.losses[reached:]).all()
    assert np.isnan(trace.probabilities[reached:]).all()
    assert trace.probabilities[:reached].sum(axis=1) == exactly(np.ones(reached))
    assert np.isfinite(trace.log10_gradient_norm[0])
    assert np.isneginf(trace.log10_gradient_norm[reached:]).all()
    assert np.isneginf(trace.log10_gradient_matrix[reached:]).all()
    assert not any(np.isnan(gradient).any() for gradient in trace.weight_gradients.values())


@pytest.mark.parametrize("cell", engine.CELLS)
def test_a_long_many_to_many_run_at_the_largest_scales_has_no_nan_and_no_warning(cell):
    trace = engine.trace(
        LONG[:400],
        cell=cell,
        recurrent_scale=10,
        input_scale=10,
        initialization="gaussian",
        architecture="many-to-many",
        forget_bias=10,
        hidden_size=32,
    )
    assert np.isfinite(trace.log10_gradient_norm).all()
    assert np.isfinite(trace.hidden).all()
    assert not np.isnan(trace.log10_gradient_matrix).any()


def test_a_sequence_of_two_thousand_tokens_has_its_whole_gradient_matrix():
    trace = engine.trace(LONG, architecture="many-to-many", hidden_size=4, recurrent_scale=0.5)
    lower = np.tril_indices(len(trace.tokens))
    assert np.isfinite(trace.log10_gradient_matrix[lower]).all()
    assert trace.log10_gradient_matrix[-1, 0] < -600


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_no_warning_even_where_the_caller_turns_every_warning_into_an_error(cell, architecture):
    with np.errstate(all="raise"):
        trace = engine.trace(
            LONG[:300], cell=cell, recurrent_scale=10, input_scale=10, architecture=architecture
        )
        assert np.isfinite(trace.log10_gradient_norm[-1])
        engine.trace(LONG[:300], cell=cell, recurrent_scale=1e-300, architecture=architecture)


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
@pytest.mark.parametrize("forget_bias", [-10, 10])
@pytest.mark.parametrize("scale", [0, 1e-300, 10])
def test_the_smallest_network_on_one_token_works(cell, architecture, forget_bias, scale):
    trace = engine.trace(
        "a",
        target="b",
        cell=cell,
        architecture=architecture,
        hidden_size=1,
        forget_bias=forget_bias,
        recurrent_scale=scale,
        input_scale=scale,
    )
    T = 2 if architecture == "encoder-decoder" else 1
    assert trace.hidden.shape == (T, 1)
    assert np.isfinite(trace.losses[-1])
    assert np.isfinite(trace.log10_gradient_norm[-1])


# --- what the slider teaches -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("g", "low", "high"), [(0.5, -9, -7), (1.0, -2.5, -1), (2.0, 0.5, 2.5), (3.0, 1.0, 3.5)]
)
def test_the_scale_takes_the_gradient_from_vanishing_to_exploding_as_the_lesson_says(g, low, high):
    changes = []
    for seed in range(20):
        norms = engine.trace(target="!", recurrent_scale=g, seed=seed).log10_gradient_norm
        changes.append(norms[0] - norms[-1])
    assert low < np.median(changes) < high


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("scale", [1e-200, 1e-90, 0.0])
def test_a_block_that_is_walked_again_leaves_nothing_behind(monkeypatch, cell, scale):
    fields = {"architecture": "encoder-decoder", "hidden_size": 2, "recurrent_scale": scale}
    whole = engine.trace("abcabc", cell=cell, **fields)
    monkeypatch.setattr("engine.bptt.BLOCK", 1)
    stepwise = engine.trace("abcabc", cell=cell, **fields)
    np.testing.assert_allclose(
        whole.log10_gradient_matrix, stepwise.log10_gradient_matrix, rtol=0, atol=1e-12
    )
