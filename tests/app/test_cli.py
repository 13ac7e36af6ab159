import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

import engine
from app.cli import cli
from app.planning import planned
from tests.lessons import written


def test_the_version_is_the_distributions():
    result = CliRunner().invoke(cli, ["--version"])
    assert result.output.strip() == version("unrolled")


@pytest.mark.parametrize("names", [{"HOST": "127.0.0.1", "PORT": "0"}])
def test_serve_prints_the_address_and_answers_there(names):
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve"],
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


def test_a_port_that_is_taken_is_told_with_a_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(cli, ["serve", "--port", str(port)])
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.output
    assert "PORT=" in result.output


def test_a_bad_setting_is_told_by_name():
    result = CliRunner().invoke(cli, ["serve"], env={"UNROLLED_RUNS": "many"})
    assert result.exit_code == 2
    assert "runs" in result.output
    assert "many" in result.output


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
    assert checkpoint.training == replace(planned("adding"), cell="gru", steps=20)


def test_what_is_asked_of_train_goes_before_what_suits_the_task(tmp_path):
    name = tmp_path / "adding"
    asked = ["--task", "adding", "--steps", "2", "--learning-rate", "0", "--out", str(name)]
    assert CliRunner().invoke(cli, ["train", *asked]).exit_code == 0
    assert engine.Checkpoint.load(tmp_path / "adding.npz").training.learning_rate == 0


def test_a_training_that_cannot_be_is_told_by_name():
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
