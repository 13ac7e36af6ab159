import itertools
import time

import numpy as np
import pytest

from unrolled import engine
from unrolled.app.runs import run_frames
from unrolled.app.runs.frames import Error, decode
from unrolled.app.runs.requests import TraceRequest
from unrolled.app.settings import Settings
from unrolled.app.stopwatch import Stopwatch
from unrolled.engine.bptt.adjoint import adjoint_of


@pytest.fixture(autouse=True)
def in_one_piece(monkeypatch):
    """However slow the machine is, no run comes in pieces, unless a test asks for it."""
    monkeypatch.setattr(run_frames, "CHUNK_SECONDS", np.inf)


def run(fields, cancelled=lambda: False):
    return [decode(f) for f in run_frames.frames(TraceRequest(5, fields), Settings(), cancelled)]


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_the_frames_carry_the_trace_in_order(cell, architecture):
    fields = {"cell": cell, "architecture": architecture}
    trace = engine.trace(**fields)
    frames = run(fields)
    assert [h["type"] for h, _ in frames] == ["begin", "forward", "loss", "backward", "end"]
    assert {h["id"] for h, _ in frames} == {5}
    (begin, _), (forward, states), (loss, losses), (_, gradients), (end, last) = frames
    timesteps = np.nonzero(trace.targets >= 0)[0]
    assert tuple(begin["tokens"]) == trace.tokens
    assert begin["targets"] == trace.targets.tolist()
    np.testing.assert_array_equal(states["hidden"], trace.hidden.astype("f4"))
    for gate, values in trace.gates.items():
        np.testing.assert_array_equal(states[f"gate_{gate}"], values.astype("f4"))
    assert forward["outputs"] == loss["timesteps"] == (timesteps + 1).tolist()
    np.testing.assert_array_equal(
        states["probabilities"], trace.probabilities[timesteps].astype("f4")
    )
    np.testing.assert_array_equal(losses["loss"], trace.losses[timesteps])
    np.testing.assert_array_equal(gradients["log10_gradient_norm"], trace.log10_gradient_norm)
    assert ("log10_cell_share" in gradients) == ("c" in engine.CELLS[cell].states)
    for s, row in zip(timesteps + 1, last["log10_share_matrix"], strict=True):
        np.testing.assert_array_equal(row, trace.log10_share(int(s)).astype("f4"))
    assert end["matrix_losses"] == (timesteps + 1).tolist()
    np.testing.assert_array_equal(gradients["log10_share"], trace.log10_share())
    assert (end["loss"], end["verdict"]) == (trace.chosen_loss, trace.verdict)


@pytest.mark.parametrize(
    "fields",
    [
        {"recurrent_scale": 1.5},
        {"cell": "lstm"},
        {"recurrent_scale": 0},
        {"activation": "relu", "recurrent_scale": 10, "sequence": "ab" * 500},
    ],
)
def test_the_end_says_what_theory_expects_where_it_expects_something(fields):
    *_, (end, _) = run(fields)
    expected = engine.mean_field(engine.trace(**fields))
    assert end["theory"] == (expected if expected is not None and np.isfinite(expected) else None)


def test_a_long_run_comes_in_pieces_that_join(monkeypatch):
    monkeypatch.setattr(run_frames, "CHUNK_SECONDS", 0.0)
    frames = run({"sequence": "abcdefg"})
    spans = {
        kind: [(h["from"], h["to"]) for h, _ in frames if h["type"] == kind]
        for kind in ("forward", "backward")
    }
    assert spans == {
        "forward": [(t, t) for t in range(1, 7)],
        "backward": [(t, t) for t in range(6, 0, -1)],
    }


def test_a_cancelled_run_stops_between_two_timesteps():
    calls = itertools.count()
    frames = run({"sequence": "ab" * 500}, lambda: next(calls) >= 10)
    assert [h["type"] for h, _ in frames] == ["begin"]


def test_a_large_run_stops_soon_after_it_is_cancelled():
    fields = {"sequence": "ab" * 1000, "hidden_size": 512, "cell": "lstm"}
    start = time.perf_counter()
    stream = run_frames.frames(
        TraceRequest(1, fields), Settings(), lambda: time.perf_counter() - start > 1
    )
    types = {decode(frame)[0]["type"] for frame in stream}
    assert "end" not in types


def test_a_matrix_too_large_to_see_is_sampled_evenly_and_says_so():
    end, arrays = run({"sequence": "ab" * 500, "architecture": "many-to-many", "hidden_size": 1})[
        -1
    ]
    assert end["matrix_timesteps"] == list(range(1, 1000, 3))
    assert end["matrix_losses"] == list(range(3, 1000, 3))
    assert arrays["log10_share_matrix"].shape == (333, 333)


def test_a_bad_experiment_is_refused_and_its_frame_names_the_field():
    with pytest.raises(engine.ExperimentError, match="perceptron") as refused:
        run({"cell": "perceptron"})
    header, arrays = decode(Error.of(5, refused.value).encode())
    assert (header["id"], header["type"]) == (5, "error")
    assert (header["field"], header["code"], arrays) == ("cell", "choice", {})


def test_a_state_that_overflows_ends_the_run_before_it():
    fields = {"activation": "relu", "recurrent_scale": 10, "sequence": "ab" * 250}
    frames = run(fields)
    trace = engine.trace(**fields)
    forward = [h for h, _ in frames if h["type"] == "forward"]
    assert forward[-1]["to"] == trace.diverged_at - 1
    end = frames[-1][0]
    assert (end["diverged_at"], end["verdict"], end["rate"]) == (trace.diverged_at, "none", None)
    assert not [h for h, _ in frames if h["type"] == "backward"]


def test_engine_seconds_count_the_making_of_the_network(monkeypatch):
    begin = engine.Run.of

    def slow(experiment):
        time.sleep(0.05)
        return begin(experiment)

    monkeypatch.setattr(engine.Run, "of", slow)
    assert 0.05 <= run({})[-1][0]["engine_seconds"] < 1


def test_one_timestep_has_no_rate_and_no_memory_no_reach():
    assert run({"sequence": "a", "target": "b"})[-1][0]["rate"] is None
    end = run({"cell": "feedforward"})[-1][0]
    own = pytest.approx(engine.trace(cell="feedforward").log10_gradient_norm[-1])
    assert end["arrives"] == {"reaches": 24, "first": None, "own": own, "cell": None}


def test_the_end_says_how_far_back_the_last_loss_reaches_along_the_cell_state():
    fields = {"cell": "lstm", "architecture": "many-to-many", "recurrent_scale": 0.5}
    trace = engine.trace(**{"sequence": "abcabcabc"}, **fields)
    norms = adjoint_of(trace, trace.reached_losses[-1:]).d_state.norms().log10()
    (*_, (end, _)) = run({"sequence": "abcabcabc"} | fields)
    share = norms[0, 1] - norms[-1, 1]
    cell = end["arrives"]["cell"]
    assert cell == {
        "reaches": 1,
        "first": pytest.approx(share),
        "own": pytest.approx(norms[-1, 1]),
        "verdict": engine.verdict(share),
    }


@pytest.mark.parametrize("loss", [333, "all", "last"])
def test_the_chosen_loss_has_a_row_in_a_matrix_that_shows_some(loss):
    fields = {"sequence": "ab" * 450, "architecture": "many-to-many", "hidden_size": 2}
    begin, *_, (end, arrays) = run(fields | {"loss": loss})
    trace = engine.trace(**fields, loss=loss)
    last = len(trace.tokens)
    assert begin[0]["experiment"]["loss"] == loss
    assert len(end["matrix_losses"]) <= 400 >= len(end["matrix_timesteps"])
    assert end["loss"] == (last if loss == "last" else loss)
    row = end["matrix_losses"].index(loss if loss == 333 else last)
    columns = np.array(end["matrix_timesteps"]) - 1
    shares = trace.log10_share(end["matrix_losses"][row])[columns]
    np.testing.assert_array_equal(arrays["log10_share_matrix"][row], shares.astype("f4"))


@pytest.mark.parametrize(("limit", "factor"), [(0.5, -0.7965), (100, 0)])
def test_the_end_says_what_clipping_makes_of_the_gradient_of_the_weights(limit, factor):
    clip = run({"clip_norm": limit})[-1][0]["clip"]
    assert clip["log10_norm"] == pytest.approx(0.4955, abs=1e-4)
    assert clip["log10_factor"] == pytest.approx(factor, abs=1e-4)
    assert run({})[-1][0]["clip"] is None


def test_the_beginning_says_which_timesteps_are_the_encoder_s():
    assert run({"sequence": "abc", "architecture": "encoder-decoder"})[0][0]["encoder"] == 3
    assert run({"sequence": "abc"})[0][0]["encoder"] == 0


@pytest.mark.parametrize("layers", [1, 2])
def test_the_frames_carry_the_numbers_that_are_predicted(layers):
    config = engine.NetworkConfig(cell="gru", hidden_size=4)
    deep = engine.DeepNetwork.random(config, 3, 2, layers=layers)
    x, y = np.random.default_rng(1).normal(size=(2, 6, 3))
    y[:2] = np.nan
    problem = engine.Problem.from_arrays(x, y[:, :2])
    given = engine.GivenRun(
        deep if layers > 1 else engine.Network(deep.layers[0], deep.W_hy, deep.b_y), problem
    )
    watch = Stopwatch()
    frames = [decode(f) for f in run_frames.frames_of(5, given, lambda: False, watch)]
    (_, _), (forward, states) = frames[:2]
    trace = engine.deep_trace(deep, problem)
    assert forward["outputs"] == [3, 4, 5, 6]
    assert "probabilities" not in states
    outputs = trace.levels[-1].hidden @ deep.W_hy.T + deep.b_y
    np.testing.assert_allclose(states["predicted"], outputs[2:], rtol=1e-15)
    np.testing.assert_array_equal(states["predicted"], trace.outputs[2:])
    assert np.isnan(trace.outputs[:2]).all()
