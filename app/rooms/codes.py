"""Codes of rooms: six letters that cannot be misread, and are no words."""

import secrets

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
