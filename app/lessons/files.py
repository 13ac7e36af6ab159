"""A teacher's own lesson: one JSON file, `{"lesson": the facts, "words": the words}`."""

from app.lessons.lesson import OWN, Lesson, lesson
from app.lessons.tables import LessonError, Table
from app.messages import MessageError, parse_object, within
from app.settings import Settings
from engine import Experiment, ExperimentError


def opened(text: bytes, settings: Settings) -> Lesson:
    """The lesson in a file, within this server's limits; raises ``MessageError``."""
    content = parse_object(text)
    if set(content) != {"lesson", "words"}:
        raise MessageError("lesson_file")
    found = lesson(OWN, Table(content["lesson"], "lesson"), Table(content["words"], "words"))
    for step in found.steps:
        if step.training:
            raise LessonError("lesson_training", f"lesson, {step.id}", name="training")
        for run in step.experiments:
            _check(run, step.id, settings)
    return found


def _check(run: Experiment, step: str, settings: Settings) -> None:
    try:
        within(run, settings)
    except ExperimentError as error:
        where = f"lesson, {step}"
        raise LessonError("lesson_experiment", where, name="experiment", problem=error) from None
