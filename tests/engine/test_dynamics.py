"""How fast the gradient changes on its way back."""

import numpy as np
import pytest

import engine
from engine import Rate, rate


@pytest.mark.parametrize("slope", [-2.5, -0.01, 0.0, 0.01, 2.5, 400.0, -400.0])
@pytest.mark.parametrize("offset", [0.0, -1234.5])
def test_an_exact_line_is_fitted_exactly(slope, offset):
    found = rate(offset + slope * np.arange(30))
    assert found.log10_factor == pytest.approx(-slope, rel=1e-12, abs=1e-12)


def test_the_factor_is_per_timestep_travelled_back():
    norms = np.log10([0.125, 0.25, 0.5, 1.0])  # t = 1..4: halved with each timestep back
    assert rate(norms).factor == pytest.approx(0.5, rel=1e-12)


def test_timesteps_without_a_path_are_left_out_but_count_as_time():
    norms = np.array([-np.inf, -5.0, -np.inf, -3.0, -2.0, np.nan])
    assert rate(norms).log10_factor == pytest.approx(-1.0, rel=1e-12)


@pytest.mark.parametrize("norms", [[], [0.0], [-np.inf, 1.0], [-np.inf] * 5, [np.nan, 2.0]])
def test_fewer_than_two_timesteps_have_no_rate(norms):
    assert rate(np.array(norms)) is None


def test_two_timesteps_are_enough():
    assert rate(np.array([1.0, 3.0])).log10_factor == pytest.approx(-2)


def test_noise_around_a_line_is_averaged_as_least_squares_does():
    rng = np.random.default_rng(1)
    norms = 0.3 * np.arange(50) + rng.normal(size=50)
    assert rate(norms).log10_factor == pytest.approx(-np.polyfit(range(50), norms, 1)[0])


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [
        (0.0001, "vanishing"), (0.5, "vanishing"), (0.899, "vanishing"),
        (0.901, "stable"), (1.0, "stable"), (1.099, "stable"),
        (1.101, "exploding"), (3.0, "exploding"),
    ],
)  # fmt: skip
def test_the_verdict_turns_at_nine_tenths_and_eleven_tenths(factor, verdict):
    assert Rate(np.log10(factor)).verdict == verdict


def test_the_half_life_is_the_timesteps_to_half_the_gradient():
    assert Rate(np.log10(0.5)).half_life == pytest.approx(1)
    assert Rate(np.log10(0.5) / 7).half_life == pytest.approx(7)
    assert Rate(np.log10(2) / 3).half_life == pytest.approx(-3)
    assert Rate(0.0).half_life is None


@pytest.mark.parametrize(
    ("log10_factor", "factor", "verdict"),
    [(-1000.0, 0.0, "vanishing"), (1000.0, np.inf, "exploding")],
)
def test_a_factor_beyond_float64_is_zero_or_infinite_without_a_warning(
    log10_factor, factor, verdict
):
    found = Rate(log10_factor)
    assert found.factor == factor
    assert found.verdict == verdict
    assert found.half_life is not None


@pytest.mark.parametrize(
    ("g", "verdict"), [(0.5, "vanishing"), (0.98, "stable"), (1.05, "stable"), (2, "exploding")]
)
def test_an_orthogonal_linear_network_gets_the_verdict_of_its_scale(g, verdict):
    trace = engine.trace(activation="identity", recurrent_scale=g)
    found = rate(trace.log10_gradient_norm)
    assert found.factor == pytest.approx(g, rel=1e-12)
    assert found.verdict == verdict


def test_a_network_without_memory_has_no_rate():
    assert rate(engine.trace(cell="feedforward").log10_gradient_norm) is None
