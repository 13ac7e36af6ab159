"""The answers of the API as its description has them: every field, its shape and its unit.

T is the number of timesteps, H that of hidden units, V that of tokens in the vocabulary, and null
stands for what is not finite or was not computed. The routes write their answers without these
models; a test holds real answers against them.
"""

from typing import Any, Literal

from unrolled.app.web.bodies import Answer

Numbers = list[float | None]
Rows = list[Numbers]


class Health(Answer):
    """Whether the server is well."""

    status: Literal["ok", "stuck", "ready", "busy"]
    """``ok`` or ``ready`` where it is."""


class Trained(Answer):
    """How a network was trained, which is enough to train it again."""

    training: dict[str, Any]
    """Every setting of its training; of a text of one's own its SHA-256."""
    step: int
    """The training step after which it was kept."""
    changes: list[tuple[int, str, float]]
    """The changes on the way: after which step, the setting, its value from then on."""
    versions: dict[str, str]
    """Of ``unrolled`` and NumPy, which trained it."""


class MadeBy(Answer):
    """What makes an answer again."""

    unrolled: str
    """The version of unrolled."""
    numpy: str
    """The version of NumPy: with another one the last digits may be others."""
    experiment: dict[str, Any]
    """Every setting of the experiment."""
    checkpoint: Trained | None = None
    """The trained network, where it ran on one."""
    recurrent_scale: list[float] | None = None
    """The scales of a sweep."""
    seeds: int | None = None
    """How many seeds a sweep had of each."""


class MadeByTraining(Answer):
    """What makes a text again that a network wrote."""

    unrolled: str
    """The version of unrolled."""
    numpy: str
    """The version of NumPy."""
    sample: dict[str, Any]
    """Every setting of what was asked, without the network's name here."""
    checkpoint: Trained
    """The trained network."""


class TraceAnswer(Answer):
    """A whole run: forward, losses, backward."""

    experiment: dict[str, Any]
    """Every setting of the experiment."""
    made_by: MadeBy
    """What makes this answer again."""
    network: dict[str, Any]
    """The weights, by PyTorch's names and in its shapes."""
    tokens: list[str]
    """(T,) What is read at each timestep."""
    input_vocabulary: list[str]
    """The tokens that the entries of an input stand for; empty for vectors."""
    vocabulary: list[str]
    """(V,) The tokens, or the labels, that an output may be."""
    inputs: list[int] | Rows
    """(T,) The index in the input vocabulary of what is read, or (T, V) the vectors."""
    targets: list[int]
    """(T,) The index in the vocabulary of each target; -1 where there is none."""
    hidden: Rows
    """(T, H) h_t."""
    cell_state: Rows | None
    """(T, H) c_t, of an LSTM."""
    gates: dict[str, Rows]
    """(T, H) The value of each gate, by name."""
    probabilities: Rows
    """(T, V) The softmax of each output; null where there is none."""
    losses: Numbers
    """(T,) The loss of each target, in nats."""
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
    weight_gradients: dict[str, Any]
    """∂L of each weight, by PyTorch's names and in its shapes."""
    log10_weight_gradient_norm: float | None
    """log10 of the norm of all weights' gradients together."""
    log10_clip: float | None
    """log10 of what clipping multiplies them by."""
    diverged_at: int | None
    """The timestep at which the state overflowed; nothing later was computed."""
    verdict: Literal["vanishing", "arriving", "exploding", "none"]
    """Of the share of the chosen loss that arrives at t = 1."""
    loss: int | Literal["all"] | None
    """The timestep of the loss that is chosen; null where none was reached."""
    log10_share: Numbers
    """(T,) log10 of the chosen loss's ‖∂L_s/∂h_t‖ as a share of ‖∂L_s/∂h_s‖."""


class Counterpart(Answer):
    """What of the picture is the same number as a term."""

    quantity: str
    """``x``, ``h``, ``c``, a gate, or the name of weights."""
    timestep: int | None
    """Counted from 1; null of weights, which are the same at every one."""
    part: int | None = None
    """Of weights: 0 for an encoder's, or the only ones, 1 for a decoder's."""


class Term(Answer):
    """A term of an equation, or an operator between two."""

    math: str
    """As MathML."""
    label: str | None = None
    """As a line of text: ``h_16``, of a term that names an array."""
    array: str | None = None
    """The name of the array that it stands for, in ``arrays``."""
    transposed: bool | None = None
    """Whether it stands for the array's transpose."""
    lit: Counterpart | None = None
    """What the stage shows of it."""


class EquationLine(Answer):
    """An equation of one timestep."""

    path: str | None
    """The path back that it is about: ``carry`` or ``recurrent``."""
    terms: list[Term]
    """From left to right."""


class StepArray(Answer):
    """The numbers of an array."""

    kind: Literal["weights", "state", "slope", "gradient"]
    """Weights, states from -1 to 1, slopes from 0 to 1, or gradients in the power of ten."""
    values: Numbers | Rows
    """(n,) or (n, n) Of the units that are shown; (n,) of a product with one input."""


class Equations(Answer):
    """The equations of the step forward."""

    lines: list[EquationLine]
    """In the order in which they are computed."""


class Backward(Equations):
    """The equations of the step back, and what comes of it."""

    power: int
    """The power of ten that every gradient here is in units of."""
    ends: Literal["first", "cut"] | None
    """Why no gradient goes further back, where none does."""
    log10_norm: float | None
    """log10 of ‖∂L/∂h_t‖ of the chosen loss."""
    log10_norm_prev: float | None
    """The same of t - 1."""
    factors: dict[str, Any] | None
    """``log10_ratio`` of the two norms, the ``log10_factors`` that it is the product of, and the
    ``shares`` of the paths."""


class StepAnswer(Answer):
    """One timestep in numbers."""

    made_by: MadeBy
    """What makes this answer again."""
    timestep: int
    """Counted from 1."""
    token: str
    """What is read there."""
    units: list[int]
    """The hidden units that are shown, counted from 1: all, or every k-th of more than 64."""
    hidden_size: int
    """H."""
    arrays: dict[str, StepArray]
    """By the LaTeX that names them in the equations."""
    forward: Equations
    """From the last state to this one."""
    backward: Backward | None
    """From this timestep's gradient to the last one's; null where no loss was reached."""


class SampleAnswer(Answer):
    """What a network wrote."""

    made_by: MadeByTraining
    """What makes this answer again."""
    text: str
    """After the start that was given."""


class FigureAnswer(Answer):
    """A chart's definition, as Plotly takes it."""

    data: list[dict[str, Any]]
    """Its traces, without numbers."""
    layout: dict[str, Any]
    """Axes, colours and texts."""
    config: dict[str, Any]
    """What its toolbar offers."""


class CheckpointAnswer(Trained):
    """A trained network."""

    experiment: dict[str, Any]
    """The experiment that the lab opens it with."""


class KeptAnswer(Answer):
    """A trained network that was sent as a file."""

    name: str
    """By which experiments take it, until others need the room."""


class LessonAnswer(Answer):
    """A lesson as the page shows it, its words as HTML."""

    slug: str
    """``own`` of a lesson of one's own."""
    title: str
    """Plain text."""
    goal: str
    """HTML."""
    minutes: int
    """That it takes in class, about."""
    sources: list[str]
    """HTML."""
    steps: list[dict[str, Any]]
    """Each with its ``experiment``, its ``view``, its ``pins``, its words and its ``question``."""


class AddressesAnswer(Answer):
    """Where other devices find this lab."""

    addresses: list[str]
    """The likeliest first, each with the prefix of a proxy in front."""
