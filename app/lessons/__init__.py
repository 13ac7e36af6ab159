"""Lessons: their format, their texts as HTML, and their checked claims.

Each lesson is a folder: `lesson.toml` holds its facts, `en.toml` and `zh-CN.toml` its texts.
"""

from unrolled.app.lessons.claims import Claim, Runs, measure_of
from unrolled.app.lessons.library import Shelf, shelf
from unrolled.app.lessons.measures import Measure
from unrolled.app.lessons.pacing import minutes
from unrolled.app.lessons.quantities import QUANTITIES
from unrolled.app.lessons.reader import lesson
from unrolled.app.lessons.rendering import rendered, translations
from unrolled.app.lessons.schema import Lesson, Step
from unrolled.app.lessons.table import LessonError, Table

__all__ = [
    "QUANTITIES",
    "Claim",
    "Lesson",
    "LessonError",
    "Measure",
    "Runs",
    "Shelf",
    "Step",
    "Table",
    "lesson",
    "measure_of",
    "minutes",
    "rendered",
    "shelf",
    "translations",
]
