"""A run of a given network on a given problem, described as an experiment describes its own."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from unrolled.engine.cells import ACTIVATIONS, CELLS
from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import read_only
from unrolled.engine.problem import Problem

_KINDS = {
    **dict.fromkeys(("inputs", "targets", "parts"), int),
    **dict.fromkeys(("vectors", "numbers", "h_0", "c_0"), float),
}
"""The arrays of a problem; its other fields are texts."""


class GivenRun:
    """A network, a problem, and the settings of the run: ``Run.of`` runs it."""

    checkpoint = None
    """No training made it."""

    def __init__(
        self,
        network: Network,
        problem: Problem,
        *,
        loss: int | str = "last",
        truncate: int = 0,
        clip_norm: float = 0.0,
    ) -> None:
        """Describe a run; the parameters are those of ``Run``."""
        self._network, self._problem = network, problem
        self.loss, self.truncate, self.clip_norm = loss, truncate, clip_norm

    def __repr__(self) -> str:
        return f"GivenRun({self._network!r}, T={len(self._problem.tokens)})"

    @classmethod
    def of(cls, made_by: Mapping[str, Any]) -> "GivenRun":
        """Return the run that ``made_by`` describes, here or read from JSON."""
        own = made_by["experiment"]
        settings = {name: own[name] for name in ("loss", "truncate", "clip_norm")}
        cell, activation = own["cell"], own["activation"]
        network = Network.from_state_dict(made_by["network"], cell=cell, activation=activation)
        problem = {name: _read(name, told) for name, told in made_by["problem"].items()}
        return cls(network, Problem(**problem), **settings)

    @property
    def sequence(self) -> str:
        """The tokens read, with spaces between them."""
        return " ".join(filter(None, self._problem.tokens))

    @property
    def cell(self) -> str:
        """A key of ``CELLS``, or the name of a class that is not in it."""
        kind = type(self._network.cell)
        return next((name for name, each in CELLS.items() if each is kind), kind.__name__)

    def network(self) -> Network:
        """Return the network, as it was given."""
        return self._network

    def problem(self) -> Problem:
        """Return the problem, as it was given."""
        return self._problem

    def named(self) -> dict[str, Any]:
        """Return the settings by name, with the tokens as ``sequence``."""
        return {"sequence": self.sequence, **self._settings()}

    def made_by(self) -> dict[str, Any]:
        """Return the settings, the weights and the problem, as JSON has them, and the versions."""
        weights = self._network.state_dict()
        return {
            **VERSIONS,
            "experiment": self._settings(),
            "network": {name: each.tolist() for name, each in weights.items()},
            "problem": problem_told(self._problem),
        }

    def _settings(self) -> dict[str, Any]:
        return {
            "cell": self.cell,
            "activation": getattr(self._network.cell, "activation", next(iter(ACTIVATIONS))),
            "hidden_size": self._network.hidden_size,
            "truncate": self.truncate,
            "clip_norm": self.clip_norm,
            "loss": self.loss,
        }


def problem_told(problem: Problem) -> dict[str, Any]:
    """Return the fields of a problem by name, as JSON has them."""
    return {each.name: _told(getattr(problem, each.name)) for each in fields(Problem)}


def _told(field: Any) -> Any:
    """Return a field of a problem as JSON has it, with null for NaN."""
    if isinstance(field, np.ndarray):
        told = field.astype(object)
        told[np.isnan(field)] = None
        return told.tolist()
    return field if field is None else [*field]


def _read(name: str, told: Any) -> Any:
    if name in _KINDS:
        return None if told is None else read_only(np.array(told, dtype=_KINDS[name]))
    return tuple(told)
