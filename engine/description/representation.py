"""Representations that fit a notebook: arrays by their shape, long texts by their beginning."""

import reprlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

_short = reprlib.Repr()
_short.maxtuple, _short.maxstring, _short.maxother = 4, 40, 60


def brief(record: Any) -> str:
    """Return a record's name and its fields, each short.

    >>> from unrolled.engine import LossStep
    >>> brief(LossStep(3, 1, 0.5))
    'LossStep(timestep=3, target=1, loss=0.5)'
    """
    names = [each.name for each in fields(record)] if is_dataclass(record) else record._fields
    told = ", ".join(f"{name}={_of(getattr(record, name))}" for name in names)
    return f"{type(record).__name__}({told})"


def _of(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"array{value.shape}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_of(each)}" for name, each in value.items()) + "}"
    if callable(value):
        return getattr(value, "__name__", "...")
    return _short.repr(value)


def number_told(number: float) -> str:
    """Return a number with three digits, or with all that are before its point.

    >>> number_told(1013.25), number_told(-0.12345), number_told(12.0)
    ('1013', '-0.123', '12')
    """
    return f"{number:.0f}" if 1000 <= abs(number) < 10**6 else f"{number:.3g}"
