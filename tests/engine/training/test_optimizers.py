from pathlib import Path

import numpy as np
import pytest

from unrolled.engine.training.optimizers import OPTIMIZERS

REFERENCE = np.load(Path(__file__).parents[2] / "reference/optimizers.npz")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_updates_are_pytorchs(name):
    theta, optimizer = REFERENCE["start"].copy(), OPTIMIZERS[name](7)
    for d, expected in zip(REFERENCE["gradients"], REFERENCE[name], strict=True):
        optimizer.update(theta, d.copy(), float(REFERENCE["learning_rate"]))
        np.testing.assert_allclose(theta, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_of_0_learns_nothing(name):
    theta, optimizer = np.arange(3.0), OPTIMIZERS[name](3)
    optimizer.update(theta, np.ones(3), 0.0)
    assert theta.tolist() == [0, 1, 2]
