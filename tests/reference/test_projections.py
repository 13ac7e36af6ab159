"""LSTMs with projections, of 1 to 3 layers and both directions, against PyTorch's ``nn.LSTM``."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

import unrolled
from unrolled.engine import DeepNetwork, Problem, deep_trace

PROJECTIONS = Path(__file__).with_name("projections.npz")
EVERY = [(layers, ways) for layers in (1, 2, 3) for ways in (1, 2)]
TARGETS = [-1, 2, -1, 0, -1, 1]
EXACT: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-14}


def arrays_of(layers, ways):
    with np.load(PROJECTIONS) as file:
        prefix = f"{layers}/{ways}/"
        return {k.removeprefix(prefix): file[k] for k in file.files if k.startswith(prefix)}


def weights_in(arrays):
    named = {k.removeprefix("weights/"): each for k, each in arrays.items() if k[0] == "w"}
    return {name: np.ascontiguousarray(each) for name, each in named.items()}


@pytest.fixture(params=EVERY, ids=lambda each: "-".join(map(str, each)))
def found(request, tmp_path):
    """PyTorch's arrays, and the network of their file."""
    arrays = arrays_of(*request.param)
    path = tmp_path / "model.safetensors"
    save_file(weights_in(arrays), path)
    return arrays, path


def test_the_loss_and_the_gradient_of_the_inputs_are_those_of_the_module(found):
    arrays, path = found
    trace = deep_trace(DeepNetwork.load(path), Problem.from_arrays(arrays["x"], TARGETS))
    assert np.nansum(trace.losses) == pytest.approx(arrays["loss"], rel=1e-12)
    np.testing.assert_allclose(trace.input_gradient, arrays["d_x"], **EXACT)


def test_the_states_before_the_projections_and_their_gradients_agree(found):
    arrays, path = found
    trace = deep_trace(DeepNetwork.load(path), Problem.from_arrays(arrays["x"], TARGETS))
    for n, level in enumerate(trace.levels):
        for state, own in enumerate([level.hidden, level.cell_state]):
            np.testing.assert_allclose(own, arrays["states"][n, :, state], **EXACT)
        for state, own in enumerate([level.hidden_gradient, level.cell_gradient]):
            np.testing.assert_allclose(own, arrays["d_states"][n, :, state], **EXACT)


def test_a_module_tells_both_of_its_widths(found):
    arrays, path = found
    (module,) = unrolled.modules_in(path)
    P, H = arrays["weights/lstm.weight_hr_l0"].shape
    assert (module.projection, module.hidden_size, module.refused) == (P, H, "")
    assert f"H={H}, proj_size={P}" in repr(module)
    source = DeepNetwork.load(path).source
    assert source is not None
    assert source.head == "fc"


def test_one_layer_is_a_network_of_one_layer_too(tmp_path):
    arrays = arrays_of(1, 1)
    save_file(weights_in(arrays), tmp_path / "model.safetensors")
    network = unrolled.Network.load(tmp_path / "model.safetensors")
    trace = unrolled.trace_of(unrolled.Run(network, Problem.from_arrays(arrays["x"], TARGETS)))
    np.testing.assert_allclose(trace.input_gradient, arrays["d_x"], **EXACT)


@pytest.mark.parametrize(
    ("name", "shape", "says"),
    [
        ("weight_hr_l0", (2, 4), r"projections \(weight_hr\) of the shape \(2, 4\)"),
        ("weight_hr_l0", (3, 5), r"projections \(weight_hr\) of the shape \(3, 5\)"),
        ("weight_hr_l0", (0, 5), r"projections \(weight_hr\) of the shape \(0, 5\)"),
        ("weight_hr_l0", (2,), r"projections \(weight_hr\) of the shape \(2,\)"),
        ("weight_hr_l0", None, "weight_hr"),
        ("weight_hr_l1", None, "weight_hr"),
        ("weight_hr_l1", (2, 4), r"weight_hr_l1 must have the shape \(2, 5\), got \(2, 4\)"),
        ("weight_hr_l1_reverse", (2,), r"weight_hr_l1_reverse must have the shape"),
        ("weight_ih_l1", (20, 5), r"weight_ih_l1 must have the shape \(20, 4\), got \(20, 5\)"),
        ("weight_hh_l1", None, "weight_hh_l1 is missing"),
        ("weight_hh_l0", (15, 2), "weight_hr"),
    ],
)
def test_weights_that_fit_no_projection_are_refused(tmp_path, name, shape, says):
    arrays, path = weights_in(arrays_of(2, 2)), tmp_path / "model.safetensors"
    del arrays[f"lstm.{name}"]
    if shape:
        arrays[f"lstm.{name}"] = np.ones(shape)
    save_file(arrays, path)
    with pytest.raises(unrolled.ExperimentError, match=says):
        DeepNetwork.load(path, head="fc")


def test_a_small_file_cannot_ask_for_a_huge_matrix(tmp_path):
    H, path = 20_000, tmp_path / "model.safetensors"
    shapes = {"weight_ih_l0": (4 * H, 1), "weight_hh_l0": (4 * H, 1), "weight_hr_l0": (1, H)}
    save_file(
        {name: np.zeros(each) for name, each in shapes.items()} | {"fc.weight": np.ones((2, 1))},
        path,
    )
    with pytest.raises(unrolled.ExperimentError, match="numbers and the most is"):
        DeepNetwork.load(path, head="fc")
