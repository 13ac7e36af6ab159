import json
import zipfile

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.training.minibatch import Room, forward

SMALL = {"hidden_size": 6, "batch_size": 4, "steps": 5}


def checkpoint_of(**fields):
    run = engine.TrainingRun(engine.Training(**SMALL | fields))
    for _ in run.steps():
        pass
    return run.checkpoint()


@pytest.fixture(params=["rnn", "lstm", "gru", "feedforward"])
def checkpoint(request):
    return checkpoint_of(cell=request.param)


@pytest.mark.parametrize("task", engine.TASKS)
def test_the_lab_opens_the_network_of_a_training_step(task):
    checkpoint = checkpoint_of(task=task, cell="gru")
    trace = engine.trace_of(checkpoint.experiment())
    own = checkpoint.task
    sequence, target = own.text(own.probes, 0)
    made = forward(checkpoint.network, own.parse(sequence, target), Room())
    np.testing.assert_allclose(trace.hidden, made.room.moments.h[:, 0], rtol=1e-12)
    np.testing.assert_allclose(
        trace.losses[np.isfinite(trace.losses)], made.readouts().losses, rtol=1e-12
    )
    assert np.isnan(trace.probabilities).all() == own.numbers
    assert np.isfinite(trace.log10_gradient_norm).any()


def test_the_recurrent_scale_multiplies_the_trained_weights(checkpoint):
    trace = engine.trace_of(checkpoint.experiment(recurrent_scale=0.5))
    np.testing.assert_array_equal(
        trace.network.weights[0].W_hh, 0.5 * checkpoint.network.weights[0].W_hh
    )


def test_an_experiment_is_a_run_of_the_network_on_a_problem_of_its_task(checkpoint):
    run = engine.Run(checkpoint.network, checkpoint.problem("BuCxy"), loss="all")
    expected = engine.trace_of(checkpoint.experiment(sequence="BuCxy", loss="all"))
    found = engine.trace_of(run)
    np.testing.assert_array_equal(found.log10_gradient_norm, expected.log10_gradient_norm)
    assert found.tokens == expected.tokens


@pytest.mark.parametrize("task", engine.TASKS)
def test_a_checkpoint_has_the_words_of_its_task_in_its_file(task, tmp_path):
    checkpoint = checkpoint_of(task=task)
    checkpoint.save(tmp_path / "net.npz")
    again = engine.Checkpoint.load(tmp_path / "net.npz")
    assert again.task.names == checkpoint.task.names == engine.task(task).names


def test_a_network_keeps_its_words_when_those_of_its_task_become_others(tmp_path, monkeypatch):
    checkpoint_of(task="tags").save(tmp_path / "net.npz")
    before = engine.Checkpoint.load(tmp_path / "net.npz")
    expected = engine.trace_of(before.experiment())
    now = engine.task("tags-zh")
    monkeypatch.setattr("unrolled.engine.training.checkpoint.task", lambda *which: now)
    again = engine.Checkpoint.load(tmp_path / "net.npz")
    assert again.task.names == before.task.names
    assert (again.task.words, again.task.vocabulary) == (before.task.words, before.task.vocabulary)
    found = engine.trace_of(again.experiment())
    np.testing.assert_array_equal(found.losses, expected.losses)


def test_a_checkpoint_stays_while_the_training_goes_on():
    run = engine.TrainingRun(engine.Training(**SMALL))
    steps = run.steps()
    next(steps)
    checkpoint = run.checkpoint()
    before = checkpoint.network.W_hy.copy()
    next(steps)
    np.testing.assert_array_equal(checkpoint.network.W_hy, before)
    assert (run.network.W_hy != before).any()


def test_an_unknown_token_is_reported_with_some_known_ones(checkpoint):
    with pytest.raises(engine.ExperimentError, match="A B C"):
        checkpoint.experiment(sequence="A!uv")


def test_a_field_that_training_fixed_is_refused_by_name(checkpoint):
    experiment = checkpoint.experiment(hidden_size=6, cell=checkpoint.training.cell)
    assert experiment.checkpoint is checkpoint
    assert experiment == checkpoint.experiment()
    assert hash(experiment) == hash(checkpoint.experiment())
    assert experiment != checkpoint_of().experiment()
    assert "checkpoint" not in experiment.named()
    with pytest.raises(engine.ExperimentError, match="checkpoint"):
        engine.Experiment.of({"checkpoint": "run-5"})
    for fields in ({"hidden_size": 99}, {"seed": 5}, {"architecture": "one-to-many"}):
        (name,) = fields
        with pytest.raises(engine.ExperimentError, match=rf"{name} is .* leave it out") as error:
            checkpoint.experiment(**fields)
        assert error.value.field == name


def test_a_checkpoint_is_saved_and_loaded_whole(checkpoint, tmp_path):
    checkpoint.save(tmp_path / "net.npz")
    again = engine.Checkpoint.load(tmp_path / "net.npz")
    assert (again.training, again.step) == (checkpoint.training, 5)
    for name, each in checkpoint.network.state_dict().items():
        np.testing.assert_array_equal(again.network.state_dict()[name], each)


def without(path, missing, **instead):
    with np.load(path) as file:
        arrays = {name: file[name] for name in file if name != missing}
    np.savez(path, **arrays, **instead)


PROBES = '[["Du", "D"], ["Eu", "E"], ["Fu", "F"]]'
NAMES = (
    "[]",
    "[1, 2, 3]",
    f'[[1], ["D"], {PROBES}]',
    f'[["D", "D"], ["D"], {PROBES}]',
    f'[["D", "u"], ["D"], {PROBES}]',
    '[["D", "u"], ["D"], [["Du", "D"]]]',
)
"""Names that no checkpoint can have: of wrong types, twice, unknown, and too few."""


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"not a zip"),
        lambda path: path.write_bytes(path.read_bytes()[:2000]),
        lambda path: without(path, "head.weight"),
        lambda path: without(path, "head.weight", **{"head.weight": np.zeros((3, 3))}),
        lambda path: without(path, "head.bias", **{"head.bias": np.full(14, np.nan)}),
        lambda path: without(path, "training", training="[]"),
        lambda path: without(path, "training", training='{"task": "chess"}'),
        lambda path: without(path, "step", step=np.array([{}], dtype=object)),
        *(lambda path, told=told: without(path, "names", names=told) for told in NAMES),
    ],
)
def test_a_bad_file_is_refused_in_words(spoil, tmp_path):
    path = tmp_path / "net.npz"
    checkpoint_of().save(path)
    spoil(path)
    with pytest.raises(engine.ExperimentError):
        engine.Checkpoint.load(path)


def test_names_for_which_there_is_no_room_are_refused_before_a_network_is_made(tmp_path):
    path = tmp_path / "net.npz"
    checkpoint_of().save(path)
    large = {"task": "recall", "cell": "lstm", "hidden_size": 256, "steps": 5}
    names = [[*map(str, range(2**16))], ["D"], json.loads(PROBES)]
    without(path, "training", training=json.dumps(large))
    without(path, "names", names=json.dumps(names))
    with pytest.raises(engine.ExperimentError, match="array names is invalid"):
        engine.Checkpoint.load(path)


def test_a_file_that_claims_to_be_huge_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "net.npz"
    checkpoint_of().save(path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file if name != "head.weight"}
    np.savez(path, **arrays)
    with zipfile.ZipFile(path, "a") as file, file.open("head.weight.npy", "w") as out:
        np.lib.format.write_array_header_1_0(
            out, {"descr": "<f8", "fortran_order": False, "shape": (2**37, 2)}
        )
    with pytest.raises(engine.ExperimentError, match=r"net\.npz .* array head\.weight is invalid:"):
        engine.Checkpoint.load(path)


def test_a_loss_whose_gradient_has_a_square_beyond_float64_is_measured_and_clipped():
    checkpoint = checkpoint_of(task="adding", hidden_size=32, learning_rate=0.3, steps=40)
    said = {"sequence": "0.1 0.2^ 0.3^", "target": "1.3e154"}
    trace = engine.trace_of(checkpoint.experiment(**said, clip_norm=1.0))
    own = np.log10(np.linalg.norm(checkpoint.network.W_hy)) + np.log10(1.3e154)
    assert trace.log10_gradient_norm[-1] == pytest.approx(own, abs=1e-9)
    assert trace.log10_clip == pytest.approx(-trace.log10_weight_gradient_norm)
    norm = np.sqrt(sum((gradient**2).sum() for gradient in trace.weight_gradients.values()))
    assert norm == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_weights_scaled_beyond_float64_end_the_run_without_a_warning(cell):
    checkpoint = checkpoint_of(cell=cell, initialization="orthogonal")
    largest = max(np.abs(weights.W_hh).max() for weights in checkpoint.network.weights)
    for weights in checkpoint.network.weights:
        weights.W_hh.setflags(write=True)
        weights.W_hh[...] *= 1e308 / largest
    trace = engine.trace_of(checkpoint.experiment(recurrent_scale=10))
    assert trace.diverged_at is not None
