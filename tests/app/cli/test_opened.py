"""`unrolled open`: a recording in lines, and what other files are told."""

import pickle

import numpy as np
import pytest
from safetensors.numpy import save_file

import unrolled
from tests.app.cli.test_results import run
from tests.engine.weights.test_modules import linear, of_pytorch
from unrolled.engine.recording.watched import Watched

T, B, D, H = 5, 2, 3, 4


def recorded(path, projection=0):
    """A recording of two layers in both directions, whose output at T has a gradient."""
    config = unrolled.NetworkConfig(cell="lstm", hidden_size=H)
    deep = unrolled.DeepNetwork.random(config, D, 1, layers=2, bidirectional=True)
    weights = {k: each for k, each in deep.state_dict().items() if not k.startswith("head")}
    x, d_output = np.ones((T, B, D)), np.zeros((T, B, 2 * H))
    d_output[-1] = 1
    module = Watched("lstm", "LSTM", D, H, 2, True, projection)
    moment = unrolled.Moment(module, 1, np.full(B, T), x, d_output, weights)
    unrolled.Recording(moments=[moment]).save(path)
    return path


def test_a_share_of_a_state_without_a_path_is_explained(tmp_path):
    lines = run("open", recorded(tmp_path / "training.npz")).splitlines()
    (line,) = [line for line in lines if "l1_reverse" in line and "log10" not in line][:1]
    assert line.split()[-2:] == ["-inf", "-inf"]
    assert "no gradient leads to that state (l1_reverse)." in lines[-1]
    assert "A layer in reverse reads from the end" in lines[-1]


def test_the_states_of_a_projected_lstm_are_said_to_be_those_before_the_projection(tmp_path):
    said = run("open", recorded(tmp_path / "training.npz", projection=2))
    assert f"the states are those before the projection, of {H} units" in said
    assert "before the projection" not in run("open", recorded(tmp_path / "other.npz"))


@pytest.mark.parametrize("name", ["model.safetensors", "model.npz"])
def test_a_file_of_weights_is_told_where_it_is_seen(tmp_path, name):
    path, arrays = tmp_path / name, of_pytorch("lstm", "rnn.") | linear("fc")
    if name.endswith("npz"):
        np.savez(path, **arrays)
    else:
        save_file(arrays, path)
    said = run("open", path, code=2)
    assert f"{name} is no whole recording: it holds weights, so see it with" in said
    assert "unrolled trace --weights" in said


@pytest.mark.parametrize("name", ["model.pt", "model.safetensors"])
def test_a_pickle_is_told_the_lines_that_write_its_weights(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(pickle.dumps({"rnn.weight_ih_l0": [1.0]}))
    said = run("open", path, code=2)
    assert "is a pickle" in said
    assert "save_file(model.state_dict(), 'model.safetensors')" in said


def test_a_file_of_something_else_is_no_recording_and_no_more(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    assert run("open", tmp_path / "notes.txt", code=2).splitlines()[-1].endswith("whole recording")
