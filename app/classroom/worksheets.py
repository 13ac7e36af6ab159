"""A worksheet of a lesson and its key, from the files in the lesson's folder ``worksheet``.

``facts.toml`` holds what no language changes, a file a language the words. Every number of the
words is computed by the engine, and so is the curve that the key draws. A number or a curve that
names a ``step`` is one of the run that this step of the lesson shows in the same language.
"""

import shlex
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from unrolled.app.classroom.graph import Curve, Graph
from unrolled.app.classroom.numbers import Number, filled
from unrolled.app.i18n.catalog import DEFAULT
from unrolled.app.lessons import Lesson, Runs, Table, measure_of, shelf
from unrolled.app.lessons.library import FOLDER
from unrolled.app.lessons.markdown import line, words
from unrolled.app.lessons.trained import Trains, UntrainedError, kept
from unrolled.engine import Experiment, Training

FACTS = "facts.toml"
NETWORK = "network"
"""The file of a trained network, without its ending."""
_MOST = 1e12
_OF_CURVES = ("name", "dots", "across", "values", "steps", "against", "step")
"""What a curve has beside the measure that it draws."""


@dataclass(frozen=True, slots=True)
class Task:
    """A question, and its answer in the key, as HTML."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class Choice:
    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Worksheet:
    predict: Task
    choices: tuple[Choice, ...]
    compute: Task
    sketch: Task
    paper: Graph
    """The axes of the sketch."""
    solution: Graph
    """The same with what the engine computes."""
    think: Task


@dataclass(frozen=True, slots=True)
class Missing:
    """Raised where a worksheet lacks a trained network; it names the command that makes one."""

    command: tuple[str, ...]
    """Its parts: the command itself, and each option with its value."""

    @classmethod
    def of(cls, error: UntrainedError, slug: str) -> "Missing":
        if error.went:
            return cls(())
        training = error.training
        usual, wanted = asdict(Training(task=training.task)), asdict(training)
        given = {name: value for name, value in wanted.items() if value != usual[name]}
        options = {"task": training.task, **given, "out": f"{slug}/worksheet/{NETWORK}"}
        words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in options.items()]
        return cls(tuple(map(shlex.join, [("unrolled", "train"), *words])))


def has_worksheet(slug: str, folder: Path | None = None) -> bool:
    return ((folder or FOLDER) / slug / "worksheet" / FACTS).is_file()


def worksheet(slug: str, language: str, folder: Path | None = None) -> Worksheet:
    """Return a lesson's worksheet in a language, or else in the first; raises ``LessonError``.

    Nothing is trained: a network that did not come with the lessons is read from the folder. Raises
    ``UntrainedError`` where it is not there.
    """
    place = (folder or FOLDER) / slug / "worksheet"
    if not (place / f"{language}.toml").is_file():
        language = DEFAULT
    facts, said = (_table(place / name, slug) for name in (FACTS, f"{language}.toml"))
    return _read(facts, said, shelf(folder).get(slug, language), kept(place / f"{NETWORK}.npz"))


def _table(path: Path, slug: str) -> Table:
    return Table(tomllib.loads(path.read_text(encoding="utf-8")), f"{slug}/worksheet/{path.name}")


@dataclass(frozen=True, slots=True)
class _Measured:
    """The runs whose numbers a sheet may tell: its own, and those of its lesson's steps."""

    own: Runs
    lesson: Lesson

    def runs(self, table: Table) -> Runs:
        if "step" not in table:
            return self.own
        steps = {step.id: step for step in self.lesson.steps}
        step = steps[table.choice("step", tuple(steps))]
        return Runs((step.experiment, *step.pins), step.training, self.own.trains)


def _read(facts: Table, said: Table, lesson: Lesson, trains: Trains) -> Worksheet:
    read = said.table("experiment", {})
    fields = {name: read.text(name) for name in ("sequence", "target") if name in read}
    experiment = said.changed(
        "experiment", facts.table("experiment", {}).made(Experiment.of), fields
    )
    measured = _Measured(Runs((experiment,), facts.training("training"), trains), lesson)
    listed = facts.table("numbers")
    numbers = {name: _number(listed.table(name), measured) for name in listed.names()}
    right, sketch = facts.text("right"), facts.table("sketch")
    facts.done()
    read.done()

    def task(name: str, own: Table | None = None) -> Task:
        table = own or said.table(name)
        made = [words(filled(table.text(each), numbers, said)).html for each in ("ask", "answer")]
        if not own:
            table.done()
        return Task(*made)

    predicted, drawing = said.table("predict"), said.table("sketch")
    choices = _choices(predicted.table("choices"), right, numbers, said)
    graph = _graph(sketch, drawing, measured)
    sheet = Worksheet(
        predict=task("predict", predicted),
        choices=choices,
        compute=task("compute"),
        sketch=task("sketch", drawing),
        paper=replace(graph, curves=()),
        solution=graph,
        think=task("think"),
    )
    said.done()
    return sheet


def _number(table: Table, measured: _Measured) -> str:
    runs = measured.runs(table)
    return Number.read(table, runs).text(runs)


def _choices(table: Table, right: str, numbers: dict[str, str], said: Table) -> tuple[Choice, ...]:
    names = table.names()
    if right not in names:
        raise said.refuse("lesson_choice", "right", choices=", ".join(names), value=right)
    made = []
    for name in names:
        each = table.table(name)
        text, why = (line(filled(each.text(part), numbers, said)) for part in ("text", "why"))
        made.append(Choice(text, name == right, why))
    return tuple(made)


def _graph(facts: Table, said: Table, measured: _Measured) -> Graph:
    """Return the axes with one curve each, as the engine computes it.

    Without a ``right`` of its own the paper ends where the longest curve does.
    """
    labels, names = facts.flag("tokens", False), said.table("curves")
    experiment = measured.own.experiments[0]
    tokens = [token or "·" for token in experiment.problem().tokens] if labels else []
    entries = [
        Table(entry, facts.where, f"sketch.curves[{number}]")
        for number, entry in enumerate(facts.items("curves"), start=1)
    ]
    curves = tuple(_curve(entry, names, measured.runs(entry)) for entry in entries)
    longest = max((x for curve in curves for x in curve.x), default=_MOST)
    graph = Graph(
        x=said.text("x"),
        y=said.text("y"),
        log=facts.flag("log", False),
        across=(facts.number("left", -_MOST, _MOST), facts.number("right", -_MOST, _MOST, longest)),
        up=(facts.number("low", -_MOST, _MOST), facts.number("high", -_MOST, _MOST)),
        ticks=(facts.number("tick_x", 0, _MOST), facts.number("tick_y", 0, _MOST)),
        percent=facts.flag("percent", False),
        tokens=tuple(tokens),
        line=facts.optional("line"),
        curves=curves,
    )
    facts.done()
    return graph


def _curve(facts: Table, names: Table, runs: Runs) -> Curve:
    """Return a number of the run at every timestep, or across the values of a setting.

    ``against`` is what stands along x where that is another number of the same runs.
    """
    name, dots = names.text(facts.text("name")), facts.flag("dots", True)
    across, values = facts.text("across", "t"), facts.items("values", ())
    against = facts.text("against", "")
    if across == "t":
        steps = facts.whole("steps", 1, 999, len(runs.experiments[0].problem().tokens))
        values = list(range(1, steps + 1))
    own = {each: facts.peek(each) for each in facts.names() if each not in _OF_CURVES}

    def number(value: object, **changes: object) -> float:
        fixed = own.get("with", {})
        varied = {"t": value} if across == "t" else {"with": {**fixed, across: value}}  # type: ignore[dict-item]
        entry = Table({**own, **varied, **changes}, facts.where, facts.name)
        measure = measure_of(entry, runs.experiments, runs.training)
        entry.done()
        return runs.value(measure)

    places = [
        number(value, quantity=against) if against
        else float(value) if isinstance(value, int | float)
        else float(at)
        for at, value in enumerate(values, start=1)
    ]  # fmt: skip
    return Curve(name, tuple(places), tuple(number(value) for value in values), dots)
