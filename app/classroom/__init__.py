"""What a teacher takes to class beside lessons: worksheets, keys, and ways that fill a period."""

from unrolled.app.classroom.routes import Route, course, routes
from unrolled.app.classroom.worksheets import Worksheet, has_worksheet, worksheet

__all__ = ["Route", "Worksheet", "course", "has_worksheet", "routes", "worksheet"]
