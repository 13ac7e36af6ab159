"""Trained networks in a folder that processes share."""

import numpy as np
import pytest

from tests.app.training.test_checkpoint_store import checkpoints_of
from unrolled.app.errors import MessageError
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.shared_networks import SharedNetworks

RUN, OTHER = "a" * 32, "b" * 32
MOST = 2**28


def store(folder, most=MOST):
    """The store of one process."""
    return Checkpoints(MOST, SharedNetworks(folder, most))


def names_in(folder):
    return {path.name for path in folder.iterdir()}


def test_a_network_that_one_process_keeps_is_found_by_another_and_by_one_that_starts_later(
    tmp_path,
):
    one, other = store(tmp_path), store(tmp_path)
    for checkpoint in checkpoints_of(cell="gru"):
        one.keep(RUN, checkpoint)
    for each in (other, store(tmp_path)):
        found = each.get(f"{RUN}-5")
        assert found.told() == checkpoint.told()
        np.testing.assert_array_equal(found.network.W_hy, checkpoint.network.W_hy)
        assert each.get(f"{RUN}-5") is found
    with pytest.raises(MessageError, match="train it again"):
        other.get(f"{RUN}-6")


def test_there_are_as_many_files_as_networks_that_the_process_keeps(tmp_path):
    kept = store(tmp_path)
    for checkpoint in checkpoints_of(steps=300):
        kept.keep(RUN, checkpoint)
    assert names_in(tmp_path) == {f"{RUN}-{step}" for step in kept.steps(RUN)}


def test_the_files_have_a_limit_and_those_of_a_large_run_give_way_first(tmp_path):
    small, large = list(checkpoints_of()), list(checkpoints_of(hidden_size=40, steps=20))
    kept = store(tmp_path)
    kept.keep(OTHER, large[0])
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    kept = store(tmp_path, most=8 * size)
    for checkpoint in small:
        kept.keep(RUN, checkpoint)
    for checkpoint in large:
        kept.keep(OTHER, checkpoint)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 9 * size
    assert {f"{RUN}-{step}" for step in range(6)} <= names_in(tmp_path)
    assert f"{OTHER}-20" in names_in(tmp_path)


@pytest.mark.parametrize("name", ["../secret-1", "..", "secret-1", f"{RUN}-1/../{RUN}-1", ""])
def test_no_other_file_is_read(tmp_path, name):
    folder = tmp_path / "networks"
    folder.mkdir()
    for checkpoint in checkpoints_of(steps=1):
        checkpoint.save(tmp_path / "secret-1")
        checkpoint.save(folder / "secret-1")
    with pytest.raises(MessageError):
        store(folder).get(name)


def test_a_folder_that_takes_no_file_ends_no_training(tmp_path, caplog):
    kept = store(tmp_path / "absent")
    (checkpoint, *_) = checkpoints_of(steps=1)
    kept.keep(RUN, checkpoint)
    assert kept.get(f"{RUN}-0") is checkpoint
    assert "other processes do not know" in caplog.text
