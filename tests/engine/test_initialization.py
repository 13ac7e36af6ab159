"""Recurrent weights at the start."""

import numpy as np
import pytest

from unrolled.engine.initialization import (
    INITIALIZATIONS,
    chrono,
    gaussian,
    identity,
    orthogonal,
    uniform,
)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize("name", INITIALIZATIONS)
@pytest.mark.parametrize("H", [1, 2, 33])
def test_every_initialization_gives_a_finite_square_matrix_of_its_generator_alone(name, H):
    initialize = INITIALIZATIONS[name]
    one, same = (initialize(np.random.default_rng(7), H) for _ in range(2))
    assert one.shape == (H, H)
    assert one.dtype == np.float64
    assert np.isfinite(one).all()
    np.testing.assert_array_equal(one, same)


def test_gaussian_weights_have_variance_one_over_the_hidden_size(rng):
    H = 300
    W = gaussian(rng, H)
    assert W.mean() == pytest.approx(0, abs=4 / H**1.5)
    assert W.var() == pytest.approx(1 / H, rel=0.02)
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("H", [1, 2, 16, 128])
def test_every_singular_value_of_orthogonal_weights_is_one(rng, H):
    W = orthogonal(rng, H)
    assert pytest.approx(np.eye(H), abs=1e-13) == W @ W.T


def test_orthogonal_weights_favour_no_rotation_over_its_opposite():
    draws = [orthogonal(np.random.default_rng(seed), 3) for seed in range(400)]
    assert np.mean([W[0, 0] for W in draws]) == pytest.approx(0, abs=0.12)
    assert np.mean([np.trace(W) for W in draws]) == pytest.approx(0, abs=0.2)
    assert {int(orthogonal(np.random.default_rng(s), 1)[0, 0]) for s in range(20)} == {-1, 1}


def test_identity_weights_repeat_each_unit(rng):
    np.testing.assert_array_equal(identity(rng, 4), np.eye(4))


def test_uniform_weights_are_those_of_torch(rng):
    H = 200
    W = uniform(rng, H)
    assert np.abs(W).max() <= H**-0.5
    assert W.var() == pytest.approx(1 / (3 * H), rel=0.02)


@pytest.mark.parametrize("T_max", [2, 3, 50, 2000])
def test_chrono_gates_keep_from_two_timesteps_to_the_longest_dependency(rng, T_max):
    b = chrono(rng, 5000, T_max)
    assert 0 <= b.min() <= b.max() <= np.log(T_max - 1)
    memory = 1 + np.exp(b)
    assert memory.mean() == pytest.approx((2 + T_max) / 2, rel=0.03)
    assert memory.std() == pytest.approx((T_max - 2) / 12**0.5, rel=0.03, abs=1e-12)
