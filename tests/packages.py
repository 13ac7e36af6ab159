"""Install what the tests need and this machine has not, where that may be done without asking."""

import os
import platform
import shutil
import subprocess


def apt_commands(*packages: str) -> list[list[str]]:
    """Return how Debian installs packages; nothing elsewhere, or where that needs a password.

    Ubuntu is elsewhere: its package is a stub for a snap, which tests cannot drive.
    """
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return []
    names = {system["ID"], *system.get("ID_LIKE", "").split()}
    if "debian" not in names or "ubuntu" in names or not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        root = []
    elif shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        root = ["sudo", "-n"]
    else:
        return []
    return [
        [*root, "apt-get", "update", "-qq"],
        [*root, "apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages],
    ]


def succeeds(command: list[str]) -> bool:
    if command[-1] != "true":
        print("Installing for the tests:", " ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            timeout=900,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0
