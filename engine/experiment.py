"""What to run."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any

from engine.architectures import ARCHITECTURES, Problem
from engine.cells import ACTIVATIONS, CELLS, GATED
from engine.errors import ExperimentError
from engine.initialization import INITIALIZATIONS
from engine.tokens import MOST_TOKENS, TOKENIZERS

CHOICES: dict[str, tuple[str, ...]] = {
    "tokens": tuple(TOKENIZERS),
    "cell": tuple(CELLS),
    "activation": tuple(ACTIVATIONS),
    "architecture": tuple(ARCHITECTURES),
    "initialization": tuple(INITIALIZATIONS),
}
RANGES: dict[str, tuple[int, int]] = {
    "hidden_size": (1, 512),
    "recurrent_scale": (0, 10),
    "input_scale": (0, 10),
    "forget_bias": (-10, 10),
    "seed": (0, 2**32 - 1),
    "clip_norm": (0, 1_000_000),
    "truncate": (0, MOST_TOKENS),
    "chrono": (0, MOST_TOKENS),
}
_LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Experiment:
    """A network with random weights, a sequence for it to read, and the loss it owes.

    Raises ``ExperimentError``, a ``ValueError`` that names the value and the remedy, on a field
    that is out of its range, and on fields that make no sense together.
    """

    sequence: str = "the clouds are in the sky"
    """1 to 2,000 tokens."""
    tokens: str = "characters"
    """``characters`` (grapheme clusters) or ``words``."""
    cell: str = "rnn"
    """A key of ``CELLS``."""
    activation: str = "tanh"
    """A key of ``ACTIVATIONS``; the gated cells have their own and take only tanh here."""
    architecture: str = "many-to-one"
    """A key of ``ARCHITECTURES``."""
    target: str = ""
    """The label or the tags owed; empty means what the architecture takes from the sequence."""
    hidden_size: int = 16
    """H."""
    initialization: str = "orthogonal"
    """A key of ``INITIALIZATIONS``, for each gate's recurrent weights."""
    recurrent_scale: float = 1.0
    """g, multiplies the recurrent weights of every gate."""
    input_scale: float = 1.0
    """Multiplies the input weights, which are gaussian with variance 1/H."""
    forget_bias: float = 1.0
    """Bias of the LSTM's forget gate; ``chrono`` replaces it."""
    seed: int = 0
    """Of every random weight."""
    clip_norm: float = 0.0
    """Norm to which the gradient of all weights together is clipped; 0 for no clipping."""
    truncate: int = 0
    """Timesteps after which BPTT is cut, counted from the last; 0 for none."""
    chrono: int = 0
    """T_max, the longest dependency in timesteps: the units of an LSTM or a GRU start with memories
    of 2 to T_max timesteps (Tallec & Ollivier 2018); 0 for off."""

    def __post_init__(self) -> None:
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            if name in CHOICES:
                self._check_choice(name, value)
            elif name in RANGES:
                object.__setattr__(self, name, _number(name, value, whole=field.type is int))
            else:
                _check_text(name, value)
        if self.cell in GATED and self.activation != "tanh":
            raise ExperimentError("activation", "gated", cell=self.cell, value=self.activation)
        if self.chrono == 1:
            raise ExperimentError("chrono", "no_time", value=self.chrono)
        if self.chrono and self.cell not in GATED:
            raise ExperimentError("chrono", "no_gates", cell=self.cell, value=self.chrono)
        self.problem()

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Experiment":
        """An experiment from named values, such as a JSON object's."""
        names = [field.name for field in fields(cls)]
        for name in mapping:
            if name not in names:
                raise ExperimentError(_named(name), "unknown", choices=", ".join(names))
        return cls(**mapping)

    def tokenized(self) -> list[str]:
        """The sequence's tokens."""
        tokens = TOKENIZERS[self.tokens](self.sequence)
        if not self.sequence:
            raise ExperimentError("sequence", "empty")
        if not tokens:
            raise ExperimentError("sequence", "blank")
        if len(tokens) > MOST_TOKENS:
            raise ExperimentError("sequence", "too_long", count=len(tokens), limit=MOST_TOKENS)
        return tokens

    def problem(self) -> Problem:
        """The sequence in numbers: what each timestep reads and owes."""
        unroll, tokenize = ARCHITECTURES[self.architecture], TOKENIZERS[self.tokens]
        return Problem.of(unroll(self.tokenized(), self.target, tokenize))

    def _check_choice(self, name: str, value: object) -> None:
        if not isinstance(value, str) or value not in CHOICES[name]:
            choices = ", ".join(CHOICES[name])
            raise ExperimentError(name, "choice", choices=choices, value=_quote(value))


def _number(name: str, value: object, *, whole: bool) -> int | float:
    low, high = RANGES[name]
    kind: Any = Integral if whole else Real
    good = isinstance(value, kind) and not isinstance(value, bool) and low <= value <= high
    if not good:
        code = "integer" if whole else "number"
        raise ExperimentError(name, code, low=low, high=high, value=_quote(value))
    return int(value) if whole else float(value)  # type: ignore[call-overload, arg-type]


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise ExperimentError(name, "text", value=_quote(value))
    for position, character in enumerate(value, start=1):
        if "\ud800" <= character <= "\udfff":
            half = f"U+{ord(character):04X}"
            raise ExperimentError(name, "surrogate", value=half, position=position)


def _named(name: object) -> str:
    """A name as it was given, if it could be one."""
    text = str(name)
    return text if text.isidentifier() and len(text) <= _LONGEST_QUOTE else _quote(name)


def _quote(value: object) -> str:
    """The value as a message can hold it: short, and without characters that cannot be sent."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    try:
        text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    except ValueError:  # Python writes out no integer of more than 4,300 digits.
        return "a number too long to write out"
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
