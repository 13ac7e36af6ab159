"""One notation into another: dates, numbers, and words backwards; encoder-decoders all."""

from datetime import date, timedelta

import numpy as np

from unrolled.engine.architectures import START
from unrolled.engine.numerics.arrays import read_only
from unrolled.engine.tasks.base import END, PROBES, Batch, Task
from unrolled.engine.tasks.encoding import Classes
from unrolled.engine.tasks.from_pairs import Pair, data, listed
from unrolled.engine.tasks.user_examples import lines_of

SOURCE = "Cho et al. 2014; Sutskever et al. 2014"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_DAY, DAYS = date(2000, 1, 1), 10_958
"""The days of 2000 to 2029."""
DATES = ("23 Nov 2026", "1 Jan 2000", "29 Feb 2024")
NUMERALS = dict(
    M=1000, CM=900, D=500, CD=400, C=100, XC=90, L=50, XL=40, X=10, IX=9, V=5, IV=4, I=1
)
LARGEST_NUMBER = 399
NUMBERS = ("XLII", "CXCIX", "CCCLXV")
ALPHABET = "adeilnoprstvw"
SHORTEST_WORD = 2
WORDS = ("live", "stop", "parts")
"""Short enough for the smallest length."""


def dates(length: int, examples: str) -> Task:
    """Make the task of a spoken date to a sortable one: 23 Nov 2026 to 2026-11-23."""
    days = (FIRST_DAY + timedelta(days) for days in range(DAYS))
    return _translated("dates", [(spoken(day), day.isoformat()) for day in days], DATES)


def phrases(length: int, examples: str) -> Task:
    """Return the task of a small phrase book: English phrases to Chinese, word by word.

    As in a phrase book, every phrase is learned; the last three are the probes.
    """
    pairs = [line[:2] for line in lines_of(data("phrases.txt"))]
    return listed("phrases", "encoder-decoder", "words", pairs, pairs[-PROBES:], SOURCE)


def spoken(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def numbers(length: int, examples: str) -> Task:
    """Make the task of Roman numerals to digits: XLII to 42."""
    pairs = [(roman(number), str(number)) for number in range(1, LARGEST_NUMBER + 1)]
    return _translated("numbers", pairs, NUMBERS)


def roman(number: int) -> str:
    for numeral, value in NUMERALS.items():
        if number >= value:
            return numeral + roman(number - value)
    return ""


def reverse(length: int, examples: str) -> Task:
    """Make the task of words of up to ``length`` letters, backwards: stop to pots.

    Without memory, the best prediction is any letter alike, and an end after any of them.
    """
    classes = Classes((*ALPHABET, START, END))
    start, end = classes.width - 2, classes.width - 1
    sizes = np.arange(SHORTEST_WORD, length + 1)
    ends = 1 / (sizes.mean() + 1)

    def draw(rng: np.random.Generator, B: int) -> Batch:
        size, each = rng.choice(sizes, size=B), np.arange(B)
        letters = rng.integers(len(ALPHABET), size=(length, B))
        encoder = np.where(np.arange(length)[:, None] >= length - size, letters, -1)
        answer = np.concatenate([encoder[::-1], np.full((1, B), -1)])
        answer[size, each] = end
        shifted = np.concatenate([np.full((1, B), start), answer[:-1]])
        decoder = np.where(answer >= 0, shifted, -1)
        x = np.concatenate([encoder, decoder])
        targets = np.concatenate([np.full_like(encoder, -1), answer])
        parts = (np.arange(len(x)) >= length).astype(np.int64)
        return Batch(read_only(x), read_only(targets), read_only(parts))

    return Task(
        name="reverse",
        architecture="encoder-decoder",
        input_notation=classes,
        target_notation=classes,
        baseline=float(-(1 - ends) * np.log((1 - ends) / len(ALPHABET)) - ends * np.log(ends)),
        source=SOURCE,
        draw=draw,
        answer=lambda tokens: "".join(reversed(tokens)),
        asked=[(word, "") for word in WORDS if len(word) <= length],
    )


def _translated(name: str, pairs: list[Pair], asked: tuple[str, ...]) -> Task:
    """Return the task that trains on all pairs but the probes."""
    return listed(
        name=name,
        architecture="encoder-decoder",
        tokens="characters",
        trained=[pair for pair in pairs if pair[0] not in asked],
        asked=[pair for pair in pairs if pair[0] in asked],
        source=SOURCE,
    )
