"""The messages to a room, each a kind of its own."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, StrictBool, StrictFloat, StrictInt, StrictStr

from unrolled.app.errors import MessageError
from unrolled.app.runs.requests import KNOWN, Fields, parse_object, validated
from unrolled.engine.validation import quote

Numbers = list[StrictInt | StrictFloat]


class RoomMessage(BaseModel):
    """The fields of every message to a room."""

    model_config = KNOWN

    id: StrictInt
    """A number of the client's own, which the answer carries."""


class Join(RoomMessage):
    """Joins the room; nothing else is answered before it."""

    join: StrictStr
    """The token of a teacher, or of a student who comes back; empty for a new student."""
    name: StrictStr = ""
    """The student's name, where the room asks for one: letters, digits and spaces, at most 40."""
    seen: StrictInt | None = None
    """Over HTTP the ``seq`` of the state that the page has: the answer waits for another."""
    run: StrictInt | None = None
    """Over HTTP the ``id`` of the run that the page has."""
    trained: dict[StrictStr, StrictInt] = {}
    """Over HTTP, by the name of each training that the page has: 1 and its last step, and 1 more
    once it has ended."""


class Where(RoomMessage):
    """Where a page stands."""

    own_codes: ClassVar = {"playhead": "key_number", "parts": "key_texts"}

    page: StrictStr | None = None
    """Empty for the lab, ``train``, or ``lessons/`` and the name of a lesson."""
    address: Fields | None = None
    """All settings in the page's address: texts, numbers, true or false."""
    step: StrictStr | None = None
    """The step of the lesson: letters, digits and hyphens."""
    playhead: StrictInt | StrictFloat | None = None
    """Where the playhead stands."""

    @property
    def given(self) -> dict[str, Any]:
        """The entries that are given; null is one of a playhead and of a strip alone."""
        found = self.model_dump(exclude={"id", "do", "keys"}, exclude_unset=True)
        empty = ("playhead", "strip")
        return {name: value for name, value in found.items() if value is not None or name in empty}


class Drive(Where):
    """Moves the room, by the teacher who leads; what is left out stays as it is."""

    do: Literal["drive"]
    """``drive``."""
    playing: StrictBool | None = None
    """Whether the playhead runs."""
    parts: list[StrictStr] | None = None
    """The names of the parts that are unfolded, at most 32."""
    point: StrictStr | None = None
    """What is pointed at: a name, and numbers after it, such as ``unit 3 7``."""
    trying: StrictBool | None = None
    """Whether the students try for themselves; false brings everyone back."""
    strip: list[StrictInt | StrictFloat | None] | None = None
    """While a thumb moves, log10 of the share at each timestep, null where nothing arrives, at most
    64. A message without it, or with null, is of a thumb at rest: then the run is computed, and
    sent to all."""
    keys: dict[StrictStr, StrictStr] | None = None
    """By the cell of each network that the class watches, the key of its training run, which goes
    only to who takes the lead."""


class Ask(RoomMessage):
    """Asks the class, by the teacher who leads; it ends the question before."""

    own_codes: ClassVar = {"choices": "key_texts", "low": "key_number", "high": "key_number"}

    do: Literal["ask"]
    """``ask``."""
    kind: Literal["choice", "number", "curve"]
    """What an answer is: one of ``choices``, a number, or the numbers of a curve."""
    words: StrictStr = ""
    """The question, at most 500 characters."""
    step: StrictStr = ""
    """The step of a lesson whose question it is, such as ``gates/forget``."""
    about: StrictStr = ""
    """What the teacher's page computes as the answer, by its name on the page, such as
    ``gradient``."""
    choices: list[StrictStr] = []
    """2 to 8 choices, each at most 200 characters, which may be empty of a lesson's question."""
    low: StrictInt | StrictFloat = -20
    """The least number that may be answered."""
    high: StrictInt | StrictFloat = 20
    """The largest."""
    size: StrictInt = 1
    """Points of a curve, at most 64."""
    right: Numbers | None = None
    """The right answer, where the teacher knows it: shown with the answers, and secret
    before."""


class Show(RoomMessage):
    """Closes the round and shows all rounds of the question, by the teacher who leads."""

    do: Literal["show"]
    """``show``."""
    truth: Numbers | None = None
    """The engine's answer: the index of a choice from 0, a number, or the numbers of a curve. What
    is left out is the ``right`` of the question."""


class Lead(RoomMessage):
    """A teacher's command. Only ``take`` and ``invite`` are also for one who does not lead."""

    do: Literal["again", "hide", "take", "invite", "end"]
    """``again`` opens the next round of the question, ``hide`` puts it away, ``take`` takes the
    lead, ``invite`` asks for the token of another teacher, ``end`` ends the room."""


class Press(RoomMessage):
    """Presses a key on the page that leads, by one of its teacher's other devices."""

    do: Literal["press"]
    """``press``."""
    key: StrictStr
    """The name of the key, such as ``PageDown``."""


class Beside(RoomMessage):
    """Asks for a run beside the one that the room shows: it is computed once for all."""

    do: Literal["run"]
    """``run``."""
    experiment: Fields
    """Its settings, as under *A run*."""


class Reply(RoomMessage):
    """A student's answer to the question; the last one of a round counts."""

    do: Literal["answer"]
    """``answer``."""
    question: StrictInt
    """The number of the question."""
    round: StrictInt
    """The round."""
    answer: Numbers
    """The index of the choice from 0, a number, or the numbers of a curve, in a list."""


class MakeOffer(Where):
    """Offers a run to the class: the teachers see it first."""

    do: Literal["offer"]
    """``offer``."""


KINDS = (Join, Drive, Ask, Show, Lead, Press, Beside, Reply, MakeOffer)
Message = Join | Drive | Ask | Show | Lead | Press | Beside | Reply | MakeOffer
_BY_NAME = {
    **{"drive": Drive, "ask": Ask, "show": Show, "answer": Reply, "offer": MakeOffer},
    **{"press": Press, "run": Beside},
    **dict.fromkeys(("again", "hide", "take", "invite", "end"), Lead),
}


def parse_message(text: str | bytes | None) -> Message:
    """Return a message; raises ``MessageError`` on one that is none of the kinds."""
    return message_of(parse_object(text))


def message_of(message: dict[str, Any]) -> Message:
    """Return the message of a JSON object; raises ``MessageError`` likewise."""
    kind: Any = Join
    if "join" not in message:
        do, number = message.get("do"), message.get("id")
        known = number if type(number) is int else None
        if "do" not in message:
            raise MessageError("key_missing", known, "do")
        if not isinstance(do, str) or do not in _BY_NAME:
            choices, value = ", ".join(_BY_NAME), quote(do)
            raise MessageError("key_choice", known, "do", choices=choices, value=value)
        kind = _BY_NAME[do]
    found: Message = validated(kind, message)
    return found


class OpenRoom(BaseModel):
    """Opens a room."""

    model_config = KNOWN

    names: StrictBool = False
    """Whether students are asked for a name."""
