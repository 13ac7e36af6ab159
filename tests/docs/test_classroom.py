"""Every command and every name of a button in docs/classroom.md is right."""

import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.proxies import free_port
from tests.redis_server import RedisServer, missing
from tests.room import open_room
from unrolled.app.i18n.catalog import catalog
from unrolled.app.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/classroom.md").read_text(encoding="utf-8")
COMMANDS = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.S)).splitlines()


@contextmanager
def running(command: str, **environment: str) -> Iterator[str]:
    """Run a command that serves; yield what it tells first."""
    clean = {name: each for name, each in os.environ.items() if not name.startswith("MAKE")}
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        env=clean | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        yield process.stdout.readline()
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)


def test_the_lab_tells_the_address_for_phones() -> None:
    (command,) = (each for each in COMMANDS if "make" in each)
    port = free_port()
    with running(f"env {command}", PORT=f"{port}") as told:
        here = f"http://127.0.0.1:{port}"
        assert here in told
        with urllib.request.urlopen(f"{here}/join", timeout=20) as page:
            assert page.status == 200


@pytest.mark.delivery
@pytest.mark.skipif(bool(missing()), reason=missing())
def test_several_workers_serve_a_room() -> None:
    (setting,) = (each for each in COMMANDS if each.startswith("redis-cli"))
    (command,) = (each for each in COMMANDS if "--workers" in each)
    port = free_port()
    with RedisServer(append="no") as own:  # as packed
        cli = f"redis-cli -s {own.socket}"
        line = setting.replace("redis-cli", cli)
        assert subprocess.check_output(["bash", "-c", line], text=True) == "OK\nOK\n"
        own.kill()
        own.start()
        kept = subprocess.check_output(f"{cli} config get appendonly".split(), text=True)
        assert kept == "appendonly\nyes\n"
        command = command.replace("redis://127.0.0.1", own.url)
        with running(f"env {command}", PORT=f"{port}") as told:
            assert f":{port}" in told
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60)
            assert len(open_room(f"http://127.0.0.1:{port}")["code"]) == 6


@pytest.mark.delivery
@pytest.mark.skipif(not shutil.which("apt-get"), reason="Debian's apt-get is not here")
def test_debian_has_the_package_of_redis() -> None:
    (line,) = (each for each in COMMANDS if "apt-get" in each)
    as_root, *command = line.split()
    assert as_root == "sudo"
    found = subprocess.run([*command, "--simulate"], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


def test_the_command_for_a_server_starts_what_there_is() -> None:
    (command,) = (each for each in COMMANDS if "docker" in each)
    assert re.fullmatch(r"DOMAIN=\S+ docker compose up --detach", command)
    text = (ROOT / "compose.yaml").read_text()
    assert "${DOMAIN:-" in text and {"lab", "redis", "proxy"} == {*yaml.safe_load(text)["services"]}


def test_every_button_and_setting_has_the_name_that_is_told() -> None:
    names = set(re.findall(r"UNROLLED_(\w+)", PAGE))
    assert names and {name.lower() for name in names} <= Settings.model_fields.keys()
    texts = {each.lower() for each in catalog().values()}
    before, _ = re.sub(r"\n\s*", " ", PAGE).split("## What is kept of students")
    told = {each.lower() for each in re.findall(r"\*\*(.+?)\*\*", before)}
    assert told and told - texts == set()
