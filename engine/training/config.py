"""The description of a training run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from unrolled.engine import config
from unrolled.engine.config import NetworkConfig
from unrolled.engine.tasks import LENGTHS, TASKS, task
from unrolled.engine.tokenizers import MOST_TOKENS
from unrolled.engine.training.optimizers import OPTIMIZERS
from unrolled.engine.validation import Choices, check, check_cell, made_of

CHOICES = Choices(task=TASKS, optimizer=OPTIMIZERS, **config.CHOICES.registries)
RANGES: dict[str, tuple[float, float]] = {
    **config.RANGES,
    "length": (0, max(high for _, _, high in LENGTHS.values())),
    "hidden_size": (1, 256),
    "learning_rate": (0, 1e9),
    "clip_norm": (0, 1e6),
    "clip_value": (0, 1e6),
    "truncate": (0, MOST_TOKENS),
    "batch_size": (1, 256),
    "steps": (1, 100_000),
}


@dataclass(frozen=True, slots=True)
class Training(NetworkConfig):
    """The task, the network and the optimizer; the network at its start is a ``NetworkConfig``.

    Raises ``ExperimentError`` on a field that is out of its range, and on fields that make no sense
    together.
    """

    hidden_size: int = field(default=32, kw_only=True)
    """H."""
    task: str = "recall"
    """A key of ``TASKS``."""
    length: int = 0
    """Timesteps that the task bridges; 0 for its own default."""
    examples: str = ""
    """The user's text, or lines of examples, for the tasks of ``EXAMPLES``."""
    optimizer: str = "adam"
    """A key of ``OPTIMIZERS``."""
    learning_rate: float = 0.003
    """η."""
    clip_norm: float = 1.0
    """Norm to which the gradient of all weights together is clipped; 0 for no clipping."""
    clip_value: float = 0.0
    """Size to which each entry of the gradient is clipped, before its norm; 0 for no clipping."""
    truncate: int = 0
    """Timesteps after which BPTT is cut, counted from the last; 0 for none."""
    batch_size: int = 32
    """B."""
    steps: int = 1000
    """Updates."""

    def __post_init__(self) -> None:
        check(self, CHOICES, RANGES)
        check_cell(self)
        task(self.task, self.length, self.examples)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Training":
        """Return a training from named values, such as a JSON object's."""
        return made_of(cls, mapping)
