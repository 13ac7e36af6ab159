"""The records of a training run."""

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.engine.description.representation import brief
from unrolled.engine.numerics.arrays import Floats


@dataclass(frozen=True, slots=True)
class Answer:
    """The predictions of the network on one example."""

    predictions: tuple[str, ...]
    """(T) in words where there is a target, empty elsewhere."""
    right: tuple[bool, ...]
    """(T) whether the prediction is the target; a number never is."""
    probability: tuple[float, ...]
    """(T) of the target; NaN where there is none, and for numbers."""


@dataclass(frozen=True, slots=True)
class TrainingStep:
    """The results of one minibatch, with the weights before its update."""

    step: int
    """1, 2, ..."""
    loss: float
    """Mean over the targets, in nats, or ½ of squared units for numbers."""
    accuracy: float | None
    """Share of right answers; None for numbers."""
    log10_gradient_norm: float
    """Of all weights together, before clipping."""
    log10_clipped_norm: float
    """After clipping."""
    log10_norm_by_distance: Floats
    """(T,) log10 ‖∂L_last/∂h‖ k timesteps before the last loss, k = 0..T-1: the median over the
    minibatch; -inf where there is no path."""
    answers: Sequence[Answer]
    """To the task's probes; put into words when they are first read."""
    diverged: str | None
    """``loss`` or ``weights``: what is no longer finite, and so ended the run."""

    def __repr__(self) -> str:
        return brief(self)
