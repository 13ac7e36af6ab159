"""A class of several workers and Redis: one of them is killed in the middle of a vote."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.rooms.labs import Lab, labs, settle
from tests.browser.conftest import ELSEWHERE, PHONE
from tests.browser.test_room_questions import (
    CARD,
    ask,
    joined,
    lead,
    make,
    room_of,
    send,
    table,
)
from tests.browser.test_rooms import BAR, Borrow
from tests.redis_server import missing

pytestmark = [
    pytest.mark.delivery,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
BACK = 3_000
"""Milliseconds until all are back."""


@pytest.fixture
def lab() -> Iterator[Lab]:
    with labs(2, UNROLLED_PUBLIC_ADDRESS="http://192.168.1.20:8000") as found:
        yield found


def choose(student: Page, choice: int) -> None:
    student.get_by_role("radio").nth(choice).check()
    send(student)


def all_are_back(students: list[Page], choices: dict[int, int]) -> None:
    """See that all follow within the time, and that each has the last answer recorded."""
    begun = time.monotonic()
    for number, student in enumerate(students):
        left = max(1.0, BACK - 1000 * (time.monotonic() - begun))
        expect(student.locator(BAR)).to_have_attribute("data-kind", "following", timeout=left)
        if number in choices:
            expect(student.locator(f"{CARD} .told")).to_contain_text("Your answer is in")
            expect(student.get_by_role("radio").nth(choices[number])).to_be_checked()


def test_pages_are_back_at_once_and_each_vote_counts_once_when_a_worker_or_redis_is_killed(
    page: Page, lab: Lab, borrow: Borrow, tmp_path: Path
) -> None:
    assert lab.redis
    code = room_of(page, lab.url)
    kinds = (
        ELSEWHERE,
        PHONE,
        PHONE | {"color_scheme": "dark"},
        ELSEWHERE | {"color_scheme": "dark"},
    )
    students = [joined(borrow(**kind), lab.url, code) for kind in kinds]
    make(page, "choice", words="What arrives?")
    for row, text in enumerate(("all", "half", "nothing")):
        page.locator("[name=choice]").nth(row).fill(text)
    ask(page)
    for student in students:
        expect(student.locator(f"{CARD} .asked")).to_have_text("What arrives?")
    choose(students[0], 0)
    os.kill(lab.workers[0], signal.SIGKILL)
    choose(students[0], 1)
    choose(students[1], 1)
    all_are_back(students, {0: 1, 1: 1})
    lab.redis.kill()
    choose(students[2], 2)
    choose(students[1], 2)
    lab.redis.start()
    all_are_back(students, {0: 1, 1: 2, 2: 2})
    settle(lab.process, 2)
    os.kill(lab.workers[0], signal.SIGKILL)
    choose(students[3], 0)
    all_are_back(students, {0: 1, 1: 2, 2: 2, 3: 0})
    expect(page.locator(f"{CARD} .told")).to_have_text("4 of 4 have answered")
    lead(page, "Show the answers")
    for each in (page, *students):
        expect(each.locator(f"{CARD} .vote")).to_contain_text(["1", "1", "2"])
    assert sorted(row["answer"] for row in table(page, tmp_path)) == ["A", "B", "C", "C"]
