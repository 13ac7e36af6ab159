"""Checked access to the tables of a TOML or JSON file."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from unrolled.app.errors import MessageError
from unrolled.engine import ExperimentError, Training
from unrolled.engine.architectures import labels_of
from unrolled.engine.validation import quote, values_of
from unrolled.engine.weights.by_hand import written

_LONGEST_QUOTE = 60
_OF_LABEL = re.compile(r"\b(W_hy_\d+_|b_y_)(\S+)")
_NONE: Any = object()
Kind = TypeVar("Kind")


class LessonError(MessageError):
    """An error in a lesson's file; ``where`` names the file and the step."""

    def __init__(self, code: str, where: str, **details: Any) -> None:
        super().__init__(code, where=where, **details)


class Table:
    """A table of a file. Each key is read once; ``done`` raises if a key was never read."""

    def __init__(self, value: object, where: str, name: str = "") -> None:
        self.where, self.name = where, name
        if not isinstance(value, Mapping):
            if not name:
                raise LessonError("lesson_no_table", where, value=quote(value))
            raise LessonError("lesson_table", where, name=name, value=quote(value))
        self._values = dict(value)
        self._known: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def refuse(self, code: str, name: str = "", **details: Any) -> LessonError:
        return LessonError(
            code, self.where, name=self._path(name) if name else self.name, **details
        )

    def names(self) -> list[str]:
        """Return all keys, for a table whose keys are free."""
        return list(self._values)

    def peek(self, name: str) -> object:
        """Return an unchecked value, or None."""
        return self._values.get(name)

    def drop(self, name: str) -> None:
        """Ignore a key that had a meaning once."""
        self._values.pop(name, None)

    def text(self, name: str, default: str = _NONE) -> str:
        return self._of(name, default, str, "lesson_text")

    def flag(self, name: str, default: bool = _NONE) -> bool:
        return self._of(name, default, bool, "lesson_flag")

    def optional(self, name: str) -> float | None:
        """Return a number, or None."""
        return self.number(name, -1e300, 1e300) if name in self else None

    def number(self, name: str, low: float, high: float, default: float = _NONE) -> float:
        value = self._take(name, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise self.refuse("lesson_number", name, low=low, high=high, value=quote(value))
        return float(value)

    def whole(self, name: str, low: int, high: int, default: int = _NONE) -> int:
        value = self._take(name, default)
        if type(value) is not int or not low <= value <= high:
            raise self.refuse("lesson_whole", name, low=low, high=high, value=quote(value))
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str = _NONE) -> str:
        value = self._take(name, default)
        if value not in choices:
            known = ", ".join(choices)
            raise self.refuse("lesson_choice", name, choices=known, value=quote(value))
        return str(value)

    def items(self, name: str, default: tuple[()] = _NONE) -> list[Any]:
        value = self._take(name, default)
        if not isinstance(value, list | tuple):
            raise self.refuse("lesson_list", name, value=quote(value))
        return list(value)

    def texts(self, name: str, default: tuple[()] = _NONE) -> tuple[str, ...]:
        items = self.items(name, default)
        for item in items:
            if not isinstance(item, str):
                raise self.refuse("lesson_text", name, value=quote(item))
        return tuple(items)

    def table(self, name: str, default: Mapping[str, Any] = _NONE) -> "Table":
        return Table(self._take(name, default), self.where, self._path(name))

    def made(self, of: Callable[[Mapping[str, Any]], Kind]) -> Kind:
        """Return what ``of`` makes of the table."""
        return made(of, self._values, self.where, self.name)

    def training(self, name: str) -> Training | None:
        value = self._take(name, None)
        return None if value is None else made(Training.of, value, self.where, self._path(name))

    def changes(self, name: str, what: object) -> Mapping[str, Any]:
        """Return the fields of an experiment or a training to change, under a key."""
        settings: Mapping[str, Any] = self._take(name, {})
        self.changed(name, what, settings)
        return settings

    def changed(self, name: str, what: Kind, settings: object) -> Kind:
        """Return an experiment or a training with the changes under a key."""
        if not isinstance(settings, Mapping):
            raise self.refuse("lesson_table", name, value=quote(settings))
        kind: Any = type(what)
        given = {each.name: getattr(what, each.name) for each in values_of(kind)}
        return made(kind.of, {**given, **settings}, self.where, self._path(name))

    def done(self) -> None:
        for name in self._values:
            if name not in self._known:
                choices = ", ".join(self._known)
                raise self.refuse("lesson_unknown", str(name)[:_LONGEST_QUOTE], choices=choices)

    def _of(self, name: str, default: Kind, kind: type[Kind], code: str) -> Kind:
        value = self._take(name, default)
        if not isinstance(value, kind):
            raise self.refuse(code, name, value=quote(value))
        return value

    def _take(self, name: str, default: Any) -> Any:
        self._known.append(name)
        value = self._values.get(name, default)
        if value is _NONE:
            raise self.refuse("lesson_missing", name)
        return value

    def _path(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name


def made(of: Callable[[Mapping[str, Any]], Kind], value: object, where: str, name: str) -> Kind:
    """Return an experiment or a training from a table."""
    if not isinstance(value, Mapping):
        raise LessonError("lesson_table", where, name=name, value=quote(value))
    try:
        return of(value)
    except ExperimentError as error:
        raise LessonError("lesson_experiment", where, name=name, problem=error) from None


def shortened(text: str) -> str:
    """Return the text, truncated if it is long."""
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def relabelled(facts: Any, said: Table) -> Any:
    """Return a step's facts with the labels of a language in the names of weights set by hand."""
    first, own = _labels(facts), _labels({"experiment": said.peek("experiment")})
    return _renamed(facts, dict(zip(first, own, strict=False))) if own else facts


def _labels(step: Any) -> tuple[str, ...]:
    experiment = step.get("experiment") if isinstance(step, Mapping) else None
    labels = experiment.get("labels") if isinstance(experiment, Mapping) else None
    return labels_of(labels) if isinstance(labels, str) else ()


def _renamed(facts: Any, labels: Mapping[str, str], key: str = "") -> Any:
    if isinstance(facts, Mapping):
        return {name: _renamed(each, labels, name) for name, each in facts.items()}
    if isinstance(facts, list):
        return [_renamed(each, labels) for each in facts]
    if key != "by_hand" or not isinstance(facts, str):
        return facts
    return _OF_LABEL.sub(lambda found: found[1] + _own(unquote(found[2]), labels), facts)


def _own(label: str, labels: Mapping[str, str]) -> str:
    return written(labels.get(label, label))
