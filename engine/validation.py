"""Validation of fields: each is within its range, or an error says what to do."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, fields
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np

from unrolled.engine.cells import CELLS, Cell
from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Integers

LOSSES = ("last", "all")
_DIGITS = re.compile("[0-9]{1,9}")
_LONGEST_QUOTE = 40
Asked = TypeVar("Asked")


class Choices(Mapping[str, tuple[str, ...]]):
    """The values of each field: the names in a registry, as it is when they are asked for."""

    def __init__(self, **registries: Mapping[str, Any]) -> None:
        self.registries = registries

    def __getitem__(self, field: str) -> tuple[str, ...]:
        return tuple(self.registries[field])

    def __iter__(self) -> Iterator[str]:
        return iter(self.registries)

    def __len__(self) -> int:
        return len(self.registries)

    def __repr__(self) -> str:
        return repr({**self})


OBJECT = {"object": True}
"""Metadata of a field that no value of JSON stands for."""


def values_of(cls: Any) -> list["Field[Any]"]:
    """Return the fields of a dataclass that are values, and no objects."""
    return [field for field in fields(cls) if "object" not in field.metadata]


def made_of(cls: type[Asked], mapping: Mapping[str, Any], **objects: Any) -> Asked:
    """Return a dataclass from named values, such as a JSON object's, and from ``objects``."""
    names = [field.name for field in values_of(cls)]
    for name in mapping:
        if name not in names:
            raise ExperimentError(_named(name), "unknown", choices=", ".join(names))
    return cls(**mapping, **objects)


def check(
    asked: Any, choices: Mapping[str, Sequence[str]], ranges: Mapping[str, tuple[float, float]]
) -> None:
    """Check that each field is a choice, in range, or text; numbers become their own type.

    A field of another type than these is left alone.
    """
    for field in fields(asked):
        name, value = field.name, getattr(asked, field.name)
        if name in choices:
            check_choice(name, value, choices[name])
        elif name in ranges:
            number = _number(name, value, ranges[name], whole=field.type is int)
            object.__setattr__(asked, name, number)
        elif field.type is str:
            _check_text(name, value)


def check_cell(asked: Any) -> None:
    """Refuse fields that make no sense together in a cell."""
    cell = CELLS[asked.cell]
    if "activation" not in cell.hyperparameters() and asked.activation != "tanh":
        raise ExperimentError(
            "activation",
            "gated",
            cell=asked.cell,
            value=asked.activation,
            cells=_named_cells(lambda cell: "activation" in cell.hyperparameters()),
        )
    if asked.chrono == 1:
        raise ExperimentError("chrono", "no_time", value=asked.chrono)
    if asked.chrono and not cell.carry:
        raise ExperimentError(
            "chrono",
            "no_gates",
            cell=asked.cell,
            value=asked.chrono,
            cells=_named_cells(lambda cell: cell.carry is not None),
        )


def _named_cells(fit: Callable[[type[Cell]], bool]) -> str:
    """Return the names of the cells of a kind, for an error message."""
    return ", ".join(name for name, cell in CELLS.items() if fit(cell))


def loss_of(value: object, loss_timesteps: Integers) -> int | str:
    """Return a valid loss: ``last``, ``all``, or a timestep that has one; text may hold its number.

    ``loss_timesteps`` (n,) are the timesteps, from 0, that have a loss.
    """
    if isinstance(value, str) and value in LOSSES:
        return value
    number: Any = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    whole = isinstance(number, Integral) and not isinstance(number, bool)
    if not whole or number - 1 not in loss_timesteps:
        raise ExperimentError("loss", "loss", last=int(loss_timesteps[-1]) + 1, value=quote(value))
    return int(number)


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Refuse what is not one of the choices, in words."""
    if not isinstance(value, str) or value not in choices:
        raise ExperimentError(name, "choice", choices=", ".join(choices), value=quote(value))


def _number(name: str, value: object, ends: tuple[float, float], *, whole: bool) -> int | float:
    low, high = ends
    number: Any = value
    kind: Any = Real
    good = isinstance(value, kind) and not isinstance(value, bool) and low <= number <= high
    if not good or (whole and number != int(number)):
        code = "integer" if whole else "number"
        raise ExperimentError(name, code, low=low, high=high, value=quote(value))
    return int(number) if whole else float(number)


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise ExperimentError(name, "text", value=quote(value))
    for position, character in enumerate(value, start=1):
        if "\ud800" <= character <= "\udfff":
            half = f"U+{ord(character):04X}"
            raise ExperimentError(name, "surrogate", value=half, position=position)


def check_arrays(x: Any, targets: Any, encoder: int) -> None:
    """Raise ``ValueError`` where arrays are no inputs and targets: see ``Problem.from_arrays``."""
    axes = [each.ndim - (each.dtype.kind == "f") for each in (x, targets)]
    if x.dtype.kind not in "iuf" or axes[0] not in (1, 2) or not x.size:
        raise ValueError(f"x must be classes (T,) or vectors (T, D), got {x.dtype} {x.shape}")
    if targets.dtype.kind not in "iuf" or axes[1] != axes[0]:
        raise ValueError(
            f"targets must be classes (T,) or numbers (T, D), got {targets.dtype} {targets.shape}"
        )
    if len(targets) != len(x):
        raise ValueError(f"x has {len(x)} timesteps, targets has {len(targets)}")
    if axes[0] == 2 and targets.shape[1] != x.shape[1]:
        raise ValueError(f"x has {x.shape[1]} examples, targets has {targets.shape[1]}")
    if not np.isfinite(x).all() or np.isinf(targets).any():
        raise ValueError("x and targets must hold finite numbers")
    has_loss = ~np.isnan(targets).any(axis=-1) if targets.dtype.kind == "f" else targets >= 0
    if not has_loss.any():
        raise ValueError("targets must have at least one timestep with a loss")
    if not 0 <= encoder < len(x):
        raise ValueError(f"encoder must be from 0 to {len(x) - 1}, got {encoder}")


def _named(name: object) -> str:
    """Return a name as it was given, if it could be one."""
    text = str(name)
    return text if text.isidentifier() and len(text) <= _LONGEST_QUOTE else quote(name)


def quote(value: object, longest: int = _LONGEST_QUOTE) -> str:
    """Return a value as a message can hold it: as JSON has it, short, without control characters.

    >>> quote("lstmm"), quote(None), quote([1, True])
    ('"lstmm"', 'null', '[1, true]')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    plain: Any = value.item() if isinstance(value, np.generic) else value
    try:
        text = json.dumps(plain, ensure_ascii=False)
        if not text.isprintable():
            text = json.dumps(plain)
    except TypeError:  # no value of JSON's
        text = ascii(value)
    except (ValueError, RecursionError):  # no integer of more than 4,300 digits is written out
        return "…"
    return text if len(text) <= longest else text[:longest] + "…"
