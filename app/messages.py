"""What comes over the wire, and what is wrong with it, in words."""

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from unrolled.app.settings import Settings
from unrolled.engine import Experiment, ExperimentError
from unrolled.engine.analysis.sweeps import SEEDS

if TYPE_CHECKING:
    from unrolled.app.checkpoints import Checkpoints

MESSAGES = {
    "json": "the message is not JSON from line {line}, column {column} on ({value}): something "
    "else belongs there",
    "json_ends": "the message is not JSON: it ends where more must follow, such as a closing brace",
    "json_deep": "the message is not JSON that can be read: it has too many brackets one inside "
    "another",
    "json_digits": "the message holds a whole number of more than {limit} digits: shorten it",
    "utf8": "the message is not UTF-8 from byte {byte} on: save or send it as UTF-8",
    "binary": "the message is binary: send JSON as text",
    "object": "the message must be a JSON object, got {value}",
    "envelope": 'the message must be an object {{"id": a whole number, "experiment": an object}}, '
    "got {value}",
    "too_big": "the request has more than {limit} bytes: shorten it",
    "answer_too_big": "the answer would hold {count} numbers and the most is {limit}: lower "
    "hidden_size or shorten the sequence (the stream has no such limit)",
    "step_too_big": "the run has {count} hidden units in all its timesteps and the most that can "
    "be shown in numbers is {limit}: lower hidden_size or shorten the sequence",
    "step": 'the message must be an object {{"experiment": an object, "timestep": a number}}, '
    "got {value}",
    "timestep": "timestep must be a whole number from 1 to {last}, got {value}",
    "overflowed": "timestep {value} has no numbers, because the state overflowed at t = "
    "{diverged_at}: choose an earlier timestep or lower recurrent_scale",
    "analysis_too_big": "this analysis takes T × n³ = {work} steps, n numbers being a state, "
    "and the most is {limit}: lower hidden_size or shorten the sequence",
    "no_memory": "{field} must be rnn, lstm or gru for this analysis: without memory there are no "
    "recurrent weights; choose one of them",
    "overflow": "{field} is so large that the state overflows at t = {t}, before a loss is "
    "reached: lower it",
    "sweep": 'the message must be an object {{"experiment": an object, "recurrent_scale": a list '
    'of numbers, "seeds": a whole number, "shares": true or false}}, got {value}',
    "sweep_too_big": "{networks} networks of this size take {work} steps of work and the most is "
    "{limit}: ask for fewer scales or seeds, lower hidden_size or shorten the sequence",
    "lesson_missing": "{where}: {name} is missing: write it",
    "lesson_unknown": "{where}: {name} means nothing here: use one of {choices}",
    "lesson_choice": "{where}: {name} must be one of {choices}, got {value}",
    "lesson_text": "{where}: {name} must be text, got {value}",
    "lesson_flag": "{where}: {name} must be true or false, got {value}",
    "lesson_number": "{where}: {name} must be a number from {low} to {high}, got {value}",
    "lesson_whole": "{where}: {name} must be a whole number from {low} to {high}, got {value}",
    "lesson_list": "{where}: {name} must be a list, got {value}",
    "lesson_table": "{where}: {name} must be a table of names and values, got {value}",
    "lesson_no_table": "{where} must be a table of names and values, got {value}",
    "lesson_toml": "{where}: this is not TOML from line {line}, column {column} on ({value}): "
    "something else belongs there",
    "lesson_toml_ends": "{where}: this is not TOML: it ends where more must follow, such as a "
    "closing quote",
    "lesson_utf8": "{where}: this is not UTF-8 from byte {byte} on: save the file as UTF-8",
    "lesson_absent": "{where}: there is no such file: write it",
    "lesson_experiment": "{where}: {name} cannot be run: {problem}",
    "lesson_training": "{where}: {name} is only for the lessons that come with the lab: leave it "
    "out",
    "lesson_steps": "{where}: a lesson has 1 to {most} steps, got {count}",
    "lesson_pins": "{where}: {name} holds at most {most} runs, got {count}",
    "lesson_choices": "{where}: a question has 2 to {most} choices, got {count}",
    "lesson_id": "{where}: {name} is of letters, digits and hyphens, got {value}",
    "lesson_twice": "{where}: {name} {value} is used twice: choose another",
    "lesson_bound": "{where}: {name} needs below, above or equals",
    "lesson_formula": "{where}: the formula {value} cannot be set from {rest} on: this is unknown, "
    "or not allowed here",
    "lesson_formula_ends": "{where}: the formula {value} cannot be set: it ends where more must "
    "follow, such as a closing brace",
    "lesson_formula_long": "{where}: the formula {value} has {count} characters and the most is "
    "{most}: shorten it",
    "lesson_formula_marks": "{where}: the formula {value} has {count} commands and groups and the "
    "most is {most}: split it in two",
    "lesson_claim": "{where}: the text marks the claim {value}, which is none of {choices}",
    "lesson_mark": "{where}: the claim {value} must be marked once, as [words](claim:{value}), and "
    "is marked {count} times",
    "lesson_measure": "{where}: {name} asks for {value}, which this run does not have: ask for "
    "another quantity, or run another cell or sequence",
    "lesson_infinite": "{where}: {name} asks for {value}, which is infinite in this run: ask for "
    "another quantity, or lower the scale of the weights",
    "qr_local": "this lab is served on {host}, which no other device can reach: start it with "
    "HOST=0.0.0.0 make",
    "qr_offline": "this machine is in no network that a phone could join: connect it to one",
    "qr_contained": "this lab runs in a container and cannot know the address of the machine: set "
    "UNROLLED_PUBLIC_ADDRESS to the one that phones can open",
    "qr_elsewhere": "base must be the address of this lab as your browser has it, got {value}",
    "qr_host": "host must be one of {choices}, got {value}",
    "qr_path": "path must be the address of a page of this lab, such as /lessons, got {value}",
    "qr_long": "the address has {count} characters and the most that a phone reads off a screen is "
    "{limit}: shorten the lesson, or hand out its file",
    "lesson_too_big": "the questions of this lesson need runs of {count} numbers in all and the "
    "most is {limit}: ask for fewer runs, lower hidden_size or shorten the sequence",
    "half": "the file holds half a character ({value}): remove it, or write the whole one",
    "lesson_file": "this file is no lesson: it needs the tables lesson and words",
    "orders": 'the message must be an object {{"id": a whole number, "train": an object}} or '
    '{{"id": a whole number, "do": "pause", "resume", "step", "stop" or "change"}} or '
    '{{"id": a whole number, "find": a key}}, got {value}',
    "training_gone": "this training is no longer kept: begin it again",
    "training_elsewhere": "this training goes on in another window",
    "no_run": "there is no training run with the id {value}: begin one",
    "fixed": "{field} cannot change while a run trains: change learning_rate, clip_norm or "
    "clip_value, or begin a new run",
    "training_too_big": "one training step of this size takes {work} steps of work and the most is "
    "{limit}: lower hidden_size, batch_size or length",
    "trainings_full": "the trainings under way fill the {limit} MiB that there are for them: lower "
    "hidden_size, batch_size or length, or try again when one has ended",
    "forgotten": "the trained network {value} is not kept here, or no longer: train it again",
    "writes_nothing": "the task {task} has no next character for a network to write: train one on "
    "the task text",
    "host": "this lab is not served as {host}: open it at its address, or set UNROLLED_HOSTS",
    "foreign": "a page of another site may not ask this server for that: open the lab itself",
    "no_page": "there is nothing at {path}: /docs lists what there is",
    "no_method": "{path} does not take {method}: /docs lists what it takes",
    "parameter": "{field} must be one of {choices}, got {value}",
    "parameter_missing": "{field} is missing from the address: add it",
    "busy": "the server is busy with as many runs as it takes ({limit}): try again in a moment",
    "internal": "the server failed to compute this; the error is in its log",
}
_LONGEST_QUOTE = 60
_SHOWN = 20
"""Characters that are shown of what is no JSON."""


class MessageError(ValueError):
    """A message that cannot be answered; like ``ExperimentError``, in codes and in words.

    ``number`` is the message's id, where it could be read; ``field`` is the one to change, if any.
    """

    def __init__(
        self, code: str, number: int | None = None, field: str | None = None, **details: Any
    ) -> None:
        self.code, self.number, self.field, self.details = code, number, field, details
        super().__init__(MESSAGES[code].format(field=field, **details))


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


def described(error: ExperimentError | MessageError) -> dict[str, Any]:
    """An error as the page and the API say it; one that it tells of is described likewise."""
    return {
        "field": error.field,
        "code": error.code,
        "details": {
            name: described(value) if isinstance(value, ExperimentError) else value
            for name, value in error.details.items()
        },
        "message": str(error),
    }


def quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
