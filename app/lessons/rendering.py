"""A lesson as the page reads it: texts as HTML, states as experiments, and answers."""

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from unrolled.app.lessons.claims import Runs, UnreadError
from unrolled.app.lessons.live import live
from unrolled.app.lessons.markdown import line, words
from unrolled.app.lessons.measures import Measure
from unrolled.app.lessons.networks import shipped
from unrolled.app.lessons.pacing import minutes, seconds
from unrolled.app.lessons.schema import OWN, Lesson, Question, Step
from unrolled.app.lessons.table import LessonError
from unrolled.app.training.checkpoint_store import held_name
from unrolled.engine import Checkpoint, Experiment, Trace, Training
from unrolled.engine.training import FREE

MOST_ENTRIES = 8
"""Entries of a vector that is shown with one of them left out."""


def rendered(lesson: Lesson) -> dict[str, Any]:
    """Return the whole lesson; the engine computes the answers to numeric questions.

    A step whose training came with no network says how the page trains it.
    """
    return {
        "slug": lesson.slug,
        "title": lesson.title,
        "goal": line(lesson.goal),
        "minutes": minutes(lesson),
        "sources": [line(source) for source in lesson.sources],
        "steps": [_step(step, lesson.slug) for step in lesson.steps],
    }


def translations(lesson: Lesson, others: Iterable[Lesson]) -> dict[str, list[dict[str, Any]]]:
    """Return by step what its runs read in other languages, and what that is in this one.

    Each is a pair: of the fields that differ their values there, ``from``, and here, ``to``.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for other in others:
        for step, theirs in zip(lesson.steps, other.steps, strict=True):
            for own, foreign in zip(_runs(step), _runs(theirs), strict=True):
                fields = [name for name in own if own[name] != foreign[name]]
                pair = {
                    "from": {name: foreign[name] for name in fields},
                    "to": {name: own[name] for name in fields},
                }
                if fields and pair not in (pairs := found.setdefault(step.id, [])):
                    pairs.append(pair)
    return found


def _runs(step: Step) -> list[dict[str, Any]]:
    """Return the fields of what a step shows: its run, its pins, and what comes after."""
    shown = _named(_shown(step)[0])
    changes = _changes(step.experiment.named(), step.after.named()) if step.after else {}
    return [shown, shown | changes, *map(_named, step.pins)]


def _shown(step: Step) -> tuple[Experiment, Training | None]:
    """Return the run of a step, and the training that the page is to do first, if any."""
    shown, training = step.experiment, step.training
    if training and (checkpoint := shipped(training)):
        return checkpoint.experiment(**_free(shown)), None
    return shown, training


def _step(step: Step, slug: str) -> dict[str, Any]:
    shown, training = _shown(step)
    return {
        "id": step.id,
        "seconds": seconds(step),
        "experiment": _named(shown),
        "training": training and {"fields": asdict(training), "keeps": _free(shown)},
        "after": step.after and _changes(step.experiment.named(), step.after.named()),
        "view": asdict(step.view),
        "pins": [_named(pin) for pin in step.pins],
        "title": line(step.title),
        "text": words(step.text).html,
        "then": words(step.then).html,
        "try": words(step.attempt).html,
        "notes": words(step.notes).html,
        "claims": live(step, step.read),
        "question": step.question and _question(step, step.question, slug),
    }


def _free(experiment: Experiment) -> dict[str, Any]:
    """Return the fields that a trained network leaves free."""
    return {name: getattr(experiment, name) for name in FREE}


def _named(experiment: Experiment) -> dict[str, Any]:
    """Return the fields, with the name of the trained network, if any."""
    trained = experiment.checkpoint
    return experiment.named() | (
        {"checkpoint": held_name(trained)} if isinstance(trained, Checkpoint) else {}
    )


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an experiment that have other values after a change."""
    return {name: value for name, value in after.items() if value != before[name]}


def _question(step: Step, question: Question, slug: str) -> dict[str, Any]:
    return {
        "ask": words(question.ask).html,
        "why": words(question.why).html,
        "right": question.right or decided(step, question),
        "choices": [
            {"id": choice.id, "text": line(choice.text), "why": line(choice.why)}
            for choice in question.choices
        ],
        "taps": dict(question.taps),
        "sketch": question.sketch,
        "covered": question.covered,
        "start": question.start,
        "answer": question.answer and _answer(step, question, question.answer, slug),
    }


def decided(step: Step, question: Question) -> str:
    """Return the choice whose bounds hold what the engine computes: there is one."""
    runs = Runs(step.experiments)
    right = [
        choice.id
        for choice, bound in zip(question.choices, question.bounds, strict=False)
        if bound.holds(runs.value(bound.measure))
    ]
    if question.choices and len(right) != 1:
        raise LessonError("lesson_decided", step.id, count=len(right))
    return "".join(right)


def _answer(step: Step, question: Question, measure: Measure, slug: str) -> dict[str, Any]:
    """Return the answer, rounded, and the vector that it is an entry of, if any."""
    runs = Runs(step.experiments)

    def finite(measure: Measure, name: str) -> float:
        try:
            value = runs.value(measure)
            if not math.isfinite(value):
                raise UnreadError("", "lesson_infinite", value=str(measure))
        except UnreadError as error:
            where = f"{'lesson' if slug == OWN else slug}, {step.id}"
            path = f"question.{name}{'.' if error.field else ''}{error.field}"
            raise LessonError(error.code, where, name=path, **error.details) from None
        return value

    value = finite(measure, "answer")
    mistakes = [
        (finite(mistake.measure, f"mistakes.{mistake.name}"), mistake.why)
        for mistake in question.mistakes
    ]
    vector = _vector(runs.trace(measure), measure)
    return {
        "value": value,
        "digits": question.digits,
        "entry": measure.unit - 1 if vector else None,
        "vector": vector,
        "mistakes": [{"value": value, "why": words(why).html} for value, why in mistakes],
    }


def _vector(trace: Trace, measure: Measure) -> list[float] | None:
    """Return the vector at timestep t that contains the quantity, if it is short."""
    stacks = {
        "hidden": trace.hidden,
        "cell_state": trace.cell_state,
        "gate": trace.gates.get(measure.gate),
        "gradient_entry": trace.hidden_gradient,
        "pre_activation": getattr(trace.moments, "a", None),
    }
    stack = stacks.get(measure.quantity)
    if stack is None or stack.shape[1] > MOST_ENTRIES:
        return None
    entries: list[float] = stack[measure.t - 1].tolist()
    return entries
