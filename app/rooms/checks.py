"""Checks of messages to a room: plain values, of the forms that pages have."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from unrolled.app.errors import MessageError
from unrolled.app.rooms.messages import Ask, Lead, Press, Reply, Where
from unrolled.app.rooms.state import Question, RoomState
from unrolled.engine.validation import quote

MOST_POINTS = 64
"""Numbers of a strip and of a curve."""
MOST_NAME, MOST_WORDS, MOST_CHOICE, MOST_TEXT = 40, 500, 200, 20_000
"""Characters of a name, of a question, of a choice and of a setting."""
MOST_CHOICES, MOST_PARTS, MOST_SETTINGS = 8, 32, 40
MOST_KEYS, MOST_RUN_KEY = 8, 64
"""Keys that are kept: more are not pressed between two frames."""
MOST_PLAYHEAD, MOST_NUMBER = 10_000, 1e6

_SLUG = r"[A-Za-z0-9][A-Za-z0-9-]{0,80}"
FORMS = {
    "key": r"( |[?.]|[A-Za-z0-9]{1,12})",
    "page": rf"(|train|lessons/{_SLUG})",
    "step": rf"(|{_SLUG})",
    "point": rf"(|{_SLUG}( [A-Za-z0-9_-]{{1,40}}){{0,3}})",
    "parts": _SLUG,
    "address": r"[a-z_]{1,40}",
    "about": rf"(|{_SLUG})",
}
_LESSON_STEP = rf"(|{_SLUG}/{_SLUG})"


def changes(message: Where) -> dict[str, Any]:
    """Return the entries of a message that move a page; raises ``MessageError``."""
    found = message.given
    rules: dict[str, Callable[[str, Any], None]] = {
        "page": _formed,
        "step": _formed,
        "point": _formed,
        "parts": _parts,
        "address": _address,
        "playhead": lambda name, value: _number(name, value, 0, MOST_PLAYHEAD),
        "strip": _strip,
    }
    for name, value in found.items():
        if name in rules and value is not None:
            rules[name](name, value)
    return found


def keys(given: dict[str, str]) -> dict[str, str]:
    """Return the keys of training runs; raises ``MessageError``."""
    _count("keys", given, 0, MOST_CHOICES)
    for text in (*given.keys(), *given.values()):
        _text("keys", text, MOST_RUN_KEY)
    return given


def pressed(message: Press, state: RoomState) -> Mapping[str, Any]:
    """Return the change of a key that is pressed; raises ``MessageError``."""
    before = state["pressed"]
    keys = [*before["keys"], _key(message.key)][-MOST_KEYS:]
    return {"pressed": {"count": before["count"] + 1, "keys": keys}}


def asked(message: Ask, state: RoomState) -> Mapping[str, Any]:
    """Return the change of a question; raises ``MessageError``."""
    number = state["asked"] + 1
    return {"asked": number, "question": question(message, number), "shown": [], "truth": None}


def led(message: Lead, state: RoomState) -> Mapping[str, Any]:
    """Return the change of a command; raises ``MessageError`` without a question to repeat."""
    if message.do == "end":
        return {"over": True}
    again = message.do == "again"
    before = state["question"] if again else None
    if again and before is None:
        raise MessageError("room_question")
    next_ = before and {**before, "round": before["round"] + 1, "open": True}
    return {"question": next_, "shown": [], "truth": None}


def question(asked: Ask, number: int) -> Question:
    """Return a question to the class; raises ``MessageError``."""
    if not re.fullmatch(_LESSON_STEP, asked.step):
        raise MessageError("room_form", field="step", value=quote(asked.step))
    _text("words", asked.words, MOST_WORDS)
    _formed("about", asked.about)
    _number("low", asked.low, -MOST_NUMBER, MOST_NUMBER)
    _number("high", asked.high, asked.low, MOST_NUMBER)
    low, high = float(asked.low), float(asked.high)
    if asked.kind == "choice":
        _count("choices", asked.choices, 2, MOST_CHOICES)
        for choice in asked.choices:
            _text("choices", choice, MOST_CHOICE)
        low, high = 0.0, len(asked.choices) - 1.0
    elif low == high:
        raise MessageError("room_number", field="high", low=low, high=MOST_NUMBER, value=high)
    _number("size", asked.size, 1, MOST_POINTS)
    return {
        "number": number,
        "round": 1,
        "open": True,
        "kind": asked.kind,
        "words": asked.words,
        "step": asked.step,
        "about": asked.about,
        "choices": asked.choices if asked.kind == "choice" else [],
        "low": low,
        "high": high,
        "size": asked.size if asked.kind == "curve" else 1,
    }


def answer(reply: Reply, asked: Question | None) -> list[float]:
    """Return an answer to a question; raises ``MessageError`` where it is none."""
    if asked is None or not asked["open"]:
        raise MessageError("room_question", reply.id)
    if (reply.question, reply.round) != (asked["number"], asked["round"]):
        raise MessageError("room_question", reply.id)
    return numbers("answer", reply.answer, asked)


def truth(values: Sequence[float], asked: Question) -> list[float]:
    """Return the right answer, which may lie beyond what may be answered, unless it is a choice."""
    if asked["kind"] != "choice":
        asked = {**asked, "low": -MOST_NUMBER, "high": MOST_NUMBER}
    return numbers("truth", values, asked)


def numbers(name: str, values: Sequence[float], asked: Question) -> list[float]:
    """Return what is an answer to a question by its form and range; raises ``MessageError``."""
    _count(name, values, asked["size"], asked["size"])
    for value in values:
        _number(name, value, asked["low"], asked["high"])
        if asked["kind"] == "choice" and value != int(value):
            raise MessageError("key_whole", field=name, value=quote(value))
    return [float(value) for value in values]


def _key(name: str) -> str:
    """Return the name of a key; raises ``MessageError`` on what is none."""
    _formed("key", name)
    return name


def student_name(name: str) -> str:
    """Return a name without spaces around it; raises ``MessageError`` on what is none."""
    given = " ".join(name.split())
    letters = all(each.isalnum() or each in " .'’·-" or _is_mark(each) for each in given)
    if not (letters and 1 <= len(given) <= MOST_NAME and any(map(str.isalnum, given))):
        raise MessageError("room_name", field="name", limit=MOST_NAME, value=quote(name))
    return given


def _is_mark(letter: str) -> bool:
    """Return whether a character is part of a letter of an Indic script, or an accent."""
    return bool(re.fullmatch(r"[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f]", letter))


def _formed(name: str, value: str) -> None:
    if not re.fullmatch(FORMS[name], value):
        raise MessageError("room_form", field=name, value=quote(value))


def _parts(name: str, values: list[str]) -> None:
    _count(name, values, 0, MOST_PARTS)
    for value in values:
        _formed(name, value)


def _address(name: str, settings: dict[Any, Any]) -> None:
    _count(name, settings, 0, MOST_SETTINGS)
    for key, value in settings.items():
        _formed(name, key)
        match value:
            case bool():
                pass
            case int() | float():
                _number(key, value, -(2**53), 2**53)
            case str():
                _text(key, value, MOST_TEXT)
            case _:
                raise MessageError("room_form", field=key, value=quote(value))


def _strip(name: str, values: list[float | None]) -> None:
    _count(name, values, 1, MOST_POINTS)
    for value in values:
        if value is not None:
            _number(name, value, -MOST_NUMBER, MOST_NUMBER)


def _count(name: str, values: Any, low: int, high: int) -> None:
    if not low <= len(values) <= high:
        raise MessageError("room_count", field=name, low=low, high=high, count=len(values))


def _number(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # NaN is not
        raise MessageError("room_number", field=name, low=low, high=high, value=quote(value))


def _text(name: str, value: str, most: int) -> None:
    """Refuse a text that is too long, or that has half a character in it."""
    if len(value) > most or any("\ud800" <= each <= "\udfff" for each in value):
        raise MessageError("room_text", field=name, limit=most, value=quote(value))
