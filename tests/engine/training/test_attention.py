"""A training with attention: what it learns, what it leaves, and where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.training import minibatch

SCORES = ("dot", "additive")
REVERSE = {"task": "reverse", "cell": "gru", "hidden_size": 24, "learning_rate": 0.03, "steps": 80}


def run_of(attention, **fields):
    return engine.TrainingRun(engine.Training(**{**REVERSE, **fields}, attention=attention))


def test_with_attention_a_small_network_spells_backwards_sooner_than_without():
    right = {
        attention: np.mean([step.accuracy for step in run_of(attention).steps()][-20:])
        for attention in ("none", *SCORES)
    }
    assert right["none"] < 0.82
    assert min(right[attention] for attention in SCORES) > 0.92


@pytest.mark.parametrize("attention", SCORES)
def test_the_lab_runs_the_network_of_a_file_with_its_attention(attention, tmp_path):
    run = run_of(attention, steps=30)
    *_, last = run.steps()
    run.save(tmp_path / "net.npz")
    checkpoint = engine.Checkpoint.load(tmp_path / "net.npz")
    experiment = checkpoint.experiment()
    assert experiment.attention == attention
    trace = engine.trace_of(experiment)
    answer = last.answers[0]
    said = trace.probabilities[
        np.flatnonzero(trace.targets >= 0), trace.targets[trace.targets >= 0]
    ]
    before = engine.trace_of(replace(checkpoint, network=run.network).experiment())
    np.testing.assert_array_equal(trace.losses, before.losses)
    assert len(said) == np.count_nonzero(~np.isnan(answer.probability))
    assert trace.attention[-1].sum() == pytest.approx(1)
    assert trace.attention[-1] != pytest.approx(np.full(len(trace.attention[-1]), 0.2), abs=0.02)


@pytest.mark.parametrize("attention", SCORES)
def test_a_training_with_attention_goes_on_as_if_it_had_never_stopped(attention, tmp_path):
    whole = [step.loss for step in run_of(attention, steps=20).steps()]
    first = run_of(attention, steps=12)
    begun = [step.loss for step in first.steps()]
    first.save(tmp_path / "net.npz")
    rest = engine.TrainingRun.load(tmp_path / "net.npz", steps=20)
    assert begun + [step.loss for step in rest.steps()] == whole


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"task": "recall", "steps": None}, "no_encoder_in_task"),
        ({"task": "examples"}, "no_encoder_in_task"),
        ({"cell": "feedforward"}, "no_states"),
    ],
)
def test_a_training_that_cannot_have_attention_says_so(fields, code):
    with pytest.raises(engine.ExperimentError) as refused:
        engine.Training(**{**REVERSE, **fields}, attention="dot")
    assert (refused.value.field, refused.value.code) == ("attention", code)


@pytest.mark.parametrize("task", engine.TASKS)
def test_every_task_with_an_encoder_takes_attention(task):
    own = engine.task(task)
    fields = {"task": task, "hidden_size": 4, "batch_size": 4, "steps": 2, "cell": "rnn"}
    if own.architecture != "encoder-decoder":
        with pytest.raises(engine.ExperimentError):
            engine.Training(**fields, attention="dot")
        return
    for attention in SCORES:
        *_, last = engine.TrainingRun(engine.Training(**fields, attention=attention)).steps()
        assert last.diverged is None
        assert np.isfinite(last.log10_gradient_norm)


@pytest.mark.parametrize("attention", SCORES)
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_in_log_range_as_much_arrives_by_attention_as_in_plain_numbers(
    attention, cell, monkeypatch
):
    """Where a norm leaves float64, what reaches each distance is walked again."""
    fields = {"cell": cell, "hidden_size": 6, "batch_size": 9, "steps": 2}
    plain = [step.log10_norm_by_distance for step in run_of(attention, **fields).steps()]
    monkeypatch.setattr(minibatch, "_PLAIN", -1)
    again = [step.log10_norm_by_distance for step in run_of(attention, **fields).steps()]
    np.testing.assert_allclose(again, plain, atol=1e-9)
    monkeypatch.undo()


@pytest.mark.parametrize("attention", SCORES)
def test_attention_reaches_the_encoder_where_nothing_arrives_step_by_step(attention):
    (step,) = run_of(attention, cell="rnn", recurrent_scale=1e-110, steps=1).steps()
    within, beyond = np.split(step.log10_norm_by_distance, [4])  # a word of three letters, and more
    assert within.min() < -300
    assert beyond.min() > -2
