"""Backpropagation through time against independent oracles and closed forms."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import autograd_oracle as oracle
from unrolled import engine

NETWORKS = oracle.networks()
CELL_AND_ACTIVATION = list({(n["cell"], n["activation"]): n for n in NETWORKS}.values())
ROUNDED = {"ln-rnn": 1e-16}
"""Where one unit alone is not 0, LN(W h) does not depend on its size, but for ε: a gradient that
is what equal numbers leave has an error of one rounding of them. ``cells/test_ln_rnn.py`` shows it
in 50 digits."""
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
    at = oracle.parameters(trace)
    step = 1e-6 if network["cell"] == "lru" else 1e-5  # nothing bounds its gradients
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
    has_loss = trace.targets >= 0
    pairs = {
        "hidden": (trace.hidden, expected.hidden),
        "losses": (trace.losses[has_loss], expected.losses),
        "probabilities": (trace.probabilities[has_loss], expected.probabilities),
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
    has_loss = trace.targets >= 0
    norms = np.linalg.norm(oracle.gradients_of_each_loss(trace), axis=-1)
    rounded = ROUNDED.get(network["cell"], 0)
    matrix = 10 ** trace.log10_gradient_matrix[has_loss]
    assert matrix == pytest.approx(norms, rel=1e-10, abs=rounded)
    assert np.isneginf(trace.log10_gradient_matrix[~has_loss]).all()
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
        "network": st.sampled_from(oracle.every_network()),
        "hidden_size": st.integers(1, 5),
        **oracle.DRAWN,
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


@pytest.mark.parametrize("update_bias", [-10.0, 0.0, 3.0, 10.0])
def test_without_recurrent_weights_the_gru_carries_the_product_of_its_update_gates(update_bias):
    trace = engine.trace(
        "abcdef" * 20,
        cell="gru",
        target="b",
        update_bias=update_bias,
        recurrent_scale=0,
        hidden_size=1,
    )
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


def backward_from(experiment, losses):
    """The records walking back from the losses at some timesteps only."""
    problem = experiment.problem()
    targets = np.full_like(problem.targets, -1)
    targets[losses] = problem.targets[losses]
    run = engine.Run(experiment.network(), replace(problem, targets=targets))
    list(run.forward())
    return {step.timestep: step for step in run.backward()}


@pytest.mark.parametrize("cell", engine.CELLS)
def test_losses_far_apart_add_up_in_every_state(cell):
    """The total has nearly vanished, and carries an exponent, when the earlier loss joins it."""
    experiment = engine.Experiment(
        sequence="abc" * 10 + "ab",
        cell=cell,
        architecture="many-to-many",
        forget_bias=-5,
        update_bias=-5,
        recurrent_scale=0.01,
        hidden_size=3,
    )
    early = backward_from(experiment, [1])
    for last in range(4, 30):
        both, late = backward_from(experiment, [1, last]), backward_from(experiment, [last])
        for t in (2, 1):
            expected = early[t].hidden_gradient + late[t].hidden_gradient
            assert both[t].hidden_gradient == pytest.approx(expected, rel=1e-12), last
            if both[t].cell_gradient is not None:
                expected = early[t].cell_gradient + late[t].cell_gradient
                assert both[t].cell_gradient == pytest.approx(expected, rel=1e-12), last


# --- the generators ----------------------------------------------------------------------------


@pytest.fixture(params=CELL_AND_ACTIVATION, ids=oracle.name_of)
def run(request):
    return engine.Run.of(engine.Experiment(**SMALL, **request.param))


def test_a_run_yields_one_record_a_timestep_in_order(run):
    T = len(run.problem.tokens)
    assert [step.timestep for step in run.forward()] == list(range(1, T + 1))
    timesteps = [t for t in range(1, T + 1) if run.problem.targets[t - 1] >= 0]
    assert [loss.timestep for loss in run.losses()] == timesteps
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


def test_an_abandoned_backward_pass_keeps_the_timesteps_it_walked(run):
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
    run = engine.Run.of(engine.Experiment(**SMALL, **fields))
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
    other = engine.Run.of(run.experiment)
    for mine, yours in zip(run.forward(), other.forward(), strict=True):
        np.testing.assert_array_equal(mine.hidden, yours.hidden)
    for one, same in zip(run.backward(), other.backward(), strict=True):
        np.testing.assert_array_equal(one.hidden_gradient, same.hidden_gradient)


def test_numpys_settings_are_as_they_were_while_a_generator_waits():
    run = engine.Run.of(engine.Experiment())
    before = np.geterr()
    for generator in (run.forward(), run.losses(), run.backward()):
        for _ in generator:
            assert np.geterr() == before


def test_each_step_back_measures_the_losses_at_or_after_it_last_first():
    run = engine.Run.of(engine.Experiment(**SMALL, architecture="many-to-many"))
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
    sequence = LONG[:600]
    trace = engine.trace(sequence, **network, recurrent_scale=10, input_scale=input_scale)
    for name in ("hidden_gradient", "log10_gradient_norm", "log10_gradient_matrix"):
        assert not np.isnan(getattr(trace, name)).any(), name
    for name, gradient in trace.weight_gradients.items():
        assert not np.isnan(gradient).any(), name
    reached = len(sequence) - 1 if trace.diverged_at is None else trace.diverged_at - 1
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


@pytest.mark.parametrize("cell", [each for each in engine.CELLS if each != "lru"])
def test_a_long_many_to_many_run_at_the_largest_scales_has_no_nan_and_no_warning(cell):
    trace = engine.trace(
        LONG[:400],
        cell=cell,
        recurrent_scale=10,
        input_scale=10,
        initialization="gaussian",
        architecture="many-to-many",
        forget_bias=10,
        update_bias=10,
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
            LONG[:100], cell=cell, recurrent_scale=10, input_scale=10, architecture=architecture
        )
        assert trace.diverged_at or np.isfinite(trace.log10_gradient_norm[-1])
        engine.trace(LONG[:100], cell=cell, recurrent_scale=1e-300, architecture=architecture)


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_the_smallest_network_on_one_token_works(cell, architecture):
    for bias, scale in itertools.product([-10, 10], [0, 1e-300, 10]):
        trace = engine.trace(
            "a",
            target="b",
            cell=cell,
            architecture=architecture,
            hidden_size=1,
            forget_bias=bias,
            update_bias=bias,
            recurrent_scale=scale,
            input_scale=scale,
        )
        T = 2 if architecture == "encoder-decoder" else 1
        assert trace.hidden.shape == (T, 1)
        assert np.isfinite(trace.losses[-1]), (bias, scale)
        assert np.isfinite(trace.log10_gradient_norm[-1]), (bias, scale)


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
    monkeypatch.setattr("unrolled.engine.bptt.forward.BLOCK", 1)
    stepwise = engine.trace("abcabc", cell=cell, **fields)
    np.testing.assert_allclose(
        whole.log10_gradient_matrix, stepwise.log10_gradient_matrix, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("initialization", ["orthogonal", "gaussian"])
def test_losses_of_very_different_sizes_need_no_number_with_its_own_exponent(
    monkeypatch, initialization
):
    monkeypatch.delattr("unrolled.engine.bptt.loss_rows.Rows.widen")
    linear = {"activation": "identity", "recurrent_scale": 10, "initialization": initialization}
    trace = engine.trace("the clouds are in the sky " * 3, architecture="many-to-many", **linear)
    assert trace.losses.min() < 1e-300
    assert trace.losses.max() > 1e50


def test_one_loss_has_one_row_of_norms_however_long_the_sequence():
    trace = engine.trace("ab" * 1000, hidden_size=2)
    assert trace.log10_loss_gradient_norms.shape == (1, 1999)


# --- calls out of order ------------------------------------------------------------------------


def test_a_run_says_which_call_is_missing():
    run = engine.Run.of(engine.Experiment(**SMALL))
    with pytest.raises(RuntimeError, match=r"call forward\(\) first"):
        run.losses()
    with pytest.raises(
        RuntimeError, match=r"backward\(\) cannot come before forward\(\): call for"
    ):
        run.backward()
    for _ in run.forward():
        pass
    with pytest.raises(RuntimeError, match=r"forward\(\) cannot follow forward\(\)"):
        run.forward()
    for _ in run.backward():
        pass
    with pytest.raises(RuntimeError, match="make another Run"):
        run.backward()
    assert repr(run) == "Run(RNN, T=6, H=3, backward)"


def test_a_run_that_was_traced_cannot_go_back_once_more():
    run = engine.Run.of(engine.Experiment(**SMALL))
    engine.trace_of(run)
    with pytest.raises(RuntimeError, match="make another Run"):
        run.backward()
