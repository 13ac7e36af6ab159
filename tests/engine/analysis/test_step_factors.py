"""The rate of the gradient on its way back, and its reasons."""

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import autograd_oracle as oracle
from tests.engine.mpmath_oracle import SATURATING
from unrolled import engine
from unrolled.engine import Rate, mean_field, rate, step_factors, weight_contributions


@pytest.mark.parametrize("slope", [-2.5, -0.01, 0.0, 0.01, 2.5, 400.0, -400.0])
@pytest.mark.parametrize("offset", [0.0, -1234.5])
def test_an_exact_line_is_fitted_exactly(slope, offset):
    found = rate(offset + slope * np.arange(30))
    assert found.log10_factor == pytest.approx(-slope, rel=1e-12, abs=1e-12)


def test_the_factor_is_per_timestep_travelled_back():
    norms = np.log10([0.125, 0.25, 0.5, 1.0])  # t = 1..4: halved with each timestep back
    assert rate(norms).factor == pytest.approx(0.5, rel=1e-12)


def test_timesteps_without_a_path_are_left_out_but_count_as_time():
    norms = np.array([-np.inf, -5.0, -np.inf, -3.0, -2.0, np.nan])
    assert rate(norms).log10_factor == pytest.approx(-1.0, rel=1e-12)


@pytest.mark.parametrize("norms", [[], [0.0], [-np.inf, 1.0], [-np.inf] * 5, [np.nan, 2.0]])
def test_fewer_than_two_timesteps_have_no_rate(norms):
    assert rate(np.array(norms)) is None


def test_two_timesteps_are_enough():
    assert rate(np.array([1.0, 3.0])).log10_factor == pytest.approx(-2)


def test_noise_around_a_line_is_averaged_as_least_squares_does():
    rng = np.random.default_rng(1)
    norms = 0.3 * np.arange(50) + rng.normal(size=50)
    assert rate(norms).log10_factor == pytest.approx(-np.polyfit(range(50), norms, 1)[0])


def test_the_half_life_is_the_timesteps_to_half_the_gradient():
    assert Rate(np.log10(0.5)).half_life == pytest.approx(1)
    assert Rate(np.log10(0.5) / 7).half_life == pytest.approx(7)
    assert Rate(np.log10(2) / 3).half_life == pytest.approx(-3)
    assert Rate(0.0).half_life is None


def test_a_gradient_that_changes_by_rounding_alone_has_no_half_life():
    found = engine.trace("the clouds are in the sky", activation="identity")
    speed = rate(found.log10_gradient_matrix[-1])
    assert speed is not None
    assert speed.log10_factor != 0
    assert speed.half_life is None


@pytest.mark.parametrize(("log10_factor", "factor"), [(-1000.0, 0.0), (1000.0, np.inf)])
def test_a_factor_beyond_float64_is_zero_or_infinite_without_a_warning(log10_factor, factor):
    found = Rate(log10_factor)
    assert found.factor == factor
    assert found.half_life is not None


@pytest.mark.parametrize("g", [0.5, 0.98, 1.05, 2])
def test_an_orthogonal_linear_network_has_the_rate_of_its_scale(g):
    trace = engine.trace(activation="identity", recurrent_scale=g)
    assert rate(trace.log10_gradient_norm).factor == pytest.approx(g, rel=1e-12)


def test_a_network_without_memory_has_no_rate():
    assert rate(engine.trace(cell="feedforward").log10_gradient_norm) is None


# --- step factors ------------------------------------------------------------------------------

SMALL = {"sequence": "the cat", "hidden_size": 3, "recurrent_scale": 1.3, "seed": 4}
SLOPES: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda h: 1 - h**2,
    "relu": lambda h: (h > 0) * 1.0,
    "sigmoid": lambda h: h * (1 - h),
    "identity": np.ones_like,
}


def gradients_of(trace, s, name="shift_h"):
    """(T, H) ∂L_s/∂h_t or ∂L_s/∂c_t, by autograd."""
    timesteps = list(np.flatnonzero(trace.targets >= 0))

    def loss(shift):
        p = {**oracle.parameters(trace), name: shift}
        return oracle.forward(trace, p).losses[timesteps.index(s)]

    return autograd.grad(loss)(oracle.parameters(trace)[name])


def recurrent_weights(trace, t):
    return oracle.of_part(trace, trace.network.state_dict(), t)["weight_hh_l0"]


@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "identity"])
@pytest.mark.parametrize("initialization", ["orthogonal", "gaussian"])
def test_each_factor_is_what_the_contract_defines(architecture, activation, initialization):
    fields = {"activation": activation, "initialization": initialization}
    trace = engine.trace(**SMALL, architecture=architecture, **fields)
    for loss in (None, 1 + np.flatnonzero(trace.targets >= 0)[0]):
        found = step_factors(trace, loss)
        s = int(found.loss)
        d_h = gradients_of(trace, s - 1)
        np.testing.assert_array_equal(found.timesteps, np.arange(2, s + 1))
        for i, t in enumerate(found.timesteps - 1):
            W_hh, delta = recurrent_weights(trace, t), d_h[t]
            u = SLOPES[activation](trace.hidden[t]) * delta
            weights = np.sqrt((W_hh**2).sum() / 3)
            expected = {
                "weights": weights,
                "saturation": np.linalg.norm(u) / np.linalg.norm(delta),
                "alignment": np.linalg.norm(W_hh.T @ u) / (np.linalg.norm(u) * weights),
            }
            for name, value in expected.items():
                factor = 10 ** found.log10_factors[name][i]
                assert factor == pytest.approx(value, rel=1e-10), (name, t)
            ratio = np.linalg.norm(d_h[t - 1]) / np.linalg.norm(delta)
            assert 10 ** found.log10_ratio[i] == pytest.approx(ratio, rel=1e-10)


def sent_by_attention(trace, s):
    """(T, H) ∂L_s/∂h_t past the recurrence, by autograd: the states stand for themselves."""
    p = oracle.parameters(trace)

    def loss(h):
        read = oracle.read_by_output(trace, p, [*h[: s + 1]])
        y = anp.dot(p["head.weight"], read) + p["head.bias"]
        return anp.log(anp.sum(anp.exp(y))) - y[trace.targets[s]]

    return autograd.grad(loss)(trace.hidden)


@pytest.mark.parametrize("attention", ["dot", "additive"])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_with_attention_the_factors_are_those_of_the_recurrence_alone(cell, attention):
    fields = {"architecture": "encoder-decoder", "attention": attention}
    trace = engine.trace(**SMALL, cell=cell, **fields)
    for s in (int(trace.reached_losses[0]), int(trace.reached_losses[-1])):
        found, d_h = step_factors(trace, s + 1), gradients_of(trace, s)
        handed = d_h - sent_by_attention(trace, s)
        np.testing.assert_array_equal(found.timesteps, np.arange(2, s + 2))
        for i, t in enumerate(found.timesteps - 1):
            delta = np.linalg.norm(d_h[t])
            ratio = np.linalg.norm(handed[t - 1]) / delta
            assert 10 ** found.log10_ratio[i] == pytest.approx(ratio, rel=1e-9)
            if cell == "rnn":
                W_hh = recurrent_weights(trace, t)
                u = SLOPES["tanh"](trace.hidden[t]) * d_h[t]
                expected = {"weights": np.sqrt((W_hh**2).sum() / 3)}
                expected["saturation"] = np.linalg.norm(u) / delta
                expected["alignment"] = ratio / expected["weights"] / expected["saturation"]
                assert ratio == pytest.approx(np.linalg.norm(W_hh.T @ u) / delta, rel=1e-10)
                for name, value in expected.items():
                    factor = 10 ** found.log10_factors[name][i]
                    assert factor == pytest.approx(value, rel=1e-9), (name, t)
        if cell != "rnn":
            assert sum(found.shares.values()) == pytest.approx(1)


def test_the_last_loss_is_the_default():
    trace = engine.trace(**SMALL, architecture="many-to-many")
    assert step_factors(trace).loss == len(trace.tokens)


@pytest.mark.parametrize("cell", engine.CELLS)
def test_of_all_losses_a_step_counts_before_the_loss_that_it_meets(cell):
    trace = engine.trace(**SMALL, cell=cell, architecture="many-to-many", loss="all")
    found = step_factors(trace)
    assert found.loss == "all"
    for i, t in enumerate(found.timesteps - 1):
        own = trace.hidden_gradient[t - 1] - gradients_of(trace, t - 1)[t - 1]
        handed = np.linalg.norm(own) / np.linalg.norm(trace.hidden_gradient[t])
        assert 10 ** found.log10_ratio[i] == pytest.approx(handed, abs=1e-12)


experiments = st.fixed_dictionaries(
    {
        "sequence": st.text("abc", min_size=2, max_size=12),
        "architecture": st.sampled_from(list(engine.ARCHITECTURES)),
        "initialization": st.sampled_from(list(engine.INITIALIZATIONS)),
        "hidden_size": st.integers(1, 6),
        "recurrent_scale": st.sampled_from([0, 1e-200, 0.3, 1, 3, 10]),
        "input_scale": st.sampled_from([0, 1, 10]),
        "truncate": st.sampled_from([0, 1, 2, 5]),
        "seed": st.integers(0, 1000),
    }
)
kinds = st.sampled_from(
    [
        *[{"cell": "rnn", "activation": activation} for activation in engine.ACTIVATIONS],
        {"cell": "lstm"},
        {"cell": "gru"},
        {"cell": "feedforward"},
    ]
)


@settings(max_examples=300, deadline=None)
@given(fields=experiments, kind=kinds, data=st.data())
def test_factors_multiply_to_the_ratio_of_the_norms_in_the_gradient_matrix(fields, kind, data):
    trace = engine.trace(**fields, **kind)
    loss = data.draw(st.sampled_from(list(1 + np.flatnonzero(np.isfinite(trace.losses)))))
    found = step_factors(trace, loss)
    norms, to = trace.log10_gradient_matrix[loss - 1], found.timesteps - 1
    ended = np.isneginf(norms[to - 1])
    np.testing.assert_array_equal(np.isneginf(found.log10_ratio), ended)
    ratio = norms[to[~ended] - 1] - norms[to[~ended]]
    rounding = np.spacing(np.abs(norms[np.isfinite(norms)]).max(initial=0))
    exact = pytest.approx(ratio, abs=1e-12 + 4 * rounding)
    assert found.log10_ratio[~ended] == exact
    if found.log10_factors:
        product = np.sum(list(found.log10_factors.values()), axis=0)
        assert product[~ended] == exact
        assert np.isneginf(product[ended]).all()
        assert (found.log10_factors["saturation"] <= 1e-15).all()
        assert (
            found.log10_factors["alignment"] <= np.log10(trace.hidden.shape[1]) / 2 + 1e-12
        ).all()
    if found.shares:
        shares = found.shares["carry"] + found.shares["recurrent"]
        assert shares == pytest.approx(np.ones(len(to)), abs=1e-15)
    reached = norms[:loss] > -np.inf
    assert set(1 + np.flatnonzero(reached)[1:]) <= set(found.timesteps)


@pytest.mark.parametrize("g", [0.01, 0.5, 1.0, 10.0])
def test_an_orthogonal_linear_network_has_its_scale_as_weights_and_nothing_else(g):
    trace = engine.trace("ab" * 300, activation="identity", recurrent_scale=g, input_scale=0)
    found = step_factors(trace)
    for name, factor in {"weights": g, "saturation": 1, "alignment": 1}.items():
        assert found.log10_factors[name] == pytest.approx(np.full(598, np.log10(factor)), abs=1e-14)


def test_a_single_unit_is_multiplied_by_its_weight_and_its_slope():
    trace = engine.trace(hidden_size=1, recurrent_scale=0.7)
    found = step_factors(trace)
    slopes = 1 - trace.hidden[1:, 0] ** 2
    assert found.log10_factors["weights"] == pytest.approx(np.full(23, np.log10(0.7)), abs=1e-14)
    assert found.log10_factors["saturation"] == pytest.approx(np.log10(slopes), abs=1e-13)
    assert found.log10_factors["alignment"] == pytest.approx(np.zeros(23), abs=1e-14)


def test_a_saturation_with_no_digit_left_in_h_is_exact():
    """At H = 1 with W_hh = 10 and h = ±1, a is near ±10 or more: tanh'(a) is e^(-20) and less."""
    fields = {"hidden_size": 1, "input_scale": 10, "initialization": "identity", "seed": 2}
    trace = engine.trace("a" * 200, recurrent_scale=10, target="b", **fields)
    assert trace.hidden[-1, 0] == np.sign(trace.hidden[-1, 0])
    a = trace.moments.a[1:, 0]
    with mpmath.workdps(50):
        expected = [float(-2 * mpmath.log10(mpmath.cosh(each))) for each in a]
    assert step_factors(trace).log10_factors["saturation"] == pytest.approx(expected, rel=1e-14)
    assert trace.log10_gradient_norm[0] < -400


@pytest.mark.parametrize("architecture", ["many-to-one", "encoder-decoder"])
def test_the_shares_of_an_lstm_are_those_of_the_cell_state_and_of_the_hidden_state(architecture):
    trace = engine.trace(**SMALL, cell="lstm", architecture=architecture)
    found = step_factors(trace)
    d_h, d_c = (gradients_of(trace, int(found.loss) - 1, name) for name in oracle.SHIFTS)
    to = found.timesteps - 1
    carry = np.linalg.norm(trace.gates["f"][to] * d_c[to], axis=1)
    recurrent = np.linalg.norm(d_h[to - 1], axis=1)
    assert found.shares["carry"] == pytest.approx(carry / (carry + recurrent), rel=1e-10)
    assert found.shares["recurrent"] == pytest.approx(recurrent / (carry + recurrent), rel=1e-10)
    norms = np.linalg.norm(d_c, axis=1)
    assert 10**found.log10_cell_ratio == pytest.approx(norms[to - 1] / norms[to], rel=1e-10)


@pytest.mark.parametrize("architecture", ["many-to-one", "encoder-decoder"])
def test_the_shares_of_a_gru_are_those_of_the_update_gate_and_of_the_rest(architecture):
    trace = engine.trace(**SMALL, cell="gru", architecture=architecture)
    found = step_factors(trace)
    d_h, to = gradients_of(trace, int(found.loss) - 1), found.timesteps - 1
    carried = trace.gates["z"][to] * d_h[to]
    carry = np.linalg.norm(carried, axis=1)
    recurrent = np.linalg.norm(d_h[to - 1] - carried, axis=1)
    assert found.shares["carry"] == pytest.approx(carry / (carry + recurrent), rel=1e-10)
    assert found.shares["recurrent"] == pytest.approx(recurrent / (carry + recurrent), rel=1e-10)
    assert found.log10_cell_ratio is None


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_without_recurrent_weights_all_travels_by_the_carry(cell):
    shares = step_factors(engine.trace(cell=cell, recurrent_scale=0)).shares
    np.testing.assert_array_equal(shares["carry"], 1)
    np.testing.assert_array_equal(shares["recurrent"], 0)


def test_a_gradient_ends_where_every_relu_is_dead():
    trace = engine.trace("aba", target="b", hidden_size=1, activation="relu", seed=9)
    assert trace.hidden[1, 0] == 0 < trace.hidden[2, 0]
    found = step_factors(trace)
    np.testing.assert_array_equal(found.timesteps, [2, 3])
    assert found.log10_ratio[0] == found.log10_factors["saturation"][0] == -np.inf
    assert found.log10_factors["alignment"][0] == 0
    assert np.isfinite(found.log10_ratio[1])


def test_a_network_without_memory_has_one_step_back_with_no_weights():
    found = step_factors(engine.trace(cell="feedforward"))
    np.testing.assert_array_equal(found.timesteps, [24])
    assert found.log10_ratio[0] == found.log10_factors["weights"][0] == -np.inf
    assert found.log10_factors["alignment"][0] == 0


def test_truncated_bptt_ends_the_steps_back_without_blaming_a_factor():
    found = step_factors(engine.trace(truncate=5))
    np.testing.assert_array_equal(found.timesteps, [21, 22, 23, 24])
    assert np.isfinite(found.log10_ratio).all()


def test_a_timestep_without_a_loss_has_no_step_factors():
    with pytest.raises(ValueError, match="loss must be a timestep that has one, such as 24, got 3"):
        step_factors(engine.trace(), loss=3)


EXPLODING = {"activation": "identity", "recurrent_scale": 10, "input_scale": 10}


def test_a_state_that_overflows_before_the_loss_leaves_nothing_to_explain():
    trace = engine.trace("a" * 400, **EXPLODING)
    assert trace.diverged_at
    with pytest.raises(ValueError, match=f"overflowed at t = {trace.diverged_at}"):
        step_factors(trace)
    assert np.isneginf(weight_contributions(trace)).all()


def test_timesteps_before_an_overflow_are_explained():
    trace = engine.trace("ab" * 200, architecture="many-to-many", **EXPLODING)
    found = step_factors(trace)
    assert found.loss == trace.diverged_at - 1
    assert found.log10_ratio == pytest.approx(np.ones(int(found.loss) - 1), abs=1e-12)


def test_step_factors_cannot_be_changed():
    found = step_factors(engine.trace())
    for array in (found.timesteps, found.log10_ratio, *found.log10_factors.values()):
        assert not array.flags.writeable


# --- mean field --------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", SLOPES)
@pytest.mark.parametrize("architecture", ["many-to-one", "encoder-decoder"])
def test_chi_is_the_gain_times_the_mean_squared_slope(activation, architecture):
    fields = {"activation": activation, "architecture": architecture}
    trace = engine.trace(initialization="gaussian", recurrent_scale=1.5, **fields)
    gains = [(recurrent_weights(trace, t) ** 2).sum() / 16 for t in range(1, len(trace.tokens))]
    squares = SLOPES[activation](trace.hidden[1:]) ** 2
    chi = (np.array(gains)[:, None] * squares).mean()
    assert mean_field(trace) == pytest.approx(0.5 * np.log10(chi), abs=1e-12)


@pytest.mark.parametrize("g", [0.01, 1, 10])
def test_for_an_orthogonal_linear_network_the_theory_is_exact(g):
    trace = engine.trace(activation="identity", recurrent_scale=g)
    assert mean_field(trace) == pytest.approx(np.log10(g), abs=1e-14)
    assert mean_field(trace) == pytest.approx(rate(trace.log10_gradient_norm).log10_factor)


@pytest.mark.parametrize("fields", [{"cell": "lstm"}, {"cell": "gru"}, {"cell": "feedforward"}])
def test_the_theory_is_of_the_simple_recurrent_network(fields):
    assert mean_field(engine.trace(**fields)) is None


def test_one_timestep_has_no_slope():
    assert mean_field(engine.trace("ab")) is None


def test_without_recurrent_weights_theory_lets_nothing_through():
    assert mean_field(engine.trace(recurrent_scale=0)) == -np.inf


# --- weight contributions ----------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_contributions_are_gradients_of_weights_that_each_timestep_has_for_itself(
    cell, architecture
):
    trace = engine.trace(**SMALL, cell=cell, architecture=architecture)
    p, T = oracle.parameters(trace), len(trace.tokens)
    own = np.zeros((T, *trace.network.weights[0].W_hh.shape))

    def loss(own):
        step, h, c = oracle.STEPS[cell], np.zeros(3), np.zeros(3)
        total = 0.0
        for t in range(T):
            of_part = oracle.of_part(trace, p, t)
            weights = {**of_part, "weight_hh_l0": of_part["weight_hh_l0"] + own[t]}
            h, c = step(anp.tanh, weights, trace.inputs[t], h, c, t)
            if trace.targets[t] >= 0:
                y = anp.dot(p["head.weight"], h)
                total = total + anp.log(anp.sum(anp.exp(y))) - y[trace.targets[t]]
        return total

    expected = autograd.grad(loss)(own)
    norms = np.linalg.norm(expected, axis=(1, 2))
    assert 10 ** weight_contributions(trace) == pytest.approx(norms, rel=1e-10)
    for part, name in enumerate(n for n in trace.weight_gradients if "weight_hh" in n):
        whole = expected[trace.parts == part].sum(axis=0)
        assert trace.weight_gradients[name] == pytest.approx(whole, rel=1e-9, abs=1e-14)


def test_contributions_keep_their_digits_far_below_float64():
    fields = {"hidden_size": 1, "activation": "identity", "initialization": "identity"}
    trace = engine.trace("ab" * 200, recurrent_scale=0.01, **fields)
    T, found = len(trace.tokens), weight_contributions(trace)
    distance = np.arange(T - 1, -1, -1)
    expected = trace.log10_gradient_norm[-1] - 2 * distance[1:]
    expected += np.log10(np.abs(trace.hidden[:-1, 0]))
    assert found[0] == -np.inf
    assert found[1:] == pytest.approx(expected, abs=1e-11)
    assert found[1] < -700


@pytest.mark.parametrize("seed", [2, 7, 8])
def test_cell_states_in_the_hundreds_are_explained_too(seed):
    trace = engine.trace(
        "a" * 450,
        target="b",
        **SATURATING,
        hidden_size=2,
        recurrent_scale=10,
        initialization="orthogonal",
        seed=seed,
    )
    assert np.abs(trace.cell_state).max() > 372
    found = step_factors(trace)
    assert found.log10_ratio == pytest.approx(-np.diff(trace.log10_gradient_norm), abs=1e-9)
    assert found.log10_cell_ratio == pytest.approx(
        -np.diff(trace.log10_cell_gradient_norm), abs=1e-9
    )
    assert found.shares["carry"] + found.shares["recurrent"] == pytest.approx(np.ones(449))
    assert np.isfinite(weight_contributions(trace)[1:]).all()


def test_contributions_keep_their_digits_when_states_are_huge():
    fields = {"activation": "identity", "recurrent_scale": 10, "sequence": "ab" * 150}
    trace = engine.trace(**fields, architecture="many-to-many")
    found = weight_contributions(trace)[1:]
    states = [mpmath.norm(mpmath.matrix(h.tolist())) for h in trace.hidden[:-1]]
    expected = trace.log10_gradient_norm[1:] + [float(mpmath.log10(norm)) for norm in states]
    assert found == pytest.approx(expected, abs=1e-11)
    assert found.max() > 290


@pytest.mark.parametrize("fields", [{"cell": "feedforward"}, {"sequence": "ab"}])
def test_where_no_recurrent_weight_is_used_none_is_learned(fields):
    assert np.isneginf(weight_contributions(engine.trace(**fields))).all()


def test_contributions_beyond_a_cut_come_from_the_losses_within():
    fields = {"sequence": "abcdefg", "architecture": "many-to-many"}
    whole = weight_contributions(engine.trace(**fields))
    cut = weight_contributions(engine.trace(**fields, truncate=4))
    np.testing.assert_array_equal(cut[2:], whole[2:])
    assert cut[1] != whole[1]
