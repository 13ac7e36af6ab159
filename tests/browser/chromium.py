"""Find a Chromium or Chrome for the browser tests, or install one.

The headless shell is the same browser without windows. A page of its own costs less than half of
what it costs in the others, so that it is the one that is looked for first.

``python -m tests.browser.chromium`` exits 0 once there is one to use, and otherwise
says what to do and exits 1. On Debian it also installs the headless shell beside another browser,
and Chinese letters where there are none, for the screenshots; the tests can do without.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.packages import apt_commands, succeeds

SHELL = "chromium-headless-shell"
COMMANDS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

APPLICATIONS = tuple(
    folder / f"{name}.app/Contents/MacOS/{name}"
    for folder in (Path("/Applications"), Path.home() / "Applications")
    for name in ("Chromium", "Google Chrome")
)

FONTS = ("fonts-liberation", "fonts-wqy-microhei")

HELP = """\
The browser tests need Chromium or Chrome: none was found, and none could be installed.
Install one, so that it is on the PATH, and try again:
  Debian          sudo apt-get install chromium-headless-shell
  Fedora          sudo dnf install chromium
  macOS           brew install --cask google-chrome
  elsewhere       .venv/bin/playwright install --with-deps chromium"""


def find() -> Path | None:
    """Return the first browser that runs: on the PATH, as an application, or Playwright's own."""
    return next((path for path in _candidates() if _runs(path)), None)


def install() -> Path | None:
    """Install a browser, by the system's packages if that may be done, else by Playwright."""
    for commands in (
        apt_commands(SHELL, *FONTS),
        apt_commands("chromium", *FONTS),
        _playwright_commands(),
    ):
        if all(succeeds(command) for command in commands) and (found := find()):
            return found
    return None


def main() -> int:
    """Make sure that there is a browser, and say so if there is not."""
    found = find()
    if not (found or install()):
        print(HELP, file=sys.stderr)
        return 1
    if found and not shutil.which(SHELL):
        all(succeeds(command) for command in apt_commands(SHELL))
    if not _has_chinese_letters():
        all(succeeds(command) for command in apt_commands(*FONTS))
    return 0


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in COMMANDS if (found := shutil.which(name)))
    yield from (path for path in APPLICATIONS if path.exists())
    yield from _downloaded()


def _downloaded() -> list[Path]:
    """Return the browsers that Playwright downloaded earlier, the shells and the newest first."""
    if sys.platform == "darwin":
        default = Path.home() / "Library/Caches/ms-playwright"
        executable = "chrome-mac*/*.app/Contents/MacOS/*"
    else:
        default = Path.home() / ".cache/ms-playwright"
        executable = "chrome-linux*/chrome"
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    shells = folder.glob("chromium_headless_shell-*/chrome-headless-shell-*/chrome-headless-shell")
    return [*_newest_first(shells), *_newest_first(folder.glob(f"chromium-*/{executable}"))]


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    def revision(path: Path) -> int:
        number = re.search(r"/chromium\w*-(\d+)/", path.as_posix())
        return int(number[1]) if number else 0

    return sorted(paths, key=revision, reverse=True)


def _runs(path: Path) -> bool:
    """Tell whether it is a browser, and not a stub that only says how to get one."""
    try:
        ran = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0 and "Chrom" in ran.stdout


def _has_chinese_letters() -> bool:
    """Tell whether a font has them; where fontconfig is not what finds fonts, assume so."""
    if not shutil.which("fc-list"):
        return True
    ran = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, timeout=60, check=False)
    return bool(ran.stdout.strip())


def _playwright_commands() -> list[list[str]]:
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


if __name__ == "__main__":
    sys.exit(main())
