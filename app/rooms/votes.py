"""Answers of a class: their distribution, and their table."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

import numpy as np

from unrolled.app.exports.tables import harmless
from unrolled.app.rooms.state import Question, Shown
from unrolled.app.rooms.store import Table

BINS = 20
"""Equal parts of the range of a number."""
_BOM = "\ufeff"
"""So that Excel reads Chinese as UTF-8."""
COLUMNS = ("question", "round", "student", "name", "answer", "words")


def round_of(question: Question) -> str:
    """Return the name of a question's round: ``2.1`` for the first round of the second one."""
    return f"{question['number']}.{question['round']}"


def written(answer: list[float], name: str) -> str:
    return json.dumps([answer, name], ensure_ascii=False)


def answer_in(text: str) -> list[float]:
    answer: list[float] = json.loads(text)[0]
    return answer


def distribution(question: Question, round_: int, votes: Iterable[str]) -> Shown:
    """Return the answers of a round as they are shown."""
    answers = np.array([answer_in(vote) for vote in votes]).reshape(-1, question["size"])
    counts: list[int] = []
    quartiles: list[list[float]] = []
    if question["kind"] == "choice":
        chosen = answers[:, 0].astype(int)
        counts = np.bincount(chosen, minlength=len(question["choices"])).tolist()
    elif len(answers):
        quartiles = np.quantile(answers, (0.25, 0.5, 0.75), axis=0).tolist()
    if question["kind"] == "number":
        bounds = question["low"], question["high"]
        counts = np.histogram(answers[:, 0], BINS, bounds)[0].tolist()
    return {"round": round_, "answers": len(answers), "counts": counts, "quartiles": quartiles}


def table(asked: Sequence[tuple[Question, Sequence[Table]]]) -> str:
    """Return the answers to questions, by round, as CSV.

    Students are numbered in the order of their random names, the same in every round.
    """
    everyone = {student for _, rounds in asked for answers in rounds for student in answers}
    numbers = {student: number for number, student in enumerate(sorted(everyone), 1)}
    out = io.StringIO(_BOM)
    rows = csv.writer(out)
    out.seek(0, io.SEEK_END)
    rows.writerow(COLUMNS)
    for question, rounds in asked:
        for round_, answers in enumerate(rounds, 1):
            for student in sorted(answers):
                answer, name = json.loads(answers[student])
                said = " ".join(f"{value:g}" for value in answer)
                texts = (harmless(name), said, harmless(_words(question, answer)))
                rows.writerow((question["number"], round_, numbers[student], *texts))
    return out.getvalue()


def _words(question: Question, answer: list[float]) -> str:
    """Return the chosen text, or else what was asked."""
    if question["kind"] == "choice" and (chosen := question["choices"][int(answer[0])]):
        return chosen
    return question["words"] or question["step"]
