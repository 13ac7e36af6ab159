"""Notations of inputs and targets: a token for a class, or for a vector."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.tokenizers import TOKENIZERS

_SHOWN = 12
"""Tokens that an error names."""
_LONGEST_QUOTE = 40
_LARGE = 10_000
"""From here on numbers are written with a power of ten."""


class Notation(Protocol):
    @property
    def names(self) -> tuple[str, ...]:
        """Tokens that are classes, in the order of their entries; none where all are numbers."""

    def with_names(self, names: tuple[str, ...]) -> "Notation":
        """Return the notation with other classes."""

    @property
    def width(self) -> int:
        """Classes, or numbers in a vector."""

    @property
    def tokens(self) -> str:
        """``characters`` or ``words``."""

    def cut(self, text: str) -> list[str]:
        """Return the tokens of a text."""

    def read(self, tokens: Sequence[str | None], field: str) -> Integers | Floats:
        """Return (T, ...) the tokens as numbers; None for no input."""

    def write(self, rows: Integers | Floats) -> tuple[str, ...]:
        """Return (T,) the numbers (T, ...) as texts; empty for no input."""


def joined(notation: Notation, tokens: Sequence[str]) -> str:
    """Return the text that ``notation`` cuts into these tokens."""
    return ("" if notation.tokens == "characters" else " ").join(tokens)


@dataclass(frozen=True, slots=True)
class Classes:
    """Tokens of a vocabulary, by their index."""

    names: tuple[str, ...]
    tokens: str = "characters"
    usual: tuple[str, ...] = ()
    """The names that an error lists as possible here; empty for all."""
    nothing: int = -1

    @property
    def width(self) -> int:
        return len(self.names)

    def with_names(self, names: tuple[str, ...]) -> "Classes":
        return replace(self, names=names, usual=())

    def cut(self, text: str) -> list[str]:
        return TOKENIZERS[self.tokens](text)

    def read(self, tokens: Sequence[str | None], field: str) -> Integers:
        index: dict[str | None, int] = {name: k for k, name in enumerate(self.names)}
        index[None] = self.nothing
        for token in tokens:
            if token not in index:
                usual, value = self.usual or self.names, _quote(str(token))
                known = " ".join(map(_quote, usual[:_SHOWN])) + " …" * (len(usual) > _SHOWN)
                raise ExperimentError(field, "unknown_token", value=value, known=known)
        return np.array([index[token] for token in tokens], dtype=np.int64)

    def write(self, rows: Integers | Floats) -> tuple[str, ...]:
        return tuple(self.names[row] if row >= 0 else "" for row in rows.tolist())


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of numbers, with spaces between them.

    With ``names`` it reads those too: each has an entry of its own after the ``size`` numbers. That
    entry is then 1, and all others are 0.
    """

    size: int
    parse: Callable[[str], Sequence[float]]
    """Raises ``ValueError`` on text that is no such vector."""
    format: Callable[[Floats], str]
    example: str
    """The example that an error shows."""
    nothing: float = 0.0
    tokens: str = "words"
    names: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return self.size + len(self.names)

    def with_names(self, names: tuple[str, ...]) -> "Vectors":
        return replace(self, names=names)

    def cut(self, text: str) -> list[str]:
        return text.split()

    def read(self, tokens: Sequence[str | None], field: str) -> Floats:
        rows = np.full((len(tokens), self.width), self.nothing)
        for t, token in enumerate(tokens):
            if token is not None:
                rows[t] = self._vector(token, field)
        return rows

    def write(self, rows: Integers | Floats) -> tuple[str, ...]:
        return tuple(self._token(row) for row in rows)

    def _token(self, row: Floats) -> str:
        if np.isnan(row).any():
            return ""
        own = row[self.size :]
        return self.names[int(own.argmax())] if own.any() else self.format(row[: self.size])

    def _vector(self, token: str, field: str) -> Sequence[float]:
        if token in self.names:
            return [0.0] * self.size + [float(token == name) for name in self.names]
        try:
            vector = [*self.parse(token)] + [0.0] * len(self.names)
        except ValueError:
            vector = []
        if len(vector) != self.width or not all(map(math.isfinite, vector)):
            raise ExperimentError(field, "no_vector", value=_quote(token), example=self.example)
        return vector


def decimal(number: float) -> str:
    """Return a number with 2 decimals, without a negative zero."""
    return f"{round(number, 2) + 0.0:.2f}" if abs(number) < _LARGE else f"{number:.2e}"


VALUES = Vectors(1, lambda text: [float(text)], lambda row: decimal(row[0]), "0.37 -0.25 0.80")
"""A number at each timestep that reads one."""
TARGET_VALUES = Vectors(1, VALUES.parse, VALUES.format, VALUES.example, nothing=math.nan)
"""A number at each timestep that has a target."""


def _quote(token: str) -> str:
    token = token if token.isprintable() and token.strip() else ascii(token)
    return token if len(token) <= _LONGEST_QUOTE else token[:_LONGEST_QUOTE] + "…"
