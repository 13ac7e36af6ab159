import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.bptt.cell_pass import cuts
from unrolled.engine.numerics.arrays import MANY
from unrolled.engine.training import minibatch
from unrolled.engine.training.minibatch import Room, backward, forward
from unrolled.engine.training.parameters import Parameters

RECURRENT = ("rnn", "lstm", "gru")
UNPADDED = ("recall", "copying", "adding", "sine", "text")
SMALL = {"hidden_size": 5, "steps": 3, "batch_size": 4, "seed": 2}


def run_of(**fields):
    return engine.TrainingRun(engine.Training(**SMALL | fields))


def loss_of(network, batch):
    return forward(network, batch, Room()).readouts().losses.mean()


def reach_of(run, batch, examples):
    made, room = forward(run.network, batch, Room()), Parameters(run.network).like()
    cut = cuts(run.training.truncate, run.task.timesteps)
    return backward(made, examples, cut, room, Room())


@pytest.mark.parametrize("task", UNPADDED)
@pytest.mark.parametrize("cell", engine.CELLS)
def test_the_gradient_of_a_minibatch_is_the_mean_of_its_examples(cell, task):
    """A trace agrees with PyTorch, and so does what agrees with it."""
    run = run_of(cell=cell, task=task)
    batch, checkpoint = run.task.probes, run.checkpoint()
    found = run.gradient(batch)
    examples = [run.task.text(batch, b) for b in range(batch.x.shape[1])]
    traces = [
        engine.trace_of(checkpoint.experiment(sequence=sequence, target=target))
        for sequence, target in examples
    ]
    n = sum(int(np.isfinite(trace.losses).sum()) for trace in traces)
    assert loss_of(run.network, batch) == pytest.approx(
        sum(np.nansum(trace.losses) for trace in traces) / n, rel=1e-12
    )
    for name, d in found.items():
        expected = sum(trace.weight_gradients[name] for trace in traces) / n
        np.testing.assert_allclose(d, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(
    ("cell", "task"),
    [(cell, UNPADDED[i % len(UNPADDED)]) for i, cell in enumerate(engine.CELLS)],
)
def test_many_examples_side_by_side_in_memory_have_the_gradient_of_few(cell, task):
    run = run_of(cell=cell, task=task)
    batch = run.task.draw(np.random.default_rng(1), MANY)
    of_all = {name: d.copy() for name, d in run.gradient(batch).items()}
    few = [run.gradient(batch.of(np.arange(b, b + MANY // 4))) for b in range(0, MANY, MANY // 4)]
    for name, d in of_all.items():
        mean = sum(each[name] for each in few) / len(few)
        np.testing.assert_allclose(d, mean, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(
    ("cell", "task", "truncate"),
    [("rnn", "recall", 2), ("lstm", "reverse", 0), ("gru", "text", 3), ("minlstm", "adding", 0)],
)
def test_many_examples_walked_back_few_timesteps_at_once_have_the_same_gradient(
    cell, task, truncate, monkeypatch
):
    run = run_of(cell=cell, task=task, truncate=truncate)
    batch, cut = run.task.draw(np.random.default_rng(1), MANY), cuts(truncate, run.task.timesteps)
    found, reach = [], []
    for numbers in (2**30, 1):
        monkeypatch.setattr(minibatch, "_AT_ONCE", numbers)
        room, gradient = Room(), Parameters(run.network).like()
        reach += [backward(forward(run.network, batch, room), MANY, cut, gradient, room)]
        found += [gradient.theta]
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(reach[1], reach[0], rtol=1e-12)


def test_an_example_beside_a_batch_that_overflows_leaves_its_gradient_alone():
    run = run_of(task="adding", activation="identity", cell="rnn", length=5, recurrent_scale=9)
    batch = run.task.draw(np.random.default_rng(1), MANY)
    expected = run.gradient(batch)
    beside = batch._replace(
        x=np.concatenate([batch.x, np.full_like(batch.x[:, :1], 1e308)], axis=1),
        targets=np.concatenate([batch.targets, batch.targets[:, :1]], axis=1),
    )
    found = Parameters(run.network).like()
    with np.errstate(all="ignore"):
        made = forward(run.network, beside, Room())
        backward(made, MANY, cuts(0, run.task.timesteps), found, Room())
    assert not np.isfinite(made.room.moments.h).all()
    for name, d in found.named.items():
        np.testing.assert_allclose(d, expected[name], rtol=1e-12)


def test_few_examples_are_walked_back_without_those_beside_them():
    shapes = {}

    class Noted(Room):
        def array(self, name, *shape):
            shapes[name] = shape
            return super().array(name, *shape)

    run, room = run_of(cell="lstm"), Noted()
    batch = run.task.draw(np.random.default_rng(1), 7)
    found = Parameters(run.network).like()
    backward(forward(run.network, batch, room), 4, cuts(0, run.task.timesteps), found, room)
    assert shapes["d_a"][2] == 4


@pytest.mark.parametrize("task", engine.TASKS)
@pytest.mark.parametrize("cell", RECURRENT)
def test_the_gradient_of_every_task_is_the_central_difference(cell, task):
    run = run_of(cell=cell, task=task)
    batch = run.task.draw(np.random.default_rng(1), 3)
    run.gradient(batch)
    d, v = (
        run._gradient.theta.copy(),
        np.random.default_rng(0).normal(size=run._gradient.theta.size),
    )
    v[d == 0] = 0
    moved, eps = Parameters(run.network), 1e-5
    values = []
    for sign in (1, -1):
        moved.theta[:] = run._parameters.theta + sign * eps * v
        values.append(loss_of(moved.network, batch))
    assert (values[0] - values[1]) / (2 * eps) == pytest.approx(d @ v, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("scale", [1e-9, 0.3, 1.0])
@pytest.mark.parametrize(("task", "length"), [("recall", 60), ("sine", 50)])
@pytest.mark.parametrize("cell", RECURRENT)
def test_the_norms_by_distance_are_the_traces_however_small(cell, task, length, scale):
    run = run_of(cell=cell, task=task, length=length, recurrent_scale=scale, forget_bias=-5.0)
    found = reach_of(run, run.task.probes, 1)
    matrix = engine.trace_of(run.checkpoint().experiment()).log10_gradient_matrix
    np.testing.assert_allclose(found, matrix[-1][::-1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("task", ["glyph", "numbers", "reverse"])
@pytest.mark.parametrize("examples", [4, 5])
def test_the_norm_at_a_distance_is_the_median_over_the_examples_that_go_that_far(task, examples):
    run = run_of(cell="gru", task=task)
    batch = run.task.draw(np.random.default_rng(3), examples)
    found = reach_of(run, batch, examples)
    each = []
    for b in range(examples):
        sequence, target = run.task.text(batch, b)
        trace = engine.trace_of(run.checkpoint().experiment(sequence=sequence, target=target))
        padding = run.task.timesteps - len(trace.tokens)
        each.append([*trace.log10_gradient_matrix[-1][::-1], *[np.nan] * padding])
    longest = max(np.isfinite(norms).sum() for norms in each)
    assert longest > min(np.isfinite(norms).sum() for norms in each)
    expected = np.nanmedian(np.array(each)[:, :longest], axis=0)
    np.testing.assert_allclose(found[:longest], expected, rtol=1e-9)


@pytest.mark.parametrize("cell", RECURRENT)
def test_truncated_bptt_lets_nothing_past_the_cut(cell):
    run = run_of(cell=cell, truncate=7)
    (record, *_) = run.steps()
    reached = np.isfinite(record.log10_norm_by_distance)
    assert reached.tolist() == [True] * 7 + [False] * (run.task.timesteps - 7)


def test_without_memory_only_the_timestep_of_the_loss_is_reached():
    (record, *_) = run_of(cell="feedforward").steps()
    assert np.isfinite(record.log10_norm_by_distance).sum() == 1
