"""The state of a room: what every follower sees, whole.

A state is never changed in place: a new one takes its place, and what differs is what is sent.
"""

import time
from collections.abc import Mapping
from typing import Any, TypedDict, cast


class Question(TypedDict):
    """A question to the class."""

    number: int
    """Its number in the room, from 1."""
    round: int
    """The round of votes, from 1: a class may vote again after it has discussed."""
    open: bool
    """Whether answers are taken."""
    kind: str
    """``choice``, ``number`` or ``curve``."""
    words: str
    """The question; empty where it is a lesson's, which every page has in its own language."""
    step: str
    """The step of a lesson that asks it, such as ``gates/forget``; empty where it is none's."""
    about: str
    """What the teacher's page computes as the answer; empty where it computes nothing."""
    choices: list[str]
    """What can be chosen; empty texts of a lesson's question, and an empty list without choices."""
    low: float
    """The least number that may be answered."""
    high: float
    """The largest."""
    size: int
    """How many numbers an answer has: 1, or of a curve as many as it has points."""


class Shown(TypedDict):
    """The answers of one round, as they are shown to all."""

    round: int
    """The round."""
    answers: int
    """How many answered."""
    counts: list[int]
    """How many chose each choice, or a number in each of 20 equal parts of low..high; empty of a
    curve."""
    quartiles: list[list[float]]
    """Of numbers and curves the lower quartile, the median and the upper quartile of each point;
    empty of choices, and without an answer."""
    curves: list[list[float]]
    """Some of the curves, as many as have 2,400 points in all rounds; empty of others."""


class Pressed(TypedDict):
    """The keys of a teacher's other devices."""

    count: int
    """How many were pressed."""
    keys: list[str]
    """The last of them, at most 8."""


class RoomState(TypedDict):
    """The state of the lab that a room shows."""

    page: str
    """The page where the class is: empty for the lab, ``train``, or ``lessons/gates``."""
    address: dict[str, str | float | bool]
    """The settings in that page's address, as its query has them; none that keeps its default."""
    step: str
    """The step of the lesson; empty where there is none."""
    playhead: float | None
    """Where the playhead stands, from 0 to 2·T + 1; null where the page has none."""
    playing: bool
    """Whether it runs."""
    parts: list[str]
    """The names of the parts of the page that are unfolded."""
    point: str
    """What the teacher points at, such as ``unit 3 7``; empty for nothing."""
    strip: list[float | None] | None
    """While a thumb moves, log10 of the share at each timestep, null where nothing arrives; null
    once it rests. Of more than 64 timesteps it has every k-th, from the first on."""
    pressed: Pressed
    """The keys that the leading page is to press."""
    trying: bool
    """Whether the students try for themselves."""
    driver: int
    """The number of the teacher who leads."""
    teachers: int
    """How many teachers have a token."""
    asked: int
    """How many questions were asked."""
    question: Question | None
    """What is asked; null for nothing."""
    shown: list[Shown]
    """The rounds of the question, side by side; none until the teacher shows them."""
    truth: list[float] | None
    """The engine's answer to the question, once it is shown: the index of the choice, a number, or
    the numbers of a curve."""
    names: bool
    """Whether the students were asked for a name."""
    opened: int
    """When the room was opened: milliseconds since 1970."""
    ends: int
    """When it ends, likewise."""
    over: bool
    """Whether it has ended."""


def fresh(names: bool, opened: int, ends: int) -> RoomState:
    """Return the state of a room that has just been opened."""
    return {
        "page": "",
        "address": {},
        "step": "",
        "playhead": None,
        "playing": False,
        "parts": [],
        "point": "",
        "strip": None,
        "pressed": {"count": 0, "keys": []},
        "trying": False,
        "driver": 1,
        "teachers": 1,
        "asked": 0,
        "question": None,
        "shown": [],
        "truth": None,
        "names": names,
        "opened": opened,
        "ends": ends,
        "over": False,
    }


def seconds_left(state: RoomState) -> float:
    """Return the seconds until a room ends; 0 of one that has ended."""
    left = state["ends"] / 1000 - time.time()
    return 0.0 if state["over"] else max(0.0, round(left, 1))


def with_changes(state: RoomState, changes: Mapping[str, Any]) -> RoomState:
    """Return a state with other entries in place of some."""
    return cast(RoomState, {**state, **changes})


def difference(old: RoomState, new: RoomState) -> dict[str, Any]:
    """Return what to put in place of entries of an old state to have the new one.

    Of ``address`` it holds the settings that differ alone, null for one that is gone. The strip is
    left out: it travels as an array.
    """
    before, after = cast(dict[str, Any], old), cast(dict[str, Any], new)
    changes = {
        name: value for name, value in after.items() if before[name] != value and name != "strip"
    }
    if "address" in changes:
        had, has = old["address"], new["address"]
        gone = dict.fromkeys(had.keys() - has.keys())
        moved = {name: value for name, value in has.items() if had.get(name) != value}
        changes["address"] = {**moved, **gone}
    return changes
