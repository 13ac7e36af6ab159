"""Codes of rooms, and signed tokens: who is a teacher, and which student comes back.

A code has six letters that cannot be misread, and is no word.
"""

import secrets
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

from unrolled.app.errors import MessageError
from unrolled.app.rooms.state import RoomState

LETTERS = "BCDFGHJKMNPRSTVWXZ"
"""No vowel and no Y, so that no word comes about; no L and no Q, which look like I and O."""
LENGTH = 6


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """Return a code as it was typed, in capitals and without spaces or hyphens; None if it is none.

    >>> read_code("kxr-btm")
    'KXRBTM'
    """
    code = text.upper().replace(" ", "").replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else None


class Identity(NamedTuple):
    """A person in a room."""

    teacher: int
    """The number of a teacher; 0 of a student."""
    student: str
    """A random name of a student, which no other person gets to see; empty of a teacher."""
    name: str
    """A student's name, where one was asked for."""


def new_student(name: str) -> Identity:
    return Identity(0, secrets.token_hex(8), name)


def token_of(who: Identity, code: str, room: RoomState, secret: str) -> str:
    """Return a token that holds in this room alone."""
    return str(_serializer(code, room, secret).dumps(who))


def identity_of(token: str, code: str, room: RoomState, secret: str) -> Identity:
    """Return the person of a token; raises ``MessageError`` if it was not signed for this room."""
    try:
        return Identity(*_serializer(code, room, secret).loads(token))
    except BadSignature:
        raise MessageError("room_token") from None


def _serializer(code: str, room: RoomState, secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"room {code} {room['opened']}")
