"""Layers 1 to 4, in one direction and in both, against PyTorch's modules and cells."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled.engine import DeepNetwork, Problem, deep_trace

DEEP = Path(__file__).with_name("deep.npz")
EVERY = [
    (cell, k, ways) for cell in ("rnn", "lstm", "gru") for k in (1, 2, 3, 4) for ways in (1, 2)
]
TARGETS = [-1, 2, -1, 0, -1, 1]
EXACT: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-14}


@pytest.fixture(params=EVERY, ids=lambda each: "-".join(map(str, each)))
def found(request):
    """PyTorch's arrays, and the engine's trace of the same weights."""
    cell, layers, ways = request.param
    with np.load(DEEP) as file:
        prefix = f"{cell}/{layers}/{ways}/"
        arrays = {k.removeprefix(prefix): file[k] for k in file.files if k.startswith(prefix)}
    weights = {
        name.removeprefix("weights/"): each
        for name, each in arrays.items()
        if name.startswith("weights/")
    }
    network = DeepNetwork.from_state_dict(weights, cell=cell)
    assert (len(network.layers), network.directions) == (layers, ways)
    return arrays, deep_trace(network, Problem.from_arrays(arrays["x"], TARGETS))


def test_the_losses_and_all_gradients_of_weights_and_inputs_agree(found):
    arrays, trace = found
    assert np.nansum(trace.losses) == pytest.approx(arrays["loss"], rel=1e-12)
    np.testing.assert_allclose(trace.input_gradient, arrays["d_x"], **EXACT)
    assert {f"gradients/{name}" for name in trace.weight_gradients} == {
        name for name in arrays if name.startswith("gradients/")
    }
    for name, gradient in trace.weight_gradients.items():
        np.testing.assert_allclose(gradient, arrays[f"gradients/{name}"], **EXACT, err_msg=name)


def test_the_states_of_every_layer_and_direction_and_their_gradients_agree(found):
    arrays, trace = found
    for n, level in enumerate(trace.levels):
        pairs = [(level.hidden, level.hidden_gradient), (level.cell_state, level.cell_gradient)]
        for state, (values, gradient) in enumerate(pairs):
            if values is not None:
                np.testing.assert_allclose(values, arrays["states"][n, :, state], **EXACT)
                np.testing.assert_allclose(gradient, arrays["d_states"][n, :, state], **EXACT)


def test_the_gradient_of_each_loss_at_every_level_agrees(found):
    arrays, trace = found
    for n, level in enumerate(trace.levels):
        for loss in range(3):
            expected = np.linalg.norm(arrays[f"d_states/{loss}"][n, :, 0], axis=-1)
            norms = 10 ** level.log10_loss_gradient_norms[loss]
            np.testing.assert_allclose(norms, expected, **EXACT)


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_one_label_of_both_directions_is_read_from_h_n(cell, layers):
    with np.load(DEEP) as file:
        prefix = f"{cell}/{layers}/2/"
        arrays = {k.removeprefix(prefix): file[k] for k in file.files if k.startswith(prefix)}
    weights = {k.removeprefix("weights/"): arrays[k] for k in arrays if k.startswith("weights/")}
    network = DeepNetwork.from_state_dict(weights, cell=cell)
    problem = Problem.from_arrays(arrays["x"], [-1] * 5 + TARGETS[-1:])
    trace = deep_trace(network, problem)
    assert np.nansum(trace.losses) == pytest.approx(arrays["h_n/loss"], rel=1e-12)
    np.testing.assert_allclose(trace.input_gradient, arrays["h_n/d_x"], **EXACT)
    gradient = trace.weight_gradients["weight_hh_l0_reverse"]
    np.testing.assert_allclose(gradient, arrays["h_n/d_weight_hh_l0_reverse"], **EXACT)
    for n, level in enumerate(trace.levels):
        np.testing.assert_allclose(level.hidden_gradient, arrays["h_n/d_states"][n, :, 0], **EXACT)
    at_T = deep_trace(network, problem, reads="output")
    for n, level in enumerate(at_T.levels):
        expected = arrays["d_states/2"][n, :, 0]
        np.testing.assert_allclose(level.hidden_gradient, expected, **EXACT)
