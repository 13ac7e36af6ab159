"""A lesson: the live lab in chosen states, with words beside each.

``app.lessons.reader`` reads one from files.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from unrolled.app.lessons.claims import Claim
from unrolled.app.lessons.measures import Measure
from unrolled.engine import Experiment, Training

OWN = "own"
"""What a teacher's lesson has in place of a slug."""
PARTS = (
    "stage", "caption", "sequence", "tokens", "cell", "scale", "activation", "architecture",
    "target", "input_scale", "hidden_size", "forget_bias", "update_bias", "chrono",
    "initialization", "seed", "truncate", "clip_norm", "step", "charts", "pins",
)  # fmt: skip
"""Parts of the lab that a step can show."""


@dataclass(frozen=True, slots=True)
class View:
    """How the lab stands in a step."""

    position: str | int
    """Of the playhead: ``start``, ``loss``, ``end``, or counted from the start."""
    play: bool
    folded: bool
    attention: bool
    """Whether the arrows are drawn that attention would add."""
    chart: str
    timestep: int | None
    """The one that is chosen."""
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
    """What the class predicts: one of some choices, or a number that the engine computes."""

    ask: str
    why: str
    """What is said once a number is right."""
    choices: tuple[Choice, ...]
    right: str
    answer: Measure | None
    digits: int
    """Decimals of a number that count."""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The numbers that the engine computes for it."""
        own = (self.answer,) if self.answer else ()
        return (*own, *(mistake.measure for mistake in self.mistakes))


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    seconds: int
    experiment: Experiment
    training: Training | None
    view: View
    pins: tuple[Experiment, ...]
    claims: Mapping[str, Claim]
    title: str
    text: str
    attempt: str
    """One thing to try freely."""
    notes: str
    """For the teacher."""
    question: Question | None

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return (self.experiment, *self.pins)


@dataclass(frozen=True, slots=True)
class Lesson:
    slug: str
    order: int
    minutes: int
    sources: tuple[str, ...]
    title: str
    goal: str
    steps: tuple[Step, ...]
