"""What a teacher takes to class beside the lessons: a worksheet each, and its key."""

from unrolled.app.classroom.worksheets import Worksheet, has_worksheet, worksheet

__all__ = ["Worksheet", "has_worksheet", "worksheet"]
