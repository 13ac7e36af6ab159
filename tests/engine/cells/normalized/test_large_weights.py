"""Gated cells with layer normalization, where the recurrent weights are large."""

import pytest

from unrolled import engine


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_recurrent_weights_four_times_as_large_leave_the_gradient_as_it_is(cell):
    """Once they are large beside the input: that of the cell without normalization grows."""

    def arrived(cell, scale):
        trace = engine.trace(
            "abcdefgh" * 3,
            cell=cell,
            hidden_size=24,
            input_scale=scale,
            recurrent_scale=scale,
            initialization="gaussian",
        )
        return trace.log10_gradient_norm[0]

    assert abs(arrived(f"ln-{cell}", 10.0) - arrived(f"ln-{cell}", 2.5)) < 0.02
    assert abs(arrived(cell, 10.0) - arrived(cell, 2.5)) > 1
