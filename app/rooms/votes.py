"""Answers of a class: their distribution, and their table."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from unrolled.app.exports.spreadsheet import harmless
from unrolled.app.rooms.state import Question, RoomState, Shown
from unrolled.app.rooms.store import Table

BINS = 20
"""Equal parts of the range of a number."""
CURVE_POINTS = 2400
"""Points of the curves that are shown of all rounds."""
_BOM = "\ufeff"
"""So that Excel reads Chinese as UTF-8."""
Asked = tuple[Question, Sequence[Table]]
"""A question, and the answers of each of its rounds."""
COLUMNS = ("question", "round", "student", "name", "answer", "words", "asked")
LETTERS = "ABCDEFGH"
"""Of the choices, as pages name them."""


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
        quartiles = np.quantile(answers, (0.25, 0.5, 0.75), axis=0).round(4).tolist()
    if question["kind"] == "number":
        bounds = question["low"], question["high"]
        counts = np.histogram(answers[:, 0], BINS, bounds)[0].tolist()
    most = CURVE_POINTS // (question["size"] * question["round"])
    curves = answers[: most if question["kind"] == "curve" else 0]
    return {
        "round": round_,
        "answers": len(answers),
        "counts": counts,
        "quartiles": quartiles,
        "curves": curves.round(3).tolist(),
    }


def asked_in(state: RoomState) -> Table:
    """Return the question of a state as it is kept: with its truth, by its number."""
    if (asked := state["question"]) is None:
        return {}
    kept = {**asked, "truth": state["truth"]}
    return {str(asked["number"]): json.dumps(kept, ensure_ascii=False)}


def results(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return the answers to questions, by round, as a page shows them."""
    numbers = _numbers(asked)
    return [
        {
            "question": question,
            "rounds": [
                distribution(question, n, given.values()) for n, given in enumerate(rounds, 1)
            ],
            "answers": [
                {"round": n, "student": numbers[student], "name": name, "answer": answer}
                for n, given in enumerate(rounds, 1)
                for student in sorted(given)
                for answer, name in [json.loads(given[student])]
            ],
        }
        for question, rounds in asked
    ]


def _numbers(asked: Sequence[Asked]) -> dict[str, int]:
    """Return a number for each student, the same in every round, by their random names' order."""
    everyone = {student for _, rounds in asked for answers in rounds for student in answers}
    return {student: number for number, student in enumerate(sorted(everyone), 1)}


def table(asked: Sequence[Asked]) -> str:
    """Return the answers to questions, by round, as CSV."""
    numbers = _numbers(asked)
    out = io.StringIO(_BOM)
    rows = csv.writer(out)
    out.seek(0, io.SEEK_END)
    rows.writerow(COLUMNS)
    for question, rounds in asked:
        for round_, answers in enumerate(rounds, 1):
            for student in sorted(answers):
                answer, name = json.loads(answers[student])
                said, words = _said(question, answer)
                texts = (harmless(name), said, harmless(words), harmless(_asked(question)))
                rows.writerow((question["number"], round_, numbers[student], *texts))
    return out.getvalue()


def _asked(question: Question) -> str:
    """Return what was asked: the teacher's words, or the name of a lesson's step or a quantity."""
    return question["words"] or question["step"] or question["about"]


def _said(question: Question, answer: list[float]) -> tuple[str, str]:
    """Return an answer, and the text of the choice that it is."""
    if question["kind"] == "choice":
        chosen = int(answer[0])
        return LETTERS[chosen], question["choices"][chosen]
    return " ".join(f"{value:g}" for value in answer), ""
