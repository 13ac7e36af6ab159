"""The experiment behind a file or an answer, from the record that it holds."""

from collections.abc import Mapping
from typing import Any

from unrolled.engine.experiment import Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.training.checkpoint import Checkpoint, digest
from unrolled.engine.training.config import Training
from unrolled.engine.training.run import TrainingRun


def experiment_of(made_by: Mapping[str, Any], examples: str = "") -> Experiment | GivenRun:
    """Return the experiment that made a file or an answer.

    Parameters
    ----------
    made_by
        ``Experiment.made_by()``, or what was read from JSON. Of a trained network the training is
        done again, up to its step.
    examples
        The text that the network was trained on, where it was a user's own: no file but the
        checkpoint holds it.

    Returns
    -------
    Experiment or GivenRun
        The latter of a given network and problem. ``trace_of``, or of several layers
        ``deep_trace_of``, gives the numbers again, with the same versions to the last digit.

    Raises
    ------
    ExperimentError
        Where a field is out of its range.
    ValueError
        Where ``examples`` are not those that the network was trained on, where its task has other
        words in this version, and where its weights are those of a user's own file.

    Examples
    --------
    >>> import unrolled
    >>> made_by = unrolled.Experiment(cell="lstm", seed=3).made_by()
    >>> unrolled.experiment_of(made_by) == unrolled.Experiment(cell="lstm", seed=3)
    True
    """
    if "network" in made_by:
        return GivenRun.of(made_by)
    if "checkpoint" not in made_by:
        return Experiment.of(made_by["experiment"])
    if "weights_sha256" in made_by["checkpoint"]:
        file = made_by["checkpoint"]["file"]
        raise ValueError(f"the weights are those of {file}, which is not in here: open that file")
    return checkpoint_of(made_by["checkpoint"], examples).experiment(**made_by["experiment"])


def checkpoint_of(told: Mapping[str, Any], examples: str = "") -> Checkpoint:
    """Train again what ``Checkpoint.told`` describes, up to its step."""
    fields = {name: value for name, value in told["training"].items() if name != "examples_sha256"}
    if digest(examples) != told["training"].get("examples_sha256", ""):
        raise ValueError("examples must be the text that the network was trained on")
    run = TrainingRun(Training.of({**fields, "examples": examples}))
    words = run.checkpoint().told()["words_sha256"]
    if told.get("words_sha256", words) != words:
        raise ValueError(
            f"the task {run.training.task} has other words in this version: open the network's file"
        )
    changes = [(int(step), str(name), float(value)) for step, name, value in told["changes"]]
    steps = run.steps()
    while True:
        run.change(**{name: value for step, name, value in changes if step == run.step})
        if run.step == told["step"]:
            return run.checkpoint()
        next(steps)
