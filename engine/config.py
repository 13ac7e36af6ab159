"""The network that an experiment or a training starts with."""

from dataclasses import dataclass

from unrolled.engine.cells import ACTIVATIONS, CELLS
from unrolled.engine.description.keywords import ActivationName, CellName, InitializationName
from unrolled.engine.initialization import INITIALIZATIONS
from unrolled.engine.tokenizers import MOST_TOKENS
from unrolled.engine.validation import Choices, check, check_cell

CHOICES = Choices(cell=CELLS, activation=ACTIVATIONS, initialization=INITIALIZATIONS)
RANGES: dict[str, tuple[int, int]] = {
    "hidden_size": (1, 512),
    "recurrent_scale": (0, 10),
    "input_scale": (0, 10),
    "forget_bias": (-10, 10),
    "update_bias": (-10, 10),
    "chrono": (0, MOST_TOKENS),
    "seed": (0, 2**32 - 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfig:
    """A network with random weights: its cell, its size, and how its weights are drawn.

    Raises
    ------
    ExperimentError
        A ``ValueError`` that names the value and the remedy, on a field that is out of its range,
        and on fields that make no sense together.

    Examples
    --------
    >>> import unrolled
    >>> config = unrolled.NetworkConfig(cell="lstm", hidden_size=8)
    >>> unrolled.Network.random(config, inputs=3, outputs=3).weights[0].W_hh.shape
    (32, 8)
    """

    cell: CellName = "rnn"
    """A key of ``CELLS``."""
    activation: ActivationName = "tanh"
    """A key of ``ACTIVATIONS``; the gated cells have their own and take only tanh here."""
    hidden_size: int = 16
    """H."""
    initialization: InitializationName = "orthogonal"
    """A key of ``INITIALIZATIONS``, for each gate's recurrent weights."""
    recurrent_scale: float = 1.0
    """g, multiplies the recurrent weights of every gate."""
    input_scale: float = 1.0
    """Multiplies the input weights, which are gaussian with variance 1/H."""
    forget_bias: float = 1.0
    """Bias of the LSTM's forget gate; ``chrono`` replaces it."""
    update_bias: float = 0.0
    """Bias of the GRU's update gate: a positive one keeps the old state; ``chrono`` replaces it."""
    chrono: int = 0
    """T_max, the longest dependency in timesteps: the units of an LSTM or a GRU start with memories
    of 2 to T_max timesteps (Tallec & Ollivier 2018); 0 for off."""
    seed: int = 0
    """Of every random weight."""

    def __post_init__(self) -> None:
        check(self, CHOICES, RANGES)
        check_cell(self)
