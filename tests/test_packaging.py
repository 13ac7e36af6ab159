import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"


def pins(lock: str) -> list[tuple[Requirement, str]]:
    """Return a lock's requirements, each with its options: the hashes."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", "").splitlines()
    parts = (line.partition(" --") for line in lines if line)
    return [(Requirement(pin), f"{dashes}{options}") for pin, dashes, options in parts]


def project() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for, by lock."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = table["optional-dependencies"]
    runtime = table["dependencies"] + extras["scripts"]
    own = {"unrolled[scripts]"}
    assert own <= set(extras["dev"])
    return {RUNTIME: runtime, DEV: runtime + [each for each in extras["dev"] if each not in own]}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*command, folder], cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(folder.glob("unrolled-*.whl"))) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("app", "app"),
        ("engine", "engine"),
        ("static", "app/_assets/static"),
        ("templates", "app/_assets/templates"),
    ],
)
def test_the_wheel_has_every_file_of(wheel: set[str], folder: str, place: str) -> None:
    files = [
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    ]
    assert files
    assert {f"{place}/{name}" for name in files} <= wheel


def test_the_wheel_has_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"app", "engine"}


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index" not in text and "find-links" not in text
    for requirement, options in pins(lock):
        assert [pin.operator for pin in requirement.specifier] == ["=="], requirement
        assert re.fullmatch(r"( *--hash=sha256:[0-9a-f]{64})+", options), requirement


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_a_lock_has_what_the_project_asks_for(lock: str) -> None:
    locked = {canonicalize_name(pin.name): pin.specifier for pin, _ in pins(lock)}
    for asked in map(Requirement, project()[lock]):
        (pin,) = locked[canonicalize_name(asked.name)]
        assert asked.specifier.contains(pin.version), f"{asked}: run `make lock`"


@pytest.mark.parametrize("lock", [RUNTIME, DEV])
def test_a_lock_leaves_out_what_only_the_bench_needs(lock: str) -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    frameworks = {Requirement(asked).name for asked in table["optional-dependencies"]["bench"]}
    assert frameworks == {"jax", "torch"}
    assert not frameworks & {canonicalize_name(pin.name) for pin, _ in pins(lock)}


def test_what_is_served_needs_nothing_that_only_tests_need() -> None:
    asked = {
        lock: {canonicalize_name(Requirement(each).name) for each in project()[lock]}
        for lock in (RUNTIME, DEV)
    }
    served = {canonicalize_name(pin.name) for pin, _ in pins(RUNTIME)}
    assert {"httpx", "hatchling", "pytest", "playwright"} <= asked[DEV] - asked[RUNTIME]
    assert not served & (asked[DEV] - asked[RUNTIME])


def test_what_is_served_is_what_is_tested() -> None:
    assert {str(pin) for pin, _ in pins(RUNTIME)} <= {str(pin) for pin, _ in pins(DEV)}


@pytest.mark.delivery
@pytest.mark.parametrize("system", ["windows", "macos"])
def test_every_pin_has_a_build_for(tmp_path: Path, system: str) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--target", str(tmp_path)]
    only = ["--python-platform", system, "--only-binary", ":all:", "--require-hashes"]
    ran = subprocess.run(
        [*command, *only, "-r", str(ROOT / RUNTIME)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert ("+ uvloop==" in ran.stderr) == (system != "windows")
    assert ("+ colorama==" in ran.stderr) == (system == "windows")
