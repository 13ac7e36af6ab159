"""The answers about a user's own network."""

from typing import Any, Literal

from unrolled.app.routes.answers import Own
from unrolled.app.web.bodies import Answer, Problem


class DataAnswer(Answer):
    """The numbers of a user's file."""

    name: str
    """The name of the file."""
    shape: tuple[int, int]
    """(T, D)."""
    targets: bool
    """Whether the file has the targets too: then none can be typed."""
    recorded: bool
    """Whether the targets stand for the gradient that a recorded training had."""


class OwnNetworkAnswer(Own):
    """The network of a user's file, and the experiment that opens it in the lab."""

    cell: str
    """A key of ``cell``."""
    layers: int
    """Layers on top of one another."""
    directions: int
    """2 where each layer also reads from the end."""
    hidden_size: int
    """H, of each layer and direction."""
    projection: int
    """P where h_t is projected (``proj_size``), else 0: then the states are those before that."""
    words: int
    """How many tokens it reads."""
    inputs: int
    """Entries of x_t."""
    outputs: int
    """How many outputs it has."""
    vocabulary: list[str]
    """The first tokens, in the order of their numbers."""
    reads: Literal["h_n", "output"]
    """Of both directions, the states that a readout of one loss reads: the last of each, or those
    at T."""
    alone: bool
    """Whether no layer reads the states, so that the loss is ½‖h‖² of the state."""
    head: str
    """The linear layer that reads its states; empty where none does."""
    embedding: str
    """The embedding whose rows it reads; empty where tokens are one-hot vectors."""
    data: DataAnswer | None
    """The numbers that it reads in place of tokens."""
    experiment: dict[str, Any]
    """The experiment with which the lab opens it."""


class ModuleAnswer(Answer):
    """A recurrent module of a file."""

    name: str
    """What stands before ``weight_ih_l0``, such as ``model.rnn``; empty at the top of the file."""
    cell: str
    """A key of ``cell``; empty where the shapes are those of no cell."""
    inputs: int
    """Entries of x_t."""
    hidden_size: int
    """H."""
    layers: int
    """Modules on top of one another."""
    bidirectional: bool
    """Whether each layer reads from both ends."""
    projection: int
    """P, the entries of h_t where it is projected (``proj_size``), else 0."""
    readouts: list[str]
    """The linear layers that may be its readout."""
    embeddings: list[str]
    """The tables that may be its embedding."""
    problem: Problem | None
    """Why it cannot be run here."""


class WindowAnswer(Answer):
    """The gradient window of a recorded module over its training."""

    module: str
    """Its name."""
    modules: list[str]
    """Those of all modules."""
    steps: list[int]
    """(N,) the steps."""
    recorded: int
    """How many were recorded: of many, some are computed."""
    levels: list[str]
    """Layers and directions, as PyTorch names them: ``l0``, ``l0_reverse``."""
    log10_norms: list[list[list[float | None]]]
    """(levels, N, T) log10 of the gradient by the distance from the last timestep that has one."""
    sequences: int
    """How many sequences of each batch were recorded."""
    hidden_size: int
    """H, of each layer and direction."""
    projection: int
    """P where h_t is projected (``proj_size``), else 0: then the states are those before that."""
    difference: float
    """The largest by which a state that PyTorch returned differs from the engine's."""
    diverged_at: int | None
    """The first recorded step with a number that is not finite."""


class FileAnswer(Answer):
    """The content of a user's file."""

    kind: Literal["checkpoint", "weights", "numbers", "recording"]
    """``checkpoint`` of a file that ``unrolled train`` wrote, ``weights`` of a user's own,
    ``numbers`` that the network reads which is open, and ``recording`` of ``unrolled.record``."""
    name: str | None
    """The name by which experiments use the network; null where a module is to be chosen first."""
    modules: list[ModuleAnswer]
    """The recurrent modules of a file of weights."""
    recording: WindowAnswer | None = None
    """The window of a recording."""


class RenamedAnswer(Answer):
    """A network that reads other words."""

    name: str
    """Its name for experiments."""
    sequence: str | None
    """The text that was sent, as it reads it; null where it cannot."""
    target: str | None
    """The target that was sent, likewise."""
