"""The readout of timesteps, and their losses."""

from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

from unrolled.engine import Experiment, Network
from unrolled.engine.bptt.readout import Readouts, cross_entropy
from unrolled.engine.cells import Weights
from unrolled.engine.cells.rnn import RNN
from unrolled.engine.layer import Layer


def readout_of(y, target):
    """The readout of a network whose y is h itself."""
    V = len(y)
    none = Weights(*(np.zeros((V, V)) for _ in range(4)))
    network = Network((Layer(RNN("tanh"), none),), np.eye(V), np.zeros(V))
    return one_of(network, np.array(y, dtype=float), target)


def one_of(network, h, target):
    """The readout of one timestep."""
    readouts = Readouts.of(network, h[None], np.array([target]))
    names = ("probabilities", "loss", "d_y", "d_h", "exponent", "y")
    values = [each[0] for each in readouts]
    return SimpleNamespace(**dict(zip(names, values, strict=True)), finite=readouts.finite[0])


def test_the_loss_of_a_uniform_prediction_is_the_log_of_the_vocabulary():
    found = readout_of([0, 0, 0, 0], 2)
    assert found.probabilities == pytest.approx(np.full(4, 0.25), rel=1e-15)
    assert found.loss == pytest.approx(np.log(4), rel=1e-15)
    assert found.d_y == pytest.approx([0.25, 0.25, -0.75, 0.25], rel=1e-15)


@pytest.mark.parametrize("shift", [0.0, 700.0, 1e5, -1e5])
def test_a_constant_added_to_every_output_changes_nothing(shift):
    found, same = readout_of([1, 2, 3], 0), readout_of([1 + shift, 2 + shift, 3 + shift], 0)
    assert same.probabilities == pytest.approx(found.probabilities, rel=1e-12)
    assert same.loss == pytest.approx(found.loss, rel=1e-12)
    assert same.d_y == pytest.approx(found.d_y, rel=1e-12)


@pytest.mark.parametrize("margin", [1, 10, 40, 100, 599, 600, 601, 700])
def test_the_loss_of_a_sure_network_keeps_its_digits(margin):
    found = readout_of([margin, 0, -1], 0)
    with mpmath.workdps(700):
        others = mpmath.exp(-margin) + mpmath.exp(-margin - 1)
        loss, d_target = mpmath.log1p(others), -others / (1 + others)
        assert found.loss == pytest.approx(float(loss), rel=1e-13)
        assert np.ldexp(found.d_y[0], found.exponent) == pytest.approx(float(d_target), rel=1e-12)


@pytest.mark.parametrize("margin", [745, 1e4, 1e7, 1e13])
def test_the_gradient_of_a_network_surer_than_float64_can_say_is_small_not_zero(margin):
    found = readout_of([margin, 0, -1], 0)
    with mpmath.workdps(50):
        expected = mpmath.log10(mpmath.exp(-margin) + mpmath.exp(-margin - 1))
    log10_d_target = np.log10(-found.d_y[0]) + found.exponent * np.log10(2)
    assert log10_d_target == pytest.approx(float(expected), rel=1e-12)
    assert found.d_y[1] / found.d_y[2] == pytest.approx(np.e, rel=1e-2 if margin > 1e12 else 1e-8)
    assert found.d_y.sum() == pytest.approx(0, abs=1e-15)
    assert found.finite


@pytest.mark.parametrize("margin", [1e16, 1e300, 1.7e308])
def test_no_margin_is_too_large(margin):
    found = readout_of([margin, 0], 0)
    assert found.loss == 0
    assert np.isfinite(found.d_y).all()
    assert (found.d_y != 0).all()
    assert found.exponent < -1e16
    assert found.finite


def test_the_loss_of_a_sure_wrong_prediction_is_the_margin():
    found = readout_of([1e6, 0], 1)
    assert found.loss == 1e6
    assert found.d_y.tolist() == [1, -1]
    assert found.finite


def test_the_loss_of_a_vocabulary_of_one_is_zero():
    found = readout_of([123.0], 0)
    assert found.loss == 0
    assert found.probabilities.tolist() == [1]
    assert found.d_y.tolist() == [0]
    assert found.finite


def test_the_gradient_sums_to_zero_over_the_classes():
    y = np.random.default_rng(3).normal(size=50) * 10
    assert readout_of(y, 7).d_y.sum() == pytest.approx(0, abs=1e-15)


def test_the_gradient_reaches_the_state_through_the_readout_weights():
    network = Experiment("abcdefg", hidden_size=4).network()
    h = np.random.default_rng(0).normal(size=4)
    found = one_of(network, h, 5)
    assert found.d_h == pytest.approx(network.W_hy.T @ found.d_y, rel=1e-15)
    y = network.W_hy @ h
    assert found.loss == pytest.approx(np.log(np.exp(y).sum()) - y[5], rel=1e-13)


@pytest.mark.parametrize("y", [[np.inf, 0], [-np.inf, 0], [np.nan, 0], [np.inf, np.inf]])
def test_an_output_that_overflows_is_not_finite(y):
    with np.errstate(all="ignore"):
        assert not readout_of(y, 0).finite


def test_many_timesteps_are_read_out_as_each_alone():
    network = Experiment("abcdefg", hidden_size=4).network()
    h, targets = np.random.default_rng(0).normal(size=(3, 4)), np.array([5, 0, 2])
    together = Readouts.of(network, h, targets)
    for k in range(3):
        alone = one_of(network, h[k], targets[k])
        assert together.losses[k] == pytest.approx(alone.loss, rel=1e-14)
        assert together.d_h[k] == pytest.approx(alone.d_h, rel=1e-13)


def test_a_row_that_overflowed_takes_no_digits_from_a_sure_one():
    """The networks of a sweep are read out together, and some of them diverge."""
    y = np.array([[800.0, 0.0], [np.nan, 0.0]])
    with np.errstate(invalid="ignore"):
        beside = cross_entropy(y, np.array([0, 0]))
    alone = cross_entropy(y[:1], np.array([0]))
    np.testing.assert_array_equal(beside.d_y[:1], alone.d_y)
    assert beside.exponents[0] == alone.exponents[0] < -1000
