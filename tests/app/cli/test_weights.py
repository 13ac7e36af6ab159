"""`unrolled trace --weights`: one's own network on one's own text."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

import unrolled
from tests.app.cli.test_results import run
from tests.engine.weights.test_modules import H, linear, of_pytorch

WORDS = ["a", "b", "c"]


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.safetensors"
    save_file(of_pytorch("lstm", "rnn.") | linear("fc", outputs=len(WORDS)), path)
    return path


@pytest.fixture
def vocabulary(tmp_path):
    path = tmp_path / "vocabulary.txt"
    path.write_text("a\nb\nc\n", encoding="utf-8")
    return path


def test_the_run_is_that_of_the_network_and_the_vocabulary(model, vocabulary, tmp_path):
    problem = unrolled.Problem.from_text("cabba", "many-to-many", vocabulary=WORDS)
    expected = unrolled.trace_of(unrolled.Run(unrolled.Network.load(model), problem))
    own = ["--weights", model, "--vocabulary", vocabulary, "--architecture", "many-to-many"]
    shown = run("trace", "cabba", *own)
    for norm in expected.log10_gradient_norm:
        assert f"{norm:.3f}" in shown
    for ending in ("npz", "json", "csv", "html"):
        run("trace", "cabba", *own, "--out", tmp_path / f"run.{ending}")
    with np.load(tmp_path / "run.npz") as arrays:
        np.testing.assert_array_equal(arrays["hidden_gradient"], expected.hidden_gradient)
        made_by = json.loads(str(arrays["made_by"]))
    again = unrolled.trace_of(unrolled.experiment_of(made_by))
    np.testing.assert_array_equal(again.hidden_gradient, expected.hidden_gradient)


def test_a_vocabulary_may_be_json_and_labels_name_the_outputs(tmp_path):
    path, numbers = tmp_path / "model.safetensors", tmp_path / "vocabulary.json"
    table = np.random.default_rng(3).normal(size=(4, 3))
    save_file(of_pytorch("gru") | linear("fc", outputs=2) | {"words.weight": table}, path)
    numbers.write_text(json.dumps({"the": 1, "<pad>": 0, "film": 3, "good": 2}))
    own = ["--weights", path, "--vocabulary", numbers, "--embedding", "words", "--tokens", "words"]
    run("trace", "the film", *own, "--labels", "bad / fine", "--target", "fine")
    said = run("trace", "the film good", *own, code=2)
    assert "the network has 2 outputs" in said


def test_the_linear_layer_that_was_taken_is_named(model, vocabulary):
    own = ["--weights", model, "--vocabulary", vocabulary]
    told = "model.safetensors: rnn: LSTM, inputs=3, H=4, layers=1, read by the linear layer fc"
    assert told in run("trace", "cabba", *own)
    assert "read by" not in run("trace", "cabba", *own, "--head", "fc")


def test_the_states_of_a_projected_lstm_are_said_to_be_those_before_the_projection(
    tmp_path, vocabulary
):
    path, arrays = tmp_path / "model.safetensors", of_pytorch("lstm") | linear("fc", 2, 3)
    arrays |= {"weight_hh_l0": np.ones((4 * H, 2)), "weight_hr_l0": np.ones((2, H))}
    save_file(arrays, path)
    own = ["--weights", path, "--vocabulary", vocabulary]
    assert f"H={H}, proj_size=2, layers=1, read by" in run("trace", "cabba", *own)
    for more in ([], ["--head", "fc"]):
        said = run("trace", "cabba", *own, *more)
        assert f"the states are those before the projection, of {H} units" in said


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--hidden-size", "4"], "--hidden-size is of random networks"),
        (["--truncate", "-1"], "--truncate must be a whole number from 0"),
        (["--module", "lstm"], "no recurrent module lstm"),
        (["--head", "rnn"], "rnn.weight must be a readout of the shape (any, 4)"),
        (["--target", "d"], '--target has "d", which is not in the vocabulary of 3 tokens'),
        (["--loss", "9"], "--loss must be a timestep that has a target"),
        (["--out", "run.txt"], "--out must end in"),
    ],
)
def test_weights_that_do_not_fit_are_told_in_one_line(model, vocabulary, more, says):
    said = run("trace", "abc", "--weights", model, "--vocabulary", vocabulary, *more, code=2)
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_file_that_is_missing_or_has_no_words_is_told(model, vocabulary, tmp_path):
    assert "needs --vocabulary" in run("trace", "abc", "--weights", model, code=2)
    gone = run("trace", "ab", "--weights", tmp_path / "x.npz", "--vocabulary", vocabulary, code=2)
    assert "cannot read" in gone
    vocabulary.write_text("a\na\n", encoding="utf-8")
    told = run("trace", "ab", "--weights", model, "--vocabulary", vocabulary, code=2)
    assert "must have different tokens" in told
    assert unrolled.Network.load(model).hidden_size == H


@pytest.fixture
def deep(tmp_path):
    """A network of two layers in both directions, and its file."""
    path, config = tmp_path / "deep.safetensors", unrolled.NetworkConfig(cell="lstm", hidden_size=H)
    network = unrolled.DeepNetwork.random(config, 3, 3, layers=2, bidirectional=True)
    save_file({name: each.copy("C") for name, each in network.state_dict().items()}, path)
    return network, path


def test_the_loss_and_what_the_label_is_read_from_are_chosen_for_layers_too(deep, vocabulary):
    network, path = deep
    problem = unrolled.Problem.from_text("cabba", "many-to-many", vocabulary=WORDS)
    own = ["--weights", path, "--vocabulary", vocabulary]
    for loss in (2, 4):
        expected = unrolled.deep_trace(network, problem, loss=loss)
        shown = run("trace", "cabba", *own, "--architecture", "many-to-many", "--loss", loss)
        assert f"log10 share of L_{loss}" in shown
        assert f"layer 1: {expected.verdicts[0]}: " in shown
        for share in expected.log10_shares()[0]:
            assert f"{share:.3f}".replace("-0.000", "0.000") in shown
    one = unrolled.Problem.from_text("cabba", vocabulary=WORDS)
    at_T = unrolled.deep_trace(network, one, reads="output")
    shown = run("trace", "cabba", *own, "--reads", "output")
    assert f"{at_T.levels[3].log10_gradient_norm[-1]:.3f}" in shown
    assert "-inf: no gradient leads to that state (layer 2, from the end). A layer" in shown
    assert "--reads must be one of" in run("trace", "cabba", *own, "--reads", "h", code=2)
    assert "--loss must be a timestep" in run("trace", "cabba", *own, "--loss", "2", code=2)


def test_a_network_of_layers_shows_the_gradient_of_each(deep, vocabulary, tmp_path):
    (network, path), out = deep, tmp_path / "run.npz"
    problem = unrolled.Problem.from_text("cabba", vocabulary=WORDS)
    expected = unrolled.deep_trace(network, problem)
    own = ["--weights", path, "--vocabulary", vocabulary]
    shown = run("trace", "cabba", *own)
    assert "layer 2, from the end" in shown
    for level in expected.levels:
        for norm in level.log10_gradient_norm:
            assert f"{norm:.3f}" in shown
    run("trace", "cabba", *own, "--out", out)
    with np.load(out) as arrays:
        np.testing.assert_array_equal(
            arrays["layer1.end.hidden_gradient"], expected.levels[1].hidden_gradient
        )
        made_by = json.loads(str(arrays["made_by"]))
    assert made_by == expected.made_by()
    run("trace", "cabba", *own, "--out", out.with_suffix(".csv"))
    expected.save(tmp_path / "saved.csv")
    assert out.with_suffix(".csv").read_bytes() == (tmp_path / "saved.csv").read_bytes()
