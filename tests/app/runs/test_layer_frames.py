"""The frames of a run of several layers."""

import itertools

import numpy as np
import pytest

from tests.app.runs.test_run_frames import run
from unrolled import engine
from unrolled.engine.bptt.shares import verdict

DEEP = [
    {"layers": 3, "cell": "gru"},
    {"layers": 3, "layer": 2, "architecture": "many-to-many", "loss": 4},
    {"layers": 2, "directions": 2, "layer": 1, "cell": "lstm", "clip_norm": 0.1},
    {"directions": 2, "architecture": "one-to-many", "loss": "all"},
    {"layers": 2, "directions": 2, "layer": -1, "architecture": "many-to-many", "loss": 4},
    {"directions": 2, "layer": -1},
]


@pytest.mark.parametrize("fields", DEEP, ids=str)
def test_the_frames_carry_the_layer_in_front_and_the_shares_of_all(fields):
    trace = engine.deep_trace_of(engine.Experiment(**fields))
    (begin, _), (_, states), (loss, _), (_, gradients), (end, last) = run(fields)
    layers, directions = fields.get("layers", 1), fields.get("directions", 1)
    front = fields.get("layer", layers)
    assert [begin[each] for each in ("layers", "directions", "layer", "reverse")] == [
        *(layers, directions, abs(front), front < 0),
    ]
    own = (abs(front), front < 0)
    (level,) = (each for each in trace.levels if (each.layer, each.reverse) == own)
    np.testing.assert_array_equal(states["hidden"], level.hidden.astype("f4"))
    np.testing.assert_array_equal(gradients["log10_gradient_norm"], level.log10_gradient_norm)
    shares = trace.log10_shares()
    np.testing.assert_array_equal(gradients["log10_level_shares"], shares.T)
    np.testing.assert_array_equal(gradients["log10_share"], shares[trace.levels.index(level)])
    entering = trace.log10_entering_shares()
    np.testing.assert_array_equal(gradients["log10_level_entering"], entering.T)
    states_of_all = np.stack([each.hidden for each in trace.levels], axis=1)
    np.testing.assert_array_equal(states["level_hidden"], states_of_all.astype("f4"))
    if fields.get("cell") == "lstm":
        cell = trace.log10_cell_shares()[trace.in_front]
        np.testing.assert_array_equal(gradients["log10_cell_share"], cell)
        assert end["arrives"]["cell"]["first"] == cell[0]
    assert loss["timesteps"] == (trace.reached_losses + 1).tolist()
    first = shares[trace.levels.index(level)][-1 if front < 0 else 0]
    assert (end["loss"], end["verdict"]) == (trace.chosen_loss, verdict(first))
    assert end["arrives"]["first"] == first
    assert ("clip" in end and end["clip"] is not None) == ("clip_norm" in fields)
    if fields.get("loss") != "all":
        row = last["log10_share_matrix"][end["matrix_losses"].index(end["loss"])]
        np.testing.assert_allclose(row, gradients["log10_share"], rtol=1e-6)


@pytest.mark.parametrize("directions", [1, 2])
def test_a_run_that_overflows_ends_where_it_did(directions):
    fields = {
        **{"activation": "identity", "recurrent_scale": 10, "initialization": "identity"},
        **{"sequence": "ab" * 300, "layers": 2, "directions": directions, "hidden_size": 3},
    }
    frames = run(fields)
    kinds = [header["type"] for header, _ in frames]
    end = frames[-1][0]
    reached = ["forward", "backward"] if directions == 1 else []
    assert [kind for kind in kinds if kind in ("forward", "backward")] == reached
    assert (end["verdict"], end["loss"], end["rate"]) == ("none", None, None)
    assert (end["diverged_at"] == 1) == (directions == 2)


def test_a_run_that_is_no_longer_wanted_ends_between_two_layers():
    calls = itertools.count()
    kinds = [each["type"] for each, _ in run({"layers": 4}, lambda: next(calls) >= 2)]
    assert kinds == ["begin"]
    assert next(calls) == 3
