"""The command in a shell: any encoding, pipe, disk and interruption ends in a clear word."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled import engine

COMMAND = [sys.executable, "-m", "unrolled"]
ROOT = Path(__file__).parents[3]
QUICK = ["train", "--task", "recall", "--length", "3", "--hidden-size", "4", "--batch-size", "2"]


def run(*words: str, env: dict[str, str] | None = None, **given: Any):
    """The command as it ends; what it says is bytes."""
    asked: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | given
    return subprocess.run(
        [*COMMAND, *words], env={**os.environ, **(env or {})}, cwd=ROOT, check=False, **asked
    )


def one_sentence(said: bytes) -> str:
    text = said.decode()
    assert "Traceback" not in text and "╭" not in text
    assert len(text.splitlines()) == 1, text
    return text


def limited(size: int) -> list[str]:
    """Return a prefix that limits the files of a command to so many bytes."""
    code = (
        "import os, resource, sys;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
        "os.environ['PYTHONDONTWRITEBYTECODE'] = '1';"  # a part of a compiled module is of no use
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-c", code]


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii", "utf-16"])
def test_the_table_is_written_in_any_encoding(encoding: str) -> None:
    ran = run("trace", "a云éb", env={"PYTHONIOENCODING": encoding})
    assert ran.returncode == 0, ran.stderr
    head, *lines, _ = ran.stdout.decode(encoding).splitlines()
    norms = [float(line.split()[-2]) for line in lines]
    np.testing.assert_allclose(norms, engine.trace("a云éb").log10_gradient_norm, atol=0.001)
    assert ("log10 ||∂L/∂h_t||" in head) == (encoding == "utf-16")
    if encoding == "cp1252":
        assert "log10 ||dL/dh_t||" in head
        assert r"'\u4e91'" in lines[1]
        assert "'é'" in lines[2]


def test_the_help_is_written_in_any_encoding() -> None:
    ran = run("train", "--help", env={"PYTHONIOENCODING": "cp437"})
    assert ran.returncode == 0
    assert ran.stderr == b""
    assert "--help" in ran.stdout.decode("cp437")


@pytest.mark.parametrize("words", [["trace", "abc"], ["train", "--help"]])
def test_a_closed_pipe_is_no_error(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = run(*words, stdout=writing)
    os.close(writing)
    assert ran.stderr == b""
    assert ran.returncode == 1


@pytest.mark.parametrize("words", [["trace", "abc"], ["--help"]])
def test_a_full_disk_under_the_output_is_told(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        ran = run(*words, stdout=full)
    assert ran.returncode == 1
    assert "No space left on device" in one_sentence(ran.stderr)


def test_without_any_output_the_exit_code_reports_the_error() -> None:
    with open("/dev/full", "wb") as full:
        assert run("trace", "abc", stdout=full, stderr=full).returncode == 1
        assert run("trace", "abc", "--seed", "x", stdout=full, stderr=full).returncode == 2


def test_where_there_is_no_output_nothing_is_said_elsewhere() -> None:
    closed = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *COMMAND, "trace", "abc"], cwd=ROOT, capture_output=True
    )
    assert closed.returncode == 2
    assert "name a file with --out" in one_sentence(closed.stderr)


def test_a_server_serves_though_its_output_has_no_room() -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"],
            env={**os.environ, "HOST": "127.0.0.1"},
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert process.stderr
    address = re.search(r"http://[\d.:]+", process.stderr.readline().decode())
    assert address
    with urllib.request.urlopen(f"{address[0]}/healthz", timeout=20) as response:
        assert response.status == 200
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Traceback" not in rest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["trace", "abc", "--celll", "lstm"], "No such option: --celll"),
        (["trian"], "Did you mean 'train'"),
        (["trace", "abc", "--hidden-size", "x"], 'from 1 to 512, got "x"'),
        (["train", "--out", "absent/run"], "cannot write absent/run.html (No such file"),
    ],
)
def test_an_error_on_the_command_line_is_one_sentence(words: list[str], says: str) -> None:
    ran = run(*words)
    assert ran.returncode == 2
    assert says in one_sentence(ran.stderr)
    assert ran.stdout == b""


@pytest.mark.parametrize("ending", ["csv", "html"])
def test_on_a_full_disk_an_export_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"run.{ending}"
    out.write_text("old")
    words = [*limited(2048), *COMMAND, "trace", "the clouds are in the sky", "--out", str(out)]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert ran.returncode == 1
    assert f"cannot write {out} (File too large)" in one_sentence(ran.stderr)
    assert out.read_text() == "old"
    assert os.listdir(tmp_path) == [out.name]


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_a_training_that_is_stopped_keeps_what_it_has_learnt(tmp_path: Path, name: str) -> None:
    number = getattr(signal, name)
    process, terminal = on_a_terminal(*QUICK, "--steps", "100000", "--out", str(tmp_path / "kept"))
    assert re.search(rb"[1-9]\d*/100000", until(terminal, rb"[1-9]\d*/100000"))
    process.send_signal(number)
    drain(terminal)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    found = re.search(r"Stopped after ([\d,]+) of 100,000 steps", said.decode())
    checkpoint = engine.Checkpoint.load(tmp_path / "kept.npz")
    assert found and checkpoint.step == int(found[1].replace(",", ""))
    assert "plotly" in (tmp_path / "kept.html").read_text(encoding="utf-8")


def test_files_that_cannot_be_written_after_a_training_are_kept_elsewhere(tmp_path: Path) -> None:
    place, spare = tmp_path / "place", tmp_path / "spare"
    place.mkdir()
    spare.mkdir()
    words = [*QUICK, "--steps", "100000", "--out", str(place / "kept")]
    process, terminal = on_a_terminal(*words, env={"TMPDIR": str(spare)})
    until(terminal, rb"[1-9]\d*/100000")
    place.rmdir()
    process.send_signal(signal.SIGINT)
    told = drain(terminal).decode()
    process.communicate(timeout=60)
    (weights,) = spare.glob("*/kept.npz")
    (figure,) = spare.glob("*/kept.html")
    assert engine.Checkpoint.load(weights).step > 0
    for kept, wanted in ((weights, place / "kept.npz"), (figure, place / "kept.html")):
        sentence = f"cannot write {wanted} (No such file or directory): it is in {kept} instead"
        assert sentence in told.replace("\r\n", "\n")


def test_on_a_full_disk_the_weights_that_fit_are_kept(tmp_path: Path) -> None:
    words = [*QUICK, "--steps", "2", "--out", str(tmp_path / "kept")]
    ran = subprocess.run(
        [*limited(100_000), *COMMAND, *words], cwd=ROOT, capture_output=True, check=False
    )
    assert ran.returncode == 1
    assert "kept.html (File too large), nor in any other place" in one_sentence(ran.stderr)
    assert os.listdir(tmp_path) == ["kept.npz"]


@pytest.mark.parametrize("module", ["typer", "numpy", "unrolled.app.exports.tables"])
def test_ctrl_c_ends_a_trace_at_any_moment(tmp_path: Path, module: str) -> None:
    out = str(tmp_path / "run.html")
    command = [sys.executable, "-X", "importtime", Path(sys.executable).with_name("unrolled")]
    words = [*command, "trace", "ab" * 500, "--out", out]
    process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE)
    assert process.stderr
    for line in process.stderr:
        if line.split()[-1] == module.encode():
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in rest
    assert os.listdir(tmp_path) == []


def on_a_terminal(*words: str, env: dict[str, str] | None = None):
    """The command, begun, whose standard error is a terminal; and that terminal's other end."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, *words],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200", **(env or {})},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    return process, ours


def until(terminal: int, pattern: bytes) -> bytes:
    """Return the output of a terminal up to a pattern."""
    shown = b""
    while not re.search(pattern, shown):
        shown += os.read(terminal, 4096)
    return shown


def drain(terminal: int) -> bytes:
    """Return the output of a terminal until its program has ended."""
    shown = b""
    try:
        while more := os.read(terminal, 4096):
            shown += more
    except OSError:
        pass
    os.close(terminal)
    return shown
