"""A training that goes on from its file, as if it had never stopped."""

import json

import numpy as np
import pytest

from tests.engine.training.test_checkpoint import without
from unrolled import engine

SMALL = {"task": "adding", "hidden_size": 4, "batch_size": 3}


def trained(steps, **fields):
    run = engine.TrainingRun(engine.Training(**{**SMALL, "steps": steps, **fields}))
    return run, [*run.steps()]


def told(record):
    """A record of a step in comparable form."""
    return json.dumps([record.step, record.loss, record.log10_norm_by_distance.tolist()])


@pytest.fixture
def saved(tmp_path):
    trained(3)[0].save(tmp_path / "net.npz")
    return tmp_path / "net.npz"


@pytest.mark.parametrize(
    "fields",
    [
        *({"optimizer": name} for name in engine.training.CHOICES["optimizer"]),
        *({"cell": cell, "task": "dates"} for cell in ("lstm", "gru")),
        {"task": "text", "examples": "to be or not to be, that is the question" * 3, "length": 8},
    ],
    ids=lambda fields: "-".join(map(str, fields.values()))[:20],
)
def test_the_steps_are_those_of_a_training_that_never_stopped(fields, tmp_path):
    whole, expected = trained(7, **fields)
    first, begun = trained(3, **fields)
    first.save(tmp_path / "net.npz")
    rest = engine.TrainingRun.load(tmp_path / "net.npz", steps=7)
    assert [*map(told, [*begun, *rest.steps()])] == [*map(told, expected)]
    for name, weights in whole.network.state_dict().items():
        np.testing.assert_array_equal(rest.network.state_dict()[name], weights)
    assert rest.checkpoint().told() == whole.checkpoint().told()


def test_a_training_that_was_interrupted_goes_on_to_its_end(tmp_path):
    run = engine.TrainingRun(engine.Training(**SMALL, steps=4))
    next(run.steps())
    run.save(tmp_path / "net.npz")
    rest = engine.TrainingRun.load(tmp_path / "net.npz")
    assert [step.step for step in rest.steps()] == [2, 3, 4]


def test_a_change_in_flight_stays_and_can_be_changed_again(tmp_path):
    def run_of(steps):
        run = engine.TrainingRun(engine.Training(**SMALL, steps=steps))
        for step in run.steps():
            if step.step == 2:
                run.change(learning_rate=0.1)
            if step.step == 3:
                yield run
            if step.step == 5:
                run.change(learning_rate=0.2)
        yield run

    first, whole = next(run_of(3)), [*run_of(7)][-1]
    first.save(tmp_path / "net.npz")
    second = engine.TrainingRun.load(tmp_path / "net.npz", steps=7)
    assert second.training.learning_rate == 0.1
    list(zip(range(2), second.steps(), strict=False))
    second.save(tmp_path / "net.npz")
    third = engine.TrainingRun.load(tmp_path / "net.npz", learning_rate=0.2)
    assert [step.step for step in third.steps()] == [6, 7]
    np.testing.assert_array_equal(third.network.W_hy, whole.network.W_hy)
    assert third.checkpoint().told() == whole.checkpoint().told()
    again = engine.experiment_of(third.checkpoint().experiment().made_by())
    np.testing.assert_array_equal(again.network().W_hy, whole.network.W_hy)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "steps must be more than 3, which this network has done already, got 3"),
        ({"steps": 2}, "steps must be more than 3"),
        ({"steps": 0}, "steps must be a whole number from 1"),
        ({"steps": 9, "cell": "lstm"}, 'cell is rnn in this trained network and cannot be "lstm"'),
        ({"steps": 9, "cells": "lstm"}, "cells is not a field"),
    ],
)
def test_a_field_that_it_cannot_have_is_refused(fields, says, saved):
    with pytest.raises(engine.ExperimentError, match=says):
        engine.TrainingRun.load(saved, **fields)


def test_a_network_without_its_optimizer_is_refused(saved):
    engine.Checkpoint.load(saved).save(saved)
    with pytest.raises(engine.ExperimentError, match=r"net.npz cannot be trained on, because it"):
        engine.TrainingRun.load(saved, steps=9)


def test_a_network_of_other_words_is_refused(tmp_path, monkeypatch):
    path, now = tmp_path / "net.npz", engine.task("tags-zh")
    trained(3, task="tags")[0].save(path)
    monkeypatch.setattr("unrolled.engine.training.run.task", lambda *which: now)
    with pytest.raises(engine.ExperimentError, match="task tags has other words in this version"):
        engine.TrainingRun.load(path, steps=9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"optimizer": np.zeros((1, 3))},
        {"updates": np.array("many")},
        {"minibatches": np.array(json.dumps({"bit_generator": "PCG64"}))},
        {"minibatches": np.array("[")},
    ],
)
def test_a_spoilt_file_is_refused_in_words(wrong, saved):
    without(saved, *wrong, **wrong)
    with pytest.raises(engine.ExperimentError, match=r"net.npz is not a trained network"):
        engine.TrainingRun.load(saved, steps=9)
