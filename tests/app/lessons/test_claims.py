"""The numbers that the lessons added to what can be claimed, and what a claim may speak of."""

import numpy as np
import pytest

from unrolled.app.lessons import Claim, LessonError, Runs, Table, lesson, measure_of
from unrolled.app.lessons.trained import learned
from unrolled.engine import Experiment, Training, trace_of

RNN = Experiment("hello", hidden_size=2, seed=1)
FORGETFUL = Experiment("the clouds are in the sky", tokens="words", cell="feedforward")
TRAINED = Training(length=5, hidden_size=8, learning_rate=0.01, steps=60, batch_size=8)


def value(experiment, quantity, **where):
    measure = measure_of(Table({"quantity": quantity, **where}, "test"), (experiment,))
    return Runs((experiment,)).value(measure)


def test_memory_and_drive_add_up_to_the_pre_activation():
    for t in (1, 2, 4):
        parts = (value(RNN, name, t=t, unit=2) for name in ("memory", "drive"))
        assert sum(parts) == pytest.approx(value(RNN, "pre_activation", t=t, unit=2))
    assert value(RNN, "memory", t=1) == 0


def test_known_mistakes_are_those_that_people_make():
    found = trace_of(RNN)
    W_hh, drive = found.network.weights[0].W_hh, value(RNN, "drive", t=2)
    assert value(RNN, "with_column", t=2) == pytest.approx(W_hh[:, 0] @ found.hidden[0] + drive)
    without = W_hh[0] @ np.arctanh(found.hidden[0]) + drive
    assert value(RNN, "without_tanh", t=2) == pytest.approx(without)


def test_without_memory_the_same_word_gives_the_same_state_and_no_gradient_goes_back():
    assert value(FORGETFUL, "state_distance", t=5, other=1) == 0
    assert value(FORGETFUL, "state_distance", t=5, other=2) > 1
    assert value(FORGETFUL, "largest_before", t=5) == 0


def test_contributions_before_the_first_timestep_with_a_memory_are_nothing():
    assert value(RNN, "contribution_before", t=2) == 0
    assert 0 < value(RNN, "contribution_before", t=4) < 1


def test_the_factors_of_a_step_multiply_on_average_too():
    orthogonal = Experiment(recurrent_scale=0.5)
    assert value(orthogonal, "mean_weights") == pytest.approx(0.5)
    assert value(orthogonal, "mean_alignment") == pytest.approx(1)
    product = 0.5 * value(orthogonal, "mean_saturation")
    assert value(orthogonal, "ratio", t=1) == pytest.approx(product**23)


def test_clipping_shortens_the_gradient_of_all_weights_to_its_norm():
    clipped = Experiment(recurrent_scale=3, clip_norm=1)
    assert value(clipped, "clipped_norm") == pytest.approx(1)
    assert value(clipped, "weight_gradient_norm") > 100


def test_a_claim_may_speak_of_other_settings():
    other = Experiment(recurrent_scale=3)
    assert value(Experiment(), "rate", **{"with": {"recurrent_scale": 3}}) == value(other, "rate")


@pytest.mark.parametrize("settings", [{"recurrent_scal": 3}, {"recurrent_scale": -1}, 3])
def test_other_settings_are_checked_as_the_lesson_is_read(settings):
    with pytest.raises(LessonError, match="with"):
        value(Experiment(), "rate", **{"with": settings})


# --- a language's own text -----------------------------------------------------------------------


def two_steps(**said):
    facts = {"steps": [{"id": "one", "pins": [{"cell": "lstm"}]}]}
    words = {"title": "t", "steps": {"one": {"title": "t", "text": "t", **said}}}
    return lesson("test", Table(facts, "facts"), Table(words, "words")).steps[0]


def test_a_language_may_have_another_text_read_by_the_step_and_by_its_pins():
    step = two_steps(experiment={"sequence": "天上星星亮"})
    assert [each.sequence for each in step.experiments] == ["天上星星亮"] * 2
    assert [each.cell for each in step.experiments] == ["rnn", "lstm"]


@pytest.mark.parametrize("change", [{"cell": "gru"}, {"sequence": ""}, {"sequence": 3}])
def test_a_language_may_change_nothing_else(change):
    with pytest.raises(LessonError):
        two_steps(experiment=change)


# --- trained networks ----------------------------------------------------------------------------


def of_training(quantity, **where):
    table = Table({"quantity": quantity, **where, "above": 0}, "test")
    experiment = Experiment.of(learned(TRAINED).checkpoint.experiment().named())
    claim = Claim.read(table, (experiment,), TRAINED)
    return Runs((experiment,), TRAINED).value(claim.measure)


def test_a_training_is_measured_on_its_last_minibatches():
    found = learned(TRAINED)
    assert of_training("final_loss") == np.mean([step.loss for step in found.last])
    assert of_training("accuracy") == np.mean([step.accuracy for step in found.last])
    assert of_training("baseline") == pytest.approx(np.log(8))
    assert of_training("equally_likely") == pytest.approx(8)
    assert of_training("examples") == 480
    assert 0 < of_training("reach") < 1
    assert 1 <= of_training("window") <= 5


def test_a_step_that_trains_shows_the_trained_network():
    checkpoint = learned(TRAINED).checkpoint
    shown = trace_of(checkpoint.experiment())
    assert of_training("loss") == pytest.approx(float(np.nansum(shown.losses)))
    assert of_training("loss", **{"with": {"seed": 0}}) != of_training("loss")


def test_a_training_with_other_settings_is_another_training():
    assert of_training("final_loss", **{"with": {"steps": 20}}) > of_training("final_loss")


def test_only_a_step_that_trains_can_claim_what_a_training_shows():
    with pytest.raises(LessonError, match="accuracy"):
        value(Experiment(), "accuracy")
