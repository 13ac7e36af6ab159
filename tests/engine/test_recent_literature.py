"""The findings of recent papers, found again; ``docs/literature.md`` has the same measurements."""

import numpy as np
import pytest

from docs import recent_findings as findings

pytestmark = pytest.mark.delivery

SEEDS = range(3)


class TestArjovsky2016:
    """An orthogonal recurrence keeps the norm of the gradient over hundreds of timesteps."""

    @pytest.mark.parametrize("fields", [{"activation": "identity"}, {"cell": "lru"}])
    def test_a_linear_orthogonal_recurrence_keeps_the_norm_over_500_timesteps(self, fields):
        assert np.abs(findings.norms_over(500, SEEDS, **fields)).max() < 1e-10

    def test_with_small_inputs_tanh_keeps_it_within_a_factor_of_four(self):
        norms = findings.norms_over(500, SEEDS, input_scale=0.01)
        assert np.abs(norms).max() < np.log10(4)

    def test_a_gaussian_one_does_not(self):
        fields = {"activation": "identity", "initialization": "gaussian"}
        assert np.abs(findings.norms_over(500, SEEDS, **fields)[:, 0]).min() > 3


class TestZucchetAndOrvieto2024:
    """As λ → 1, ∂h/∂λ diverges where ∂L/∂h stays flat."""

    @pytest.mark.parametrize("decay", [0.5, 0.9, 0.99])
    def test_the_sensitivity_is_that_of_the_theory(self, decay):
        kept, sensitivity = findings.kept_and_sensitivity(decay)
        assert sensitivity == pytest.approx(findings.expected_sensitivity(decay), rel=0.3)
        assert kept == pytest.approx(decay**100, rel=1e-9)

    def test_the_sensitivity_grows_where_the_gradient_is_kept(self):
        (near, small), (nearer, large) = (
            findings.kept_and_sensitivity(decay) for decay in (0.98, 0.995)
        )
        assert large > 30 * small
        assert near < nearer < 1


class TestBahdanau2015AndLuong2015:
    """Attention makes the path back to the first token independent of the distance."""

    @pytest.mark.parametrize(
        ("cell", "attention"), [("rnn", "dot"), ("lstm", "dot"), ("rnn", "additive")]
    )
    def test_the_share_at_the_first_token_does_not_depend_on_the_distance(self, cell, attention):
        near, far = findings.share_at_the_first(cell, attention, (10, 160), SEEDS).T
        assert np.abs(near - far).max() < 0.2

    @pytest.mark.parametrize("cell", ["rnn", "lstm"])
    def test_without_it_the_share_vanishes(self, cell):
        near, far = findings.share_at_the_first(cell, "none", (10, 160), SEEDS).T
        assert (near - far).min() > 2
