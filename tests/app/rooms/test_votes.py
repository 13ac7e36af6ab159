"""The table of a class's answers, as a teacher reads it."""

import csv
import io
from typing import Any

from unrolled.app.rooms.votes import table, written

QUESTION: dict[str, Any] = {
    "number": 1,
    "round": 1,
    "step": "",
    "about": "",
    "words": "",
    "size": 1,
    "choices": [],
}


def rows(**question: Any) -> list[dict[str, str]]:
    answers = question.pop("answers")
    given = {f"s{i}": written(answer, "") for i, answer in enumerate(answers)}
    asked: Any = (QUESTION | question, [given])
    return list(csv.DictReader(io.StringIO(table([asked]).removeprefix("\ufeff"))))


def test_a_table_names_a_choice_as_pages_do_and_says_what_was_asked():
    (row,) = rows(kind="choice", words="Which?", choices=["one", "=two"], answers=[[1]])
    assert (row["answer"], row["words"], row["asked"]) == ("B", "'=two", "Which?")
    (row,) = rows(kind="choice", step="vanish", choices=["", ""], answers=[[0]])
    assert (row["answer"], row["words"], row["asked"]) == ("A", "", "vanish")
    (row,) = rows(kind="number", about="gradient", answers=[[-3.5]])
    assert (row["answer"], row["words"], row["asked"]) == ("-3.5", "", "gradient")
    (row,) = rows(kind="curve", about="linear", size=2, answers=[[0.5, 0.25]])
    assert (row["answer"], row["asked"]) == ("0.5 0.25", "linear")
