"""What the papers found, found again."""

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine import Experiment

SEQUENCE = "abcdefghij" * 6
SEEDS = range(20)
GAMMA = {"tanh": 1.0, "sigmoid": 0.25}


def spectral_norm(experiment):
    network = engine.trace_of(experiment).network
    return np.linalg.norm(network.weights[0].W_hh, 2)


def with_spectral_norm(norm, **fields):
    """The experiment, its recurrent weights scaled to a largest singular value."""
    experiment = Experiment(SEQUENCE, initialization="gaussian", **fields)
    return replace(experiment, recurrent_scale=norm / spectral_norm(experiment))


def factor(trace):
    rate = engine.rate(trace.log10_gradient_norm)
    assert rate
    return rate.factor


class TestBengio1994AndPascanu2013:
    """‖W_hh‖ < 1/γ suffices to vanish; ‖W_hh‖ > 1/γ is necessary to explode."""

    @pytest.mark.parametrize("activation", GAMMA)
    @pytest.mark.parametrize("seed", SEEDS)
    def test_below_the_bound_every_step_back_shrinks_the_gradient(self, activation, seed):
        bound = 1 / GAMMA[activation]
        trace = engine.trace_of(with_spectral_norm(0.99 * bound, activation=activation, seed=seed))
        steps = trace.log10_gradient_norm[:-1] - trace.log10_gradient_norm[1:]
        assert steps.max() < np.log10(0.99) + 1e-12

    def test_above_the_bound_most_networks_still_vanish(self):
        factors = [
            factor(engine.trace_of(with_spectral_norm(1.5, seed=seed, hidden_size=32)))
            for seed in SEEDS
        ]
        assert np.mean(np.array(factors) < 1) == 1

    def test_far_above_the_bound_gradients_explode(self):
        factors = [
            factor(engine.trace_of(with_spectral_norm(6, seed=seed, hidden_size=32)))
            for seed in SEEDS
        ]
        assert np.median(factors) > 1.1


class TestSaxe2014:
    """Orthogonal linear recurrence keeps the norm exactly; gaussian does not."""

    @pytest.mark.parametrize("seed", SEEDS)
    def test_an_orthogonal_linear_network_keeps_the_norm(self, seed):
        trace = engine.trace(SEQUENCE, activation="identity", seed=seed)
        assert np.ptp(trace.log10_gradient_norm) < 1e-12

    def test_gaussian_linear_networks_scatter(self):
        changes = []
        for seed in SEEDS:
            norms = engine.trace(
                SEQUENCE, activation="identity", initialization="gaussian", seed=seed
            ).log10_gradient_norm
            changes.append(norms[0] - norms[-1])
        assert np.ptp(changes) > 2


class TestLe2015:
    """The IRNN, identity with ReLU, starts with a flat gradient; gaussian ReLU does not."""

    def test_the_identity_keeps_the_gradient_of_every_relu_network(self):
        for seed in SEEDS:
            trace = engine.trace(
                SEQUENCE, activation="relu", initialization="identity", input_scale=0.1, seed=seed
            )
            assert factor(trace) == pytest.approx(1, abs=0.02), seed

    def test_gaussian_relu_networks_lose_it(self):
        fields = {"activation": "relu", "initialization": "gaussian", "input_scale": 0.1}
        factors = [factor(engine.trace(SEQUENCE, **fields, seed=seed)) for seed in SEEDS]
        assert np.median(factors) == pytest.approx(2**-0.5, abs=0.05)


class TestHochreiter1997Gers2000Jozefowicz2015:
    """The LSTM's carry is the product of the forget gates, and its bias opens them."""

    @pytest.mark.parametrize("forget_bias", [1, 0, -2])
    def test_without_recurrent_weights_the_cell_gradient_is_the_product_of_forget_gates(
        self, forget_bias
    ):
        trace = engine.trace(SEQUENCE, cell="lstm", recurrent_scale=0, forget_bias=forget_bias)
        one_unit = np.log10(np.abs(trace.cell_gradient[-1])) + np.cumsum(
            np.log10(trace.gates["f"][:0:-1]), axis=0
        )
        largest = one_unit.max(axis=1)
        norms = largest + 0.5 * np.log10((10 ** (2 * (one_unit - largest[:, None]))).sum(axis=1))
        assert trace.log10_cell_gradient_norm[-2::-1] == pytest.approx(norms, abs=1e-10)

    def test_a_forget_bias_of_one_remembers_longest(self):
        factors = {
            forget_bias: np.median(
                [
                    engine.rate(
                        engine.trace(
                            SEQUENCE, cell="lstm", forget_bias=forget_bias, seed=seed
                        ).log10_cell_gradient_norm
                    ).factor
                    for seed in SEEDS
                ]
            )
            for forget_bias in (1, 0, -2)
        }
        assert factors[1] > factors[0] > factors[-2]


class TestSompolinsky1988:
    """A large random tanh network without input falls silent below g = 1 and is chaotic above."""

    @pytest.mark.parametrize(("g", "sign"), [(0.7, -1), (0.85, -1), (1.15, 1), (1.3, 1), (1.5, 1)])
    def test_the_largest_lyapunov_exponent_crosses_zero_at_one(self, g, sign):
        for seed in range(2):
            trace = engine.trace(
                "a",  # read at t = 1; then nothing
                target="b" * 300,
                architecture="one-to-many",
                initialization="gaussian",
                hidden_size=128,
                recurrent_scale=g,
                seed=seed,
            )
            largest = engine.lyapunov_exponents(trace, warmup=100)[0]
            assert np.sign(largest) == sign, (g, seed, largest)


class TestPoole2016AndSchoenholz2017:
    """The mean-field slope ½ log10 χ is the measured one where the network is not chaotic.

    In chaos it is too steep: W_hh is the same at every timestep, so that the gradient and the
    weights are not independent, as the theory has it.
    """

    @staticmethod
    def slopes(g):
        for seed in range(4):
            trace = engine.trace(
                SEQUENCE,
                initialization="gaussian",
                hidden_size=512,
                recurrent_scale=g,
                seed=seed,
            )
            yield engine.rate(trace.log10_gradient_norm).log10_factor, engine.mean_field(trace)

    @pytest.mark.parametrize("g", [0.5, 0.7, 0.9])
    def test_theory_predicts_the_measured_slope_within_a_hundredth(self, g):
        errors = [measured - predicted for measured, predicted in self.slopes(g)]
        assert np.abs(errors).max() < 0.01

    @pytest.mark.parametrize("g", [1.6, 2.0])
    def test_in_chaos_it_has_the_sign_and_is_too_steep(self, g):
        for measured, predicted in self.slopes(g):
            assert 0.5 * predicted < measured < predicted
