"""Numbers of the engine in a text: each stands as ``{{name}}`` where the text has it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from unrolled.app.lessons import Measure, Runs, Table, measure_of

_BLANK = re.compile(r"\{\{([\w-]+)\}\}")


def plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}".replace("-", "−")
    return text if float(f"{value:.{digits}f}") else text.removeprefix("−")


def percent(value: float, digits: int) -> str:
    return f"{plain(100 * value, digits)}%"


def power(value: float, digits: int) -> str:
    """Return a number as a multiple of a power of ten, as a formula."""
    factor, exponent = f"{value:.{digits}e}".split("e")
    return f"${factor} \\times 10^{{{int(exponent)}}}$"


FORMS: dict[str, Callable[[float, int], str]] = {
    "plain": plain,
    "percent": percent,
    "power": power,
}


@dataclass(frozen=True, slots=True)
class Number:
    """A measure, and how a text writes it."""

    measure: Measure
    form: str
    digits: int

    @classmethod
    def read(cls, table: Table, runs: Runs) -> "Number":
        form = table.choice("form", tuple(FORMS), "plain")
        digits = table.whole("digits", 0, 12, 2)
        measure = measure_of(table, runs.experiments, runs.training)
        table.done()
        return cls(measure, form, digits)

    def text(self, runs: Runs) -> str:
        return FORMS[self.form](runs.value(self.measure), self.digits)


def filled(text: str, numbers: dict[str, str], said: Table) -> str:
    """Return a text with its numbers in place; refuse one that has no such number."""

    def number(found: re.Match[str]) -> str:
        if found[1] not in numbers:
            raise said.refuse("lesson_claim", value=found[1], choices=", ".join(numbers))
        return numbers[found[1]]

    return _BLANK.sub(number, text)
