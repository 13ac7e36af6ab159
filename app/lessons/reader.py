"""Parse a lesson.

The facts and the texts come from two tables, in two files or in one; a ``LessonError`` names the
file, the step and the remedy.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from unrolled.app.figures import CHARTS
from unrolled.app.lessons.claims import DIGITS, Claim, measure_of
from unrolled.app.lessons.markdown import words
from unrolled.app.lessons.networks import NETWORKS, network
from unrolled.app.lessons.schema import PARTS, TEXT, Choice, Lesson, Mistake, Question, Step, View
from unrolled.app.lessons.table import Table, relabelled, shortened
from unrolled.app.runs.mathml import FormulaError
from unrolled.engine import Experiment
from unrolled.engine.validation import quote

SHOWN = ("stage", "caption")
POSITIONS = ("start", "loss", "end")
KINDS = ("choice", "measured", "number")
MOST_STEPS, MOST_CHOICES, MOST_PINS = 40, 4, 3


def lesson(slug: str, facts: Table, said: Table) -> Lesson:
    """Return a lesson in one language; raises ``LessonError``."""
    order = facts.whole("order", 0, 999, 0)
    facts.drop("minutes")  # of older lessons, whose time is measured now
    sources = facts.texts("sources", ())
    entries = facts.items("steps")
    facts.done()
    if not 1 <= len(entries) <= MOST_STEPS:
        raise facts.refuse("lesson_steps", most=MOST_STEPS, count=len(entries))
    title, goal = said.text("title"), said.text("goal", "")
    _marked((goal, *sources), said)
    texts = said.table("steps")
    said.done()
    steps: list[Step] = []
    for number, entry in enumerate(entries, start=1):
        table = Table(entry, facts.where, f"steps[{number}]")
        name = table.text("id")
        if not name.isascii() or not name.replace("-", "").isalnum():
            raise table.refuse("lesson_id", "id", value=name[:60])
        if name in (each.id for each in steps):
            raise table.refuse("lesson_twice", "id", value=name)
        words_of = texts.table(name)
        steps.append(_step(name, _at(relabelled(entry, words_of), facts.where, name), words_of))
    texts.done()
    return Lesson(slug, order, sources, title, goal, tuple(steps))


def _at(entry: Any, where: str, name: str) -> Table:
    table = Table(entry, f"{where}, {name}")
    table.text("id")
    return table


def _step(name: str, facts: Table, said: Table) -> Step:
    facts.drop("seconds")
    of = _experiments(facts, said)
    read = _read(said, "experiment")
    given = facts.table("experiment", {})
    experiment = of(given, read)
    after = None
    if "after" in facts:
        changed = {**given.made(dict), **read, **facts.table("after").made(dict)}
        after = of(Table(changed, facts.where, "after"), _read(said, "after"))
    training = facts.training("training")
    pins = tuple(
        of(Table(pin, facts.where, f"pins[{number}]"), read)
        for number, pin in enumerate(facts.items("pins", ()), start=1)
    )
    runs = (experiment, *pins, *([after] if after else []))
    if len(pins) > MOST_PINS:
        raise facts.refuse("lesson_pins", "pins", most=MOST_PINS, count=len(pins))
    claimed = facts.table("claims", {})
    step = Step(
        id=name,
        experiment=experiment,
        after=after,
        training=training,
        view=_view(facts.table("view", {}), len(experiment.problem().tokens)),
        pins=pins,
        claims={each: Claim.read(claimed.table(each), runs, training) for each in claimed.names()},
        title=said.text("title"),
        text=said.text("text"),
        then=said.text("then", ""),
        attempt=said.text("try", ""),
        notes=said.text("notes", ""),
        question=_question(facts, said, runs),
    )
    facts.done()
    said.done()
    _check_words(step, said)
    return step


def _experiments(facts: Table, said: Table) -> Callable[[Table, Mapping[str, str]], Experiment]:
    """Return how a step reads its experiments: in a language's own words, on its own network."""
    name = facts.choice("network", tuple(NETWORKS)) if "network" in facts else ""
    if not name:
        return lambda table, read: said.changed("experiment", table.made(Experiment.of), read)
    trained = network(said.choice("network", tuple(NETWORKS), name))
    return lambda table, read: table.made(lambda given: trained.experiment(**{**given, **read}))


def _read(said: Table, key: str) -> dict[str, str]:
    """Return the input texts of a language, which replace those of the first language."""
    table = said.table(key, {})
    read = {name: table.text(name) for name in ("sequence", "target", "labels") if name in table}
    table.done()
    return read


def _view(table: Table, timesteps: int) -> View:
    position: str | int = "end"
    if isinstance(table.peek("position"), int):
        position = table.whole("position", 0, 2 * timesteps + 1)
    else:
        position = table.choice("position", POSITIONS, "end")
    show = table.texts("show", ()) or SHOWN
    for part in show:
        if part not in PARTS:
            raise table.refuse("lesson_choice", "show", choices=", ".join(PARTS), value=quote(part))
    view = View(
        position=position,
        play=table.flag("play", False),
        folded=table.flag("folded", False),
        attention=table.flag("attention", False),
        output=table.flag("output", True),
        backward=table.flag("backward", True),
        chart=table.choice("chart", CHARTS, "gradient_norm"),
        timestep=table.whole("timestep", 1, timesteps) if "timestep" in table else None,
        show=show,
    )
    table.done()
    return view


def _question(facts: Table, said: Table, runs: Sequence[Experiment]) -> Question | None:
    if "question" not in facts and "question" not in said:
        return None
    asked, spoken = facts.table("question"), said.table("question")
    kind = asked.choice("kind", KINDS)
    ask, why = spoken.text("ask"), spoken.text("why", "")
    choices: tuple[Choice, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    bounds: tuple[Claim, ...] = ()
    right, answer, digits = "", None, DIGITS
    taps: dict[int, str] = {}
    if kind != "number":
        ids = asked.texts("choices")
        if not 2 <= len(ids) <= MOST_CHOICES:
            raise asked.refuse("lesson_choices", "choices", most=MOST_CHOICES, count=len(ids))
        if kind == "choice":
            right = asked.choice("right", ids)
        else:
            bounds = _bounds(asked, ids, runs)
        texts = spoken.table("choices")
        choices = tuple(_choice(each, texts.table(each)) for each in ids)
        texts.done()
        taps = _taps(asked.table("taps", {}), ids, len(runs[0].problem().tokens))
    else:
        table = asked.table("answer")
        digits = table.whole("digits", 0, 12, DIGITS)
        answer = measure_of(table, runs)
        table.done()
        mistakes = _mistakes(asked.table("mistakes", {}), spoken.table("mistakes", {}), runs)
    sketch, covered = asked.flag("sketch", False), asked.flag("covered", False)
    start = asked.whole("start", 0, len(runs[0].problem().tokens), 0)
    asked.done()
    spoken.done()
    return Question(
        ask, why, choices, right, answer, digits, mistakes, taps, sketch, covered, start, bounds
    )


def _taps(table: Table, choices: tuple[str, ...], timesteps: int) -> dict[int, str]:
    """Return the choice of each timestep that can be tapped."""
    taps = {}
    for name in table.names():
        if not (name.isascii() and name.isdigit() and 1 <= int(name) <= timesteps):
            raise table.refuse("lesson_whole", name, low=1, high=timesteps, value=quote(name))
        taps[int(name)] = table.choice(name, choices)
    return taps


def _bounds(asked: Table, ids: Sequence[str], runs: Sequence[Experiment]) -> tuple[Claim, ...]:
    """Return what each choice says of the number that the question measures."""
    measure, said = asked.table("measure"), asked.table("bounds")
    entry = {name: measure.peek(name) for name in measure.names()}
    claims = []
    for name in ids:
        bound = said.table(name)
        own = {**entry, **{each: bound.peek(each) for each in bound.names()}}
        claims.append(Claim.read(Table(own, said.where, f"{said.name}.{name}"), runs))
    said.done()
    return tuple(claims)


def _mistakes(asked: Table, spoken: Table, runs: Sequence[Experiment]) -> tuple[Mistake, ...]:
    mistakes = []
    for name in asked.names():
        table, said = asked.table(name), spoken.table(name)
        mistakes.append(Mistake(name, measure_of(table, runs), said.text("why")))
        table.done()
        said.done()
    spoken.done()
    return tuple(mistakes)


def _choice(name: str, said: Table) -> Choice:
    choice = Choice(name, said.text("text"), said.text("why"))
    said.done()
    return choice


def _check_words(step: Step, said: Table) -> None:
    """Raise ``LessonError`` on an invalid formula, or a claim that is not marked exactly once."""
    texts = (*step.read, step.notes, step.title)
    marked, asked_for = _marked(texts, said)
    for name in (*marked, *asked_for):
        if name not in (*step.claims, TEXT):
            known = ", ".join(step.claims) or "-"
            raise said.refuse("lesson_claim", value=name, choices=known)
    for name in step.claims:
        count = marked.count(name)
        if count > 1 or (not count and name not in asked_for):
            raise said.refuse("lesson_mark", value=name, count=count)


def _marked(texts: Sequence[str], said: Table) -> tuple[list[str], list[str]]:
    """Return the claims that texts mark, and those that they ask for."""
    marked: list[str] = []
    asked_for: list[str] = []
    for text in texts:
        try:
            found = words(text)
            marked += found.claims
            asked_for += found.conditions
        except FormulaError as error:
            value = shortened(error.latex)
            raise said.refuse(error.code, value=value, **error.details) from None
    return marked, asked_for
