"""What comes over the wire: messages, and the experiment of one, within the server's limits."""

import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from unrolled.app.errors import MessageError
from unrolled.app.runs.limits import within
from unrolled.app.settings import Settings
from unrolled.engine import Checkpoint, Experiment
from unrolled.engine.analysis.sweeps import SEEDS
from unrolled.engine.validation import quote

Lookup = Callable[[object], Checkpoint]
"""Returns the trained network of a name; raises ``MessageError`` without one."""
_SHOWN = 20
"""Characters that are shown of what is no JSON."""


class SweepRequest(NamedTuple):
    """The fields of an experiment, and the networks that are wanted of it."""

    fields: dict[str, Any]
    recurrent_scale: list[float]
    seeds: int
    shares: bool = False
    """Whether only what arrives at t = 1 is asked for, in the background."""


class TraceRequest(NamedTuple):
    """What the page sends: a number of its own, and the fields of an experiment."""

    id: int
    fields: dict[str, Any]


def parse_request(text: str | bytes | None) -> TraceRequest:
    """A stream's message, None for one that is not text; raises ``MessageError``."""
    if text is None:
        raise MessageError("binary")
    message = parse_object(text)
    number, fields = message.get("id"), message.get("experiment")
    if not isinstance(number, int) or isinstance(number, bool):
        raise MessageError("envelope", value=quote(message))
    if not isinstance(fields, dict) or set(message) != {"id", "experiment"}:
        raise MessageError("envelope", number, value=quote(message))
    return TraceRequest(number, fields)


def parse_sweep(text: bytes) -> SweepRequest:
    """A sweep's message; raises ``MessageError``. Whether its numbers do, the sweep says."""
    message = parse_object(text)
    fields, scales = message.get("experiment"), message.get("recurrent_scale")
    known = set(message) <= {"experiment", "recurrent_scale", "seeds", "shares"}
    numbers = isinstance(scales, list) and all(type(scale) in (int, float) for scale in scales)
    shares = message.get("shares", False)
    if not (known and numbers and isinstance(fields, dict) and isinstance(shares, bool)):
        raise MessageError("sweep", value=quote(message))
    return SweepRequest(fields, scales or [], message.get("seeds", SEEDS), shares)


def parse_step(text: bytes) -> tuple[dict[str, Any], object]:
    """The fields of an experiment, and the timestep asked for; raises ``MessageError``."""
    message = parse_object(text)
    fields = message.get("experiment")
    if not isinstance(fields, dict) or set(message) != {"experiment", "timestep"}:
        raise MessageError("step", value=quote(message))
    return fields, message["timestep"]


def parse_object(text: str | bytes) -> dict[str, Any]:
    """A JSON object. Odd values in it, such as NaN, are for the experiment to judge."""
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
    """What is no JSON, by its place; never in the words of a parser."""
    match error:
        case json.JSONDecodeError(doc=doc, pos=pos) if not doc[pos:].strip():
            return MessageError("json_ends")
        case json.JSONDecodeError(doc=doc, pos=pos, lineno=line, colno=column):
            return MessageError("json", line=line, column=column, value=quote(doc[pos:][:_SHOWN]))
        case UnicodeDecodeError(start=start):
            return MessageError("utf8", byte=start + 1)
    return MessageError("json_digits", limit=sys.get_int_max_str_digits())


def experiment(
    fields: dict[str, Any], settings: Settings, checkpoint_of: Lookup | None = None
) -> Experiment:
    """Return the experiment, within this server's limits; raises ``ExperimentError``.

    Where ``checkpoint_of`` is given, the field ``checkpoint`` may name the trained network that it
    is run on, empty for none; raises ``MessageError`` if that is not kept.
    """
    if checkpoint_of is not None and "checkpoint" in fields:
        own = {name: value for name, value in fields.items() if name != "checkpoint"}
        if (name := fields["checkpoint"]) != "":
            return within(checkpoint_of(name).experiment(**own), settings)
        fields = own
    return within(Experiment.of(fields), settings)
