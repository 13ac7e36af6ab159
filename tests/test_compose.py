"""The lab behind its proxy in containers, as far as a machine without a container engine goes."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.proxies import free_port
from unrolled.app.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"]
    return found


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return found


def test_the_container_is_read_only_unprivileged_and_limited(services: dict[str, Any]) -> None:
    lab = services["lab"]
    assert lab["read_only"] and lab["tmpfs"] == ["/tmp"]
    assert lab["cap_drop"] == ["ALL"] and "no-new-privileges:true" in lab["security_opt"]
    assert lab["mem_limit"] and lab["pids_limit"] and lab["ulimits"]["nofile"] >= 4096
    assert "ports" not in lab


def test_the_readmes_command_binds_the_lab_as_this_does(services: dict[str, Any]) -> None:
    lab, readme = services["lab"], " ".join((ROOT / "README.md").read_text().split())
    (command,) = re.findall(r"`docker build [^`]*(docker run [^`]*)`", readme)
    assert f"--memory {lab['mem_limit']}" in command
    assert f"--restart {lab['restart']}" in command
    assert "--read-only" in command and f"--tmpfs {lab['tmpfs'][0]}" in command


def test_both_come_back_after_a_crash_and_the_proxy_waits_for_the_lab(
    services: dict[str, Any],
) -> None:
    assert {service["restart"] for service in services.values()} == {"unless-stopped"}
    assert services["proxy"]["depends_on"]["lab"]["condition"] == "service_healthy"


def test_its_settings_are_settings(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in services["lab"]["environment"].items():
        monkeypatch.setenv(name, value)
    assert Settings().proxies == ("*",)
    assert (Settings().processes, Settings().redis) == (1, "redis://redis")


def test_the_rooms_redis_writes_down_what_it_is_told_before_it_answers(
    services: dict[str, Any],
) -> None:
    redis = services["redis"]
    assert "--appendonly yes" in " ".join(redis["command"])
    assert redis["volumes"] == ["rooms:/data"] and "ports" not in redis
    assert services["lab"]["depends_on"]["redis"]["condition"] == "service_healthy"


@pytest.fixture
def proxied(server: str, tmp_path: Path) -> Iterator[str]:
    """The address of the proxy's own configuration in a real Caddy, in front of a lab."""
    if not (caddy := shutil.which("caddy")):
        pytest.skip("caddy is not here: on Debian, sudo apt-get install caddy")
    url = f"http://127.0.0.1:{free_port()}"
    text = compose()["configs"]["caddyfile"]["content"]
    text = text.replace("{$$DOMAIN}", url).replace("lab:8000", urlsplit(server).netloc)
    config = tmp_path / "Caddyfile"
    config.write_text(text.replace("{\n", "{\n  admin off\n", 1))
    command = [caddy, "run", "--adapter", "caddyfile", "--config", str(config)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"HOME": str(tmp_path)})
    try:
        for _ in range(600):
            try:
                httpx.get(f"{url}/healthz")
                break
            except httpx.TransportError:
                assert process.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_its_proxy_serves_the_page_and_the_stream_and_bounds_a_body(proxied: str) -> None:
    assert "<html" in httpx.get(proxied).text
    stream = f"{proxied.replace('http', 'ws')}/api/stream"
    with connect(stream, origin=Origin(proxied), compression=None) as channel:
        channel.send('{"id": 1, "experiment": {}}')
        assert b'"begin"' in bytes(channel.recv(decode=False))
    # Caddy 2.6 says 502; it cuts the lab's own refusal short where that has come first.
    with suppress(httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        large = httpx.post(f"{proxied}/api/trace", content=b" " * 2_000_000)
        assert large.status_code in (413, 502)
    assert httpx.get(f"{proxied}/healthz").status_code == 200
