"""What comes over the wire: messages, and the experiment of one, within the server's limits."""

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from unrolled.app.errors import MessageError, quoted
from unrolled.app.settings import Settings
from unrolled.engine import Experiment, ExperimentError
from unrolled.engine.analysis.sweeps import SEEDS

if TYPE_CHECKING:
    from unrolled.app.training.checkpoint_store import Checkpoints

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
        raise MessageError("envelope", value=quoted(message))
    if not isinstance(fields, dict) or set(message) != {"id", "experiment"}:
        raise MessageError("envelope", number, value=quoted(message))
    return TraceRequest(number, fields)


def parse_sweep(text: bytes) -> SweepRequest:
    """A sweep's message; raises ``MessageError``. Whether its numbers do, the sweep says."""
    message = parse_object(text)
    fields, scales = message.get("experiment"), message.get("recurrent_scale")
    known = set(message) <= {"experiment", "recurrent_scale", "seeds", "shares"}
    numbers = isinstance(scales, list) and all(type(scale) in (int, float) for scale in scales)
    shares = message.get("shares", False)
    if not (known and numbers and isinstance(fields, dict) and isinstance(shares, bool)):
        raise MessageError("sweep", value=quoted(message))
    return SweepRequest(fields, scales or [], message.get("seeds", SEEDS), shares)


def parse_step(text: bytes) -> tuple[dict[str, Any], object]:
    """The fields of an experiment, and the timestep asked for; raises ``MessageError``."""
    message = parse_object(text)
    fields = message.get("experiment")
    if not isinstance(fields, dict) or set(message) != {"experiment", "timestep"}:
        raise MessageError("step", value=quoted(message))
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
        raise MessageError("object", value=quoted(value))
    return value


def _unread(error: ValueError) -> MessageError:
    """What is no JSON, by its place; never in the words of a parser."""
    match error:
        case json.JSONDecodeError(doc=doc, pos=pos) if not doc[pos:].strip():
            return MessageError("json_ends")
        case json.JSONDecodeError(doc=doc, pos=pos, lineno=line, colno=column):
            return MessageError("json", line=line, column=column, value=quoted(doc[pos:][:_SHOWN]))
        case UnicodeDecodeError(start=start):
            return MessageError("utf8", byte=start + 1)
    return MessageError("json_digits", limit=sys.get_int_max_str_digits())


def experiment(
    fields: dict[str, Any], settings: Settings, checkpoints: "Checkpoints | None" = None
) -> Experiment:
    """The experiment, within this server's limits; raises ``ExperimentError``.

    Where ``checkpoints`` are given, the field ``checkpoint`` may name the trained network that it
    is run on, empty for none; raises ``MessageError`` if that is not kept.
    """
    if checkpoints is not None and "checkpoint" in fields:
        own = {name: value for name, value in fields.items() if name != "checkpoint"}
        if (name := fields["checkpoint"]) != "":
            return within(checkpoints.get(name).experiment(**own), settings)
        fields = own
    return within(Experiment.of(fields), settings)


def within(wanted: Experiment, settings: Settings) -> Experiment:
    """The same experiment, if it is within this server's limits; raises ``ExperimentError``."""
    problem, limit = wanted.problem(), settings.most_tokens
    read = int((problem.parts == 0).sum()) if wanted.checkpoint else len(wanted.tokenized())
    for field, count in (("sequence", read), ("target", int((problem.targets >= 0).sum()))):
        if count > limit:
            raise ExperimentError(field, "too_long", count=count, limit=limit)
    if wanted.hidden_size > settings.most_hidden_units:
        high, value = settings.most_hidden_units, wanted.hidden_size
        raise ExperimentError("hidden_size", "integer", low=1, high=high, value=value)
    return wanted
