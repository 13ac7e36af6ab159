"""Parses messages, and validates the experiment of one against the server's limits."""

import json
import sys
from collections.abc import Callable, Hashable
from functools import cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    ConfigDict,
    StrictBool,
    StrictFloat,
    StrictInt,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic.dataclasses import dataclass

from unrolled.app.errors import MessageError
from unrolled.app.runs.limits import within
from unrolled.app.settings import Settings
from unrolled.engine import Checkpoint, Experiment
from unrolled.engine.analysis.sweeps import MOST_SEEDS, SEEDS
from unrolled.engine.validation import quote

Fields = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
Timestep = Annotated[
    object,
    WithJsonSchema({"type": "integer", "minimum": 1, "description": "The timestep, from 1 to T."}),
]
Seeds = Annotated[
    object,
    WithJsonSchema(
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_SEEDS,
            "default": SEEDS,
            "description": "Networks of each scale.",
        }
    ),
]
_KNOWN = ConfigDict(extra="forbid", use_attribute_docstrings=True)
Request = TypeVar("Request")
Lookup = Callable[[object], Checkpoint]
"""Returns the trained network of a name; raises ``MessageError`` without one."""
_SHOWN = 20
"""Characters that are shown of what is no JSON."""


@dataclass(frozen=True, config=_KNOWN)
class TraceRequest:
    """An experiment, and an id that its frames carry."""

    id: StrictInt
    """A number of the client's own, which every frame of the answer carries."""
    experiment: Fields


@dataclass(frozen=True, config=_KNOWN)
class StepRequest:
    """An experiment, and the timestep to show in numbers."""

    experiment: Fields
    timestep: Timestep


@dataclass(frozen=True, config=_KNOWN)
class SweepRequest:
    """An experiment, scales of its recurrent weights, and the number of seeds per scale."""

    experiment: Fields
    recurrent_scale: list[StrictInt | StrictFloat]
    """The scales, in any order."""
    seeds: Seeds = SEEDS
    shares: StrictBool = False
    """Whether only what arrives at t = 1 is answered."""


_CODES = {TraceRequest: "envelope", StepRequest: "step", SweepRequest: "sweep"}
"""How a message is refused that is no such request."""


def parse(kind: type[Request], text: str | bytes | None) -> Request:
    """Return the request in a message; raises ``MessageError``.

    The engine validates the fields of an experiment, a timestep and a number of seeds.
    """
    if text is None:
        raise MessageError("binary")
    message = parse_object(text)
    try:
        request: Request = _adapter(cast(Hashable, kind)).validate_python(message)
        return request
    except ValidationError:
        number = message.get("id")
        known = number if kind is TraceRequest and type(number) is int else None
        raise MessageError(_CODES[kind], known, value=quote(message)) from None


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def parse_object(text: str | bytes) -> dict[str, Any]:
    """Return a JSON object, in which ``Experiment`` validates values such as NaN."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise MessageError("json_deep") from None
    except ValueError as error:
        raise _unread(error) from None
    if not isinstance(value, dict):
        raise MessageError("object", value=quote(value))
    return value


def _unread(error: ValueError) -> MessageError:
    """Return the error for invalid JSON, with its position."""
    match error:
        case json.JSONDecodeError(doc=doc, pos=pos) if not doc[pos:].strip():
            return MessageError("json_ends")
        case json.JSONDecodeError(doc=doc, pos=pos, lineno=line, colno=column):
            return MessageError("json", line=line, column=column, value=repr(doc[pos:][:_SHOWN]))
        case UnicodeDecodeError(start=start):
            return MessageError("utf8", byte=start + 1)
    return MessageError("json_digits", limit=sys.get_int_max_str_digits())


def experiment(
    fields: dict[str, Any], settings: Settings, checkpoint_of: Lookup | None = None
) -> Experiment:
    """Return the experiment, within this server's limits; raises ``ExperimentError``.

    With ``checkpoint_of``, the field ``checkpoint`` may name a trained network, empty for none;
    raises ``MessageError`` if it is not stored.
    """
    if checkpoint_of is not None and "checkpoint" in fields:
        own = {name: value for name, value in fields.items() if name != "checkpoint"}
        if (name := fields["checkpoint"]) != "":
            return within(checkpoint_of(name).experiment(**own), settings)
        fields = own
    return within(Experiment.of(fields), settings)
