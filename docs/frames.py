"""Generate the descriptions of the frames from their classes: `python -m docs.frames`.

It writes `static/js/net/frame-types.d.ts` and the tables of `docs/protocol.md`.
"""

import inspect
import json
import subprocess
import sys
import types
from collections.abc import Collection, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import TypeAdapter

from unrolled.app.docstrings import documented
from unrolled.app.rooms import messages as room_messages
from unrolled.app.rooms.frames import Attendance, Handed, Invited, Moved, Recorded, Welcome
from unrolled.app.rooms.state import RoomState
from unrolled.app.routes import models
from unrolled.app.routes.analysis_answers import SweepResult, SweepShares
from unrolled.app.routes.answers import LimitsAnswer
from unrolled.app.runs.frame_kinds import Backward, Begin, End, Forward, Loss
from unrolled.app.runs.frames import Array, Error, layout
from unrolled.app.runs.requests import SweepRequest, TraceRequest
from unrolled.app.settings import Settings
from unrolled.app.training.frames import Paused, Steps, TrainingBegin, TrainingEnd, Waiting
from unrolled.app.web.bodies import STATUS

ROOT = Path(__file__).parents[1]
TYPES = ROOT / "static/js/net/frame-types.d.ts"
PROTOCOL = ROOT / "docs/protocol.md"
RUN = (Begin, Forward, Loss, Backward, End, Error)
TRAINING = (Waiting, TrainingBegin, Steps, Paused, TrainingEnd, Error)
ROOM = (Welcome, Moved, Attendance, Recorded, Handed, Invited, Error)
REQUESTS = (TraceRequest, SweepRequest, room_messages.OpenRoom, *room_messages.KINDS)
LINES = (SweepResult, SweepShares)
KINDS = tuple(dict.fromkeys((*RUN, *TRAINING, *ROOM)))
SEPARATE = ("RoomState",)
"""Records with a table of their own."""
SIZES = {"<f4": ("Float32Array", "float32"), "<f8": ("Float64Array", "float64")}
END = "<!-- end -->"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def header_of(kind: Any) -> Iterator[tuple[str, Any, str]]:
    """Return the name, type and description of each field of a frame's header."""
    hints, words = get_type_hints(kind), documented(kind)
    for each in fields(kind):
        if each.name == "id" or layout(kind)[each.name] is None:
            yield each.name.rstrip("_"), hints[each.name], words.get(each.name, "")


def arrays_of(kind: Any) -> Iterator[tuple[str, Array, bool, str]]:
    """Return the name, layout, presence and description of each array of a frame."""
    hints, words = get_type_hints(kind), documented(kind)
    for name, array in layout(kind).items():
        if array is not None:
            optional = type(None) in get_args(hints[name])
            yield array.prefix or name, array, optional, words.get(name, "")


def typescript(hint: Any, records: dict[str, Any]) -> str:
    """Return a type in TypeScript; TypedDicts are added to the records."""
    origin, args = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if is_typeddict(hint):
        records[hint.__name__] = hint
        return str(hint.__name__)
    if origin is list:
        inner = typescript(args[0], records)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin in (Union, types.UnionType):
        return " | ".join(typescript(each, records) for each in args)
    assert origin is dict, hint
    return f"Record<string, {typescript(args[1], records) if args[1] is not Any else 'unknown'}>"


def declarations() -> str:
    """Return the TypeScript file."""
    records: dict[str, Any] = {}
    parts = [_frame(kind, records) for kind in KINDS]
    done: dict[str, str] = {}
    while len(done) < len(records):
        for name, record in [*records.items()]:
            done.setdefault(name, _record(record, records))
    unions = [
        f"export type {name} = {' | '.join(kind.__name__ for kind in kinds)};"
        for name, kinds in (
            ("RunFrame", RUN),
            ("TrainingFrame", TRAINING),
            ("RoomFrame", dict.fromkeys((*ROOM, *RUN))),
        )
    ]
    head = "// Written by `python -m docs.frames` out of the server's classes: change those."
    return "\n\n".join([head, *parts, *done.values(), *unions]) + "\n"


def _frame(kind: Any, records: dict[str, Any]) -> str:
    lines = [f"  type: {kind.type!r};".replace("'", '"')]
    for name, hint, words in header_of(kind):
        lines += _member(name, typescript(hint, records), words)
    inner = []
    for name, array, optional, words in arrays_of(kind):
        size, shape = SIZES[array.dtype][0], ", ".join(array.shape)
        key = f"[name: `{array.prefix}${{string}}`]" if array.prefix else name
        inner += _member(f"{key}{'?' * optional}", size, f"({shape}) {words}")
    if inner:
        lines += ["  arrays: {", *(f"  {line}" for line in inner), "  };"]
    about = " ".join((inspect.getdoc(kind) or "").split())
    return "\n".join([f"/** {about} */", f"export interface {kind.__name__} {{", *lines, "}"])


def _record(record: Any, records: dict[str, Any]) -> str:
    hints, words = get_type_hints(record), documented(record)
    lines: list[str] = []
    for name, hint in hints.items():
        lines += _member(name, typescript(hint, records), words.get(name, ""))
    about = " ".join((inspect.getdoc(record) or "").split())
    return "\n".join([f"/** {about} */", f"export interface {record.__name__} {{", *lines, "}"])


def _member(name: str, kind: str, words: str) -> list[str]:
    said = words.replace("``", "`")
    return [*([f"  /** {said} */"] if said else []), f"  {name}: {kind};"]


def tables() -> dict[str, str]:
    """Return the tables of `docs/protocol.md` by the mark before each."""
    messages = models.TRAINING["oneOf"]
    training = messages[0]["properties"]["train"]
    described = {"Experiment": models.EXPERIMENT, "Training": training, "Sample": models.SAMPLE}
    described |= {kind.__name__: TypeAdapter(kind).json_schema() for kind in REQUESTS}
    described |= {each["title"]: each for each in messages}
    return {
        **{kind.__name__: _table(kind) for kind in KINDS},
        **{name: _settings(schema) for name, schema in described.items()},
        **{kind.__name__: _line(kind) for kind in LINES},
        "Limits": _limits(),
        "RoomState": _records(RoomState),
        "Statuses": _statuses(),
    }


def _settings(schema: dict[str, Any]) -> str:
    """Return a table of the entries of a message from its JSON schema."""
    rows = ["| entry | what it may be | if left out | what it is |", "| --- | --- | --- | --- |"]
    for name, told in schema["properties"].items():
        default = "required" if name in schema.get("required", ()) else _default(told)
        rows.append(_row(f"`{name}`", _values(told), default, told.get("description", "")))
    return "\n".join(rows)


def _default(told: dict[str, Any]) -> str:
    default = told.get("default")
    return "" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"


def _values(told: dict[str, Any]) -> str:
    if several := told.get("anyOf"):
        return " or ".join(each for option in several if (each := _values(option)))
    if choices := told.get("enum") or ([told["const"]] if "const" in told else []):
        return ", ".join(f"`{each}`" for each in choices)
    if inner := told.get("items"):
        return f"a list of {_values(inner)}"
    kind = {"integer": "whole number", "string": "text", "null": ""}.get(
        told.get("type", "number"), told.get("type", "number")
    )
    if "minimum" in told:
        to = f" to {int(told['maximum']):,}" if "maximum" in told else " on"
        return f"{kind}, {told['minimum']:,}{to}"
    return kind


def _line(kind: Any) -> str:
    """Return a table of the entries of a line of JSON."""
    rows = ["| entry | what it is |", "| --- | --- |"]
    return "\n".join([*rows, *(_row(f"`{name}`", text) for name, text in documented(kind).items())])


def _limits() -> str:
    """Return a table of the limits of a server that was not told others."""
    rows = ["| entry | if not changed | what it is |", "| --- | --- | --- |"]
    for name, told in LimitsAnswer.model_fields.items():
        usual = Settings.model_fields[name].default
        rows.append(_row(f"`{name}`", f"{usual:,}", told.description or ""))
    return "\n".join(rows)


def _statuses() -> str:
    """Return a table of error codes by HTTP status; 422 has all others."""
    rows = ["| status | codes |", "| --- | --- |"]
    for status in sorted({*STATUS.values()}):
        codes = (f"`{code}`" for code, each in STATUS.items() if each == status)
        rows.append(_row(str(status), ", ".join(codes)))
    return "\n".join([*rows, _row("422", "all others")])


def _table(kind: Any) -> str:
    records: dict[str, Any] = {}
    rows = ["| header field | type | what it is |", "| --- | --- | --- |"]
    for name, hint, words in header_of(kind):
        rows.append(_row(f"`{name}`", f"`{typescript(hint, records)}`", words))
    rows += _inner(records, told=SEPARATE)
    arrays = [*arrays_of(kind)]
    if arrays:
        rows += ["", "| array | shape | dtype | what it is |", "| --- | --- | --- | --- |"]
    for name, array, optional, words in arrays:
        shown = f"`{name}<gate>`" if array.prefix else f"`{name}`"
        may = " It may be absent." if optional else ""
        shape = ", ".join(array.shape)
        rows.append(_row(shown, f"({shape})", SIZES[array.dtype][1], words + may))
    return "\n".join(rows)


def _records(kind: Any) -> str:
    """Return a table of the entries of a record, and of the records in it."""
    records: dict[str, Any] = {}
    rows = ["| entry | type | what it is |", "| --- | --- | --- |"]
    for name, hint in get_type_hints(kind).items():
        rows.append(_row(f"`{name}`", f"`{typescript(hint, records)}`", documented(kind)[name]))
    return "\n".join([*rows, *_inner(records)])


def _inner(records: dict[str, Any], told: Collection[str] = ()) -> list[str]:
    """Return a row for each entry of the records, and of those in them, but of those told of."""
    rows, seen = [], {*told}
    while new := [name for name in records if name not in seen]:
        seen.add(name := new[0])
        inner, said = get_type_hints(records[name]), documented(records[name])
        for field, hint in inner.items():
            shown = f"`{typescript(hint, records)}`"
            rows.append(_row(f"`{name}.{field}`", shown, said.get(field, "")))
    return rows


def _row(*cells: str) -> str:
    plain = (" ".join(cell.split()).replace("``", "`").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(plain)} |"


def protocol(text: str) -> str:
    """Return the page with current tables; a mark ``<!-- Begin -->`` precedes each."""
    for name, table in tables().items():
        if f"<!-- {name} -->\n" not in text:
            raise ValueError(f"docs/protocol.md has no place for the table of {name}")
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{before}<!-- {name} -->\n{table}\n{rest[rest.index(END) :]}"
    return text


if __name__ == "__main__":
    TYPES.write_text(declarations(), encoding="utf-8")
    subprocess.run([Path(sys.executable).with_name("deno"), "fmt", "--quiet", TYPES], check=True)
    if PROTOCOL.exists():
        PROTOCOL.write_text(protocol(PROTOCOL.read_text(encoding="utf-8")), encoding="utf-8")
