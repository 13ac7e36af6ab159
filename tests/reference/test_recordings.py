"""Recorded trainings in PyTorch, against autograd's gradient of every state."""

from pathlib import Path

import numpy as np
import pytest

import unrolled
from unrolled.engine.recording.gradients import gradients_of

RECORDINGS = Path(__file__).with_name("recordings")
NAMES = ["packed-lstm", "batch-first-gru", "one-relu"]


def agree(recording, expected):
    moment = recording.moments[-1]
    found = gradients_of(moment)
    assert moment.step == 2
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(found.hidden, expected, rtol=1e-10, atol=1e-13)
    there = np.arange(expected.shape[2])[:, None] < moment.lengths
    with np.errstate(divide="ignore"):
        norms = np.where(there, np.log10(np.linalg.norm(expected, axis=-1)), np.nan)
    np.testing.assert_allclose(found.log10_norms, norms, rtol=0, atol=1e-10)
    assert found.difference < 1e-14


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_moment_has_the_gradients_of_autograd(name):
    with np.load(RECORDINGS / f"{name}-autograd.npz") as file:
        agree(unrolled.Recording.load(RECORDINGS / f"{name}.npz"), file["gradients"])


@pytest.mark.frameworks
@pytest.mark.parametrize("name", NAMES)
def test_hooks_on_a_training_record_it(name, tmp_path):
    import torch

    from tests.reference.make_recordings import recorded

    torch.set_default_dtype(torch.float64)
    try:
        recording, expected = recorded(name)
    finally:
        torch.set_default_dtype(torch.float32)
    agree(recording, expected)
    recording.save(tmp_path / "training.npz")
    agree(unrolled.Recording.load(tmp_path / "training.npz"), expected)
