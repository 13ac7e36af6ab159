"""The columns of a run's table, of one layer and of several."""

from typing import Any

import numpy as np

from unrolled.app.exports.opener import Opener
from unrolled.app.exports.spreadsheet import harmless, inert_json, numbers
from unrolled.engine import DeepTrace, LevelTrace, Trace
from unrolled.engine.numerics.arrays import Floats

Columns = dict[str, list[Any]]
DIRECTIONS = ("forward", "reverse")
_TOLD = ("sequence", "target", "labels", "loss")
"""Settings that have no column of their own: other columns say it."""


def of_trace(trace: Trace, opener: Opener) -> Columns:
    """Return a row for each timestep."""
    columns = _of_level(trace, trace, trace.log10_share())
    return columns | _settings(trace, opener, [trace.verdict] * len(trace.tokens))


def of_layers(trace: DeepTrace, opener: Opener) -> Columns:
    """Return a row for each timestep of each layer and direction, from the inputs up.

    The columns are those of one layer, after ``layer`` and ``direction``; what a run has but once,
    such as a loss, is repeated. The setting ``layer`` is called ``layer_in_front``.
    """
    columns: Columns = {}
    T = len(trace.losses)
    for level, share in zip(trace.levels, trace.log10_shares(), strict=True):
        place: Columns = {"layer": [level.layer] * T, "direction": [DIRECTIONS[level.reverse]] * T}
        for name, values in (place | _of_level(trace, level, share)).items():
            columns.setdefault(name, []).extend(values)
    settings = _settings(trace, opener, [each for each in trace.verdicts for _ in range(T)])
    named = {"layer_in_front" if name == "layer" else name: each for name, each in settings.items()}
    return columns | named


def _of_level(run: Trace | DeepTrace, of: Trace | LevelTrace, share: Floats) -> Columns:
    """Return what a run has, and of a layer its gradients, states and gates."""
    problem = run.problem
    targets = [problem.vocabulary[target] if target >= 0 else "" for target in problem.targets]
    columns: Columns = {
        "t": list(range(1, len(problem.tokens) + 1)),
        "token": [harmless(token) for token in problem.tokens],
        "target": [harmless(token) for token in targets],
        "prediction": [harmless(token) for token in _predictions(run)],
        "loss": numbers(run.losses),
        "log10_gradient_norm": numbers(of.log10_gradient_norm),
        "log10_share": numbers(share),
        "log10_input_gradient_norm": numbers(run.log10_input_gradient_norm),
    }
    if of.log10_cell_gradient_norm is not None:
        columns["log10_cell_gradient_norm"] = numbers(of.log10_cell_gradient_norm)
    for name, stack in {"h": of.hidden, "c": of.cell_state, **of.gates}.items():
        if stack is not None:
            columns |= {f"{name}_{i}": numbers(unit) for i, unit in enumerate(stack.T, start=1)}
    return columns


def _predictions(run: Trace | DeepTrace) -> list[str]:
    """Return what each timestep says: the likeliest token, or numbers; empty of those without."""
    if run.outputs is not None:
        rows = [[] if np.isnan(row).any() else row.tolist() for row in run.outputs]
        return [" ".join(map(repr, row)) for row in rows]
    return [
        "" if np.isnan(row).any() else run.problem.vocabulary[int(row.argmax())]
        for row in run.probabilities
    ]


def _settings(run: Trace | DeepTrace, opener: Opener, verdicts: list[str]) -> Columns:
    """Return the settings and the results of the run as columns."""
    rows, made_by = len(verdicts), run.described.made_by()
    told = {name: each for name, each in made_by["experiment"].items() if name not in _TOLD}
    if trained := made_by.get("checkpoint"):
        if "training" in trained:
            told |= {f"trained_{name}": each for name, each in trained["training"].items()}
            told["trained_step"] = trained["step"]
        else:
            told |= trained  # a file of a user's own, and the digest of its weights
    return {
        **{name: [value] * rows for name, value in told.items()},
        "chosen_loss": [run.chosen_loss] * rows,
        "verdict": verdicts,
        "address": [opener.address(run.described) or None, *[None] * (rows - 1)],
        "made_by": [inert_json(made_by), *[None] * (rows - 1)],
    }
