"""What to run."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from unrolled.engine.architectures import ARCHITECTURES, Problem, Tokenize, tokens_of
from unrolled.engine.cells import ACTIVATIONS, CELLS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.initialization import INITIALIZATIONS
from unrolled.engine.tokenizers import MOST_TOKENS, TOKENIZERS
from unrolled.engine.validation import check, check_cell, loss_of, made_of
from unrolled.engine.versions import VERSIONS

if TYPE_CHECKING:
    from unrolled.engine.training.checkpoint import Checkpoint

CHOICES: dict[str, tuple[str, ...]] = {
    "tokens": tuple(TOKENIZERS),
    "cell": tuple(CELLS),
    "activation": tuple(ACTIVATIONS),
    "architecture": tuple(ARCHITECTURES),
    "initialization": tuple(INITIALIZATIONS),
}
RANGES: dict[str, tuple[int, int]] = {
    "hidden_size": (1, 512),
    "recurrent_scale": (0, 10),
    "input_scale": (0, 10),
    "forget_bias": (-10, 10),
    "update_bias": (-10, 10),
    "seed": (0, 2**32 - 1),
    "clip_norm": (0, 1_000_000),
    "truncate": (0, MOST_TOKENS),
    "chrono": (0, MOST_TOKENS),
}


@dataclass(frozen=True, slots=True)
class Experiment:
    """A network with random weights, a sequence for it to read, and the loss of its outputs.

    Raises ``ExperimentError``, a ``ValueError`` that names the value and the remedy, on a field
    that is out of its range, and on fields that make no sense together.
    """

    checkpoint: ClassVar["Checkpoint | None"] = None
    """The trained network that it is run on, if it is not a random one: see ``engine.training``."""
    sequence: str = "the clouds are in the sky"
    """1 to 2,000 tokens."""
    tokens: str = "characters"
    """``characters`` (grapheme clusters) or ``words``."""
    cell: str = "rnn"
    """A key of ``CELLS``."""
    activation: str = "tanh"
    """A key of ``ACTIVATIONS``; the gated cells have their own and take only tanh here."""
    architecture: str = "many-to-one"
    """A key of ``ARCHITECTURES``."""
    target: str = ""
    """The label or the tags; empty means what the architecture takes from the sequence."""
    hidden_size: int = 16
    """H."""
    initialization: str = "orthogonal"
    """A key of ``INITIALIZATIONS``, for each gate's recurrent weights."""
    recurrent_scale: float = 1.0
    """g, multiplies the recurrent weights of every gate."""
    input_scale: float = 1.0
    """Multiplies the input weights, which are gaussian with variance 1/H."""
    forget_bias: float = 1.0
    """Bias of the LSTM's forget gate; ``chrono`` replaces it."""
    update_bias: float = 0.0
    """Bias of the GRU's update gate: a positive one keeps the old state; ``chrono`` replaces it."""
    seed: int = 0
    """Of every random weight."""
    clip_norm: float = 0.0
    """Norm to which the gradient of all weights together is clipped; 0 for no clipping."""
    truncate: int = 0
    """Timesteps after which BPTT is cut, counted from the last; 0 for none."""
    chrono: int = 0
    """T_max, the longest dependency in timesteps: the units of an LSTM or a GRU start with memories
    of 2 to T_max timesteps (Tallec & Ollivier 2018); 0 for off."""
    loss: int | str = "last"
    """The loss whose gradient is shown: that of a timestep, from 1, the ``last``, or the sum of
    ``all``. It changes nothing of the run itself."""

    def __post_init__(self) -> None:
        check(self, CHOICES, RANGES)
        check_cell(self)
        object.__setattr__(self, "loss", loss_of(self.loss, self.problem().loss_timesteps))

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Experiment":
        """An experiment from named values, such as a JSON object's."""
        return made_of(cls, mapping)

    def named(self) -> dict[str, Any]:
        """The fields by name, as ``of`` takes them."""
        return {field.name: getattr(self, field.name) for field in fields(Experiment)}

    def made_by(self) -> dict[str, Any]:
        """Return what makes its results again: the experiment, by name, and the versions.

        ``experiment_of`` reads it back.
        """
        return {**VERSIONS, "experiment": self.named()}

    def tokenized(self) -> list[str]:
        """The sequence's tokens."""
        return _tokenized(self.sequence, TOKENIZERS[self.tokens])

    def problem(self) -> Problem:
        """The sequence in numbers: the input and the target of each timestep."""
        return _problem(self.sequence, self.tokens, self.architecture, self.target)


@lru_cache(maxsize=8)
def _problem(sequence: str, tokens: str, architecture: str, target: str) -> Problem:
    """The last ones are kept, for a field beside them that is being dragged."""
    tokenize = TOKENIZERS[tokens]
    return Problem.of(ARCHITECTURES[architecture](_tokenized(sequence, tokenize), target, tokenize))


def _tokenized(sequence: str, tokenize: Tokenize) -> list[str]:
    if not sequence:
        raise ExperimentError("sequence", "empty")
    return tokens_of(sequence, tokenize, "sequence")
