"""∂L/∂W, clipped and truncated."""

import itertools

import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from unrolled import engine
from unrolled.engine.bptt.weight_gradients import log10_norm_of
from unrolled.engine.numerics import scaled

EXPLODING = {"activation": "identity", "recurrent_scale": 10, "sequence": "ab" * 200}


def norm(gradients):
    return np.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_the_norm_before_clipping_is_that_of_all_gradients_together(cell, architecture):
    trace = engine.trace("abcab", cell=cell, architecture=architecture)
    expected = np.log10(norm(trace.weight_gradients))
    assert trace.log10_weight_gradient_norm == pytest.approx(expected, abs=1e-13)
    assert trace.log10_clip == 0


@pytest.mark.parametrize(
    ("cell", "architecture"), list(zip(engine.CELLS, itertools.cycle(engine.ARCHITECTURES)))
)
def test_gradients_of_a_large_vocabulary_agree_with_the_oracle(cell, architecture):
    many = "".join(map(chr, range(ord("A"), ord("A") + 50)))
    trace = engine.trace(many + "AZ", cell=cell, architecture=architecture, hidden_size=4)
    expected = oracle.gradients(trace)
    for name, gradient in oracle.engine_gradients(trace).items():
        assert oracle.relative_error(gradient, expected[name]) < 1e-10, name


@pytest.mark.parametrize("clip_norm", [1e-3, 0.25, 1])
def test_clipping_shortens_the_gradient_to_the_norm_and_keeps_its_direction(clip_norm):
    free, clipped = engine.trace("abcab"), engine.trace("abcab", clip_norm=clip_norm)
    assert norm(clipped.weight_gradients) == pytest.approx(clip_norm, rel=1e-12)
    assert clipped.log10_weight_gradient_norm == free.log10_weight_gradient_norm
    factor = 10**clipped.log10_clip
    for name, gradient in free.weight_gradients.items():
        assert clipped.weight_gradients[name] == pytest.approx(factor * gradient, rel=1e-12)


def test_a_gradient_within_the_norm_is_left_alone():
    free, clipped = engine.trace("abcab"), engine.trace("abcab", clip_norm=1e6)
    assert clipped.log10_clip == 0
    for name, gradient in free.weight_gradients.items():
        np.testing.assert_array_equal(clipped.weight_gradients[name], gradient)


def test_clipping_does_not_change_the_gradients_of_states():
    free, clipped = engine.trace(), engine.trace(clip_norm=0.01)
    np.testing.assert_array_equal(clipped.log10_gradient_norm, free.log10_gradient_norm)


def test_a_gradient_beyond_float64_is_clipped_to_a_finite_one():
    sequence = "a" + "b" * 300
    fields = {"activation": "identity", "recurrent_scale": 10, "input_scale": 0}
    free = engine.trace(sequence, **fields)
    clipped = engine.trace(sequence, **fields, clip_norm=5)
    assert free.log10_weight_gradient_norm > 250
    assert clipped.log10_clip == pytest.approx(np.log10(5) - free.log10_weight_gradient_norm)
    assert norm(clipped.weight_gradients) == pytest.approx(5, rel=1e-9)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("k", [1, 3, 4, 24, 100])
def test_truncated_bptt_reaches_k_timesteps_back(cell, k):
    whole, cut = engine.trace(cell=cell), engine.trace(cell=cell, truncate=k)
    T = len(cut.tokens)
    reached = np.arange(1, T + 1) > T - k
    np.testing.assert_array_equal(np.isfinite(cut.log10_gradient_norm), reached)
    np.testing.assert_array_equal(
        cut.log10_gradient_norm[reached], whole.log10_gradient_norm[reached]
    )
    np.testing.assert_array_equal(cut.hidden, whole.hidden)


def test_with_a_loss_everywhere_each_is_cut_where_its_stretch_begins():
    cut = engine.trace("abcdefg", architecture="many-to-many", truncate=4).log10_gradient_matrix
    stretch = np.array([0, 0, 1, 1, 1, 1])
    expected = np.tril(stretch[:, None] == stretch)
    np.testing.assert_array_equal(np.isfinite(cut), expected)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_truncated_weight_gradients_are_those_of_detached_stretches(cell):
    """A stretch alone, started from the state before it, is an oracle of its own."""
    trace = engine.trace("abcdab", cell=cell, architecture="many-to-many", truncate=2)
    expected = {name: np.zeros(g.shape) for name, g in trace.weight_gradients.items()}
    for start, stop in ((-1, 0), (0, 2), (2, 4)):
        for name, gradient in oracle.gradients_of_a_stretch(trace, start, stop).items():
            expected[name] += gradient
    for name, gradient in trace.weight_gradients.items():
        assert oracle.relative_error(gradient, expected[name]) < 1e-10, name


@pytest.mark.parametrize(
    ("field", "value"), [("clip_norm", -1), ("clip_norm", np.nan), ("truncate", 2.5)]
)
def test_clipping_and_truncation_refuse_values_out_of_range(field, value):
    with pytest.raises(engine.ExperimentError, match=field):
        engine.Experiment(**{field: value})


def test_the_norm_of_arrays_of_very_different_scales_is_that_of_the_largest():
    arrays = [scaled.Scaled(np.array([[3.0, 4.0]]), 3000), scaled.Scaled(np.ones(2), -3000)]
    assert log10_norm_of(arrays) == pytest.approx(np.log10(5) + 3000 * np.log10(2))
    assert log10_norm_of([scaled.Scaled(np.zeros(2), 7)]) == -np.inf


def test_a_late_input_keeps_its_gradient_beside_one_beyond_float64():
    found = engine.trace("ab" * 999 + "zq", recurrent_scale=10, hidden_size=64, seed=1)
    assert found.log10_weight_gradient_norm > 400
    (z,) = np.flatnonzero(found.input_classes == found.vocabulary.index("z"))
    slope = 1 - found.hidden[z] ** 2
    column = found.weight_gradients["weight_ih_l0"][:, found.vocabulary.index("z")]
    assert column.any()
    assert column == pytest.approx(slope * found.hidden_gradient[z], rel=1e-6)


def test_a_saturated_update_gate_passes_the_gradient_that_one_minus_z_has_lost():
    fields = {"cell": "gru", "input_scale": 10, "recurrent_scale": 10, "hidden_size": 1}
    found = engine.trace("abcabcab", seed=274, **fields)
    assert (found.gates["z"][[0, 3]] > 1 - 1e-13).all()
    assert found.weight_gradients["weight_ih_l0"][2, 0] == pytest.approx(-9.060e-29, rel=1e-3)
