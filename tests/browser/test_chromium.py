from pathlib import Path

import pytest

from tests.browser import chromium

BROWSER = "#!/bin/sh\necho Chromium 156.0\n"
STUB = "#!/bin/sh\necho 'chromium comes as a snap here' >&2\nexit 1\n"


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def installer(browser: Path) -> str:
    """Return a program that puts a browser there when it is told to install one."""
    return (
        "#!/bin/sh\n"
        'case "$*" in *install*chromium*)\n'
        f"printf '#!/bin/sh\\necho Chromium 156.0\\n' > {browser}; /bin/chmod +x {browser};;\n"
        "esac\n"
    )


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on the PATH, of a Debian machine that has no browser at all."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloaded"))
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.executable", str(program(folder / "python", "#!/bin/sh\nexit 1\n")))
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return folder


def test_nothing_is_found_where_there_is_no_browser(path: Path) -> None:
    assert chromium.find() is None


@pytest.mark.parametrize("command", chromium.COMMANDS)
def test_a_browser_on_the_path_is_found(path: Path, command: str) -> None:
    browser = program(path / command, BROWSER)
    assert chromium.find() == browser


def test_a_stub_that_does_not_run_is_passed_over(path: Path) -> None:
    program(path / "chromium-browser", STUB)
    browser = program(path / "google-chrome", "#!/bin/sh\necho Google Chrome 156.0\n")
    assert chromium.find() == browser


def test_an_application_is_found(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = program(tmp_path / "Google Chrome.app/Contents/MacOS/Google Chrome", BROWSER)
    monkeypatch.setattr(chromium, "APPLICATIONS", (tmp_path / "absent", browser))
    assert chromium.find() == browser


def test_the_newest_download_is_found(path: Path, tmp_path: Path) -> None:
    for revision in (999, 1255, 1001):
        program(tmp_path / f"downloaded/chromium-{revision}/chrome-linux64/chrome", BROWSER)
    assert chromium.find() == tmp_path / "downloaded/chromium-1255/chrome-linux64/chrome"


def test_a_browser_without_windows_comes_first(path: Path, tmp_path: Path) -> None:
    program(tmp_path / "downloaded/chromium-1300/chrome-linux64/chrome", BROWSER)
    downloaded = program(
        tmp_path / "downloaded/chromium_headless_shell-1255"
        "/chrome-headless-shell-linux64/chrome-headless-shell",
        BROWSER,
    )
    assert chromium.find() == downloaded
    program(path / "chromium", BROWSER)
    assert chromium.find() == path / "chromium"
    shell = program(path / chromium.SHELL, BROWSER)
    assert chromium.find() == shell


def test_it_is_installed_beside_another_browser(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(path / "chromium", BROWSER)
    program(path / "apt-get", installer(path / chromium.SHELL))
    assert chromium.main() == 0
    assert chromium.find() == path / chromium.SHELL


def test_another_browser_serves_where_it_cannot_be_installed(path: Path) -> None:
    browser = program(path / "chromium", BROWSER)
    program(path / "apt-get", "#!/bin/sh\nexit 1\n")
    program(path / "sudo", "#!/bin/sh\nexit 1\n")
    assert chromium.main() == 0
    assert chromium.find() == browser


def test_root_installs_the_package_of_the_system(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(path / "apt-get", installer(path / "chromium"))
    assert chromium.main() == 0
    assert chromium.find() == path / "chromium"


def test_a_user_installs_it_through_sudo_where_no_password_is_asked(path: Path) -> None:
    program(path / "apt-get", "#!/bin/sh\nexit 1\n")
    program(path / "sudo", installer(path / "chromium"))
    assert chromium.main() == 0


@pytest.mark.parametrize("system", [{"ID": "ubuntu", "ID_LIKE": "debian"}, {"ID": "fedora"}])
def test_other_systems_get_the_browser_of_playwright(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: dict[str, str]
) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: system)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(path / "apt-get", installer(path / "chromium"))
    browser = tmp_path / "downloaded/chromium-1255/chrome-linux64/chrome"
    browser.parent.mkdir(parents=True)
    program(path / "python", installer(browser))
    assert chromium.main() == 0
    assert chromium.find() == browser


@pytest.mark.parametrize(("found", "installs"), [("", True), ("echo /fonts/hei.ttc: Hei", False)])
def test_chinese_letters_are_installed_where_there_are_none(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: str, installs: bool
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(path / "chromium", BROWSER)
    program(path / "fc-list", f"#!/bin/sh\n{found}\n")
    asked = tmp_path / "asked"
    program(path / "apt-get", f'#!/bin/sh\necho "$@" >> {asked}\n')
    assert chromium.main() == 0
    assert (asked.exists() and "fonts-wqy-microhei" in asked.read_text()) == installs


def test_a_browser_serves_where_letters_cannot_be_installed(path: Path) -> None:
    program(path / "chromium", BROWSER)
    program(path / "fc-list", "#!/bin/sh\n")
    assert chromium.main() == 0


def test_without_a_way_to_install_one_it_says_what_to_do(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(path / "apt-get", installer(path / "chromium"))
    program(path / "sudo", "#!/bin/sh\nexit 1\n")
    assert chromium.main() == 1
    assert "sudo apt-get install chromium-headless-shell" in capsys.readouterr().err
