"""A problem of one's own numbers, and runs of networks on it."""

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine import ExperimentError, Network, NetworkConfig, Problem, Run

X = np.random.default_rng(1).normal(size=(5, 3))
CELLS = list(engine.CELLS)


def run(cell, x, **config):
    network = Network.random(NetworkConfig(cell=cell, hidden_size=4, **config), 3, 2)
    return engine.trace_of(Run(network, Problem.from_arrays(x, targets=[-1, 0, -1, -1, 1])))


def test_a_text_is_the_problem_of_the_experiment():
    fields = {"architecture": "encoder-decoder", "target": "ba", "tokens": "characters"}
    found, expected = Problem.from_text("abc", **fields), engine.Experiment("abc", **fields)
    assert found is expected.problem()
    with pytest.raises(engine.ExperimentError, match="architecture"):
        Problem.from_text("abc", "one-to-one")


@pytest.mark.parametrize("cell", CELLS)
def test_the_input_gradient_is_the_central_difference(cell):
    trace, step = run(cell, X), 1e-6
    direction = np.random.default_rng(2).normal(size=X.shape)
    ahead, behind = (np.nansum(run(cell, X + sign * step * direction).losses) for sign in (1, -1))
    assert np.vdot(trace.input_gradient, direction) == pytest.approx(
        (ahead - behind) / (2 * step), rel=1e-6
    )
    norms = np.linalg.norm(trace.input_gradient, axis=1)
    with np.errstate(divide="ignore"):
        assert trace.log10_input_gradient_norm == pytest.approx(np.log10(norms), abs=1e-9)


def test_the_gradient_of_the_first_input_is_known_far_below_float64():
    trace = engine.trace("a" * 300 + "b", recurrent_scale=1e-3, activation="identity")
    assert trace.log10_input_gradient_norm[0] < -890
    asked, arrives = trace.log10_input_gradient_norm, trace.log10_gradient_norm
    assert asked == pytest.approx(arrives, abs=3)


def test_an_encoder_and_a_decoder_are_two_networks():
    config = NetworkConfig(cell="gru", hidden_size=4, seed=3)
    decoder = Network.random(config, 3, 3, encoder=True)
    problem = Problem.from_arrays([0, 1, 2, -1, 0], targets=[-1, -1, -1, 0, 1], encoder=3)
    trace = engine.trace_of(Run(decoder, problem))
    assert [len(each.b_y) for each in decoder.segments] == [0, 3]
    assert decoder.encoder and "decoder.weight_hh_l0" in trace.weight_gradients
    with pytest.raises(ValueError, match="an encoder needs a decoder"):
        Run(Network.random(config, 3, 3), problem)


def test_numbers_are_targets_too():
    network = Network.random(NetworkConfig(hidden_size=4), 3, 2)
    targets = np.full((5, 2), np.nan)
    targets[[1, 4]] = [[0.5, 1.0], [-1.0, 2.0]]
    trace = engine.trace_of(Run(network, Problem.from_arrays(X, targets)))
    y = trace.hidden[[1, 4]] @ network.W_hy.T + network.b_y
    expected = 0.5 * np.square(y - targets[[1, 4]]).sum(axis=1)
    assert trace.losses[[1, 4]] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("x", "targets", "words"),
    [
        (np.zeros((0, 3)), [], "x must be classes"),
        ([[[0, 1]]], [0], "x must be classes"),
        ([[0, 1]], [0], "targets must be classes"),
        ([0, 1], [0], "x has 2 timesteps, targets has 1"),
        ([0, 1], [[0], [1]], "targets must be classes"),
        ([0, 1], [-1, -1], "at least one timestep with a loss"),
        ([[0.0], [np.inf]], [0, 1], "finite"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_words(x, targets, words):
    with pytest.raises(ValueError, match=words):
        Problem.from_arrays(x, targets)


@pytest.mark.parametrize(
    ("inputs", "outputs", "words"),
    [(2, 2, "reads 2 inputs, the problem has 3"), (3, 1, "has 1 outputs, the problem needs 2")],
)
def test_a_network_that_does_not_fit_the_problem_is_refused(inputs, outputs, words):
    with pytest.raises(ValueError, match=words):
        Run(
            Network.random(NetworkConfig(), inputs, outputs),
            Problem.from_arrays(X, [0, 1, -1, -1, -1]),
        )


def test_a_run_of_a_given_problem_has_no_experiment():
    with pytest.raises(ValueError, match="no experiment"):
        _ = run("rnn", X).experiment


@pytest.mark.parametrize("mark", ["<unk>", "[UNK]"])
def test_an_unknown_word_is_offered_the_token_that_the_vocabulary_has_for_it(mark):
    known = (mark, "a", "dog")
    with pytest.raises(ExperimentError, match="its token for unknown ones") as caught:
        Problem.from_text("a cat dog", vocabulary=known, tokens="words")
    assert caught.value.details["example"] == mark
    read = Problem.from_text(f"a {mark} dog", vocabulary=known, tokens="words")
    assert read.tokens == ("a", mark)
    with pytest.raises(ExperimentError) as caught:
        Problem.from_text("a cat dog", vocabulary=known[1:], tokens="words")
    assert caught.value.code == "no_word"
