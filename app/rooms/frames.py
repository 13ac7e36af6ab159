"""The frames of a room; between them come those of the run that it shows."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypedDict

from numpy.typing import NDArray

from unrolled.app.rooms.state import RoomState
from unrolled.app.runs.frames import Array, Frame

Strip = Annotated[NDArray[Any] | None, Array("<f4", ("k",))]


class Offer(TypedDict):
    """A run or a text that a student wants to show to the class."""

    name: str
    """The student's name; empty where none was asked for."""
    page: str
    """As in the state of a room."""
    address: dict[str, str | float | bool]
    """As in the state of a room."""
    step: str
    """As in the state of a room."""
    playhead: float | None
    """As in the state of a room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Frame):
    """The answer to ``join``: the whole room in one frame."""

    type: ClassVar[str] = "welcome"

    seq: int
    """The number of the state; each later one has a larger one."""
    room: RoomState
    """The whole state."""
    teacher: int
    """The number of the teacher that joined; 0 of a student."""
    token: str
    """What to join with when the connection was lost: who joins with it is the same student, with
    one vote."""
    answer: list[float] | None
    """This student's answer to the question that is asked, in this round; null without one."""
    seconds: float
    """Seconds until the room ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Frame):
    """The changes since the last state that was sent on this connection. Its ``id`` is null."""

    type: ClassVar[str] = "moved"

    seq: int
    """The number of the state that these changes lead to; numbers in between may be missing."""
    changes: dict[str, Any]
    """Entries of the room's state that take the place of the old ones. Of ``address`` it has only
    the settings that differ, null for one that is gone."""
    strip: Strip
    """log10 of the share at each timestep, -inf where nothing arrives, while a thumb moves; without
    it the state is at rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance(Frame):
    """The list of people present, for the teachers, whenever it changes. Its ``id`` is null."""

    type: ClassVar[str] = "attendance"

    students: int
    """How many students are connected."""
    answers: int
    """How many have answered the question in this round."""
    offers: list[Offer]
    """What students want to show, the newest of each, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Frame):
    """An answer, or an offer, is kept: it need not be sent again."""

    type: ClassVar[str] = "recorded"

    seq: int
    """The number of the state in which it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed(Frame):
    """The answer to ``take``: from here on this device leads."""

    type: ClassVar[str] = "handed"

    token: str
    """What it joins with from here on: where another device had the same token, a new one."""
    keys: dict[str, str]
    """By the cell of each network that the class watches, the key of its training run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Frame):
    """The answer to ``invite``."""

    type: ClassVar[str] = "invited"

    token: str
    """What another teacher joins with."""
