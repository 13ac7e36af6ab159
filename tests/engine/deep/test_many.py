"""A sweep of several layers has the norms of each network's own run."""

from dataclasses import replace

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine import Experiment

TRIED = [
    {"cell": "gru", "layers": 3, "layer": 1},
    {"cell": "lstm", "layers": 2, "directions": 2, "layer": -1},
    {"cell": "rnn", "layers": 2, "directions": 2, "layer": -2, "loss": 2, "truncate": 2},
    {"cell": "lru", "directions": 2, "loss": 3},
    {"cell": "rnn", "layers": 4, "loss": "all"},
    {"cell": "feedforward", "layers": 2},
]


@pytest.mark.parametrize("fields", TRIED, ids=str)
def test_every_network_of_a_sweep_has_the_norms_of_its_own_run(fields):
    architecture = "many-to-many" if "loss" in fields else "many-to-one"
    experiment = Experiment("abcab", hidden_size=4, architecture=architecture, **fields)
    found = engine.sweep(experiment, [0.5, 1.5], seeds=2)
    for i, scale in enumerate(found.recurrent_scale.tolist()):
        for j, seed in enumerate(found.seeds.tolist()):
            each = replace(experiment, recurrent_scale=scale, seed=seed)
            trace = engine.deep_trace_of(
                replace(each, loss="last" if each.loss == "all" else each.loss)
            )
            level = trace.levels[trace.in_front]
            row = trace.reached_losses.tolist().index(int(trace.chosen_loss) - 1)
            norms, at = level.log10_loss_gradient_norms[row], trace.read_at[int(level.reverse)][row]
            expected = norms[at:] if level.reverse else norms[: at + 1][::-1]
            np.testing.assert_allclose(
                found.log10_gradient_norms[i, j], expected, rtol=1e-10, atol=1e-12
            )


def test_a_network_of_layers_that_diverges_is_told_and_leaves_the_others():
    experiment = Experiment("ab" * 200, layers=2, hidden_size=3, activation="identity")
    found = engine.sweep(experiment, [0.5, 10.0], seeds=2)
    assert found.diverged.tolist() == [[False, False], [True, True]]
    assert np.isfinite(found.log10_gradient_norms[0, :, 0]).all()
