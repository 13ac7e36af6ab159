"""Networks of layers: what holds of every trace of one."""

import mpmath
import numpy as np
import pytest

from tests.engine.mpmath_oracle import DIGITS, digits, log10_norm
from unrolled.engine import (
    CELLS,
    DeepNetwork,
    Experiment,
    Network,
    NetworkConfig,
    Problem,
    Run,
    deep_trace,
    deep_trace_of,
    trace_of,
)

PROBLEM = Problem.from_text("the clouds are in the sky", "many-to-many")
V = len(PROBLEM.vocabulary)


def random(layers=2, bidirectional=False, **fields):
    config = NetworkConfig(hidden_size=5, seed=2, **fields)
    return DeepNetwork.random(config, V, V, layers=layers, bidirectional=bidirectional)


@pytest.mark.parametrize("cell", CELLS)
def test_one_layer_is_the_network_of_one(cell):
    network = random(1, cell=cell)
    alone = Network.from_state_dict(network.state_dict(), cell=cell)
    fields = {"truncate": 7, "clip_norm": 0.01}
    found, expected = (
        deep_trace(network, PROBLEM, **fields),
        trace_of(Run(alone, PROBLEM, **fields)),
    )
    (level,) = found.levels
    for name in ("hidden", "hidden_gradient", "log10_gradient_norm", "log10_loss_gradient_norms"):
        np.testing.assert_allclose(getattr(level, name), getattr(expected, name), rtol=1e-11)
    for name in ("losses", "probabilities", "input_gradient", "log10_input_gradient_norm"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-11)
    for loss in (3, "last", "all"):
        (share,) = found.log10_shares(loss)
        np.testing.assert_allclose(share, expected.log10_share(loss), atol=1e-11)
    assert found.verdicts == (expected.verdict,)
    for name, gradient in found.weight_gradients.items():
        np.testing.assert_allclose(gradient, expected.weight_gradients[name], atol=1e-15)
    assert found.log10_clip == pytest.approx(expected.log10_clip)


@pytest.mark.parametrize("cell", ["gru-2014", "lstm"])
def test_the_gradients_of_weights_are_those_of_central_differences(cell):
    network, step = random(2, bidirectional=True, cell=cell), 1e-6
    found, state = deep_trace(network, PROBLEM), network.state_dict()
    rng = np.random.default_rng(0)
    for name, weights in state.items():
        where = tuple(rng.integers(size) for size in weights.shape)
        losses = []
        for sign in (1, -1):
            moved = {**state, name: weights.copy()}
            moved[name][where] += sign * step
            changed = DeepNetwork.from_state_dict(moved, cell=cell)
            losses.append(np.nansum(deep_trace(changed, PROBLEM).losses))
        slope = (losses[0] - losses[1]) / (2 * step)
        assert found.weight_gradients[name][where] == pytest.approx(slope, abs=1e-6), name


def in_digits(network, trace, losses):
    """log10 of the norms of ∂L/∂h of every level of a tanh RNN, from its states, in 50 digits."""
    T, H, norms = len(trace.losses), network.hidden_size, []
    levels = [*zip(network.levels, trace.levels, strict=True)]
    enters = [[mpmath.mpf(0)] * network.directions * H for _ in range(T)]
    for t in losses:
        y = trace.probabilities[t].copy()
        y[trace.problem.targets[t]] -= 1
        enters[t] = digits(y) @ digits(network.W_hy)
    if network.directions > 1:  # h_n: the last state of the other direction is that of t = 1
        enters[0], enters[-1] = (
            [*enters[0][:H], *enters[-1][H:]],
            [*enters[-1][:H], *enters[0][H:]],
        )
    for k in range(len(levels) - network.directions, -1, -network.directions):
        asked, of_layer = [0] * T, []
        for way, (level, found) in enumerate(levels[k : k + network.directions]):
            W_xh, W_hh = (digits(each) for each in level.layer.weights[:2])
            d_h, own = digits(np.zeros(H)), [-np.inf] * T
            for t in range(T) if level.reverse else range(T - 1, -1, -1):
                d_h = d_h + enters[t][way * H : (way + 1) * H]
                own[t] = log10_norm(d_h)
                d_a = d_h * (1 - digits(found.hidden[t]) ** 2)
                asked[t], d_h = asked[t] + d_a @ W_xh, d_a @ W_hh
            of_layer.append(own)
        norms[:0] = of_layer
        enters = asked
    return np.array(norms)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_norms_far_below_float64_agree_with_50_digits(bidirectional):
    problem = Problem.from_text("ab" * 30, target="t")
    words = len(problem.vocabulary)
    config = NetworkConfig(hidden_size=4, recurrent_scale=1e-9, input_scale=0.3)
    network = DeepNetwork.random(config, words, words, layers=3, bidirectional=bidirectional)
    trace = deep_trace(network, problem)
    with mpmath.workdps(DIGITS):
        expected = in_digits(network, trace, problem.loss_timesteps)
    found = np.array([level.log10_gradient_norm for level in trace.levels])
    assert found.min() < -450
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_the_share_of_a_direction_is_1_where_the_loss_reads_it_and_ends_where_it_began():
    problem = Problem.from_text("the clouds")
    network = DeepNetwork.random(NetworkConfig(seed=4), 10, 10, layers=2, bidirectional=True)
    at_ends, at_T = (deep_trace(network, problem, reads=each) for each in ("h_n", "output"))
    forward, reverse = at_ends.log10_shares()[2:]
    assert (forward[-1], reverse[0]) == (0, 0)
    assert reverse[-1] == pytest.approx(
        at_ends.levels[3].log10_gradient_norm[-1] - at_ends.levels[3].log10_gradient_norm[0]
    )
    assert np.isneginf(at_T.log10_shares()[3, :-1]).all()
    assert at_T.log10_shares()[3, -1] == 0
    many = deep_trace(random(2, bidirectional=True), PROBLEM, loss="all")
    assert (many.chosen_loss, many.log10_shares()[3, 0]) == ("all", 0)
    assert many.log10_shares()[2, -1] == 0
    with pytest.raises(ValueError, match="loss must be a timestep that has a target"):
        deep_trace(network, problem, loss=2)
    with pytest.raises(ValueError, match='reads must be one of h_n, output, got "h_t"'):
        deep_trace(network, problem, reads="h_t")


def test_rows_are_walked_in_chunks_that_add_nothing(monkeypatch):
    network = random(2, bidirectional=True, cell="lstm")
    whole = deep_trace(network, PROBLEM)
    monkeypatch.setattr("unrolled.engine.deep.backward.MOST_NUMBERS", 700)
    parts = deep_trace(network, PROBLEM)
    for a, b in zip(whole.levels, parts.levels, strict=True):
        np.testing.assert_allclose(a.log10_loss_gradient_norms, b.log10_loss_gradient_norms)
        np.testing.assert_array_equal(a.hidden_gradient, b.hidden_gradient)


@pytest.mark.parametrize(("bidirectional", "first"), [(False, 5), (True, 1)])
def test_a_state_that_overflows_ends_the_run_and_is_no_error(bidirectional, first):
    fields = {"activation": "identity", "recurrent_scale": 10, "initialization": "identity"}
    config = NetworkConfig(hidden_size=3, input_scale=1e1, **fields)
    problem = Problem.from_text("ab" * 300, "many-to-many")
    trace = deep_trace(DeepNetwork.random(config, 2, 2, bidirectional=bidirectional), problem)
    assert trace.diverged_at is not None
    assert (trace.diverged_at == 1) == (first == 1)
    for level in trace.levels:
        assert np.isnan(level.hidden[trace.diverged_at - 1 :]).all()
        assert np.isfinite(level.hidden[: trace.diverged_at - 1]).all()


def test_a_problem_that_does_not_fit_is_refused_by_name():
    network = random(2)
    with pytest.raises(ValueError, match="reads 16 inputs, the problem has 40"):
        deep_trace(network, Problem.from_arrays(np.ones((3, 40)), [-1, -1, 1]))
    with pytest.raises(ValueError, match="not of a batch"):
        deep_trace(network, Problem.from_arrays(np.zeros((3, 2), int), np.zeros((3, 2), int)))
    with pytest.raises(ValueError, match="an initial state is for one layer"):
        deep_trace(network, Problem.from_text("abc").starting_from(np.zeros(4)))
    with pytest.raises(ValueError, match="an encoder needs a decoder"):
        deep_trace(network, Problem.from_text("abc", "encoder-decoder"))
    (one,), above = network.layers
    with pytest.raises(ValueError, match="read the states of the one below"):
        DeepNetwork(((one,), (one,)), network.W_hy, network.b_y)
    with pytest.raises(ValueError, match="weight_hr_l0: no such weights here"):
        DeepNetwork.from_state_dict(
            {**network.state_dict(), "weight_hr_l0": np.ones((2, 2))}, cell="rnn"
        )
    assert len(above) == 1


def test_the_gradient_from_above_is_what_no_later_timestep_sends():
    trace = deep_trace_of(Experiment("the clouds", layers=2, architecture="many-to-many"))
    below, above = trace.levels
    W_hh = trace.network.state_dict()["weight_hh_l0"]
    asked = below.hidden_gradient.copy()
    asked[:-1] -= (below.hidden_gradient[1:] * (1 - below.hidden[1:] ** 2)) @ W_hh
    norms = np.log10(np.linalg.norm(asked, axis=1))
    np.testing.assert_allclose(trace.log10_entering_norms[0, 0], norms, atol=1e-10)
    own = trace.log10_entering_norms[1, 1:]
    np.testing.assert_array_equal(np.diag(own), np.diag(above.log10_loss_gradient_norms))
    assert (own[~np.eye(len(own), dtype=bool)] == -np.inf).all()


def test_all_of_a_levels_gradient_is_its_norm_where_its_loss_is_read():
    trace = deep_trace(random(2, bidirectional=True), PROBLEM, loss="all")
    for level, sent in zip(trace.levels, trace.log10_sent_norms, strict=True):
        at = 0 if level.reverse else -1
        assert sent == level.log10_gradient_norm[trace.read_at[int(level.reverse)][at]]


def test_the_shares_of_the_cell_states_are_relative_to_their_own():
    trace = deep_trace_of(Experiment("the clouds", cell="lstm", layers=2, directions=2))
    for level, share in zip(trace.levels, trace.log10_cell_shares(), strict=True):
        norms = level.log10_cell_gradient_norm  # the one loss is all of them
        np.testing.assert_allclose(share, norms - norms[0 if level.reverse else -1], atol=1e-12)
    assert deep_trace_of(Experiment("the clouds", layers=2)).log10_cell_shares() is None
