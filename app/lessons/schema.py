"""A lesson: states of the lab, each with a text.

``app.lessons.reader`` reads one from files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from unrolled.app.lessons.claims import Claim
from unrolled.app.lessons.measures import Measure
from unrolled.engine import Experiment, Training

OWN = "own"
"""What a teacher's lesson has in place of a slug."""
TEXT = "text"
"""The condition that the network reads what the step has it read, which the page knows itself."""
PARTS = (
    "stage", "caption", "sequence", "tokens", "cell", "memory", "scale", "activation",
    "architecture", "attention", "target", "labels", "input_scale", "hidden_size", "layers",
    "directions", "layer", "forget_bias", "update_bias", "chrono", "initialization",
    "seed", "truncate", "clip_norm", "by_hand", "step", "charts", "pins",
)  # fmt: skip
"""Parts of the lab that a step can show."""


@dataclass(frozen=True, slots=True)
class View:
    """The view of the lab in a step."""

    position: str | int
    """Position of the playhead: ``start``, ``loss``, ``end``, or counted from the start."""
    play: bool
    folded: bool
    attention: bool
    """Whether to draw the arrows that attention would add."""
    output: bool
    """Whether the answer is shown: what the network says, the target and the loss."""
    backward: bool
    """Whether the way back is shown: the gradient, its arrows and bars, and the verdict."""
    chart: str
    timestep: int | None
    """The chosen one."""
    show: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong number with a known cause."""

    name: str
    measure: Measure
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the class: multiple choice, or a number that the engine computes."""

    ask: str
    why: str
    """Shown after a correct number."""
    choices: tuple[Choice, ...]
    right: str
    answer: Measure | None
    digits: int
    """Decimals to which an answer is compared."""
    mistakes: tuple[Mistake, ...] = ()
    taps: Mapping[int, str] = field(default_factory=dict)
    """The choice that a tap on a timestep makes."""
    sketch: bool = False
    """Whether the class may draw where it expects the tops of the bars."""
    covered: bool = False
    """Whether the stage would give the answer away, and is covered until then."""
    start: int = 0
    """Position of the playhead until then: what the class knows already is on the stage."""
    bounds: tuple[Claim, ...] = ()
    """What each choice says of a number; the engine computes which of them is right."""

    @property
    def texts(self) -> tuple[str, ...]:
        choices = (text for each in self.choices for text in (each.text, each.why))
        return (self.ask, self.why, *choices, *(mistake.why for mistake in self.mistakes))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that the engine computes for it."""
        own = (self.answer,) if self.answer else ()
        return (
            *own,
            *(mistake.measure for mistake in self.mistakes),
            *(bound.measure for bound in self.bounds),
        )


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    experiment: Experiment
    after: Experiment | None
    """The experiment that the stage goes over to once the question is answered."""
    training: Training | None
    view: View
    pins: tuple[Experiment, ...]
    claims: Mapping[str, Claim]
    title: str
    text: str
    then: str
    """What is told once the question is answered."""
    attempt: str
    """A suggestion to try."""
    notes: str
    """Notes for the teacher."""
    question: Question | None

    @property
    def read(self) -> tuple[str, ...]:
        """The texts that the class reads."""
        asked = self.question
        return (self.text, self.then, self.attempt, *(asked.texts if asked else ()))

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return (self.experiment, *self.pins, *([self.after] if self.after else []))


@dataclass(frozen=True, slots=True)
class Lesson:
    slug: str
    order: int
    sources: tuple[str, ...]
    title: str
    goal: str
    steps: tuple[Step, ...]
