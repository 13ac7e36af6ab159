"""The weights of a small network in numbers: each by its name, with what the losses say of it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from unrolled.app.errors import MessageError
from unrolled.app.runs.frames import decode
from unrolled.app.runs.requests import TraceRequest
from unrolled.app.runs.run_frames import Asked, frames
from unrolled.app.settings import Settings
from unrolled.app.weights.matrices import answer, check, matrices, weights_of_run
from unrolled.engine import ARCHITECTURES, CELLS, Experiment, ExperimentError, trace_of


def told(experiment, weight=""):
    return json.loads(answer(experiment, weight))


@pytest.mark.parametrize("cell", CELLS)
def test_a_number_set_by_its_name_stands_where_the_name_was(cell):
    architecture = [*ARCHITECTURES][[*CELLS].index(cell) % len(ARCHITECTURES)]
    one = Experiment("ab %a", cell=cell, hidden_size=2, architecture=architecture)
    for k, matrix in enumerate(matrices(trace_of(one))):
        name = next(name for row in matrix.names for name in row if name)
        changed = told(replace(one, by_hand=f"{name} 0.75"))["matrices"][k]
        places = np.argwhere(changed["by_hand"])
        assert len(places) == 1, name
        i, j = places[0]
        assert (changed["names"][i][j], changed["values"][i][j]) == (name, 0.75)


@pytest.mark.parametrize(("attention", "more"), [("dot", 2), ("additive", 5)])
def test_the_matrices_of_attention_stand_before_the_readout(attention, more):
    fields = {"architecture": "encoder-decoder", "attention": attention}
    one = Experiment("abba", hidden_size=2, **fields)
    found = [*matrices(trace_of(one))][-2 - more : -2]
    assert {f"{each.letter}_{each.leads}" for each in found} == (
        {"W_qv", "W_qh"} | ({"W_a", "U_a", "v_a"} if more > 2 else set())
    )
    for each in found:
        for i, j in np.ndindex(2, len(each.columns)):
            body = told(replace(one, by_hand=f"{each.names[i][j]} 0.75"), each.names[i][j])
            changed = next(m for m in body["matrices"] if m["names"] == each.names)
            assert np.argwhere(changed["by_hand"]).tolist() == [[i, j]]
            assert changed["values"][i][j] == body["weight"]["value"] == 0.75
            gradient = pytest.approx(body["weight"]["gradient"], rel=1e-10, abs=1e-15)
            assert changed["gradients"][i][j] == gradient


def test_every_weight_of_a_cell_is_there_once_but_a_bias_that_only_adds_to_another():
    for cell, missing in (("rnn", 2), ("lstm", 8), ("gru", 0)):
        trace = trace_of(Experiment("abc", cell=cell, hidden_size=2))
        names = [name for each in matrices(trace) for row in each.names for name in row]
        weights = sum(each.size for each in trace.network.state_dict().values())
        assert len(set(names)) == len(names) == weights - missing


def test_a_weight_by_its_name_has_its_gradient_by_timestep_and_a_difference():
    one = Experiment("abab", hidden_size=2, architecture="many-to-many", clip_norm=1e-3)
    body = told(one, "W_hh_1_2")
    weight, matrix = body["weight"], body["matrices"][1]
    assert (matrix["letter"], matrix["leads"], matrix["names"][0][1]) == ("W", "hh", "W_hh_1_2")
    assert weight["value"] == matrix["values"][0][1]
    assert sum(weight["timesteps"]) == pytest.approx(matrix["gradients"][0][1], rel=1e-12)
    assert weight["difference"] == pytest.approx(weight["gradient"], rel=1e-7)
    assert body["loss"] == pytest.approx(np.nansum(trace_of(one).losses), rel=1e-15)
    W_hh = np.array(matrix["values"])
    (block,) = body["eigenvalues"]
    assert sum(block["real"]) == pytest.approx(np.trace(W_hh))


def test_a_word_that_is_not_read_and_a_large_network_are_refused():
    small = Experiment("abab", hidden_size=2)
    with pytest.raises(MessageError, match="a word that is not read"):
        answer(small, "W_xh_1_z")
    with pytest.raises(ExperimentError, match="hidden_size must be a whole number from 1 to 4"):
        check(replace(small, hidden_size=5))
    with pytest.raises(MessageError, match="65 different tokens"):
        check(replace(small, sequence=" ".join(map(str, range(65))), tokens="words"))


def brought(experiment, weight):
    """Return the weights that a run brings in its last frame."""
    request = TraceRequest(1, experiment.named(), weight=weight)
    asked = Asked(weights=weights_of_run(weight))
    *_, end = frames(request, Settings(), lambda: False, None, None, asked)
    return decode(end)[0]["weights"]


@pytest.mark.parametrize("fields", [{"cell": "lstm"}, {"clip_norm": 1e-3}, {"hidden_size": 3}])
def test_a_run_brings_the_weights_that_are_asked_for_apart(fields):
    one = Experiment(**{"sequence": "abab", "hidden_size": 2, **fields})
    for weight in ("", "b_y_a"):
        found = told(one, weight)
        del found["made_by"]
        assert brought(one, weight) == found
    assert brought(one, None) is None


def test_a_weight_that_is_gone_takes_the_others_not_with_it():
    one = Experiment("abab", hidden_size=2)
    for gone in ("W_xh_1_z", "W_hf_1_1", "nonsense"):
        assert brought(one, gone) == brought(one, "")
        assert brought(one, gone)["weight"] is None


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_size": 5},
        {"sequence": " ".join(map(str, range(65))), "tokens": "words"},
        {"sequence": "ab" * 51},
        {"layers": 2},
    ],
)
def test_a_run_that_is_too_large_brings_no_weights(fields):
    assert brought(Experiment(**{"sequence": "abab", "hidden_size": 2, **fields}), "") is None


def test_weights_of_numbers_that_overflow_are_told_without_them():
    large = " ".join(f"W_hh_{i}_{j} 1000" for i in (1, 2) for j in (1, 2))
    one = Experiment("ab" * 50, hidden_size=2, activation="identity", by_hand=large)
    found = brought(replace(one, architecture="many-to-many"), "W_hh_1_1")
    assert found["weight"]["difference"] is None
    json.dumps(found, allow_nan=False)
