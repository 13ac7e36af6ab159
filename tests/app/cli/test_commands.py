import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.lessons import written
from unrolled import __version__, engine
from unrolled.app.cli.commands import cli
from unrolled.app.server.environment import settings_of
from unrolled.app.settings import Settings


def test_the_version_is_the_distributions():
    result = CliRunner().invoke(cli, ["--version"])
    assert result.output.strip() == __version__


@pytest.mark.parametrize("names", [{"HOST": "127.0.0.1", "PORT": "0"}])
def test_serve_prints_the_address_and_answers_there(names):
    process = subprocess.Popen(
        [sys.executable, "-m", "unrolled", "serve"],
        env={**os.environ, **names, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found
        with urllib.request.urlopen(f"{found[0]}/healthz", timeout=20) as response:
            assert response.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert "Traceback" not in output


def serving(env=None, *words):
    return CliRunner().invoke(cli, ["serve", *words], env=env or {})


def test_a_port_that_is_taken_is_told_with_a_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = serving({}, "--port", str(port))
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}: another program has that port" in result.output
    assert "--port" in result.output
    assert "PORT=" in result.output


@pytest.mark.parametrize("host", ["no.such.invalid", "192.0.2.1", "a" * 80])
def test_an_address_that_is_not_this_machines_is_told_with_a_remedy(host):
    result = serving({"HOST": host, "PORT": "0"})
    assert result.exit_code == 1
    assert host in result.output
    assert "--host 127.0.0.1" in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("UNROLLED_RUNS", "many", "should be a valid integer"),
        ("UNROLLED_RUNS", "0", "should be greater than or equal to 1"),
        ("unrolled_runs", "0", "should be greater than or equal to 1"),
        ("UNROLLED_PATIENCE", "-1", "leave it out for 2.0"),
        ("UNROLLED_ORIGINS", "x", "must be a list as JSON writes it"),
        ("UNROLLED_LESSONS", "/nope", "does not point to a directory"),
        ("UNROLLED_PROXIES", '["x"]', "is not a valid IPv4 or IPv6 network"),
        ("UNROLLED_PUBLIC_ADDRESS", "lab", "such as https://school.example/course/rnn"),
        ("UNROLLED_FRAME_ANCESTORS", '["x"]', "has another form"),
        ("PORT", "99999", "should be less than or equal to 65535"),
    ],
)
def test_an_invalid_setting_is_reported_in_one_sentence(name, value, says):
    result = serving({name: value})
    assert result.exit_code == 2
    assert name.upper() in result.output
    assert says in result.output
    assert value.strip('["]') in result.output
    assert len(result.output.splitlines()) == 1


def test_an_invalid_option_is_named_as_it_was_typed():
    result = serving({}, "--port", "x")
    assert result.exit_code == 2
    assert result.output.startswith("--port ")


def test_an_unknown_variable_is_reported_with_the_nearest_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = serving({"UNROLLED_WORKRS": "3", "UNROLLED_QWERTY": "1", "PORT": port})
    told = result.output.splitlines()
    assert "no setting UNROLLED_QWERTY" in told[0]
    assert "no setting UNROLLED_WORKRS" in told[1]
    assert "did you mean UNROLLED_WORKERS?" in told[1]
    assert "another program has that port" in told[2]


def test_a_variable_that_is_empty_is_none():
    assert settings_of({}) == Settings()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PORT", "UNROLLED_LESSONS", "UNROLLED_ORIGINS"):
            patch.setenv(name, "")
        assert settings_of({}) == Settings(port=8000, lessons=None, origins=())


def test_a_folder_without_lessons_is_told(tmp_path):
    result = serving({"UNROLLED_LESSONS": str(tmp_path), "PORT": "0"})
    assert result.exit_code == 2
    assert f"{tmp_path}/*/lesson.toml: the file is missing" in result.output


def test_train_leaves_a_figure_and_a_checkpoint_that_opens(tmp_path):
    name = tmp_path / "adding"
    result = CliRunner().invoke(
        cli,
        ["train", "--task", "adding", "--cell", "gru", "--steps", "20", "--out", str(name)],
    )
    assert result.exit_code == 0, result.output
    assert "baseline 0.0833" in result.output
    assert "plotly" in (tmp_path / "adding.html").read_text(encoding="utf-8")
    checkpoint = engine.Checkpoint.load(tmp_path / "adding.npz")
    assert checkpoint.step == 20
    assert checkpoint.training == engine.Training("adding", cell="gru", steps=20)


def test_train_goes_on_from_the_file_that_it_wrote(tmp_path):
    def train(*words):
        return CliRunner().invoke(cli, ["train", *words])

    name, whole = tmp_path / "adding", tmp_path / "whole"
    asked = ["--task", "adding", "--cell", "gru"]
    assert train(*asked, "--steps", "5", "--out", str(whole)).exit_code == 0
    assert train(*asked, "--steps", "3", "--out", str(name)).exit_code == 0
    before = ["--from", f"{name}.npz", "--out", str(name)]
    refused = train(*before)
    assert refused.exit_code == 2
    assert "--steps must be more than 3" in refused.output
    assert train(*before, "--steps", "5").exit_code == 0
    found, expected = (engine.Checkpoint.load(Path(f"{each}.npz")) for each in (name, whole))
    assert found.told() == expected.told()
    assert (found.network.W_hy == expected.network.W_hy).all()


def test_an_option_of_train_overrides_the_default_of_the_task(tmp_path):
    name = tmp_path / "adding"
    asked = ["--task", "adding", "--steps", "2", "--learning-rate", "0", "--out", str(name)]
    assert CliRunner().invoke(cli, ["train", *asked]).exit_code == 0
    assert engine.Checkpoint.load(tmp_path / "adding.npz").training.learning_rate == 0


@pytest.mark.parametrize("name", ["recall.npz", "recall.html", ""])
def test_a_trainings_name_may_have_an_ending_or_be_left_out(tmp_path, name):
    asked = ["--cell", "gru", "--length", "3", "--steps", "1", "--out", str(tmp_path / name)]
    assert CliRunner().invoke(cli, ["train", *asked]).exit_code == 0
    stem = "recall" if name else "recall-gru"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{stem}.html", f"{stem}.npz"]


def test_an_invalid_training_is_reported_by_field():
    result = CliRunner().invoke(cli, ["train", "--length", "9999"])
    assert result.exit_code == 2
    assert "length must be" in result.output


def test_a_lesson_with_a_mistake_is_told_by_its_file(tmp_path):
    written(tmp_path, "first-steps", "order = 1")
    result = CliRunner().invoke(
        cli, ["serve", "--port", "0"], env={"UNROLLED_LESSONS": str(tmp_path)}
    )
    assert result.exit_code == 2
    assert "first-steps/lesson.toml: steps is missing" in result.output
