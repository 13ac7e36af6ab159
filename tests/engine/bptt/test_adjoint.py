"""A finished trace, walked back again for one adjoint."""

import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from unrolled import engine
from unrolled.engine.bptt.adjoint import adjoint_of, at
from unrolled.engine.bptt.cell_pass import cuts

NETWORKS = oracle.networks()
ONE_PART = [network for network in NETWORKS if network["architecture"] != "encoder-decoder"]


def traced(**network):
    return engine.trace("abcab", hidden_size=4, **network)


@pytest.mark.parametrize("truncate", [0, 2])
@pytest.mark.parametrize("network", NETWORKS, ids=oracle.name_of)
def test_the_gradient_of_a_state_is_that_of_its_loss_and_of_the_next_timestep(network, truncate):
    trace = traced(**network, truncate=truncate)
    adjoint, free = (
        adjoint_of(trace, trace.reached_losses),
        ~cuts(trace.truncate, len(trace.tokens)),
    )
    for t in range(1, len(trace.tokens)):
        gradient = adjoint.d_state_prev[t, 0].plain() * free[t]
        if np.isfinite(trace.losses[t - 1]):
            own = adjoint_of(trace, np.array([t - 1]))
            gradient += own.d_state[t - 1, 0].plain()
        np.testing.assert_allclose(gradient, trace.hidden_gradient[t - 1], atol=1e-15)


@pytest.mark.parametrize("network", ONE_PART, ids=oracle.name_of)
def test_the_parts_of_the_timesteps_add_up_to_the_gradient_of_each_bias(network):
    trace = traced(**network)
    adjoint = adjoint_of(trace, trace.reached_losses)
    for each, name in ((adjoint.d_b_xh, "bias_ih_l0"), (adjoint.d_b_hh, "bias_hh_l0")):
        d_b = sum(each[t].plain() for t in range(len(trace.tokens)))
        np.testing.assert_allclose(d_b, trace.weight_gradients[name], atol=1e-14)


def test_one_timestep_of_a_stack_keeps_the_names():
    trace = traced(cell="lstm")
    moment = at(trace.moments, 2)
    np.testing.assert_array_equal(moment.h, trace.hidden[2])
    np.testing.assert_array_equal(moment.c, trace.cell_state[2])
