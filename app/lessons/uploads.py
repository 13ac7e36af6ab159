"""A teacher's own lesson: one JSON file, `{"lesson": facts, "words": texts}`."""

import json

from unrolled.app.errors import MessageError
from unrolled.app.lessons.quantities import CUBIC
from unrolled.app.lessons.reader import lesson
from unrolled.app.lessons.schema import OWN, Lesson
from unrolled.app.lessons.table import LessonError, Table
from unrolled.app.runs.limits import cubic_work, trace_numbers, within
from unrolled.app.runs.requests import parse_object
from unrolled.app.settings import Settings
from unrolled.engine import Experiment, ExperimentError


def opened(text: bytes, settings: Settings) -> Lesson:
    """Return the lesson in a file, within this server's limits; raises ``MessageError``."""
    content = parse_object(text)
    if set(content) != {"lesson", "words"}:
        raise MessageError("lesson_file")
    _check_characters(content)
    found = lesson(OWN, Table(content["lesson"], "lesson"), Table(content["words"], "words"))
    for step in found.steps:
        if step.training:
            raise LessonError("lesson_training", f"lesson, {step.id}", name="training")
        for run in step.experiments:
            _check(run, step.id, settings)
    _check_work(found, settings)
    return found


def _check_characters(content: object) -> None:
    """Raise ``MessageError`` on an unpaired surrogate, which no response can hold."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise MessageError("half", value=ascii(error.object[error.start])[1:-1]) from None


def _check_work(found: Lesson, settings: Settings) -> None:
    """Raise ``MessageError`` if the questions cost more than one response may.

    Each run that is measured counts once, with all the numbers of its trace.
    """
    work = count = 0
    for step in found.steps:
        runs: set[Experiment] = set()
        for measure in step.question.measures if step.question else ():
            run = measure.run(step.experiments)
            _check(run, step.id, settings)
            runs.add(run)
            work += cubic_work(run) if measure.quantity in CUBIC else 0
        count += sum(trace_numbers(run) for run in runs)
    if count > settings.answer_numbers:
        raise MessageError("lesson_too_big", count=count, limit=settings.answer_numbers)
    if work > settings.analysis_work:
        raise MessageError("analysis_too_big", work=work, limit=settings.analysis_work)


def _check(run: Experiment, step: str, settings: Settings) -> None:
    try:
        within(run, settings)
    except ExperimentError as error:
        where = f"lesson, {step}"
        raise LessonError("lesson_experiment", where, name="experiment", problem=error) from None
