"""The page from a model in PyTorch to the picture: its snippets run, and its commands."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.cli.test_results import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/your-own-network.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.S)
COMMANDS = re.findall(r"^unrolled (.*)$", PAGE, re.M)
RECORDED = ROOT / "tests/reference/recordings/packed-lstm.npz"


def follow(monkeypatch, folder):
    """Run the page's commands in a folder; return what they printed."""
    monkeypatch.chdir(folder)
    shown, drawn = (run(*shlex.split(command)) for command in COMMANDS)
    assert "training.html" in drawn
    assert 'content="{&quot;unrolled&quot;' in (folder / "training.html").read_text("utf-8")
    return shown


def test_the_commands_show_a_recorded_training(monkeypatch, tmp_path):
    shutil.copy(RECORDED, tmp_path / "training.npz")
    lines = follow(monkeypatch, tmp_path).splitlines()
    assert lines[0].split()[:2] == ["step", "level"]
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["1", "l0"],
        ["1", "l0_reverse"],
        ["1", "l1"],
    ]
    assert "no whole recording" in run("open", ROOT / "README.md", code=2)
    assert "cannot read" in run("open", "nothing.npz", code=2)
    assert "name one of the modules 'rnn'" in run("open", "training.npz", "--module", "a", code=2)


@pytest.mark.frameworks
def test_the_page_is_followed_from_the_model_to_the_numbers(monkeypatch, tmp_path):
    for n, snippet in enumerate(SNIPPETS):
        command = [sys.executable, "-c", snippet]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
        if n == 0:
            assert follow(monkeypatch, tmp_path).count(" l1 ") == 10
    levels, shape, difference = ran.stdout.splitlines()
    assert (levels, shape) == ("('l0', 'l1')", "(10, 2, 25)")
    assert float(difference) < 1e-5
