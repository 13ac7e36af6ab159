"""The sunspots of three centuries."""

import numpy as np
import pytest

from unrolled.engine.tasks import task
from unrolled.engine.tasks.series import FIRST_ASKED, FIRST_YEAR, sunspots


def test_the_series_is_whole():
    values = sunspots()
    assert values.shape == (309,) and np.isfinite(values).all()
    assert values[0] == 0.05 and values[1957 - FIRST_YEAR] == pytest.approx(1.902)


def test_the_target_of_each_year_is_the_next_year(rng):
    batch = task("series", 20).draw(rng, 30)
    assert (batch.targets[:-1] == batch.x[1:]).all()


def test_the_probes_are_later_than_the_training_years(rng):
    found = task("series", 100)
    batch = found.draw(rng, 500)
    known = sunspots()[: FIRST_ASKED - FIRST_YEAR]
    starts = [
        int(np.flatnonzero((known[:-99][:, None] == x[0]).ravel())[0]) for x in batch.x[:, 0:1].T
    ]
    assert starts
    assert set(batch.x.ravel()) | set(batch.targets.ravel()) <= set(known)
    later = sunspots()[FIRST_ASKED - FIRST_YEAR :]
    for b in range(3):
        window = np.array([float(text) for text in found.reads(found.probes, b)])
        gaps = [np.abs(later[k : k + 100] - window).max() for k in range(len(later) - 99)]
        assert min(gaps) <= 0.005 + 1e-12


def test_the_baseline_is_the_loss_of_the_best_line_through_this_year(rng):
    found = task("series")
    batch = found.draw(rng, 5_000)
    x, targets = batch.x.ravel(), batch.targets.ravel()
    slope, offset = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), targets)[0]
    loss = 0.5 * np.mean((slope * x + offset - targets) ** 2)
    assert loss == pytest.approx(found.baseline, rel=0.03)
