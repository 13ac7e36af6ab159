import pickle
from typing import Any

import pytest

from unrolled import engine


def run_of(task: str) -> engine.TrainingRun:
    fields: dict[str, Any] = {"hidden_size": 4, "batch_size": 4, "steps": 3}
    return engine.TrainingRun(engine.Training(task, **fields))


@pytest.mark.parametrize("task", ["recall", "adding", "sentiment"])
def test_answers_read_after_the_training_are_those_of_their_step(task):
    at_once = [repr(step.answers) for step in run_of(task).steps()]
    later = [repr(step.answers) for step in list(run_of(task).steps())]
    assert later == at_once
    assert len({*at_once}) == 3


def test_answers_equal_those_of_another_run_and_those_that_were_pickled():
    step, other = (next(run_of("text").steps()) for _ in range(2))
    pickled = pickle.loads(pickle.dumps(step)).answers
    assert step.answers == other.answers == pickled
    assert pickled == step.answers
    assert step.answers[1:] == pickled[1:]
    assert step.answers != next(run_of("parity").steps()).answers
