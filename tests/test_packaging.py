import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
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
    runtime = table["dependencies"] + extras["keras"] + extras["redis"] + extras["scripts"]
    own = {"unrolled[keras,redis,scripts]"}
    assert own <= set(extras["dev"])
    return {RUNTIME: runtime, DEV: runtime + [each for each in extras["dev"] if each not in own]}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*command, folder], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("unrolled-*.whl"))


@pytest.fixture(scope="module")
def wheel(packed: Path) -> set[str]:
    """Return the names of the files in the wheel."""
    with ZipFile(packed) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("app", "unrolled/app"),
        ("engine", "unrolled/engine"),
        ("static", "unrolled/app/_assets/static"),
        ("templates", "unrolled/app/_assets/templates"),
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
    assert {top for top in tops if not top.endswith(".dist-info")} == {"unrolled"}


@pytest.mark.delivery
def test_it_works_beside_files_and_packages_called_app_and_engine(
    packed: Path, tmp_path: Path
) -> None:
    site, own = tmp_path / "site", tmp_path / "own"
    with ZipFile(packed) as archive:
        archive.extractall(site)
    refuse = "raise ImportError('another package')"
    for path in ("app/__init__.py", "app/main.py"):
        for folder in (site, own):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(refuse)
    for name in ("app.py", "engine.py"):
        (own / name).write_text(refuse)
    asks = {
        "trace": ["-m", "unrolled", "trace", "abc"],
        "lab": ["-c", "from unrolled.app.main import create_app; print(len(create_app().routes))"],
        "name": ["-c", "import unrolled; print(unrolled.__file__, unrolled.trace('abc').losses)"],
    }
    for what, command in asks.items():
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=own,
            env={"PYTHONPATH": str(site), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, f"{what}: {ran.stderr}"
    assert str(site / "unrolled") in ran.stdout


def test_a_checkout_without_symbolic_links_imports_the_same(tmp_path: Path) -> None:
    for name in ("app", "engine"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "unrolled").mkdir()
    (tmp_path / "unrolled/__init__.py").write_bytes((ROOT / "unrolled/__init__.py").read_bytes())
    for name in ("app", "engine"):
        (tmp_path / "unrolled" / name).write_text(f"../{name}")
    ran = subprocess.run(
        [sys.executable, "-c", "from unrolled import engine; print(engine.__file__)"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == str(tmp_path / "engine/__init__.py"), ran.stderr


def test_the_name_gives_the_public_names_of_the_engine_before_numpy_is_loaded() -> None:
    ask = (
        "import sys, unrolled; print('numpy' in sys.modules, unrolled.__version__);"
        "from unrolled import *; print(trace is unrolled.engine.trace)"
    )
    ran = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout.split() == ["False", version("unrolled"), "True"], ran.stderr


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


def test_the_server_needs_nothing_that_only_tests_need() -> None:
    asked = {
        lock: {canonicalize_name(Requirement(each).name) for each in project()[lock]}
        for lock in (RUNTIME, DEV)
    }
    served = {canonicalize_name(pin.name) for pin, _ in pins(RUNTIME)}
    assert {"httpx", "hatchling", "pytest", "playwright"} <= asked[DEV] - asked[RUNTIME]
    assert not served & (asked[DEV] - asked[RUNTIME])


def test_the_server_runs_with_the_versions_that_are_tested() -> None:
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


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == version("unrolled")
    assert citation["license"] == "MIT"


def test_no_example_imports_a_second_copy_of_the_code() -> None:
    second = re.compile(r">>> (?:from|import) (?:app|engine)\b")
    files = [
        path for folder in ("app", "engine", "unrolled") for path in (ROOT / folder).rglob("*.py")
    ]
    assert [str(path) for path in files if second.search(path.read_text(encoding="utf-8"))] == []
