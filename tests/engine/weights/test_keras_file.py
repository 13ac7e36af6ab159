"""Files that Keras wrote: ``tests.reference.make_keras`` has run their layers in Keras."""

import io
import json
import random
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest

import unrolled
from unrolled.engine.errors import ExperimentError
from unrolled.engine.weights.arrays import arrays_in
from unrolled.engine.weights.modules import modules_of

FILES = Path(__file__).parents[2] / "reference/keras"
MODULES = {
    "rnn.keras": "states: RNN, inputs=3, H=4, layers=1",
    "lstm.weights.h5": "lstm: LSTM, inputs=3, H=4, layers=1",
    "gru.keras": "gru: GRU, inputs=3, H=4, layers=1",
    "gru-2014.weights.h5": "gru: GRU-2014, inputs=3, H=4, layers=1",
    "both-ways.keras": "bidirectional: GRU, inputs=3, H=4, layers=1, both directions",
    "older-both-ways.h5": "bidirectional: LSTM, inputs=3, H=4, layers=1, both directions",
    "stacked.weights.h5": "rnn: LSTM, inputs=3, H=4, layers=2",
}


@pytest.mark.parametrize("file", MODULES)
def test_a_layer_has_the_states_and_outputs_that_it_has_in_keras(file):
    (module,) = unrolled.modules_in(FILES / file)
    assert (repr(module), module.refused) == (MODULES[file], "")
    network = unrolled.DeepNetwork.load(FILES / file)
    with np.load(FILES / "outputs.npz") as outputs:
        x, states, y = outputs["x"], outputs[file], outputs[f"{file}.y"]
    problem = unrolled.Problem.from_arrays(x, np.zeros_like(y))
    trace = unrolled.deep_trace(network, problem)
    top = [each.hidden for each in trace.levels if each.layer == len(network.layers)]
    np.testing.assert_allclose(np.concatenate(top, axis=1), states, rtol=0, atol=1e-6)
    np.testing.assert_allclose(trace.losses, (y**2).sum(axis=1) / 2, rtol=1e-5)


def changed(file, change):
    """The bytes of a ``.keras`` file with another description."""
    content = io.BytesIO()
    with zipfile.ZipFile(FILES / file) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part.decode()) if name == "config.json" else part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("rnn.keras", '"activation": "tanh"', '"activation": "relu"', 'activation = "relu"'),
        ("gru.keras", '"sigmoid"', '"hard_sigmoid"', 'recurrent_activation = "hard_sigmoid"'),
        ("gru.keras", '"go_backwards": false', '"go_backwards": true', "go_backwards = true"),
        ("both-ways.keras", '"merge_mode": "concat"', '"merge_mode": "sum"', 'merge_mode = "sum"'),
    ],
)
def test_a_function_that_is_not_here_is_refused_by_name(file, old, new, says):
    content = changed(file, lambda told: told.replace(old, new))
    (module,) = modules_of(arrays_in(content, file))
    assert says in module.refused


def test_without_biases_the_description_says_when_the_gru_resets():
    def write(file):
        with h5py.File(file, "w") as opened:
            for number, shape in enumerate([(3, 12), (4, 12)]):
                opened[f"layers/gru/cell/vars/{number}"] = np.ones(shape, "f4")

    weights = io.BytesIO()
    write(weights)
    cells = []
    for options in ({}, {"reset_after": False}):
        layer = {"class_name": "GRU", "config": {"name": "gru", **options}}
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as packed:
            packed.writestr("config.json", json.dumps({"layers": [layer]}))
            packed.writestr("model.weights.h5", weights.getvalue())
        cells += [each.cell for each in modules_of(arrays_in(content.getvalue(), "a.keras"))]
    assert cells == ["gru", "gru-2014"]


def test_a_link_out_of_a_file_is_refused():
    outside = Path(__file__)
    writers = {
        "soft": lambda file: file.__setitem__("a", h5py.SoftLink("/b")),
        "external": lambda file: file.__setitem__("a", h5py.ExternalLink(str(outside), "/")),
        "data": lambda file: file.create_dataset(
            "vars/0", (4, 4), "f4", external=[(str(outside), 0, 64)]
        ),
    }
    for kind, write in writers.items():
        content = io.BytesIO()
        with h5py.File(content, "w") as file:
            write(file)
        with pytest.raises(ExperimentError, match="leads out of the file"):
            arrays_in(content.getvalue(), f"{kind}.h5")


def test_a_group_within_itself_ends():
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["a/b"] = file["/"]
    with pytest.raises(ExperimentError, match="write the recurrent module"):
        arrays_in(content.getvalue(), "round.h5")


def test_a_small_file_that_claims_a_huge_array_takes_no_memory():
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for number, shape in enumerate([(10**6, 4), (1, 4)]):
            file.create_dataset(f"a/cell/vars/{number}", shape, "f4", chunks=True)
        file.create_dataset("dense/vars/0", (1, 2**40), "f4", chunks=(1, 1024))
    with pytest.raises(ExperimentError, match="numbers"):
        arrays_in(content.getvalue(), "huge.h5")


@pytest.mark.delivery
@pytest.mark.parametrize("file", ["lstm.weights.h5", "older-both-ways.h5", "gru.keras"])
def test_a_damaged_file_is_refused_in_words(file):
    whole, draw = (FILES / file).read_bytes(), random.Random(0)
    for _ in range(60):
        content = bytearray(whole[: draw.choice([len(whole), draw.randrange(len(whole))])])
        for _ in range(draw.choice([1, 4, 16]) if content else 0):
            content[draw.randrange(len(content))] = draw.choice([0, 255, draw.randrange(256)])
        with suppress(ExperimentError):
            stored = arrays_in(bytes(content), file)
            modules_of(stored)
            for each in stored.values():
                each.read()


def test_without_h5py_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ExperimentError, match=r"h5py.*pip install 'unrolled\[keras\]'"):
        arrays_in((FILES / "lstm.weights.h5").read_bytes(), "lstm.weights.h5")


@pytest.mark.delivery
def test_a_file_that_keeps_its_library_in_a_loop_is_given_up():
    with pytest.raises(ExperimentError, match="no whole HDF5 file"):
        arrays_in((FILES / "endless.h5").read_bytes(), "endless.h5")
