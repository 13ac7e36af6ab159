"""The papers' findings, found again. ``docs/literature.md`` shows the same measurements."""

import numpy as np
import pytest

from docs import findings
from docs.findings import GAMMA, SEEDS, SEQUENCE, factor
from unrolled import engine

pytestmark = pytest.mark.delivery


class TestBengio1994AndPascanu2013:
    """‖W_hh‖ < 1/γ suffices to vanish; ‖W_hh‖ > 1/γ is necessary to explode."""

    @pytest.mark.parametrize("activation", GAMMA)
    @pytest.mark.parametrize("seed", SEEDS)
    def test_below_the_bound_every_step_back_shrinks_the_gradient(self, activation, seed):
        norm = 0.99 / GAMMA[activation]
        trace = engine.trace_of(findings.with_spectral_norm(norm, activation=activation, seed=seed))
        steps = trace.log10_gradient_norm[:-1] - trace.log10_gradient_norm[1:]
        assert steps.max() < np.log10(0.99) + 1e-12

    def test_above_the_bound_most_networks_still_vanish(self):
        assert findings.factors_at_norm(1.5, hidden_size=32).max() < 1

    def test_far_above_the_bound_gradients_explode(self):
        assert np.median(findings.factors_at_norm(6, hidden_size=32)) > 1.1


class TestSaxe2014:
    """Orthogonal linear recurrence keeps the norm exactly; gaussian does not."""

    DISTANCES = (1, 4, 16, 64)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_an_orthogonal_linear_network_keeps_the_norm(self, seed):
        trace = engine.trace(SEQUENCE, activation="identity", seed=seed)
        assert np.ptp(trace.log10_gradient_norm) < 1e-12

    def test_gaussian_linear_networks_scatter(self):
        norms = findings.gradient_norms(activation="identity", initialization="gaussian")
        assert np.ptp(norms[:, 0] - norms[:, -1]) > 2

    def test_an_orthogonal_linear_network_keeps_every_direction(self):
        found = findings.singular_values_by_distance(self.DISTANCES, "orthogonal")
        assert np.abs(found).max() < 1e-12

    def test_the_singular_values_of_a_gaussian_linear_network_spread_with_depth(self):
        found = [
            findings.singular_values_by_distance(self.DISTANCES, "gaussian", seed=seed)
            for seed in range(4)
        ]
        H = found[0].shape[1]
        for each in found:
            assert (np.diff(each[:, 0] - each[:, H // 2]) > 0).all()
            assert (np.diff(each[:, H // 2] - each[:, -1]) > 0).all()
        ranks = np.arange(H // 8, 3 * H // 4)
        triangle_law = 0.5 * np.log10(1 - (ranks + 0.5) / H)
        measured = np.mean(found, axis=0)[-1] / self.DISTANCES[-1]
        assert measured[ranks] == pytest.approx(triangle_law, abs=0.02)


class TestLe2015:
    """The IRNN, identity with ReLU, starts with a flat gradient; gaussian ReLU does not."""

    def test_the_identity_keeps_the_gradient_of_every_relu_network(self):
        for norms in findings.relu_norms("identity"):
            assert factor(norms) == pytest.approx(1, abs=0.02)

    def test_gaussian_relu_networks_lose_it(self):
        factors = [factor(norms) for norms in findings.relu_norms("gaussian")]
        assert np.median(factors) == pytest.approx(2**-0.5, abs=0.05)


class TestHochreiter1997Gers2000Jozefowicz2015:
    """The LSTM's carry is the product of the forget gates, and its bias opens them."""

    @pytest.mark.parametrize("forget_bias", [1, 0, -2])
    def test_without_recurrent_weights_the_cell_gradient_is_the_product_of_forget_gates(
        self, forget_bias
    ):
        trace = engine.trace(SEQUENCE, cell="lstm", recurrent_scale=0, forget_bias=forget_bias)
        assert trace.log10_cell_gradient_norm == pytest.approx(findings.carried(trace), abs=1e-10)

    def test_a_forget_bias_of_one_remembers_longest(self):
        factors = {
            bias: np.median(
                [factor(each) for each in findings.gradient_norms(cell="lstm", forget_bias=bias)]
            )
            for bias in (1, 0, -2)
        }
        assert factors[1] > factors[0] > factors[-2]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
class TestTallec2018:
    """Chrono initialization: the gates begin with memories of up to T_max timesteps."""

    @pytest.mark.parametrize("T_max", [10, 100, 1000])
    def test_the_memories_of_the_units_are_uniform_up_to_the_longest(self, cell, T_max):
        promised = findings.promised_memory(findings.remembering(cell, T_max, hidden_size=512))
        assert 2 <= promised.min() < promised.max() <= T_max
        uniform = np.sort((promised - 2) / (T_max - 2))
        assert uniform == pytest.approx(np.linspace(0, 1, 512), abs=1.36 * 512**-0.5)

    @pytest.mark.parametrize("T_max", [2, 10, 100, 1000])
    def test_each_unit_keeps_its_gradient_as_long_as_its_gate_promises(self, cell, T_max):
        """1/e of f^n is left after n = -1/ln f timesteps; f = 1 - 1/promised."""
        trace = findings.remembering(cell, T_max, recurrent_scale=0, input_scale=0)
        measured, promised = findings.measured_memory(trace), findings.promised_memory(trace)
        assert measured == pytest.approx(-1 / np.log1p(-1 / promised), rel=1e-9)
        assert ((promised - 1 < measured) & (measured < promised)).all()

    @pytest.mark.parametrize("T_max", [10, 100, 1000])
    def test_inputs_that_move_the_gates_leave_the_time_scale(self, cell, T_max):
        trace = findings.remembering(cell, T_max, recurrent_scale=0)
        ratio = findings.measured_memory(trace) / findings.promised_memory(trace)
        assert np.median(ratio) == pytest.approx(1, abs=0.1)

    @pytest.mark.parametrize("T_max", [30, 100, 300])
    def test_at_the_longest_dependency_a_fifth_of_the_gradient_is_left(self, cell, T_max):
        norms = findings.carry_norms(findings.remembering(cell, T_max, recurrent_scale=0))
        kept = norms[-1 - T_max] - norms[-1]
        assert kept == pytest.approx(findings.left_at_the_longest(), abs=0.05)


class TestSompolinsky1988:
    """A large random tanh network without input falls silent below g = 1 and is chaotic above."""

    @pytest.mark.parametrize(("g", "sign"), [(0.7, -1), (0.85, -1), (1.15, 1), (1.3, 1), (1.5, 1)])
    def test_the_largest_lyapunov_exponent_crosses_zero_at_one(self, g, sign):
        for seed in range(2):
            largest = findings.spectrum(findings.left_alone(g, 128, seed))[0]
            assert np.sign(largest) == sign, (g, seed, largest)


class TestPoole2016AndSchoenholz2017:
    """The mean-field slope ½ log10 χ is the measured one once the activity is stationary.

    Below g = 1 one matrix, applied again and again, favours its largest eigenvalue, which the
    theory, with new weights at every step, does not know; so it is a little too steep there.
    """

    @pytest.mark.parametrize(
        ("g", "tolerance"), [(0.5, 0.025), (0.7, 0.025), (0.9, 0.025), (1.6, 0.01), (2.0, 0.01)]
    )
    def test_theory_predicts_the_measured_slope(self, g, tolerance):
        for seed in range(4):
            measured, predicted = findings.slopes(findings.reading(g, seed))
            assert measured == pytest.approx(predicted, abs=tolerance)

    @pytest.mark.parametrize("g", [0.5, 0.7, 0.9])
    def test_in_a_short_run_it_is_within_a_hundredth(self, g):
        for seed in range(4):
            trace = findings.reading(g, seed, SEQUENCE)
            measured = engine.rate(trace.log10_gradient_norm).log10_factor
            assert measured == pytest.approx(engine.mean_field(trace), abs=0.01)

    @pytest.mark.parametrize("g", [1.6, 2.0])
    def test_in_a_short_run_in_chaos_the_silent_start_makes_it_too_steep(self, g):
        """At the start nothing saturates: χ = g², many times what it is later."""
        for seed in range(4):
            trace = findings.reading(g, seed, SEQUENCE)
            measured = engine.rate(trace.log10_gradient_norm).log10_factor
            assert 0.5 * engine.mean_field(trace) < measured < engine.mean_field(trace)


class TestEngelken2020:
    """The Lyapunov spectrum of gaussian tanh networks without input.

    What agrees: it does not depend on the size, random matrix theory predicts it in discrete time,
    the attractor is small, grows near the onset of chaos and shrinks far from it, and input shrinks
    it. What does not: in continuous time it is point-symmetric.
    """

    @staticmethod
    def dimension(traces):
        """Of the attractor, per unit."""
        found = [findings.spectrum(trace) for trace in traces]
        return np.mean([findings.attractor_dimension(each) / len(each) for each in found])

    def alone(self, g, hidden_size=64, seeds=4):
        return self.dimension(findings.left_alone(g, hidden_size, seed) for seed in range(seeds))

    @pytest.mark.parametrize("g", [1.5, 4])
    def test_the_exponents_add_up_to_the_mean_log_determinant(self, g):
        trace = findings.left_alone(g, 64, 0)
        total = findings.spectrum(trace).sum()
        assert total == pytest.approx(findings.log_determinant(trace), rel=1e-12)

    @pytest.mark.parametrize("g", [2, 4, 10])
    def test_random_matrix_theory_predicts_the_spectrum(self, g):
        traces = [findings.left_alone(g, 128, seed) for seed in range(2)]
        fractions = (np.arange(96) + 0.5) / 128
        predicted = [findings.random_matrix_spectrum(trace, fractions) for trace in traces]
        measured = np.mean([findings.spectrum(trace) for trace in traces], axis=0)[:96]
        assert measured == pytest.approx(np.mean(predicted, axis=0), abs=0.2)

    def test_without_saturation_random_matrix_theory_is_the_triangle_law(self):
        trace = engine.trace(SEQUENCE * 2, activation="identity", recurrent_scale=0.8)
        fractions = np.array([0.01, 0.3, 0.9])
        found = findings.random_matrix_spectrum(trace, fractions)
        assert found == pytest.approx(np.log(0.8) + 0.5 * np.log(1 - fractions), abs=1e-10)

    def test_chaos_is_extensive(self):
        """A quarter of a dimension per unit, in networks of any size."""
        for hidden_size, seeds in ((32, 8), (64, 4), (128, 2)):
            assert self.alone(4, hidden_size, seeds) == pytest.approx(0.25, abs=0.05)

    def test_the_attractor_grows_near_the_onset_of_chaos_and_shrinks_far_from_it(self):
        near, between, far = (self.alone(g) for g in (1.5, 3, 10))
        assert near < 0.7 * between
        assert far < 0.7 * between

    def test_input_shrinks_the_attractor(self):
        told = self.dimension(findings.spoken_to(6, 2, 64, seed) for seed in range(4))
        assert told < 0.8 * self.alone(2)

    def test_the_spectrum_is_not_point_symmetric_in_discrete_time(self):
        exponents = findings.spectrum(findings.left_alone(4, 64, 0))
        assert np.ptp(exponents + exponents[::-1]) > 5
