"""The training page's initial settings, trained by the engine alone."""

import numpy as np
import pytest

from unrolled.engine import TASKS, Training, TrainingRun, task

RECENT = 25
NOISE = 1e-6
"""Of the weights at the start: far more than processors differ in."""


def losses(cell: str, seed: int, most: int = 10_000) -> np.ndarray:
    """As shares of the baseline, each the mean of those up to it, of the page's first plan."""
    run = TrainingRun(Training("recall", cell=cell, seed=seed))
    noise = np.random.default_rng(seed)
    for array in run.network.state_dict().values():
        array *= 1 + NOISE * noise.standard_normal(array.shape)
    found = [step.loss for step, _ in zip(run.steps(), range(most), strict=False)]
    mean = np.full(RECENT, 1 / RECENT)
    return np.convolve(found, mean, "valid") / task("recall").baseline


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.delivery) for seed in (1, 2))]
)
def test_the_first_plan_tells_its_story_with_room_to_spare(seed):
    assert losses("rnn", seed).min() > 0.97
    most = Training("recall").steps
    assert losses("lstm", seed, most // 3)[-1] < 0.05
    assert losses("gru", seed, 2 * most // 3)[-1] < 0.1


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_planned_with_a_length_and_a_text_of_its_own(name):
    plan = Training(name)
    assert (plan.task, plan.length, plan.examples) == (name, 0, "")
