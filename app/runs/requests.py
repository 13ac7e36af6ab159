"""Parses messages, and validates the experiment of one against the server's limits."""

import json
import sys
from collections.abc import Callable, Hashable
from dataclasses import field
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from pydantic import (
    ConfigDict,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
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
from unrolled.engine.weights.own_network import OwnNetwork

Fields = Annotated[dict[Any, Any], WithJsonSchema({"type": "object"})]
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
KNOWN = ConfigDict(extra="forbid", use_attribute_docstrings=True)
Request = TypeVar("Request")
Lookup = Callable[[object], Checkpoint | OwnNetwork]
"""Returns the trained network of a name; raises ``MessageError`` without one."""
_SHOWN = 20
"""Characters that are shown of what is no JSON."""


@dataclass(frozen=True, config=KNOWN)
class TraceRequest:
    """An experiment, and an id that its frames carry."""

    id: StrictInt
    """A number of the client's own, which every frame of the answer carries."""
    experiment: Fields
    """The settings; one that is left out keeps its default."""
    claims: Fields = field(default_factory=dict)
    """What the words beside it say of the run, by name: a lesson's claims."""
    weight: StrictStr | None = None
    """Of at most 4 hidden units: the weight to look at, as ``by_hand`` names it, which asks for
    ``weights`` in ``end``; empty for all of them and none by itself."""


@dataclass(frozen=True, config=KNOWN)
class StepRequest:
    """An experiment, and the timestep to show in numbers."""

    experiment: Fields
    timestep: Timestep


@dataclass(frozen=True, config=KNOWN)
class WeightsRequest:
    """An experiment of at most 4 hidden units, and the weight to look at."""

    experiment: Fields
    weight: StrictStr = ""
    """Its name, as ``by_hand`` has it; empty for none."""


@dataclass(frozen=True, config=KNOWN)
class VocabularyRequest:
    """A user's own network, and the tokens that it reads."""

    checkpoint: StrictStr
    """The network's name."""
    vocabulary: StrictStr = ""
    """Its tokens in the order of their numbers: one a line, as JSON (a list, or an object of token
    and number), between spaces, or each a character; empty for those that it has."""
    sequence: StrictStr = ""
    """A text that was typed for it, which the answer has as it reads it with these tokens."""
    target: StrictStr = ""
    """Its target, likewise."""
    tokens: Literal["characters", "words"] = "words"
    """How they were read before."""


@dataclass(frozen=True, config=KNOWN)
class SweepRequest:
    """An experiment, scales of its recurrent weights, and the number of seeds per scale."""

    experiment: Fields
    """The settings, as for a run; ``seed`` is that of the first network of each scale."""
    recurrent_scale: list[StrictInt | StrictFloat]
    """The scales, each larger than the one before."""
    seeds: Seeds = SEEDS
    shares: StrictBool = False
    """Whether only what arrives at t = 1 is answered."""


_CODES = {
    "int_type": "key_whole",
    "dict_type": "key_object",
    "string_type": "key_text",
    "bool_type": "key_flag",
    "literal_error": "key_choice",
    "list_type": "key_numbers",
}
"""How an entry of a message is refused, by what pydantic calls it."""


def parse(kind: type[Request], text: str | bytes | None) -> Request:
    """Return the request in a message; raises ``MessageError``."""
    return validated(kind, parse_object(text))


def validated(kind: type[Request], message: dict[str, Any]) -> Request:
    """Return a message as a request; raises ``MessageError`` on the first entry that is wrong.

    The engine validates the fields of an experiment, a timestep and a number of seeds.
    """
    names = _names(cast(Hashable, kind))
    known = number if "id" in names and type(number := message.get("id")) is int else None
    for name in message:
        if name not in names:
            code = getattr(kind, "unknown_code", "key_unknown")
            raise MessageError(code, known, quote(name)[1:-1], choices=", ".join(names))
    try:
        request: Request = _adapter(cast(Hashable, kind)).validate_python(message)
        return request
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    name, *inner = map(str, first["loc"])
    if first["type"] == "missing":
        raise MessageError("key_missing", known, name)
    code = "key_numbers" if inner else _CODES[first["type"]]
    code = getattr(kind, "own_codes", {}).get(name, code)
    choices, value = ", ".join(_choices(get_type_hints(kind)[name])), quote(message[name])
    raise MessageError(code, known, name, choices=choices, value=value)


def _choices(hint: Any) -> list[str]:
    """Return the texts that a ``Literal``, also an optional one, allows; none of other types."""
    if get_origin(hint) is Literal:
        return [*get_args(hint)]
    return [text for each in get_args(hint) for text in _choices(each)]


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


@cache
def _names(kind: Hashable) -> list[str]:
    return [*_adapter(kind).json_schema()["properties"]]


def parse_object(text: str | bytes | None) -> dict[str, Any]:
    """Return a JSON object, in which ``Experiment`` validates values such as NaN."""
    if text is None:
        raise MessageError("binary")
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
