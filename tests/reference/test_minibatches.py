"""Minibatches and training against PyTorch, as ``make_minibatches`` wrote it down."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.minibatches import GRADIENTS, RUNS, STEPS, Recorded, gradients, runs
from tests.reference.test_pytorch import agree
from unrolled import engine
from unrolled.engine.tasks import Batch

AGAIN = "run python -m tests.reference.make_minibatches (its docstring says how)"


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The arrays of each name."""
    found: dict[str, dict[str, Any]] = {}
    with np.load(path) as file:
        for key, array in file.items():
            name, each = key.split("/")
            found.setdefault(name, {})[each] = array
    return found


BATCHES, TRAINED = read(GRADIENTS), read(RUNS)


def named(run: engine.TrainingRun, vector: Any) -> dict[str, Any]:
    """The parts of a vector that is as long as all weights together."""
    own = run.network.state_dict()
    parts = np.split(vector, np.cumsum([each.size for each in own.values()]))
    assert not parts.pop().size, AGAIN
    return {
        name: part.reshape(each.shape)
        for (name, each), part in zip(own.items(), parts, strict=True)
    }


def with_weights(run: engine.TrainingRun, vector: Any) -> engine.TrainingRun:
    """The run, on the weights that PyTorch ran on, which its seed draws but for rounding."""
    own = run.network.state_dict()
    for name, array in named(run, vector).items():
        np.testing.assert_allclose(own[name], array, rtol=1e-13, atol=1e-15, err_msg=AGAIN)
        own[name][...] = array
    return run


def test_pytorch_has_run_every_network_on_every_kind_of_task():
    assert BATCHES.keys() == gradients().keys(), AGAIN
    assert TRAINED.keys() == runs().keys(), AGAIN
    assert GRADIENTS.stat().st_size + RUNS.stat().st_size < 600_000


@pytest.mark.parametrize("name", gradients())
def test_the_gradient_of_a_minibatch_is_pytorchs(name):
    reference = BATCHES[name]
    run = with_weights(Recorded(gradients()[name]).run, reference["weights"])
    batch = Batch(*(reference[field] for field in Batch._fields))
    found, expected = run.gradient(batch), named(run, reference["gradient"])
    for each, d in expected.items():
        agree(each, found[each], d)


@pytest.mark.parametrize("name", runs())
def test_twenty_steps_of_training_are_those_of_torch_optim(name):
    reference = TRAINED[name]
    recorded = Recorded(runs()[name])
    run = with_weights(recorded.run, reference["weights"])
    losses = [step.loss for step in run.steps()]
    assert len(recorded.batches) == STEPS
    for field in ("x", "targets"):
        drawn = np.array([getattr(batch, field) for batch in recorded.batches])
        np.testing.assert_array_equal(drawn, reference[field], err_msg=AGAIN)
    np.testing.assert_allclose(losses, reference["losses"], rtol=1e-8, atol=0)
    start, found = named(run, reference["weights"]), run.network.state_dict()
    for each, weights in named(run, reference["end"]).items():
        np.testing.assert_allclose(found[each], weights, rtol=1e-8, atol=1e-8 * abs(weights).max())
        assert np.abs(found[each] - start[each]).max() > 1e-4, f"{each} has not been trained"
