"""The messages to a training run, each a kind of its own."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, StrictInt, StrictStr

from unrolled.app.runs.requests import KNOWN, Fields, parse_object, validated
from unrolled.engine.training import IN_FLIGHT


class Message(BaseModel):
    """The fields of every message to a training run."""

    model_config = KNOWN

    id: StrictInt
    """A number of the client's own, which names the run: its frames carry it."""


class BeginTraining(Message):
    """Begins a run, in place of the one that the socket had."""

    train: Fields
    """The settings of the training; one that is left out keeps its default."""
    do: Literal["step"] | None = None
    """``step`` for a run that pauses after its first step."""


class FindTraining(Message):
    """Goes on with a run that has lost its socket, under this ``id``."""

    find: StrictStr
    """The ``key`` that stands in the run's ``begin`` frame."""


class ForRun(Message):
    """A message to a run that has begun."""

    key: StrictStr | None = None
    """Over HTTP the ``key`` of the run's ``begin`` frame; a socket has one run, and needs none."""


class Command(ForRun):
    """Goes on with a run, or holds it up."""

    do: Literal["pause", "resume", "step", "stop"]
    """``pause`` after the chunk of steps under way, ``resume``, take one ``step`` and pause, or
    ``stop`` for good."""


class Change(ForRun):
    """Changes settings from the next training step on."""

    unknown_code: ClassVar = "fixed"
    """How a setting is refused that cannot change on the way."""

    do: Literal["change"]
    """``change``."""
    learning_rate: Any = None
    """η."""
    clip_norm: Any = None
    """As in the training's settings."""
    clip_value: Any = None
    """As in the training's settings."""

    @property
    def changes(self) -> dict[str, Any]:
        """The settings that are given, which the run itself checks."""
        return self.model_dump(include=self.model_fields_set & {*IN_FLIGHT})


KINDS = (BeginTraining, FindTraining, Command, Change)


def parse_message(text: str | bytes | None) -> BeginTraining | FindTraining | Command | Change:
    """Return a message; raises ``MessageError`` on one that is none of the kinds."""
    message = parse_object(text)
    kind: Any = Command
    if "train" in message:
        kind = BeginTraining
    elif "find" in message:
        kind = FindTraining
    elif message.get("do") == "change":
        kind = Change
    found: BeginTraining | FindTraining | Command | Change = validated(kind, message)
    return found
