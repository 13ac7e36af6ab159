"""A run of a given network on a given problem, described as an experiment describes its own."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from unrolled.engine.cells import ACTIVATIONS, CELLS
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.network import Network
from unrolled.engine.numerics.arrays import read_only
from unrolled.engine.problem import Problem

_KINDS = {
    **dict.fromkeys(("inputs", "targets", "parts"), int),
    **dict.fromkeys(("vectors", "numbers", "h_0", "c_0"), float),
}
"""The arrays of a problem; its other fields are texts."""


class GivenRun:
    """A network, a problem, and the settings of the run: ``trace_of`` runs it.

    A network of layers is run by ``deep_trace_of``.
    """

    checkpoint = None
    """No training made it."""
    layer = 0
    """The highest is in front."""

    def __init__(
        self,
        network: Network | DeepNetwork,
        problem: Problem,
        *,
        loss: int | str = "last",
        reads: str = "h_n",
        truncate: int = 0,
        clip_norm: float = 0.0,
    ) -> None:
        """Describe a run; the parameters are those of ``Run``, and of ``deep_trace``."""
        self._network, self._problem = network, problem
        self.loss, self.truncate, self.clip_norm = loss, truncate, clip_norm
        self.reads = reads

    def __repr__(self) -> str:
        return f"GivenRun({self._network!r}, T={len(self._problem.tokens)})"

    @classmethod
    def of(cls, made_by: Mapping[str, Any]) -> "GivenRun":
        """Return the run that ``made_by`` describes, here or read from JSON."""
        own = made_by["experiment"]
        names = ("loss", "reads", "truncate", "clip_norm")
        settings = {name: own[name] for name in names if name in own}
        kind: type[Network | DeepNetwork] = DeepNetwork if "reads" in own else Network
        cell, activation = own["cell"], own["activation"]
        network = kind.from_state_dict(made_by["network"], cell=cell, activation=activation)
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

    @property
    def deep(self) -> bool:
        """Whether its network is one of layers, which ``deep_network`` returns."""
        return isinstance(self._network, DeepNetwork)

    def network(self) -> Network:
        """Return the network, as it was given; raises ``ExperimentError`` on several layers."""
        if isinstance(self._network, DeepNetwork):
            raise ExperimentError("layers", "no_layers", value=len(self._network.layers))
        return self._network

    def deep_network(self) -> DeepNetwork:
        """Return the network as one of layers."""
        if isinstance(self._network, DeepNetwork):
            return self._network
        return DeepNetwork((self._network.layers,), self._network.W_hy, self._network.b_y)

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
            **({"reads": self.reads} if self.deep else {}),
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
