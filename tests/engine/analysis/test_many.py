"""Many networks with attention at once: against autograd, and against their traces."""

from dataclasses import replace

import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from unrolled import engine
from unrolled.engine.analysis.many import log10_norms_of

SMALL = {
    "sequence": "the cat",
    "hidden_size": 3,
    "seed": 4,
    "architecture": "encoder-decoder",
    "attention": "dot",
}


def traces(swept):
    """Yield the trace of each network, and its norms in the sweep."""
    for g, of_scale in zip(swept.recurrent_scale, swept.log10_gradient_norms, strict=True):
        for seed, norms in zip(swept.seeds, of_scale, strict=True):
            one = replace(swept.experiment, recurrent_scale=float(g), seed=int(seed))
            yield engine.trace_of(one), norms


@pytest.mark.parametrize("attention", ["dot", "additive"])
@pytest.mark.parametrize("fields", [{}, {"cell": "lstm"}, {"loss": 11}])
def test_a_sweep_counts_the_path_of_attention(attention, fields):
    experiment = engine.Experiment(**{**SMALL, "attention": attention, **fields})
    for trace, found in traces(engine.sweep(experiment, [0, 0.5, 1.3, 10], seeds=2)):
        s = trace.chosen_losses[-1]
        of_losses = oracle.gradients_of_each_loss(trace)
        d_h = of_losses[trace.reached_losses.tolist().index(s), s::-1]
        expected = np.linalg.norm(d_h, axis=-1)
        assert 10**found == pytest.approx(expected, rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("attention", ["dot", "additive"])
@pytest.mark.parametrize("cell", [each for each in engine.CELLS if each != "feedforward"])
def test_a_sweep_with_attention_is_every_trace_at_once(cell, attention):
    experiment = engine.Experiment(**{**SMALL, "attention": attention}, cell=cell, truncate=4)
    for trace, found in traces(engine.sweep(experiment, [0.5, 1, 10], seeds=2)):
        expected = trace.log10_gradient_matrix[-1, ::-1]
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-10)


@pytest.mark.parametrize("factor", [1, 20_000])
def test_a_gradient_far_below_float64_keeps_its_digits(factor):
    """Where W_q is large, the slopes of attention are below float64."""
    experiment = engine.Experiment(**SMALL)
    state = experiment.network().state_dict()
    state["attention.weight"] = factor * state["attention.weight"]
    network = engine.Network.from_state_dict(state, cell="rnn")
    problem, T = experiment.problem(), len(experiment.problem().tokens)
    cut = np.zeros(T, dtype=bool)
    found = log10_norms_of([network], np.ones(1), problem, T, cut, lambda: None)
    trace = engine.trace_of(engine.Run(network, problem))
    assert found[0] == pytest.approx(trace.log10_gradient_matrix[-1, ::-1], abs=1e-9)
    assert (found[0, -1] < -320) == (factor > 1)


def test_a_sweep_shows_that_the_distance_does_not_count():
    """The share at the first token, with 6 timesteps between and with 70."""
    shares = {}
    for attention in ("none", "dot", "additive"):
        for between in (6, 70):
            fields = {"sequence": "ab", "target": "a" * between, "attention": attention}
            experiment = engine.Experiment(architecture="encoder-decoder", **fields)
            shares[attention, between] = engine.sweep(experiment, [0.2, 0.4, 0.6], 5).log10_share
    assert (shares["none", 70] < shares["none", 6] - 10).all()
    for attention in ("dot", "additive"):
        assert shares[attention, 70] == pytest.approx(shares[attention, 6], abs=0.1)


def test_a_sweep_with_attention_has_no_factor_of_a_step():
    swept = engine.sweep(engine.Experiment(**SMALL), [0.5, 1, 4], seeds=2)
    assert np.isnan(swept.median_factor).all()
    assert np.isnan(swept.log10_factors).all()
    assert swept.critical_scale is None
    assert np.isfinite(swept.log10_share).all()


def test_networks_that_overflow_are_left_out_with_attention_too():
    fields = {"sequence": "ab" * 100, "target": "ab", "activation": "relu", "hidden_size": 8}
    swept = engine.sweep(engine.Experiment(**{**SMALL, **fields}), [0.5, 4, 10], seeds=4)
    for (trace, found), diverged in zip(traces(swept), swept.diverged.flat, strict=True):
        assert diverged == (trace.diverged_at is not None)
        if not diverged:
            assert found == pytest.approx(trace.log10_gradient_matrix[-1, ::-1], abs=1e-9)
    assert swept.diverged.any()
    assert not swept.diverged.all()
    assert np.isinf(swept.median_factor).tolist() == swept.diverged.all(axis=1).tolist()
