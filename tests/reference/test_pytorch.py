"""Every quantity of a trace against PyTorch's autograd, as ``make_fixtures`` wrote it down.

The engine runs on the weights that PyTorch ran on, so nothing here depends on random numbers but
the test that says so.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.reference.experiments import BIASED, CELLS, FIXTURES, combinations, experiments, name_of
from unrolled import engine

PATHS = sorted(FIXTURES.glob("*.npz"))
AGAIN = "run python -m tests.reference.make_fixtures (its docstring says how)"


class Reference(NamedTuple):
    """The experiment that PyTorch ran, and its results."""

    experiment: engine.Experiment
    weights: dict[str, Any]
    found: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Reference":
        with np.load(path) as file:
            arrays = dict(file)
        experiment = engine.Experiment(**json.loads(str(arrays.pop("experiment"))))
        weights = {
            name.removeprefix("weights/"): arrays.pop(name)
            for name in list(arrays)
            if name.startswith("weights/")
        }
        return cls(experiment, weights, arrays)

    def network(self) -> engine.Network:
        """The experiment's network, with these weights in place of its own."""
        asked = self.experiment
        return engine.Network.from_state_dict(
            self.weights, cell=asked.cell, activation=asked.activation
        )


class Pair(NamedTuple):
    trace: engine.Trace
    reference: Reference


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def pair(request: pytest.FixtureRequest) -> Pair:
    """The engine's trace on PyTorch's weights, beside PyTorch's own."""
    reference = Reference.read(request.param)
    asked = reference.experiment
    run = engine.Run(
        reference.network(), asked.problem(), clip_norm=asked.clip_norm, experiment=asked
    )
    return Pair(engine.trace_of(run), reference)


def agree(name: str, found: Any, expected: Any) -> None:
    """To 1e-10 of the largest entry, and NaN where PyTorch has none."""
    assert found.shape == expected.shape, f"{name}: {found.shape}, PyTorch has {expected.shape}"
    missing = np.isnan(expected)
    assert (np.isnan(found) == missing).all(), f"{name}: missing at other timesteps"
    found, expected = found[~missing], expected[~missing]
    error = np.abs(found - expected).max(initial=0)
    largest = np.abs(expected).max(initial=0)
    assert error <= 1e-10 * largest, f"{name}: {error:.3g} off, the largest entry is {largest:.3g}"


def agree_in_log10(name: str, found: Any, expected: Any) -> None:
    """To 1e-10 absolute, and -inf exactly where PyTorch has no gradient."""
    assert found.shape == expected.shape, f"{name}: {found.shape}, PyTorch has {expected.shape}"
    no_path = np.isneginf(expected)
    assert (np.isneginf(found) == no_path).all(), f"{name}: no path at other timesteps"
    error = np.abs(found[~no_path] - expected[~no_path]).max(initial=0)
    assert error <= 1e-10, f"{name}: {error:.3g} off in log10"


def compare(pair, name, agree):
    found, expected = getattr(pair.trace, name), pair.reference.found.get(name)
    if expected is None:
        assert found is None, f"{name}: PyTorch's cell has none"
    else:
        agree(name, found, expected)


def test_the_engine_runs_on_the_weights_that_pytorch_ran_on(pair):
    found = pair.trace.network.state_dict()
    assert found.keys() == pair.reference.weights.keys()
    for name, weights in pair.reference.weights.items():
        assert np.array_equal(found[name], weights), name


def test_inputs_and_targets_are_those_that_pytorch_was_given(pair):
    assert np.array_equal(pair.trace.inputs, pair.reference.found["inputs"])
    assert np.array_equal(pair.trace.targets, pair.reference.found["targets"])


@pytest.mark.parametrize("name", ["hidden", "cell_state", "probabilities", "losses"])
def test_the_forward_pass_agrees(pair, name):
    compare(pair, name, agree)


@pytest.mark.parametrize("name", ["hidden_gradient", "cell_gradient"])
def test_the_gradient_of_every_state_agrees(pair, name):
    compare(pair, name, agree)


@pytest.mark.parametrize(
    "name", ["log10_gradient_norm", "log10_cell_gradient_norm", "log10_gradient_matrix"]
)
def test_the_norms_agree(pair, name):
    compare(pair, name, agree_in_log10)


def test_the_gradient_of_every_weight_agrees(pair):
    prefix = "weight_gradients/"
    expected = {
        name.removeprefix(prefix): gradient
        for name, gradient in pair.reference.found.items()
        if name.startswith(prefix)
    }
    assert pair.trace.weight_gradients.keys() == expected.keys()
    for name, gradient in expected.items():
        agree(name, pair.trace.weight_gradients[name], gradient)


def test_a_reference_is_of_a_whole_run(pair):
    assert pair.trace.diverged_at is None


# --- the fixtures themselves ---------------------------------------------------------------------


@pytest.mark.parametrize("combination", combinations(), ids=lambda each: name_of(*each))
def test_pytorch_has_run_every_cell_activation_and_architecture(combination):
    path = FIXTURES / f"{name_of(*combination)}.npz"
    assert path.exists(), f"there is no {path.name}: {AGAIN}"
    experiment = Reference.read(path).experiment
    assert combination == (experiment.cell, experiment.activation, experiment.architecture)


@pytest.mark.parametrize("cell", CELLS)
def test_pytorch_has_run_every_cell_with_biases_that_are_not_zero(cell):
    path = FIXTURES / f"{name_of(cell, 'tanh', 'encoder-decoder')}{BIASED}.npz"
    assert path.exists(), f"there is no {path.name}: {AGAIN}"
    weights = Reference.read(path).weights
    assert all(weights[name].all() for name in weights if "bias" in name)


@pytest.mark.parametrize("name", experiments())
def test_a_fixture_is_of_the_experiment_that_bears_its_name(name):
    stored = Reference.read(FIXTURES / f"{name}.npz").experiment
    assert stored == engine.Experiment(**experiments()[name]), AGAIN


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_seed_still_draws_the_weights_that_pytorch_ran_on(path):
    reference = Reference.read(path)
    drawn = engine.trace_of(reference.experiment).network.state_dict()
    assert drawn.keys() == reference.weights.keys()
    for name, weights in reference.weights.items():
        if not (path.stem.endswith(BIASED) and "bias" in name):
            assert drawn[name] == pytest.approx(weights, rel=1e-15, abs=0), f"{name}: {AGAIN}"


def test_the_fixtures_stay_small():
    assert sum(path.stat().st_size for path in PATHS) < 500_000
