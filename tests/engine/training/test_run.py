import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.training.run import IN_FLIGHT

SMALL = {"hidden_size": 8, "batch_size": 8, "steps": 12, "length": 10}


def steps_of(**fields):
    return list(engine.TrainingRun(engine.Training(**SMALL | fields)).steps())


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_same_seed_trains_the_same_network(cell):
    first, again, other = (steps_of(cell=cell, seed=seed) for seed in (3, 3, 4))
    assert [step.loss for step in first] == [step.loss for step in again]
    for step, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(step.log10_norm_by_distance, same.log10_norm_by_distance)
        assert [answer.predictions for answer in step.answers] == [
            answer.predictions for answer in same.answers
        ]
    assert first[-1].loss != other[-1].loss


def test_a_gated_cell_learns_to_recall_and_an_rnn_of_weak_weights_does_not():
    fields = {"length": 15, "hidden_size": 24, "batch_size": 32, "steps": 400}
    gru = steps_of(cell="gru", learning_rate=0.01, **fields)
    rnn = steps_of(cell="rnn", learning_rate=0.003, recurrent_scale=0.5, **fields)
    baseline = engine.task("recall", 15).baseline
    assert np.mean([step.loss for step in gru[-20:]]) < 0.1 * baseline
    assert np.mean([step.loss for step in rnn[-20:]]) > 0.9 * baseline
    assert gru[-1].accuracy == 1
    assert all(answer.right[-1] and answer.probability[-1] > 0.8 for answer in gru[-1].answers)


@pytest.mark.parametrize(("field", "most"), [("clip_norm", 0.01), ("clip_value", 1e-4)])
def test_clipping_bounds_the_gradient_and_reports_its_norm_before(field, most):
    fields = {"clip_norm": 0.0, field: most}
    free, clipped = steps_of(clip_norm=0.0), steps_of(**fields)
    assert free[0].log10_clipped_norm == free[0].log10_gradient_norm
    assert clipped[0].log10_gradient_norm == free[0].log10_gradient_norm
    weights = engine.TrainingRun(engine.Training(**SMALL)).network.state_dict()
    size = sum(each.size for each in weights.values())
    limit = np.log10(most * (1 if field == "clip_norm" else size**0.5))
    assert all(step.log10_clipped_norm <= limit + 1e-12 for step in clipped)
    assert clipped[0].log10_clipped_norm < free[0].log10_clipped_norm


def test_a_gradient_is_clipped_to_a_norm_that_no_factor_in_float64_leads_to():
    fields = {"activation": "identity", "recurrent_scale": 5, "clip_norm": 1e-300, "length": 30}
    (step,) = steps_of(task="adding", **fields | {"batch_size": 4, "steps": 1})
    assert step.log10_gradient_norm > 10
    assert step.log10_clipped_norm == pytest.approx(-300, abs=1e-6)


def test_an_exploding_gradient_ends_a_run_and_is_reported():
    fields = {"activation": "identity", "recurrent_scale": 3.0, "length": 100, "clip_norm": 0.0}
    steps = steps_of(**fields, optimizer="sgd", learning_rate=1.0, steps=500)
    assert steps[-1].diverged in ("loss", "weights")
    assert len(steps) < 500
    assert all(step.diverged is None for step in steps[:-1])


def test_a_learning_rate_of_a_billion_is_an_honest_picture():
    steps = steps_of(learning_rate=1e9, optimizer="sgd", clip_norm=0.0)
    assert steps[-1].diverged or steps[-1].loss > 1e3


def test_a_run_whose_gradient_is_infinite_diverges():
    fields = {"cell": "rnn", "activation": "identity", "length": 4, "hidden_size": 1}
    run = engine.TrainingRun(engine.Training(task="recall", clip_norm=1, **fields))
    weights = run._parameters.named
    weights["weight_hh_l0"][:] = 1e204
    weights["weight_ih_l0"][:] = 1e-300
    weights["head.weight"][:] = 1e-300 * np.linspace(-1, 1, len(weights["head.bias"]))[:, None]
    (step,) = run.steps()
    assert step.log10_gradient_norm == np.inf
    assert step.diverged


def test_a_change_in_flight_holds_from_the_next_step_on():
    run = engine.TrainingRun(engine.Training(**SMALL))
    steps = run.steps()
    next(steps)
    before = {name: each.copy() for name, each in run.network.state_dict().items()}
    run.change(learning_rate=0.0)
    next(steps)
    for name, each in run.network.state_dict().items():
        np.testing.assert_array_equal(each, before[name])
    assert set(IN_FLIGHT) == {"learning_rate", "clip_norm", "clip_value"}
    with pytest.raises(ValueError, match="cell cannot change"):
        run.change(cell="gru")  # type: ignore[call-arg]
    with pytest.raises(engine.ExperimentError, match="learning_rate"):
        run.change(learning_rate=-1.0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"task": "chess"}, "task"),
        ({"length": 501}, "length"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"optimizer": "lion"}, "optimizer"),
        ({"constraint": "tight"}, "constraint"),
        ({"cell": "lstm", "activation": "relu"}, "activation"),
        ({"steps": 0}, "steps"),
        ({"speed": 3}, "speed"),
    ],
)
def test_an_invalid_training_is_refused_by_field(fields, field):
    with pytest.raises(engine.ExperimentError, match=field) as error:
        engine.Training.of(fields)
    assert error.value.field == field


@pytest.mark.parametrize("task", engine.TASKS)
def test_every_task_is_learnt_from_and_answered(task):
    steps = steps_of(task=task, length=0, hidden_size=16)
    T = engine.task(task).timesteps
    assert all(np.isfinite(step.loss) for step in steps)
    assert steps[-1].log10_norm_by_distance.shape == (T,)
    assert all(
        len(answer.predictions) == T and any(answer.predictions) for answer in steps[-1].answers
    )
