"""Many networks at once, against the same networks one by one."""

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.mpmath_oracle import SATURATING
from unrolled import engine
from unrolled.engine import Experiment, ExperimentError, SweepRun, sweep

SCALES = [0.0, 0.5, 1.0, 3.0]
SHORT = Experiment("the clouds", hidden_size=7)


def one_by_one(swept):
    """The last loss's norms by distance, of ``engine.trace`` for each scale and seed."""
    return np.array(
        [
            [
                engine.trace_of(
                    replace(swept.experiment, recurrent_scale=float(g), seed=int(seed))
                ).log10_gradient_matrix[-1, ::-1]
                for seed in swept.seeds
            ]
            for g in swept.recurrent_scale
        ]
    )


@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
@pytest.mark.parametrize("cell", engine.CELLS)
def test_a_sweep_is_every_trace_at_once(cell, architecture):
    swept = sweep(replace(SHORT, cell=cell, architecture=architecture), SCALES, seeds=3)
    assert swept.log10_gradient_norms.shape[:2] == (4, 3)
    found, expected = swept.log10_gradient_norms, one_by_one(swept)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-10)


@pytest.mark.parametrize("task", ["recall", "adding", "glyph", "sine"])
def test_a_sweep_of_a_trained_network_has_the_inputs_and_targets_of_its_task(task):
    run = engine.TrainingRun(engine.Training(task=task, hidden_size=8, batch_size=4, steps=5))
    for _ in run.steps():
        pass
    swept = sweep(run.checkpoint().experiment(), [0.5, 1.0, 2.0], seeds=1)
    np.testing.assert_allclose(swept.log10_gradient_norms, one_by_one(swept), rtol=0, atol=1e-10)


@pytest.mark.parametrize("fields", [{"cell": "lstm"}, {"truncate": 4}])
def test_a_sweep_is_of_the_loss_that_is_chosen(fields):
    experiment = replace(SHORT, architecture="many-to-many", loss=6, **fields)
    swept = sweep(experiment, SCALES, seeds=1)
    for scale, shares in zip(SCALES, swept.median, strict=True):
        trace = engine.trace_of(replace(experiment, recurrent_scale=scale))
        np.testing.assert_allclose(shares, trace.log10_share()[5::-1], rtol=0, atol=1e-10)


@pytest.mark.parametrize("initialization", engine.INITIALIZATIONS)
@pytest.mark.parametrize("activation", engine.ACTIVATIONS)
def test_so_it_is_for_every_activation_and_initialization(activation, initialization):
    experiment = replace(SHORT, activation=activation, initialization=initialization)
    swept = sweep(experiment, SCALES, seeds=2)
    np.testing.assert_allclose(swept.log10_gradient_norms, one_by_one(swept), rtol=0, atol=1e-10)


def test_batches_do_not_change_the_numbers(monkeypatch):
    whole = sweep(SHORT, SCALES, seeds=3)
    monkeypatch.setattr("unrolled.engine.analysis.sweeps.STEP_NUMBERS", 500)
    batches = SweepRun(SHORT, SCALES, seeds=3)
    assert sorted(set(batches.batches())) == [0, 4, 8, 12]
    np.testing.assert_allclose(
        batches.sweep().log10_gradient_norms, whole.log10_gradient_norms, rtol=0, atol=1e-13
    )


def test_a_sweep_that_is_left_early_has_the_scales_that_are_finished(monkeypatch):
    monkeypatch.setattr("unrolled.engine.analysis.sweeps.STEP_NUMBERS", 500)
    run = SweepRun(SHORT, SCALES, seeds=3)
    assert run.sweep().log10_gradient_norms.shape == (0, 3, 9)
    for finished in run.batches():
        if finished == 8:
            break
    found = run.sweep()
    assert found.recurrent_scale.tolist() == [0.0, 0.5]
    assert np.isfinite(found.log10_gradient_norms[1]).all()
    assert run.networks == 12


def test_a_batch_can_be_left_at_every_timestep():
    class LeftError(Exception):
        pass

    timesteps = 0

    def left():
        nonlocal timesteps
        timesteps += 1
        if timesteps == limit:
            raise LeftError

    run, limit = SweepRun(SHORT, SCALES, seeds=3), 0
    list(run.batches(left))
    assert timesteps == 2 * run.sweep().log10_gradient_norms.shape[-1]
    run, timesteps, limit = SweepRun(SHORT, SCALES, seeds=3), 0, 5
    with pytest.raises(LeftError):
        list(run.batches(left))
    assert (timesteps, run.finished) == (5, 0)


def test_the_norms_go_far_beyond_float64():
    experiment = Experiment(
        "ab" * 400, activation="identity", initialization="orthogonal", hidden_size=4
    )
    swept = sweep(experiment, [0.01, 0.1, 10.0 ** (-1 / 3)], seeds=2)
    last = swept.log10_gradient_norms[:, :, -1] - swept.log10_gradient_norms[:, :, 0]
    expected = 798 * np.log10(swept.recurrent_scale)[:, None]
    np.testing.assert_allclose(last, np.broadcast_to(expected, last.shape), rtol=1e-12)


@pytest.mark.parametrize("hidden_size", [1, 3])
def test_the_norms_come_through_cell_states_in_the_hundreds(hidden_size):
    experiment = Experiment("a" * 420, target="b", hidden_size=hidden_size, **SATURATING)
    found = sweep(experiment, recurrent_scale=[0.5, 10], seeds=4)
    assert np.isfinite(found.log10_gradient_norms).all()
    for s, g in enumerate(found.recurrent_scale):
        for n, seed in enumerate(found.seeds):
            trace = engine.trace_of(replace(experiment, recurrent_scale=g, seed=int(seed)))
            expected = trace.log10_gradient_norm[::-1]
            assert found.log10_gradient_norms[s, n] == pytest.approx(expected, abs=1e-9)


def test_truncated_bptt_ends_every_network_at_the_same_distance():
    swept = sweep(replace(SHORT, truncate=3), [0.5, 2.0], seeds=2)
    assert np.isfinite(swept.log10_gradient_norms[:, :, :3]).all()
    assert np.isneginf(swept.log10_gradient_norms[:, :, 3:]).all()


def test_networks_that_overflow_are_counted_and_left_out():
    experiment = Experiment("ab" * 300, activation="relu", hidden_size=8)
    swept = sweep(experiment, [0.5, 5.0, 10.0], seeds=6)
    alone = [
        [
            engine.trace_of(replace(experiment, recurrent_scale=g, seed=seed)).diverged_at
            is not None
            for seed in range(6)
        ]
        for g in (0.5, 5.0, 10.0)
    ]
    assert swept.diverged.tolist() == alone
    assert swept.diverged.any()
    assert not swept.diverged.all()
    assert np.isnan(swept.log10_gradient_norms[swept.diverged]).all()
    assert not np.isnan(swept.log10_gradient_norms[~swept.diverged]).any()
    some = ~swept.diverged.all(axis=1)
    assert not np.isnan(swept.quartiles[:, some]).any()
    assert (swept.median_factor[~some] == np.inf).all()


def test_quartiles_are_those_of_the_seeds():
    swept = sweep(SHORT, [0.7, 1.4], seeds=8)
    shares = swept.log10_gradient_norms - swept.log10_gradient_norms[..., :1]
    expected = np.percentile(shares, [25, 50, 75], axis=1)
    np.testing.assert_allclose(swept.quartiles, expected, rtol=1e-12)
    np.testing.assert_allclose(swept.median, np.median(shares, axis=1), rtol=1e-12)


def test_where_no_path_leads_the_quartiles_are_minus_infinity():
    swept = sweep(replace(SHORT, cell="feedforward"), [1.0], seeds=3)
    assert np.isfinite(swept.quartiles[:, :, 0]).all()
    assert np.isneginf(swept.quartiles[:, :, 1:]).all()
    assert np.isneginf(swept.log10_factors).all()
    assert swept.median_factor.tolist() == [0.0]
    assert swept.critical_scale is None


def test_the_rate_of_each_network_is_that_of_its_trace():
    swept = sweep(SHORT, [0.5, 2.0], seeds=3)
    for i, g in enumerate(swept.recurrent_scale):
        for k, seed in enumerate(swept.seeds):
            trace = engine.trace_of(replace(SHORT, recurrent_scale=float(g), seed=int(seed)))
            expected = engine.rate(trace.log10_gradient_norm).log10_factor
            assert swept.log10_factors[i, k] == pytest.approx(expected, rel=1e-10)


def test_an_orthogonal_linear_network_is_critical_at_one():
    experiment = replace(SHORT, activation="identity")
    swept = sweep(experiment, [0.25, 0.7, 1.3, 4.0], seeds=3)
    np.testing.assert_allclose(swept.median_factor, swept.recurrent_scale, rtol=1e-12)
    assert swept.critical_scale == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("scales", [[0.2, 0.5], [1.5, 3.0], [0.5]])
def test_without_a_crossing_there_is_no_critical_scale(scales):
    assert sweep(replace(SHORT, activation="identity"), scales, seeds=2).critical_scale is None


def test_seeds_follow_the_experiments_own_and_wrap_around():
    run = SweepRun(replace(SHORT, seed=2**32 - 1), [1.0], seeds=3)
    assert run.seeds.tolist() == [2**32 - 1, 0, 1]


@pytest.mark.parametrize("scales", [[], [[1.0, 2.0]], [1.0, 1.0], [2.0, 1.0], [0.5, np.nan, 1.0]])
def test_scales_that_do_not_increase_are_refused(scales):
    with pytest.raises(ExperimentError, match="each larger than the one before"):
        sweep(SHORT, scales)


@pytest.mark.parametrize("scales", [[-1.0, 1.0], [1.0, 10.5], [np.nan], [1.0, np.inf]])
def test_scales_out_of_range_are_refused_with_the_value(scales):
    with pytest.raises(ExperimentError, match="recurrent_scale must be a number from 0 to 10, got"):
        sweep(SHORT, scales)


@pytest.mark.parametrize("seeds", [0, -1, 1001, 2.5, True])
def test_a_number_of_seeds_that_makes_no_sense_is_refused(seeds):
    with pytest.raises(ExperimentError, match="seeds must be a whole number from 1 to 1000"):
        sweep(SHORT, [1.0], seeds=seeds)


def test_one_timestep_has_one_distance():
    swept = sweep(Experiment("ab"), [0.5, 1.0], seeds=2)
    assert swept.log10_gradient_norms.shape == (2, 2, 1)
    assert swept.critical_scale is None


def test_a_sweep_cannot_be_written_to():
    swept = sweep(SHORT, [1.0], seeds=1)
    with pytest.raises(ValueError, match="read-only"):
        swept.log10_gradient_norms[0] = 0


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_the_share_by_scale_is_that_of_each_network_and_brief_batches_change_nothing(cell):
    experiment, scales = engine.Experiment(cell=cell, seed=5), [0.5, 1.0, 2.0, 3.0]
    found = engine.sweep(experiment, scales, 1)
    for scale, share in zip(scales, found.log10_share, strict=True):
        norms = engine.trace_of(replace(experiment, recurrent_scale=scale)).log10_gradient_norm
        assert share == pytest.approx(norms[0] - norms[-1], abs=1e-9)
    run = engine.SweepRun(experiment, scales, 1, brief=True)
    assert len([*run.batches()]) >= 3
    assert run.sweep().log10_share == pytest.approx(found.log10_share, abs=1e-9)


def test_at_the_edge_as_much_arrives_at_the_first_timestep_as_leaves_the_loss():
    edge = engine.sweep(engine.Experiment(), np.linspace(0.05, 4, 80), 1).edge_scale
    norms = engine.trace(recurrent_scale=edge).log10_gradient_norm
    assert norms[0] - norms[-1] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("fields", [{"cell": "feedforward"}, {"truncate": 3}, {"sequence": "ab"}])
def test_there_is_no_edge_where_no_scale_makes_the_difference(fields):
    assert engine.sweep(engine.Experiment(**fields), [0.5, 1, 2], 1).edge_scale is None
