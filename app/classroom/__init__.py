"""Material for class beside the lessons: worksheets, keys, and ways that fill a period."""

from unrolled.app.classroom.routes import Route, course, routes
from unrolled.app.classroom.worksheets import Missing, Worksheet, has_worksheet, worksheet

__all__ = ["Missing", "Route", "Worksheet", "course", "has_worksheet", "routes", "worksheet"]
