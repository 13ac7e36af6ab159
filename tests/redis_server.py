"""A real Redis on a socket of its own: started, stopped and killed.

``python -m tests.redis_server`` exits 0 once there is one to use, and otherwise says what to do and
exits 1. Where it may, as root on Debian, it installs it.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.packages import apt_commands, succeeds

HELP = "redis-server is not here: on Debian, sudo apt-get install redis-server"


def missing() -> str:
    """Return what to do where there is no Redis, else nothing."""
    return "" if shutil.which("redis-server") else HELP


def main() -> int:
    """Make sure that there is a Redis, and say so if there is not."""
    if missing():
        all(succeeds(command) for command in apt_commands("redis-server"))
    if missing():
        print(HELP, file=sys.stderr)
    return int(bool(missing()))


class RedisServer:
    """A Redis with a file of settings; it appends to a file, as `compose.yaml` has it."""

    def __init__(self, append: str = "yes") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self.socket = self._folder / "socket"
        self.url = f"unix://{self.socket}"
        own = [
            "port 0",
            "unixsocket socket",
            f"dir {self._folder}",
            'save ""',
            f"appendonly {append}",
        ]
        (self._folder / "redis.conf").write_text("\n".join(own))
        self.start()

    def __enter__(self) -> "RedisServer":
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        command = ["redis-server", "redis.conf"]
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not self.socket.exists():
            assert self._process.poll() is None and time.monotonic() < deadline, "no Redis"
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


if __name__ == "__main__":
    sys.exit(main())
