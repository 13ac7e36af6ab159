"""A moment: a recorded module at one step of its training."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from unrolled.engine.description.keywords import ActivationName, CellName
from unrolled.engine.layer import Layer
from unrolled.engine.network import given, layer_of
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.recording.watched import KINDS, Watched


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A module at one step of its training: what it read, its weights, and the gradient there."""

    module: Watched
    """Which it is."""
    step: int
    """1, 2, ...: the forward pass of the model, counted in training."""
    lengths: Integers
    """(B,) timesteps of each sequence, of T."""
    x: Floats
    """(T, B, D) what the module read."""
    d_output: Floats
    """(T, B, H or 2H) ∂L/∂ of its outputs: the direct part, that of no later timestep."""
    weights: Mapping[str, Floats]
    """Before the update, under PyTorch's names."""
    states: Mapping[str, Floats] = field(default_factory=dict)
    """(levels, B, H) each: ``h_0`` and ``c_0`` where the module was given them, ``h_n`` that it
    returned, and ``d_h_n`` and ``d_c_n``, the gradients at the states that it returned."""

    def __post_init__(self) -> None:
        own = self.module
        if self.x.ndim != 3 or self.x.shape[2] != own.inputs or not self.x.size:
            raise ValueError(f"x must have the shape (T, B, {own.inputs}), got {self.x.shape}")
        floats = {"x": self.x, "d_output": self.d_output, **self.weights, **self.states}
        for name, array in floats.items():
            if array.dtype.kind != "f":
                raise ValueError(f"{name} has numbers of type {array.dtype}, which are no floats")
        T, B, _ = self.x.shape
        wanted: dict[str, tuple[Any, tuple[int, ...]]] = {
            "d_output": (self.d_output, (T, B, own.hidden_size * (1 + own.bidirectional))),
            "lengths": (self.lengths, (B,)),
            **{k: (each, (own.levels, B, own.hidden_size)) for k, each in self.states.items()},
        }
        for name, (array, shape) in wanted.items():
            if array.shape != shape:
                raise ValueError(f"{name} must have the shape {shape}, got {array.shape}")
        whole = self.lengths.dtype.kind in "iu"
        if not (whole and ((self.lengths >= 1) & (self.lengths <= T)).all()):
            raise ValueError(f"lengths must be whole numbers from 1 to {T}")

    def __repr__(self) -> str:
        T, B, _ = self.x.shape
        return f"Moment({self.module.name or 'the model'!r}, step {self.step}, T={T}, B={B})"

    @property
    def finite(self) -> bool:
        """Whether all numbers are."""
        each = (self.x, self.d_output, *self.weights.values(), *self.states.values())
        return all(np.isfinite(array).all() for array in each)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Each layer and direction, from the inputs up, the one that reads forward first."""
        cell, activation = KINDS[self.module.mode]
        arrays, kind = given(self.weights, cast(CellName, cell), cast(ActivationName, activation))
        H = self.module.hidden_size
        return tuple(layer_of(arrays, kind, H, "", suffix) for suffix in self.module.suffixes)

    def state(self, name: str, level: int, sequences: Any) -> Floats:
        """Return (B, H) one of ``states`` in float64; zero where it was not recorded."""
        if name in self.states:
            return self.states[name][level, sequences].astype(np.float64)
        return np.zeros((len(sequences), self.module.hidden_size))
