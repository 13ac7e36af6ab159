"""Real proxies in front of a lab, configured by the snippets of docs/deployment.md.

``python -m tests.proxies`` exits 0 once there are both to use, and otherwise says what to do and
exits 1. Where it may, as root on Debian, it installs them.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.packages import apt_commands, succeeds

GUIDE = Path(__file__).parents[1] / "docs/deployment.md"
PREFIX = "/course/rnn"
PROGRAMS = ("nginx", "caddy")
HELP = "{name} is not here: on Debian, sudo apt-get install {name}"

_NGINX = """\
{user}
daemon off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {snippet}
}}
"""
_CADDY = """\
{{
    admin off
    auto_https off
}}
{snippet}
"""


def missing(kind: str) -> str:
    """Return what to do where the program of this proxy is not there, else nothing."""
    name = kind.partition("-")[0]
    return "" if _program(name) else HELP.format(name=name)


def main() -> int:
    """Make sure that there is every proxy, and say so if there is not."""
    wanted = [name for name in PROGRAMS if not _program(name)]
    if wanted and os.geteuid() == 0:
        all(succeeds(command) for command in apt_commands(*wanted))
    absent = [name for name in wanted if not _program(name)]
    for name in absent:
        print(HELP.format(name=name), file=sys.stderr)
    return int(bool(absent))


def settings(kind: str) -> dict[str, Any]:
    """Return what the lab is told behind a proxy of this kind."""
    return {"root_path": PREFIX} if kind.endswith("-kept") else {}


def snippet(kind: str) -> str:
    """Return what the guide has for a proxy; of `nginx-rewritten`, the line in place of Host's."""
    name, _, prefix = kind.partition("-")
    found = re.findall(rf"```{name}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    return found[("stripped", "kept", "rewritten").index(prefix)]


class Proxy:
    """A proxy on a free port of this machine, in front of a server on another."""

    def __init__(self, kind: str, port: int, change: tuple[str, str] = ("", "")) -> None:
        """``change`` puts one text in the place of another in the snippet."""
        name = kind.partition("-")[0]
        self._folder = Path(tempfile.mkdtemp(prefix="proxy-"))
        own = free_port()
        text = snippet(kind).replace(*change).replace(":8000", f":{port}")
        text = text.replace("listen 80", f"listen 127.0.0.1:{own}")
        text = text.replace("school.example", f"http://127.0.0.1:{own}")
        user = "user root root;" if os.geteuid() == 0 else ""
        whole = {"nginx": _NGINX, "caddy": _CADDY}[name]
        config = self._folder / "config"
        config.write_text(whole.format(user=user, folder=self._folder, snippet=text))
        arguments = {
            "nginx": ["-c", config, "-p", self._folder, "-e", "stderr"],
            "caddy": ["run", "--adapter", "caddyfile", "--config", config],
        }[name]
        self._log = (self._folder / "log").open("w+")
        self._process = subprocess.Popen(
            [str(_program(name)), *map(str, arguments)],
            cwd=self._folder,
            env={**os.environ, "HOME": str(self._folder), "XDG_CONFIG_HOME": str(self._folder)},
            stdout=self._log,
            stderr=self._log,
        )
        self.url = f"http://127.0.0.1:{own}{PREFIX}"
        self._wait(own)

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        self._log.close()
        shutil.rmtree(self._folder)

    def _wait(self, port: int) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                running = self._process.poll() is None and time.monotonic() < deadline
                assert running, (self._folder / "log").read_text()
                time.sleep(0.01)


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main())
