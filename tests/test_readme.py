"""The README's commands and snippets run, and print what it shows."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from tests.proxies import free_port
from unrolled.app.settings import Settings
from unrolled.engine import DeepNetwork, NetworkConfig, Training, TrainingRun

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.S)
COMMANDS = sorted(
    {
        *re.findall(r"^make.*$", "\n".join(re.findall(r"```sh\n(.*?)```", README, re.S)), re.M),
        *re.findall(r"`(make[^`]*)`", README),
    }
)
SHELL = re.findall(r"^\.venv/bin/unrolled .*$", README, re.M)
WINDOWS = re.findall(r"^py (.*)$", README, re.M)
SERVING = [command for command in COMMANDS if re.fullmatch(r"make( [A-Z]+=\S+)*", command)]


def outside_make() -> dict[str, str]:
    """The environment, as it was before a make that may be running these tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_every_snippet_runs(snippet: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", snippet],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout


def test_the_first_snippet_prints_what_its_comments_promise() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SNIPPETS[0]], capture_output=True, text=True, cwd=ROOT
    )
    assert ran.stdout.splitlines()[-1] == "vanishing"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_make_command_has_a_target(command: str) -> None:
    ran = subprocess.run(
        [*command.split(), "--dry-run"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=outside_make(),
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.delivery
@pytest.mark.parametrize("command", SERVING)
def test_make_serves_the_lab_and_prints_its_address(command: str) -> None:
    port = str(free_port())
    words = [re.sub(r"^PORT=.*", f"PORT={port}", word) for word in command.split()]
    environment = {**outside_make(), "PORT": port}
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert f":{port}" in process.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as response:
            assert json.load(response) == {"status": "ok"}
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.delivery
@pytest.mark.parametrize("command", SHELL)
def test_every_shell_command_runs(tmp_path: Path, command: str) -> None:
    words = shlex.split(command)
    program = Path(sys.executable).with_name(Path(words[0]).name)
    if "--checkpoint" in words:
        run = TrainingRun(Training(length=4, hidden_size=5, steps=1))
        run.checkpoint().save(tmp_path / "recall.npz")
    if "--weights" in words:
        network = DeepNetwork.random(NetworkConfig(cell="gru"), 5, 5, layers=2)
        save_file(network.state_dict(), tmp_path / "model.safetensors")
        (tmp_path / "tokens.txt").write_text("\n".join("a tex"), encoding="utf-8")
    if "open" in words:
        shutil.copy(ROOT / "tests/reference/recordings/packed-lstm.npz", tmp_path / "training.npz")
    before = set(tmp_path.iterdir())
    ran = subprocess.run(
        [program, *words[1:]], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout
    written = sorted(path.name for path in {*tmp_path.iterdir()} - before)
    out = words[words.index("--out") + 1] if "--out" in words else ""
    expected = [f"{out}.html", f"{out}.npz"] if words[1] == "train" else [out] * bool(out)
    assert written == expected


@pytest.mark.delivery
@pytest.mark.timeout(400)
def test_the_lines_for_windows_serve_the_lab(tmp_path: Path) -> None:
    install, serve = (line.split() for line in WINDOWS)
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    for name in ("app", "engine", "static", "templates", "unrolled"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    process = subprocess.Popen(
        [sys.executable, *serve, "--port", "0"],
        cwd=tmp_path,
        env={name: each for name, each in outside_make().items() if name != "VIRTUAL_ENV"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        address = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert address
        with urllib.request.urlopen(f"{address[0]}/healthz", timeout=20) as response:
            assert json.load(response) == {"status": "ok"}
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)


def make_test(chosen: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "test", f"ARGS=-n 0 {chosen}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=outside_make(),
        check=False,
    )


@pytest.mark.delivery
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "chosen", ["tests/app/runs/test_frames.py", "tests/browser/test_chromium.py"]
)
def test_make_test_runs_tests_with_and_without_a_browser(chosen: str) -> None:
    assert "make test" in COMMANDS
    ran = make_test(chosen)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(re.findall(r"\d+ passed", ran.stdout)) == 2, ran.stdout  # Deno's, and pytest's


@pytest.mark.delivery
@pytest.mark.timeout(400)
def test_make_test_fails_where_a_test_fails_and_where_none_ran(tmp_path: Path) -> None:
    failing = tmp_path / "test_failing.py"
    failing.write_text("def test_it(): assert False")
    assert make_test(str(failing)).returncode != 0
    none = make_test("-k nothing_at_all tests/app/runs/test_frames.py")
    assert none.returncode != 0
    assert "0 selected" in none.stdout


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(UNROLLED_\w+)` \| (.*?) \|", README, re.M))
    fields = {f"UNROLLED_{name.upper()}": field for name, field in Settings.model_fields.items()}
    for alias in ("HOST", "PORT"):
        assert f"`{alias}`" in README
        del fields[f"UNROLLED_{alias}"]
    assert set(rows) == set(fields)
    for name, field in fields.items():
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        assert json.loads(rows[name]) == default, name


def test_every_picture_and_link_exists() -> None:
    paths = re.findall(r"(?:src|srcset)=\"([^\"]+)\"", README) + re.findall(
        r"\]\(([^)#]+)\)", README
    )
    assert paths
    for path in paths:
        assert path.startswith("http") or (ROOT / path).exists(), path
