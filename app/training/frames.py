"""The frames of a training run."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypedDict

from numpy.typing import NDArray

from unrolled.app.runs.frames import Array, Frame

Precise = Annotated[NDArray[Any], Array("<f8", ("n",))]


class Probe(TypedDict):
    """An example whose predictions are shown during training."""

    reads: list[str]
    """(T,) What is read at each timestep."""
    targets: list[str]
    """(T,) What is to be answered; empty where nothing is."""


class Answers(TypedDict):
    """The network's answers to a probe, where there is a target."""

    timesteps: list[int]
    """(m,) Where it answers, counted from 0."""
    predictions: list[str]
    """(m,) Its likeliest answers."""
    right: list[bool]
    """(m,) Whether each is the target."""
    probability: list[float | None]
    """(m,) The probability of each target; null of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Frame):
    """The run waits for a place to train in: sent again and again until one is free."""

    type: ClassVar[str] = "waiting"

    before: int
    """How many runs come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFrame(Frame):
    """The fields of every frame of a training run."""

    checkpoints: list[int]
    """The steps whose networks are kept, 0 for the untrained one; each is named
    ``<run>-<step>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBegin(TrainingFrame):
    """The first frame of a training run, and of one that a page has found again."""

    type: ClassVar[str] = "begin"

    run: str
    """The name of the run, in the names of its networks, which may be handed on."""
    key: str
    """The key of the run, by which its page finds it again; it is not to be handed on."""
    paused: bool
    """Whether it waits for ``resume`` or ``step`` already: only of a run that is found."""
    training: dict[str, Any]
    """Every setting of the training."""
    versions: dict[str, Any]
    """Of ``unrolled`` and NumPy: with these, and the changes on the way, it can be done again."""
    architecture: str
    """``many-to-one``, ``many-to-many`` or ``encoder-decoder``: where the task has targets."""
    timesteps: int
    """T, of every example."""
    inputs: int
    """The size of an input."""
    outputs: int
    """The size of an output: the number of classes, or 1 for a number."""
    numbers: bool
    """Whether the targets are numbers."""
    vectors: bool
    """Whether vectors are read, and not tokens."""
    tokens: str
    """What is read: ``characters`` or ``words``."""
    baseline: float
    """The loss of a network that remembers nothing, in the loss's units."""
    source: str
    """Where the task comes from."""
    probes: list[Probe]
    """Three examples whose answers are shown."""
    held_out: bool
    """Whether the probes are never trained on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps(TrainingFrame):
    """The steps ``from`` to ``to`` of a run, or every k-th of them."""

    type: ClassVar[str] = "steps"

    from_: int
    """The first training step of the frame, counted from 1."""
    to: int
    """The newest step that the run has taken."""
    every: int
    """k: the frame has the steps ``from``, ``from`` + k, ..."""
    answers: list[Answers]
    """Of the newest step, one for each probe."""
    seconds: float
    """Seconds that the engine has trained."""
    loss: Precise
    """The mean loss of each minibatch: cross-entropy in nats, or half the squared error."""
    mean_loss: Precise
    """The mean of the losses of the last 25 steps up to each."""
    accuracy: Annotated[NDArray[Any], Array("<f4", ("n",))]
    """The share of right answers in each minibatch, 0 to 1; NaN where the targets are numbers."""
    log10_gradient_norm: Precise
    """log10 of the norm of all weights' gradients together, before clipping."""
    log10_norm_by_distance: Annotated[NDArray[Any], Array("<f4", ("n", "T"))]
    """log10 of ‖∂L/∂h_t‖ of the last loss, by the distance 0 to T - 1 from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(TrainingFrame):
    """The run has come to wait: the answer to ``pause``, and what follows a single step."""

    type: ClassVar[str] = "paused"

    step: int
    """Steps taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingEnd(TrainingFrame):
    """The last frame of a training run."""

    type: ClassVar[str] = "end"

    result: str
    """``finished``, ``stopped`` or ``diverged``."""
    step: int
    """Steps taken."""
    diverged: str | None
    """What became infinite, where it diverged."""
    seconds: float
    """Seconds that the engine has trained."""
    steps_per_second: float
    """Of those seconds."""
