"""Keyword arguments as a type checker knows them: it finds a misspelt name, and a wrong choice.

The choices are the keys of the registries, as `python -m docs.keywords` writes them.
"""

from typing import Literal, TypedDict

CellName = Literal[
    "rnn",
    "lstm",
    "gru",
    "gru-2014",
    "feedforward",
    "mgu",
    "mingru",
    "minlstm",
    "indrnn",
    "lru",
    "ln-rnn",
    "ln-lstm",
    "ln-gru",
]
ActivationName = Literal["tanh", "relu", "sigmoid", "identity"]
InitializationName = Literal["gaussian", "orthogonal", "identity", "uniform"]
TokenizerName = Literal["characters", "words"]
ArchitectureName = Literal["many-to-one", "one-to-many", "many-to-many", "encoder-decoder"]
AttentionName = Literal["none", "dot", "additive"]


class NetworkFields(TypedDict, total=False):
    """The fields of ``NetworkConfig``."""

    cell: CellName
    activation: ActivationName
    hidden_size: int
    initialization: InitializationName
    recurrent_scale: float
    input_scale: float
    forget_bias: float
    update_bias: float
    chrono: int
    seed: int


class RunFields(NetworkFields, total=False):
    """The fields of ``Experiment``, but the sequence."""

    tokens: TokenizerName
    architecture: ArchitectureName
    target: str
    labels: str
    clip_norm: float
    truncate: int
    loss: int | str
    by_hand: str
    layers: int
    directions: int
    layer: int
    attention: AttentionName


class OfProblem(TypedDict, total=False):
    """The fields of an experiment that are free on a trained network."""

    sequence: str
    target: str
    recurrent_scale: float
    clip_norm: float
    truncate: int
    loss: int | str


class InFlight(TypedDict, total=False):
    """The fields of ``Training`` that change while it runs."""

    learning_rate: float
    clip_norm: float
    clip_value: float


class GoingOn(InFlight, total=False):
    """The fields that ``TrainingRun.load`` takes."""

    steps: int
