"""Exported scripts, run in the framework that they are for (``make test-frameworks``)."""

import contextlib
import io
from collections.abc import Iterator

import pytest

from tests.reference.scripts import agree, runs
from unrolled.app.exports.code import keras_layers, pytorch_layers

pytestmark = pytest.mark.frameworks
RUNS = runs()


@pytest.fixture
def float64() -> Iterator[None]:
    """The script's choice of numbers ends with it."""
    import torch

    yield
    torch.set_default_dtype(torch.float32)


def run(script: bytes) -> dict:
    names: dict = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(script, "script.py", "exec"), names)
    return names


def has_the_engines_numbers(names: dict) -> None:
    assert ("loss" in names) == ("loss_in_unrolled" in names)
    if "loss" not in names:
        return
    agree([names["loss"].item()], [names["loss_in_unrolled"]])
    agree([names["d_W_norm"]], [names["d_W_norm_in_unrolled"]])
    assert names["columns"].keys() == names["in_unrolled"].keys()
    for column, norms in names["columns"].items():
        reached = names["in_unrolled"][column][: len(norms)]
        assert len(reached)
        agree(norms, reached)


@pytest.mark.parametrize("name", RUNS)
def test_a_script_for_pytorch_has_the_engines_numbers(name, float64):
    has_the_engines_numbers(run(pytorch_layers.script(RUNS[name]())))


@pytest.mark.parametrize("name", RUNS)
def test_a_script_for_keras_has_the_engines_numbers(name):
    has_the_engines_numbers(run(keras_layers.script(RUNS[name]())))
