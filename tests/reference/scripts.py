"""Runs of which the exported script has been run in PyTorch: every kind of run that there is."""

import json
from collections.abc import Callable
from hashlib import sha256
from math import inf, isnan
from pathlib import Path
from typing import Any

import numpy as np

from tests.reference.experiments import PROBLEMS
from unrolled import engine
from unrolled.app.exports.code.cells import Cell

LARGEST = 307
"""log10 of the largest number in float64, about."""
FILE = Path(__file__).with_name("scripts.json")
SETTINGS: tuple[dict[str, Any], ...] = (
    {"initialization": "gaussian", "loss": "last", "truncate": 3},
    {"initialization": "uniform", "loss": "all", "clip_norm": 0.01},
    {"initialization": "orthogonal", "loss": "last", "input_scale": 1.4, "chrono": 0},
    {"initialization": "identity", "loss": "all", "recurrent_scale": 0.9, "forget_bias": -0.6},
)


def experiments() -> dict[str, engine.Experiment]:
    """Every cell, activation and architecture that go together, with settings by turns."""
    found = {}
    for cell, kind in engine.CELLS.items():
        own = "activation" in kind.hyperparameters()
        for activation in engine.ACTIVATIONS if own else ["tanh"]:
            for architecture, problems in PROBLEMS.items():
                n = len(found)
                found[f"{cell}-{activation}-{architecture}"] = engine.Experiment(
                    cell=cell,
                    activation=activation,
                    architecture=architecture,
                    hidden_size=(3, 5)[n // 2 % 2],
                    seed=n,
                    **problems[n % 2],
                    **SETTINGS[(n + n // 4) % 4],
                )
    return found


def trained(**fields: Any) -> engine.Experiment:
    run = engine.TrainingRun(
        engine.Training(**{"cell": "gru", "hidden_size": 4, "steps": 3, **fields})
    )
    for _ in run.steps():
        pass
    return run.checkpoint().experiment(recurrent_scale=1.25)


def overflowing(architecture: Any) -> engine.Experiment:
    """A state that grows tenfold at each timestep."""
    return engine.Experiment(
        "ab" * 300,
        activation="relu",
        initialization="identity",
        recurrent_scale=10,
        architecture=architecture,
        loss="last",
    )


def given_vectors(cell: Any) -> engine.GivenRun:
    """Vectors read, numbers asked for, from a state that is not zero."""
    network = engine.Network.random(
        engine.NetworkConfig(cell=cell, hidden_size=4), inputs=3, outputs=2
    )
    rng = np.random.default_rng(0)
    targets = np.where(np.arange(20)[:, None] % 3, np.nan, rng.normal(size=(20, 2)))
    problem = engine.Problem.from_arrays(rng.normal(size=(20, 3)), targets)
    states = rng.normal(size=(2, 4))
    problem = problem.starting_from(*states[: len(engine.CELLS[cell].states)])
    return engine.GivenRun(network, problem, loss=7, truncate=9, clip_norm=0.5)


DEEP: dict[str, Callable[[], engine.Experiment]] = {
    "layers": lambda: engine.Experiment(
        "banana", cell="lstm", architecture="many-to-many", layers=3, loss=4, hidden_size=3
    ),
    "layers-both": lambda: engine.Experiment(
        "banana", cell="gru", layers=2, directions=2, truncate=2, clip_norm=0.01, hidden_size=3
    ),
    "layers-both-written": lambda: engine.Experiment(
        "banana", cell="ln-lstm", layers=2, directions=2, truncate=3, hidden_size=3
    ),
    "layers-without-recurrent-weights": lambda: engine.Experiment(
        "banana", cell="mingru", architecture="many-to-many", layers=2, loss=4, hidden_size=3
    ),
    "both-of-all": lambda: engine.Experiment(
        "banana", architecture="many-to-many", directions=2, loss="all", hidden_size=3
    ),
}
"""Runs of several layers, or of both directions."""
OTHERS: dict[str, Callable[[], engine.Experiment | engine.GivenRun]] = {
    "usual": engine.Experiment,
    "large": lambda: engine.Experiment(cell="lstm", hidden_size=24, chrono=20, truncate=0),
    "one-of-several": lambda: engine.Experiment(
        "banana", cell="lstm", architecture="many-to-many", loss=4
    ),
    "labels": lambda: engine.Experiment(
        "so good", tokens="words", labels="bad / good", target="good", hidden_size=3
    ),
    "tiny-gradient": lambda: engine.Experiment("ab" * 200, recurrent_scale=0.3, hidden_size=3),
    "letters": lambda: engine.Experiment('云\0"\u2028\\ "\'\u202e', hidden_size=2),
    "overflow": lambda: overflowing("many-to-many"),
    "attention": lambda: engine.Experiment(
        "banana", cell="gru", architecture="encoder-decoder", attention="dot", hidden_size=3
    ),
    "attention-additive": lambda: engine.Experiment(
        "banana", architecture="encoder-decoder", attention="additive", hidden_size=3
    ),
    "attention-written": lambda: engine.Experiment(
        "banana", cell="lru", architecture="encoder-decoder", attention="additive", hidden_size=4
    ),
    "no-loss": lambda: overflowing("many-to-one"),
    "classes-trained": lambda: trained(task="recall", length=4),
    "numbers-trained": lambda: trained(task="adding", length=8),
    "attention-trained": lambda: trained(task="reverse", attention="dot"),
    "attention-additive-trained": lambda: trained(
        task="reverse", attention="additive", cell="lstm", steps=20
    ),
    "vectors-gru": lambda: given_vectors("gru"),
    "vectors-lstm": lambda: given_vectors("lstm"),
    "vectors-written": lambda: given_vectors("minlstm"),
}


def runs() -> dict[str, Callable[[], engine.Experiment | engine.GivenRun]]:
    named: dict[str, Any] = {name: lambda each=each: each for name, each in experiments().items()}
    return named | OTHERS | DEEP


def digest(cells: list[Cell]) -> str:
    """Of the code alone: the numbers beside it are compared as numbers."""
    told = json.dumps([source for kind, source in cells if kind == "code"])
    return sha256(told.encode()).hexdigest()


def agree(found, expected):
    """To 1e-6, and in float64 as far as that goes."""
    for a, b in zip(found, expected, strict=True):
        beyond = (a == -inf and b < -LARGEST) or (b > LARGEST and (a == inf or isnan(a)))
        assert beyond or a == b or abs(a - b) <= 1e-6 * max(1, abs(b)), (a, b)
