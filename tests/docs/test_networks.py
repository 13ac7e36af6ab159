"""The script that trains the networks of the lessons changes no file without a reason."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from docs.networks import main
from unrolled.engine import Training

SMALL = {"small": Training(task="recall", length=5, hidden_size=8, steps=30)}


def changed(file: Path, by: float) -> bytes:
    """A file whose weights are others by a relative difference."""
    with np.load(file) as arrays:
        all_of = dict(arrays)
    all_of["weight_hh_l0"] = all_of["weight_hh_l0"] * (1 + by)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **all_of)
    return content.getvalue()


@pytest.mark.parametrize(("by", "stays"), [(1e-14, True), (1e-5, False)])
def test_a_file_whose_numbers_agree_is_kept(tmp_path: Path, by: float, stays: bool) -> None:
    main(SMALL, tmp_path)
    weights, numbers = tmp_path / "small.npz", tmp_path / "numbers.json"
    weights.write_bytes(before := changed(weights, by))
    of = json.loads(numbers.read_text())
    of["small"]["final_loss"] *= 1 + by
    numbers.write_text(said := json.dumps(of, indent=2) + "\n")
    main(SMALL, tmp_path)
    assert (weights.read_bytes() == before) is stays
    assert (numbers.read_text() == said) is stays


def test_a_file_that_is_not_there_or_is_damaged_is_written(tmp_path: Path) -> None:
    (tmp_path / "small.npz").write_bytes(b"no network")
    main(SMALL, tmp_path)
    assert (tmp_path / "small.npz").stat().st_size > 1000
