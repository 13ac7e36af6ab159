"""The library in a notebook: short representations, a trace as a dict, as a file, as a figure."""

import json
import pickle

import numpy as np
import pytest

import unrolled
from unrolled.engine.bptt.trace import CHARTS


@pytest.fixture(scope="module")
def trace():
    return unrolled.trace("ab" * 400, cell="lstm", architecture="encoder-decoder", hidden_size=60)


def training_run():
    return unrolled.TrainingRun(unrolled.Training("adding", hidden_size=40, steps=4))


def things(trace):
    run, own = training_run(), unrolled.Run.of(unrolled.Experiment("ab" * 300, hidden_size=200))
    steps = [next(run.steps()), next(own.forward())]
    sweep = unrolled.sweep(unrolled.Experiment("abcd"), np.linspace(0.1, 4, 100), 2)
    return [
        *(trace, trace.network, trace.network.layers[0], trace.problem, trace.experiment),
        *(
            own,
            *steps,
            run,
            run.checkpoint(),
            run.checkpoint().experiment(),
            run.task,
            run.training,
        ),
        *(sweep, unrolled.SweepRun(unrolled.Experiment(), [1.0]), unrolled.step_factors(trace)),
    ]


def test_a_representation_fits_a_notebook(trace):
    for thing in things(trace):
        text = repr(thing)
        assert text.startswith(type(thing).__name__)
        assert len(text) <= 1400, text
        assert len(text.splitlines()) <= 10


def test_a_trace_says_what_came_of_it(trace):
    assert repr(unrolled.trace("abcd", recurrent_scale=0.2)).endswith("vanishing)")
    assert "diverged at t=" in repr(
        unrolled.trace("ab" * 300, activation="relu", recurrent_scale=10)
    )


def test_a_trace_as_a_dict_has_everything_by_name():
    trace = unrolled.trace("abc", cell="gru")
    told = trace.to_dict()
    assert told["hidden"] is trace.hidden
    assert told["made_by"] == trace.experiment.made_by()
    assert set(told["network"]) == set(told["weight_gradients"])


@pytest.mark.parametrize("ending", ["npz", "json", "csv", "html"])
def test_a_trace_is_saved_as_the_lab_exports_it(tmp_path, ending):
    trace = unrolled.trace("abc")
    trace.save(tmp_path / f"run.{ending}")
    content = (tmp_path / f"run.{ending}").read_bytes()
    if ending == "npz":
        with np.load(tmp_path / "run.npz") as arrays:
            np.testing.assert_array_equal(arrays["hidden"], trace.hidden)
    elif ending == "json":
        assert json.loads(content)["hidden"] == trace.hidden.tolist()
    else:
        assert b"made" in content


def test_a_trace_of_a_given_network_and_problem_is_saved_and_read_again(tmp_path):
    network = unrolled.Network.random(unrolled.NetworkConfig(), inputs=2, outputs=2)
    problem = unrolled.Problem.from_arrays(np.ones((3, 2)), targets=[-1, 0, 1])
    trace = unrolled.trace_of(unrolled.Run(network, problem))
    trace.save(tmp_path / "run.json")
    made_by = json.loads((tmp_path / "run.json").read_text())["made_by"]
    again = unrolled.trace_of(unrolled.experiment_of(made_by))
    for name in ("hidden", "losses", "hidden_gradient", "log10_gradient_matrix"):
        np.testing.assert_array_equal(getattr(again, name), getattr(trace, name))
    with pytest.raises(ValueError, match="no experiment describes a given network"):
        _ = trace.experiment


def test_a_trace_is_saved_as_nothing_else(tmp_path):
    with pytest.raises(ValueError, match=r"path must end in one of .csv, .json, .npz, .html"):
        unrolled.trace("abc").save(tmp_path / "run.pdf")


@pytest.mark.parametrize("chart", CHARTS)
def test_a_trace_is_drawn(chart):
    figure = unrolled.trace("abcdef", cell="gru" if chart == "shares" else "rnn").figure(chart)
    assert figure.data


def test_no_other_chart_is_drawn():
    with pytest.raises(ValueError, match=r"chart must be one of gradient_norm, .*, got pie"):
        unrolled.trace("abc").figure("pie")


def test_a_training_goes_on_in_another_process_as_if_it_had_never_left():
    run, other = training_run(), training_run()
    next(run.steps())
    run.change(learning_rate=0.1)
    again = pickle.loads(pickle.dumps(run))
    next(other.steps())
    other.change(learning_rate=0.1)
    losses = [step.loss for step in again.steps()]
    assert losses == [step.loss for step in other.steps()]
    assert again.checkpoint().told() == other.checkpoint().told()


def test_a_sweep_of_several_seeds_of_a_trained_network_is_refused():
    with pytest.raises(
        unrolled.ExperimentError, match="seeds must be 1 for a trained network, got 20"
    ):
        unrolled.sweep(training_run().checkpoint().experiment(), [0.5, 1.0])


def test_minibatches_are_drawn_and_differentiated():
    run = training_run()
    batch = run.task.draw(np.random.default_rng(0), 8)
    assert batch.x.shape[1] == 8
    gradient = run.gradient(batch)
    assert set(gradient) == set(run.network.state_dict())
