"""The same numbers in every file."""

import base64
import csv
import io
import json
import re
from dataclasses import asdict

import numpy as np
import pytest
from typer.testing import CliRunner

import engine
from app.cli import cli
from app.exports import EXPORTS, disposition, fields_of, file_name
from app.frames import decode
from engine import Experiment

EXPERIMENTS = [
    Experiment("the clouds"),
    Experiment('天空, "云"=1', cell="lstm", architecture="many-to-many", hidden_size=3),
    Experiment("ab cd", cell="gru", tokens="words", architecture="encoder-decoder"),
    Experiment("abc", cell="feedforward", recurrent_scale=0.1),
    Experiment("ab" * 300, activation="relu", recurrent_scale=10, hidden_size=4),
]
each = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: f"{e.cell}-{e.activation}")


def made(ending, experiment):
    return EXPORTS[ending].make(experiment)


@each
def test_the_table_has_every_digit_of_every_timestep(experiment):
    trace = engine.trace_of(experiment)
    rows = list(
        csv.DictReader(io.StringIO(made("csv", experiment).decode("utf-8-sig"), newline=""))
    )
    assert [row["token"] for row in rows] == list(trace.tokens)
    norms = [float(row["log10_gradient_norm"]) for row in rows]
    np.testing.assert_array_equal(norms, trace.log10_gradient_norm)
    for unit in range(experiment.hidden_size):
        values = [float(row[f"h_{unit + 1}"] or "nan") for row in rows]
        np.testing.assert_array_equal(values, trace.hidden[:, unit])
    losses = [float(row["loss"] or "nan") for row in rows]
    np.testing.assert_array_equal(losses, trace.losses)


@each
def test_the_arrays_are_the_traces_and_need_no_pickle(experiment):
    trace = engine.trace_of(experiment)
    with np.load(io.BytesIO(made("npz", experiment)), allow_pickle=False) as arrays:
        assert Experiment.of(json.loads(str(arrays["experiment"]))) == experiment
        assert arrays["tokens"].tolist() == list(trace.tokens)
        for name in ("hidden", "log10_gradient_norm", "log10_gradient_matrix", "losses", "inputs"):
            np.testing.assert_array_equal(arrays[name], getattr(trace, name))
        for name, weights in trace.network.state_dict().items():
            np.testing.assert_array_equal(arrays[f"weight.{name}"], weights)
            np.testing.assert_array_equal(arrays[f"gradient.{name}"], trace.weight_gradients[name])
        for name, gate in trace.gates.items():
            np.testing.assert_array_equal(arrays[f"gate.{name}"], gate)
        assert ("cell_state" in arrays) == (experiment.cell == "lstm")


@each
def test_the_replay_holds_the_frames_of_the_run(experiment):
    trace = engine.trace_of(experiment)
    html = made("html", experiment).decode()
    recorded = json.loads(re.search(r'id="recorded">(.*?)</script>', html, re.S)[1])
    frames = [decode(base64.b64decode(frame)) for frame in recorded["frames"]]
    assert frames[0][0]["type"] == "begin"
    assert frames[-1][0]["type"] == "end"
    for header, arrays in frames:
        if header["type"] == "backward":
            norms = trace.log10_gradient_norm[header["from"] - 1 : header["to"]]
            np.testing.assert_array_equal(arrays["log10_gradient_norm"], norms)


def test_a_replay_asks_nobody_for_anything_and_is_small():
    html = made("html", Experiment("abcdefghij" * 6 + "k", cell="lstm")).decode()
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", html)
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert len(html) < 400_000


def test_a_sequence_that_looks_like_markup_stays_text():
    html = made("html", Experiment("</script><b>x</b>")).decode()
    assert "<b>" not in html


def test_a_file_is_called_after_its_cell_and_its_sequence():
    assert file_name(Experiment("the clouds / sky", cell="lstm"), "csv") == (
        "unrolled-lstm-the-clouds-sky.csv"
    )
    header = disposition(Experiment("天空 ok"), "npz")
    assert 'filename="unrolled-rnn-__-ok.npz"' in header
    assert "filename*=UTF-8''unrolled-rnn-%E5%A4%A9%E7%A9%BA-ok.npz" in header
    assert file_name(Experiment("?!", tokens="characters"), "csv") == "unrolled-rnn-run.csv"


def test_an_address_is_read_as_the_page_writes_it():
    texts = {name: str(value) for name, value in asdict(EXPERIMENTS[1]).items()}
    assert Experiment.of(fields_of(texts)) == EXPERIMENTS[1]
    assert fields_of({"seed": "many", "colour": "red"}) == {"seed": "many", "colour": "red"}


@pytest.mark.parametrize("ending", EXPORTS)
def test_the_command_writes_the_same_file(tmp_path, ending):
    out = tmp_path / f"run.{ending}"
    result = CliRunner().invoke(
        cli, ["trace", "hello", "--cell", "lstm", "--recurrent-scale", "1.5", "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    experiment = Experiment("hello", cell="lstm", recurrent_scale=1.5)
    if ending == "npz":
        with np.load(out, allow_pickle=False) as arrays:
            hidden = engine.trace_of(experiment).hidden
            np.testing.assert_array_equal(arrays["hidden"], hidden)
    elif ending != "html":
        assert out.read_bytes() == made(ending, experiment)
    else:
        assert b"data:text/javascript" in out.read_bytes()


def test_the_command_prints_a_table_and_the_verdict():
    result = CliRunner().invoke(cli, ["trace", "the clouds", "--recurrent-scale", "0.5"])
    norms = engine.trace("the clouds", recurrent_scale=0.5).log10_gradient_norm
    for norm in norms:
        assert f"{norm:.3f}" in result.output
    assert "vanishing" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--hidden-size", "0"], "hidden_size must be a whole number from 1 to 512, got 0"),
        (["--cell", "perceptron"], "cell must be one of rnn, lstm, gru, feedforward"),
        (["--out", "run.pdf"], "--out must end in one of .csv, .json, .npz, .html, got run.pdf"),
        (["--out", "/nowhere/run.csv"], "cannot write /nowhere/run.csv"),
    ],
)
def test_the_command_refuses_in_one_line(options, words):
    result = CliRunner().invoke(cli, ["trace", "hello", *options])
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
