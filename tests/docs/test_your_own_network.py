"""The page from a model in PyTorch to the picture: its snippets run, and its commands."""

import asyncio
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from tests.app.cli.test_results import run
from tests.app.routes.test_lab import opened
from unrolled.engine import DeepNetwork, NetworkConfig

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


async def drop(weights, numbers):
    """Drop the page's two files on the lab; return what it says of them, and the run's layers."""
    async with opened() as client:
        said: dict = {"name": None}
        for name, content in (("model.safetensors", weights), ("x.npy", numbers)):
            params = {"name": name, "checkpoint": said["name"] or ""}
            said = (await client.post("/api/network", params=params, content=content)).json()
        about = (await client.get("/api/checkpoint", params={"name": said["name"]})).json()
        run = (await client.post("/api/trace", json={"checkpoint": said["name"]})).json()
    return about, run["levels"]


@pytest.mark.anyio
async def test_a_file_of_weights_and_one_of_numbers_are_dropped_on_the_lab(tmp_path):
    network = DeepNetwork.random(NetworkConfig(cell="lstm"), 8, 8, layers=2)
    state = {
        name if name.startswith("head") else f"lstm.{name}": np.ascontiguousarray(each)
        for name, each in network.state_dict().items()
    }
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(100, 8)))
    about, levels = await drop(save(state), (tmp_path / "x.npy").read_bytes())
    assert (about["module"], about["layers"], about["data"]["shape"]) == ("lstm", 2, [100, 8])
    assert len(levels[0]["log10_gradient_norm"]) == 100


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


def test_the_help_of_open_says_how_its_file_is_made():
    said = run("open", "--help")
    assert "with unrolled.record(model)" in said
    assert 'recording.save("training.npz")' in said


@pytest.mark.frameworks
def test_the_page_is_followed_from_the_model_to_the_numbers(monkeypatch, tmp_path):
    for n, snippet in enumerate(SNIPPETS):
        command = [sys.executable, "-c", snippet]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
        if n == 0:
            assert follow(monkeypatch, tmp_path).count(" l1 ") == 10
        if n == 1:
            levels, shape, difference = ran.stdout.splitlines()
    assert (levels, shape) == ("('l0', 'l1')", "(10, 2, 25)")
    assert float(difference) < 1e-5
    files = ((tmp_path / name).read_bytes() for name in ("model.safetensors", "x.npy"))
    about, drawn = asyncio.run(drop(*files))
    assert (about["module"], about["layers"], len(drawn)) == ("lstm", 2, 2)
