"""`unrolled trace`, `sweep` and `analyse`: of random networks, and of a trained one."""

import csv
import io
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import unrolled
from unrolled.app.cli.commands import cli
from unrolled.app.runs.analyses import ANALYSES

NAMES = [name.replace("_", "-") for name in ANALYSES]


def run(*words, code=0):
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    asked = ["--length", "4", "--hidden-size", "5", "--steps", "8", "--cell", "lstm"]
    run("train", *asked, "--out", folder / "net")
    return folder / "net.npz"


def test_the_file_that_train_wrote_is_traced(checkpoint, tmp_path):
    expected = unrolled.trace_of(unrolled.Checkpoint.load(checkpoint).experiment())
    shown = run("trace", "--checkpoint", checkpoint)
    for norm in expected.log10_gradient_norm:
        assert f"{norm:.3f}" in shown
    out = tmp_path / "run.npz"
    run("trace", "BuuC", "--checkpoint", checkpoint, "--recurrent-scale", "2", "--out", out)
    with np.load(out) as arrays:
        assert "".join(arrays["tokens"][:2]) == "Bu"
        assert json.loads(str(arrays["experiment"]))["recurrent_scale"] == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--cell", "gru"], '--cell is lstm in this trained network and cannot be "gru"'),
        (["--hidden-size", "9"], "--hidden-size is 5 in this trained network"),
        (["--recurrent-scale", "11"], "--recurrent-scale must be a number from 0 to 10, got 11.0"),
    ],
)
def test_a_fixed_field_of_a_trained_network_is_refused_as_its_option(checkpoint, words, says):
    assert says in run("trace", "--checkpoint", checkpoint, *words, code=2)


def test_a_file_that_is_no_network_is_told_in_one_line(tmp_path):
    path = tmp_path / "net.npz"
    with pytest.raises(FileNotFoundError, match=str(path)):  # which `main` tells in one line
        CliRunner().invoke(cli, ["trace", "--checkpoint", str(path)], catch_exceptions=False)
    path.write_bytes(b"nothing")
    assert "net.npz is not a trained network" in run("trace", "--checkpoint", path, code=2)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_an_analysis_is_the_engines_as_a_table_as_json_and_as_csv(tmp_path, name, cell):
    asked = ["analyse", name, "the cat", "--cell", cell, "--hidden-size", "3", "--seed", "2"]
    shown = run(*asked).splitlines()
    for ending in ("json", "csv"):
        run(*asked, "--out", tmp_path / f"out.{ending}")
    answer = json.loads((tmp_path / "out.json").read_text())
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert len(shown) == len(rows) + 1
    assert json.loads(rows[0]["made_by"]) == answer["made_by"]
    trace = unrolled.trace_of(unrolled.experiment_of(answer["made_by"]))
    number, expected = {
        "step-factors": ("log10_ratio", lambda: unrolled.step_factors(trace).log10_ratio),
        "lyapunov": ("exponent", lambda: unrolled.lyapunov_exponents(trace)),
        "singular-values": ("log10_1", lambda: [unrolled.singular_values(trace, 5)[0]]),
        "contributions": ("log10_contribution", lambda: unrolled.weight_contributions(trace)),
        "spectrum": (
            "modulus",
            lambda: [unrolled.spectral_radius(trace.network, *trace.network.cell.gates[:1])],
        ),
    }[name]
    found = np.asarray(expected())
    np.testing.assert_allclose([float(row[number]) for row in rows][: len(found)], found)


def test_an_analysis_of_a_trained_network_is_of_its_weights(checkpoint, tmp_path):
    out = tmp_path / "out.json"
    run("analyse", "lyapunov", "--checkpoint", checkpoint, "--out", out)
    trace = unrolled.trace_of(unrolled.Checkpoint.load(checkpoint).experiment())
    answer = json.loads(out.read_text())
    assert answer["exponents"] == unrolled.lyapunov_exponents(trace).tolist()
    assert answer["made_by"]["checkpoint"]["step"] == 8


@pytest.mark.parametrize("ending", ["json", "csv", "npz"])
def test_a_sweep_is_the_engines_and_says_what_made_it(tmp_path, ending):
    out = tmp_path / f"sweep.{ending}"
    asked = ["sweep", "abcde", "--most", "2.1", "--scales", "3", "--seeds", "4.0", "--cell", "gru"]
    run(*asked, "--out", out)
    found = unrolled.sweep(unrolled.Experiment("abcde", cell="gru"), [0.1, 1.1, 2.1], 4)
    if ending == "npz":
        with np.load(out) as arrays:
            np.testing.assert_array_equal(arrays["median_factor"], found.median_factor)
            made_by = json.loads(str(arrays["made_by"]))
    elif ending == "json":
        answer = json.loads(out.read_text())
        assert answer["median_factor"] == found.median_factor.tolist()
        made_by = answer["made_by"]
    else:
        rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
        assert [float(row["median_factor"]) for row in rows] == found.median_factor.tolist()
        made_by = json.loads(rows[0]["made_by"])
    assert (made_by["seeds"], made_by["experiment"]["cell"]) == (4, "gru")
    shown = run(*asked).splitlines()
    assert shown[0].split() == [
        "recurrent",
        "scale",
        "median",
        "factor",
        "log10",
        "share",
        "diverged",
    ]
    assert f"{found.median_factor[1]:.3f}" in shown[2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["analyse", "spectra", "abc"], "the analysis must be one of spectrum, singular-values"),
        (["analyse", "lyapunov", "abc", "--cell", "feedforward"], "without memory"),
        (["analyse", "lyapunov", "abc", "--out", "x.npz"], "--out must end in one of .csv, .json"),
        (["sweep", "abc", "--most", "40"], "--most must be a number from 0 to 10, got 40.0"),
        (["sweep", "abc", "--least", "many"], "--least must be a number from 0 to 10"),
        (["sweep", "abc", "--least", "5"], "--most must be larger than --least, got 5.0 and 4.0"),
        (["sweep", "abc", "--scales", "0"], "--scales must be a whole number from 1 to 1000"),
        (["sweep", "abc", "--seeds", "0"], "--seeds must be a whole number from 1 to 1000, got 0"),
        (["trace"], "sequence is empty"),
    ],
)
def test_an_invalid_value_is_refused_in_one_line_by_its_option(words, says):
    said = run(*words, code=2)
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_training_is_the_same_from_python_and_from_the_command(tmp_path):
    run("train", "--task", "copying", "--steps", "2", "--out", tmp_path / "net")
    opened = unrolled.Checkpoint.load(tmp_path / "net.npz")
    assert opened.training == unrolled.Training(task="copying", steps=2)
    again = unrolled.TrainingRun(unrolled.Training("copying", steps=2))
    assert len(list(again.steps())) == 2
    np.testing.assert_array_equal(again.network.W_hy, opened.network.W_hy)
