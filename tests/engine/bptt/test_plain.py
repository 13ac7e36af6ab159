"""The essay against central differences, and the engine against the essay."""

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.bptt.plain import forward_and_back

RNN = {"cell": "rnn", "activation": "tanh", "hidden_size": 5, "recurrent_scale": 1.2, "seed": 3}
READS = ["many-to-one", "one-to-many", "many-to-many"]


def weights_of(network):
    state = network.state_dict()
    return {
        "W_xh": state["weight_ih_l0"],
        "W_hh": state["weight_hh_l0"],
        "b_h": state["bias_ih_l0"] + state["bias_hh_l0"],
        "W_hy": state["head.weight"],
        "b_y": state["head.bias"],
    }


@pytest.mark.parametrize("what", ["W_xh", "W_hh", "b_h", "W_hy", "b_y", "x"])
def test_the_essay_agrees_with_central_differences(what):
    rng = np.random.default_rng(5)
    shapes = {"W_xh": (3, 4), "W_hh": (3, 3), "b_h": (3,), "W_hy": (4, 3), "b_y": (4,)}
    at = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    at["x"], targets = rng.normal(size=(6, 4)), np.array([-1, 2, -1, 0, 3, 1])

    def passes(given):
        return forward_and_back({name: given[name] for name in shapes}, given["x"], targets)

    found = passes(at)
    gradient = found.d_x if what == "x" else found.d_weights[what]
    direction = rng.normal(size=at[what].shape)
    ahead, behind = (
        passes({**at, what: at[what] + step * direction}).losses.sum() for step in (1e-5, -1e-5)
    )
    assert np.vdot(gradient, direction) == pytest.approx((ahead - behind) / 2e-5, rel=1e-7)


@pytest.mark.parametrize("architecture", READS)
def test_the_engine_agrees_with_the_essay(architecture):
    trace = engine.trace("the clouds are in the sky", architecture=architecture, **RNN)
    plain = forward_and_back(weights_of(trace.network), trace.inputs, trace.targets)
    d = trace.weight_gradients
    pairs = {
        "h": (trace.hidden, plain.h),
        "L": (np.nan_to_num(trace.losses), plain.losses),
        "∂L/∂h": (trace.hidden_gradient, plain.d_h),
        "∂L/∂W_xh": (d["weight_ih_l0"], plain.d_weights["W_xh"]),
        "∂L/∂W_hh": (d["weight_hh_l0"], plain.d_weights["W_hh"]),
        "∂L/∂b_h": (d["bias_hh_l0"], plain.d_weights["b_h"]),
        "∂L/∂W_hy": (d["head.weight"], plain.d_weights["W_hy"]),
        "∂L/∂b_y": (d["head.bias"], plain.d_weights["b_y"]),
    }
    for name, (found, expected) in pairs.items():
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-14), name


@pytest.mark.parametrize("architecture", READS)
def test_the_input_gradient_agrees_with_the_essay(architecture):
    trace = engine.trace("the clouds are in the sky", architecture=architecture, **RNN)
    plain = forward_and_back(weights_of(trace.network), trace.inputs, trace.targets)
    assert trace.input_gradient == pytest.approx(plain.d_x, rel=1e-10, abs=1e-14)
