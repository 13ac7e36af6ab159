"""The description of a training run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from unrolled.engine import config
from unrolled.engine.attention.attended import ATTENTIONS, check_attention
from unrolled.engine.config import NetworkConfig
from unrolled.engine.description.keywords import AttentionName, InitializationName
from unrolled.engine.errors import ExperimentError
from unrolled.engine.tasks import LENGTHS, TASKS, task
from unrolled.engine.tokenizers import MOST_TOKENS
from unrolled.engine.training.constraints import CONSTRAINTS
from unrolled.engine.training.optimizers import OPTIMIZERS
from unrolled.engine.validation import Choices, check, check_cell, made_of

CHOICES = Choices(
    task=TASKS,
    optimizer=OPTIMIZERS,
    constraint=CONSTRAINTS,
    attention=ATTENTIONS,
    **config.CHOICES.registries,
)
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


_USUAL: dict[str, float] = {"learning_rate": 0.01, "steps": 1000}
_SUITED: dict[str, dict[str, float]] = {
    "recall": {"learning_rate": 0.003, "steps": 600},
    "copying": {"learning_rate": 0.02, "steps": 2500},
    "adding": {"learning_rate": 0.005},
    "dates": {"steps": 1500},
}
"""What a task wants instead, so that its point is seen, and seen soon."""
OF_TASK = tuple(_USUAL)
"""Fields whose default is what suits the task."""


@dataclass(frozen=True, slots=True)
class Training(NetworkConfig):
    """The task, the network and the optimizer; the network at its start is a ``NetworkConfig``.

    Left as it is, it shows the point of each task. With PyTorch's own random weights, uniform, a
    tanh RNN does not learn to recall, whatever the seed; with forget gates that start at
    σ(3) = 0.95 an LSTM always does, and soon.

    Raises
    ------
    ExperimentError
        On a field that is out of its range, and on fields that make no sense together.
    """

    hidden_size: int = field(default=32, kw_only=True)
    """H."""
    initialization: InitializationName = field(default="uniform", kw_only=True)
    """A key of ``INITIALIZATIONS``, for each gate's recurrent weights."""
    forget_bias: float = field(default=3.0, kw_only=True)
    """Bias of the LSTM's forget gate; ``chrono`` replaces it."""
    task: str = "recall"
    """A key of ``TASKS``."""
    length: int = 0
    """Timesteps that the task bridges; 0 for its own default."""
    examples: str = ""
    """The user's text, or lines of examples, for the tasks of ``EXAMPLES``."""
    optimizer: str = "adam"
    """A key of ``OPTIMIZERS``."""
    learning_rate: float = None  # type: ignore[assignment]
    """η; if not given, what suits the task."""
    clip_norm: float = 1.0
    """Norm to which the gradient of all weights together is clipped; 0 for no clipping."""
    clip_value: float = 0.0
    """Size to which each entry of the gradient is clipped, before its norm; 0 for no clipping."""
    truncate: int = 0
    """Timesteps after which BPTT is cut, counted from the last; 0 for none."""
    batch_size: int = 32
    """B."""
    steps: int = None  # type: ignore[assignment]
    """Updates; if not given, what suits the task."""
    constraint: str = "free"
    """A key of ``CONSTRAINTS``: what each gate's W_hh / g is kept as, from the start on."""
    attention: AttentionName = "none"
    """A key of ``ATTENTIONS``: how each output of an encoder-decoder looks at every state of the
    encoder. It is for tasks of that architecture."""

    def __post_init__(self) -> None:
        for name, usual in {**_USUAL, **_SUITED.get(self.task, {})}.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, usual)
        check(self, CHOICES, RANGES)
        check_cell(self)
        own = task(self.task, self.length, self.examples)
        if self.attention != "none" and own.architecture != "encoder-decoder":
            raise ExperimentError(
                "attention", "no_encoder_in_task", task=self.task, value=self.attention
            )
        check_attention(self.attention, own.architecture, self.cell)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Training":
        """Return a training from named values, such as a JSON object's."""
        return made_of(cls, mapping)
