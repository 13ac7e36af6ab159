"""The Dockerfile, followed as far as a machine without a container engine can follow it."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.proxies import free_port

ROOT = Path(__file__).parents[1]


def steps() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions, each with its arguments, as they stand."""
    lines = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", lines)
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line]


def arguments(name: str) -> list[str]:
    return [rest for instruction, rest in steps() if instruction == name]


def environment() -> dict[str, str]:
    words = (word for rest in arguments("ENV") for word in shlex.split(rest))
    return dict(word.split("=", 1) for word in words)


def sources() -> list[str]:
    copied = [rest for rest in arguments("COPY") if not rest.startswith("--from=")]
    return [source for rest in copied for source in rest.split()[:-1]]


def is_ignored(path: str) -> bool:
    """Tell whether .dockerignore keeps a path out; the last line that matches decides."""
    ignored = False
    parts = Path(path).parts
    for line in (ROOT / ".dockerignore").read_text().split():
        pattern = line.removeprefix("!").removeprefix("**/")
        names = parts if line.startswith("**/") else parts[:1]
        if any(fnmatchcase(name, pattern) for name in names):
            ignored = not line.startswith("!")
    return ignored


def copy(rest: str, workdir: Path) -> None:
    """Do what COPY does: of a folder it takes what is inside."""
    *names, target = rest.split()
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name,
                workdir / target,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        else:
            shutil.copy(ROOT / name, workdir / target)


@dataclass(frozen=True)
class Image:
    """The result of a stage: its root, and the environment of its commands."""

    root: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Follow the steps that copy, build and install, each stage in an environment of its own."""
    stages: list[Path] = []
    workdir = Path()
    env: dict[str, str] = {}
    for instruction, rest in steps():
        if instruction == "FROM":
            workdir = root = tmp_path_factory.mktemp("stage")
            stages.append(root)
            venv.create(root / "venv", with_pip=True)
            path = f"{root / 'venv/bin'}{os.pathsep}{os.environ['PATH']}"
            own = ("PYTHON", "VIRTUAL_ENV")
            inherited = {k: v for k, v in os.environ.items() if not k.startswith(own)}
            env = {**inherited, **environment(), "PATH": path}
        elif instruction == "WORKDIR":
            workdir = root / rest.lstrip("/")
            workdir.mkdir(parents=True, exist_ok=True)
        elif instruction == "COPY" and rest.startswith("--from="):
            _, source, target = rest.split()
            shutil.copytree(stages[0] / source.lstrip("/"), root / target.lstrip("/"))
        elif instruction == "COPY":
            copy(rest, workdir)
        elif instruction == "RUN" and re.search("pip install|hatchling build", rest):
            command = re.sub(r"--mount=\S+\s+", "", rest).replace(" /wheel", f" {root}/wheel")
            ran = subprocess.run(
                ["sh", "-c", command], cwd=workdir, env=env, capture_output=True, text=True
            )
            assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    return Image(root, env)


@pytest.fixture(scope="module")
def container(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start the image's command on a free port; yield its environment once it listens."""
    port = free_port()
    env = {**image.environment, "PORT": str(port)}
    (command,) = arguments("CMD")
    log = tmp_path_factory.mktemp("container") / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            json.loads(command), cwd=image.root, env=env, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + 30
        while True:
            assert process.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
        yield env
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize("source", sources())
def test_everything_it_copies_exists_and_is_sent_to_the_builder(source: str) -> None:
    assert (ROOT / source).exists()
    assert not is_ignored(source)


def test_the_builder_is_sent_nothing_else() -> None:
    sent = {path.name for path in ROOT.iterdir() if not is_ignored(path.name)}
    assert sent <= set(sources())
    assert is_ignored("app/__pycache__/main.cpython-313.pyc")


def test_it_listens_to_the_outside_on_the_port_it_exposes() -> None:
    assert environment()["HOST"] == "0.0.0.0"
    assert arguments("EXPOSE") == [environment()["PORT"]]


def test_every_stage_begins_with_the_same_image_which_is_named_by_its_digest() -> None:
    (base,) = {rest.removesuffix(" AS build") for rest in arguments("FROM")}
    assert re.fullmatch(r"python:[\w.-]+@sha256:[0-9a-f]{64}", base)


def test_it_does_not_run_as_root() -> None:
    names = [name for name, _ in steps()]
    assert arguments("USER") not in ([], ["root"], ["0"])
    assert max(i for i, name in enumerate(names) if name == "RUN") < names.index("USER")


@pytest.mark.delivery
@pytest.mark.timeout(400)
def test_its_steps_install_the_lab_with_its_assets(image: Image) -> None:
    (package,) = (image.root / "venv").glob("lib/*/site-packages/unrolled/app")
    assert {path.name for path in (package / "_assets").iterdir()} == {"static", "templates"}
    installed = {path.name.partition("-")[0] for path in package.parents[1].glob("*.dist-info")}
    assert not installed & {"hatchling", "httpx", "pytest", "mypy"}
    help_ = subprocess.run(["unrolled", "--help"], env=image.environment, capture_output=True)
    assert help_.returncode == 0, help_.stderr


@pytest.mark.delivery
@pytest.mark.timeout(400)
def test_its_command_serves(container: dict[str, str]) -> None:
    with urlopen(f"http://127.0.0.1:{container['PORT']}/healthz", timeout=5) as answer:
        assert answer.status == 200
    with urlopen(f"http://127.0.0.1:{container['PORT']}/", timeout=5) as answer:
        assert b"<html" in answer.read()


def test_its_health_is_that_it_can_compute() -> None:
    assert "/readyz" in arguments("HEALTHCHECK")[0]


@pytest.mark.delivery
@pytest.mark.timeout(400)
def test_its_health_check_tells_a_server_from_none(container: dict[str, str]) -> None:
    (check,) = arguments("HEALTHCHECK")
    command = json.loads(check.split("CMD ", 1)[1])
    healthy = subprocess.run(command, env=container, capture_output=True)
    assert healthy.returncode == 0, healthy.stderr
    env = {**container, "PORT": str(free_port())}
    dead = subprocess.run(command, env=env, capture_output=True)
    assert dead.returncode != 0
