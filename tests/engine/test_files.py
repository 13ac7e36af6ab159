"""A file is whole or not there."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from unrolled.engine import files

OLD, NEW = b"old", b"new" * 5000


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow past ``size`` bytes, as on a disk that is full."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run.csv"
    path.write_bytes(OLD)
    return path


def test_a_file_takes_the_place_of_the_old_one_and_its_rights(file: Path) -> None:
    file.chmod(0o640)
    files.write(file, NEW)
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(file.parent) == [file.name]


def test_a_new_file_has_the_rights_that_open_gives(tmp_path: Path) -> None:
    files.write(tmp_path / "one", NEW)
    (tmp_path / "other").touch()
    assert (tmp_path / "one").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_on_a_full_disk_the_old_file_stays_and_nothing_is_beside_it(file: Path) -> None:
    with room_for(4096), pytest.raises(OSError, match="too large") as told:
        files.write(file, NEW)
    assert told.value.filename == str(file)
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == [file.name]


def test_a_link_goes_on_pointing_at_its_file(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    files.write(link, NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW


@pytest.mark.parametrize("do", [files.check, lambda path: files.write(path, NEW)])
@pytest.mark.parametrize("name", ["absent/run.csv", "folder", "x" * 300])
def test_a_file_that_cannot_be_written_is_named_as_it_was_given(tmp_path: Path, do, name) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError) as told:
        do(tmp_path / name)
    assert told.value.filename == str(tmp_path / name)
    assert os.listdir(tmp_path) == ["folder"]


def test_a_check_leaves_everything_as_it_is(file: Path) -> None:
    files.check(file)
    files.check(file.with_name("other"))
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == [file.name]


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "full.csv"
    link.symlink_to("/dev/full")
    files.check(link)
    with pytest.raises(OSError, match="No space left") as told:
        files.write(link, NEW)
    assert told.value.filename == str(link)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
