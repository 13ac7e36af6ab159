import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.training.constraints import nearest_orthogonal

SMALL = {"length": 2, "hidden_size": 4, "batch_size": 2, "constraint": "orthogonal"}


def gates(run):
    W_hh, cell = run.network.weights[0].W_hh, run.network.cell
    return np.split(W_hh, cell.blocks)


def off(W, scale=1.0):
    return np.abs(W.T @ W - scale**2 * np.eye(len(W))).max()


@pytest.mark.delivery
def test_an_orthogonal_rnn_stays_orthogonal_over_2000_steps_and_learns():
    run = engine.TrainingRun(engine.Training(cell="rnn", steps=2000, **SMALL))
    first = gates(run)[0].copy()
    furthest, losses = off(first), []
    for step in run.steps():
        furthest = max(furthest, off(gates(run)[0]))
        losses.append(step.loss)
    assert furthest <= 1e-12
    assert np.abs(gates(run)[0] - first).max() > 0.1
    assert np.mean(losses[-100:]) < 0.1 * np.mean(losses[:10])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "indrnn", "lru", "mingru"])
def test_each_gate_is_orthogonal_times_the_scale_within_what_its_weights_mix(cell):
    training = engine.Training(cell=cell, steps=5, recurrent_scale=0.5, **SMALL)
    run = engine.TrainingRun(training)
    assert len([*run.steps()]) == 5
    mixed = run.network.cell.mixed(4)
    assert not run.network.weights[0].W_hh[~mixed].any()
    for gate in gates(run) if mixed.any() else ():
        assert off(gate, scale=0.5) <= 1e-12


def test_a_small_update_keeps_its_part_along_the_orthogonal_matrices():
    """W + ηD becomes W + η(D - W sym(Wᵀ D)), but for η²."""
    rng, eta = np.random.default_rng(0), 1e-6
    W, D = nearest_orthogonal(rng.normal(size=(5, 5))), rng.normal(size=(5, 5))
    along = D - W @ (W.T @ D + D.T @ W) / 2
    np.testing.assert_allclose((nearest_orthogonal(W + eta * D) - W) / eta, along, atol=1e-4)


def test_a_free_network_is_trained_as_before():
    free, default = (
        [step.loss for step in engine.TrainingRun(engine.Training(steps=3, **fields)).steps()]
        for fields in ({**SMALL, "constraint": "free"}, {k: SMALL[k] for k in list(SMALL)[:3]})
    )
    assert free == default


def test_an_orthogonal_training_goes_on_from_its_file_as_if_it_had_never_stopped(tmp_path):
    training = engine.Training(cell="rnn", steps=4, **SMALL)
    whole = [step.loss for step in engine.TrainingRun(training).steps()]
    run = engine.TrainingRun(engine.Training(cell="rnn", steps=2, **SMALL))
    assert [step.loss for step in run.steps()] == whole[:2]
    run.save(tmp_path / "half.npz")
    rest = engine.TrainingRun.load(tmp_path / "half.npz", steps=4)
    assert [step.loss for step in rest.steps()] == whole[2:]
