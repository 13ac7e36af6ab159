"""The answers of the API, as OpenAPI describes them: every field, its shape and its unit.

T is the number of timesteps, H that of hidden units, V that of tokens in the vocabulary, and null
stands for what is not finite or was not computed. The routes write their answers without these
models; a test holds real answers against them.
"""

from typing import Any, Literal

from pydantic import Field, create_model

from unrolled.app.settings import Settings
from unrolled.app.web.bodies import Answer

Numbers = list[float | None]
Rows = list[Numbers]


class Health(Answer):
    """The health of the server."""

    status: Literal["ok", "stuck", "ready", "busy"]
    """``ok``, or ``ready``."""


LIMITS = (
    "most_tokens",
    "most_hidden_units",
    "message_bytes",
    "answer_numbers",
    "analysis_work",
    "runs",
    "patience",
    "sweeps",
    "sweep_work",
    "trainings",
    "training_work",
    "training_keep",
    "checkpoint_file_bytes",
    "network_keep",
    "network_file_bytes",
    "room_students",
    "room_seconds",
    "room_messages",
    "room_bytes",
)
"""The settings of the server that a client keeps to."""
_FIELDS: Any = {
    name: (told.annotation, Field(description=told.description))
    for name, told in Settings.model_fields.items()
    if name in LIMITS
}
LimitsAnswer = create_model(
    "LimitsAnswer", __base__=Answer, __doc__="The limits of this server.", **_FIELDS
)


class Trained(Answer):
    """The training of a network: enough to train it again."""

    training: dict[str, Any]
    """Every setting of its training; a user's own text as its SHA-256."""
    step: int
    """The training step after which the network was saved."""
    changes: list[tuple[int, str, float]]
    """The changes during training: the step, the setting and its new value."""
    words_sha256: str
    """The SHA-256 of its words and examples: another version's task may have others."""
    versions: dict[str, str]
    """The versions of ``unrolled`` and NumPy that trained it."""


class Own(Answer):
    """The network of a user's file: where it was, and a digest of its weights."""

    file: str
    """The name of the file."""
    module: str
    """What stands before ``weight_ih_l0`` in it."""
    weights_sha256: str
    """The SHA-256 of its weights, by name."""


class MadeBy(Answer):
    """The settings and versions that reproduce an answer."""

    unrolled: str
    """The version of unrolled."""
    numpy: str
    """The version of NumPy; another one may change the last digits."""
    experiment: dict[str, Any]
    """Every setting of the experiment."""
    checkpoint: Trained | Own | None = None
    """The network, if it is trained, or of a user's file."""
    recurrent_scale: list[float] | None = None
    """The scales of a sweep."""
    seeds: int | None = None
    """The number of seeds of each scale of a sweep."""


class MadeByTraining(Answer):
    """The settings and versions that reproduce a text that a network wrote."""

    unrolled: str
    """The version of unrolled."""
    numpy: str
    """The version of NumPy."""
    sample: dict[str, Any]
    """Every setting of the request, except the network's name on this server."""
    checkpoint: Trained
    """The trained network."""


class RunAnswer(Answer):
    """The fields of a whole run that networks of one layer and of several have alike."""

    experiment: dict[str, Any]
    """Every setting of the experiment."""
    made_by: MadeBy
    """What reproduces this answer."""
    network: dict[str, Any]
    """The weights, by PyTorch's names and in its shapes."""
    tokens: list[str]
    """(T,) The token that each timestep reads."""
    vocabulary: list[str]
    """(V,) The tokens, or the labels, that an output may be."""
    targets: list[int]
    """(T,) The index in the vocabulary of each target; -1 where there is none."""
    probabilities: Rows
    """(T, V) The softmax of each output; null without an output."""
    outputs: Rows | None
    """(T, D) What is read out where the targets are numbers; null of classes."""
    losses: Numbers
    """(T,) The loss of each target, in nats."""
    weight_gradients: dict[str, Any]
    """∂L of each weight, by PyTorch's names and in its shapes."""
    log10_weight_gradient_norm: float | None
    """log10 of the norm of all weights' gradients together."""
    log10_clip: float | None
    """log10 of the factor by which clipping multiplies them."""
    loss: int | Literal["all"] | None
    """The timestep of the chosen loss, or ``all``; null if none was reached."""


class TraceAnswer(RunAnswer):
    """A whole run: forward, losses, backward."""

    input_vocabulary: list[str]
    """The tokens that the entries of an input stand for; empty for vectors."""
    inputs: list[int] | Rows
    """(T,) The index of each token in the input vocabulary, or (T, V) the vectors."""
    hidden: Rows
    """(T, H) h_t."""
    cell_state: Rows | None
    """(T, H) c_t, of an LSTM."""
    gates: dict[str, Rows]
    """(T, H) The value of each gate, by name."""
    input_gradient: Rows | None = None
    """(T, V) ∂L/∂x_t."""
    log10_input_gradient_norm: Numbers | None = None
    """(T,) log10 of ‖∂L/∂x_t‖."""
    hidden_gradient: Rows
    """(T, H) ∂L/∂h_t, L being the sum of all losses."""
    cell_gradient: Rows | None
    """(T, H) ∂L/∂c_t, of an LSTM."""
    log10_gradient_norm: Numbers
    """(T,) log10 of ‖∂L/∂h_t‖; null where no path leads there."""
    log10_cell_gradient_norm: Numbers | None
    """(T,) log10 of ‖∂L/∂c_t‖, of an LSTM."""
    log10_gradient_matrix: Rows
    """(T, T) log10 of ‖∂L_s/∂h_t‖, a row for each loss s; null where s has none or t > s."""
    attention: Rows | None = None
    """(T, m) How much each output looks at each of the encoder's m states, with attention."""
    diverged_at: int | None
    """The timestep at which the state overflowed; nothing later was computed."""
    verdict: Literal["vanishing", "arriving", "exploding", "none"]
    """What the chosen loss's gradient is at t = 1; ``none`` if nothing arrives."""
    log10_share: Numbers
    """(T,) log10 of the chosen loss's ‖∂L_s/∂h_t‖ as a share of ‖∂L_s/∂h_s‖."""


class Counterpart(Answer):
    """The part of the picture that shows the same number as a term."""

    quantity: str
    """``x``, ``h``, ``c``, a gate, or the name of weights."""
    timestep: int | None
    """The timestep, counted from 1; null for weights, which all timesteps share."""
    part: int | None = None
    """For weights: 1 for a decoder's, else 0."""


class Term(Answer):
    """A term of an equation, or an operator between two."""

    math: str
    """The term as MathML."""
    label: str | None = None
    """The term as text, such as ``h_16``, if it names an array."""
    array: str | None = None
    """The name in ``arrays`` of the array that it stands for."""
    transposed: bool | None = None
    """Whether it is the transpose of the array."""
    lit: Counterpart | None = None
    """Where the stage shows it."""


class EquationLine(Answer):
    """An equation of one timestep."""

    path: str | None
    """The path of the gradient that it describes: ``carry`` or ``recurrent``."""
    terms: list[Term]
    """The terms, from left to right."""


class StepArray(Answer):
    """The numbers of an array."""

    kind: Literal["weights", "state", "slope", "gradient"]
    """What the numbers are: weights, states in -1..1, slopes or shares in 0..1, or gradients on one
    scale."""
    values: Numbers | Rows
    """(n,) or (n, n) The numbers of the units shown; (n,) for a product with one input."""
    rows: list[int] | None = None
    """With attention, the encoder's timesteps that the rows are of, from 1, where they are no
    units: all, or every k-th if there are more than 64."""


class Equations(Answer):
    """The equations of the step forward."""

    lines: list[EquationLine]
    """The equations, in the order of computation."""
    tex: str
    """All of them in LaTeX, with t for the timestep."""


class Backward(Equations):
    """The equations of the step back, and its results."""

    power: int
    """The exponent n: every gradient here is in units of 10^n."""
    ends: Literal["first", "cut"] | None
    """The reason why the gradient ends here, if it does."""
    log10_norm: float | None
    """log10 of ‖∂L/∂h_t‖ of the chosen loss."""
    log10_norm_prev: float | None
    """The same for t - 1."""
    factors: dict[str, Any] | None
    """``log10_ratio`` of the two norms, the ``log10_factors`` whose sum it is, and the
    ``shares`` of the paths."""


class StepAnswer(Answer):
    """One timestep in numbers."""

    made_by: MadeBy
    """What reproduces this answer."""
    timestep: int
    """The timestep, counted from 1."""
    token: str
    """The token that it reads."""
    units: list[int]
    """The hidden units shown, counted from 1: all, or every k-th if there are more than 64."""
    hidden_size: int
    """H."""
    arrays: dict[str, StepArray]
    """The arrays, by the LaTeX of their terms."""
    forward: Equations
    """The step from the previous state to this one."""
    backward: Backward | None
    """The step from this timestep's gradient to the previous one's; null if no loss was reached."""


class SampleAnswer(Answer):
    """A text that a network wrote."""

    made_by: MadeByTraining
    """What reproduces this answer."""
    text: str
    """The text after the given start."""


class FigureAnswer(Answer):
    """A chart's definition, for Plotly."""

    data: list[dict[str, Any]]
    """Its traces, without numbers."""
    layout: dict[str, Any]
    """Axes, colours and texts."""
    config: dict[str, Any]
    """Options of its toolbar."""


class CheckpointAnswer(Trained):
    """A trained network."""

    experiment: dict[str, Any]
    """The experiment with which the lab opens it."""


class KeptAnswer(Answer):
    """A trained network that was uploaded as a file."""

    name: str
    """Its name in experiments, until others need its memory."""


class LessonAnswer(Answer):
    """A lesson as the page shows it, with its texts as HTML."""

    slug: str
    """The lesson's name; ``own`` for a user's own lesson."""
    title: str
    """The title, as plain text."""
    goal: str
    """The goal, as HTML."""
    minutes: int
    """The approximate duration in class."""
    sources: list[str]
    """The sources, as HTML."""
    steps: list[dict[str, Any]]
    """The steps, each with its ``experiment``, ``view``, ``pins``, words and ``question``."""


class AddressesAnswer(Answer):
    """The addresses at which other devices reach this lab."""

    addresses: list[str]
    """The addresses, the likeliest first, each with the prefix of the proxy."""


class RoomFound(Answer):
    """A room of a class."""

    code: str
    """Its six letters."""
    seconds: float
    """Seconds until it ends."""
    names: bool
    """Whether students are asked for a name."""


class RoomResults(Answer):
    """The questions to a class, and its answers."""

    questions: list[dict[str, Any]]
    """Of each the `question` as in the state of a room, with the `truth` that was shown; the
    `rounds` as they are `shown`; and the `answers`, each with `round`, `student`, `name` and
    `answer`."""


class RoomOpened(RoomFound):
    """A room that has just been opened."""

    token: str
    """What its teacher joins with."""
