"""Claims of a lesson, compared with what the engine computes.

A claim names a quantity of a step's run, and what it is below, above or equal to. The quantities
are those of ``app.lessons.quantities`` and, of a training, of ``app.lessons.trained``.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from unrolled.app.lessons.measures import Measure
from unrolled.app.lessons.quantities import ENTRIES, OF_GATES, OF_TOKENS, QUANTITIES
from unrolled.app.lessons.table import Table, shortened
from unrolled.app.lessons.trained import LEARNED, Trains, learned, network_of, value_of_training
from unrolled.app.runs.cancellation import trace_of
from unrolled.engine import Experiment, Trace, Training
from unrolled.engine.training import FREE
from unrolled.engine.validation import quote

DIGITS = 2


class UnreadError(LookupError):
    """A measure that a run does not have; ``code`` is one of ``app.errors.MESSAGES``.

    ``field`` is the invalid field of the measure, empty if it is the whole.
    """

    def __init__(self, field: str, code: str, **details: Any) -> None:
        super().__init__(code)
        self.field, self.code, self.details = field, code, details


def measure_of(
    table: Table, runs: Sequence[Experiment], training: Training | None = None
) -> Measure:
    """Return the measure in a table, for some runs, and for a training if given."""
    high = 1_000_000
    pin = table.whole("pin", 0, len(runs) - 1, 0)
    quantity = table.choice("quantity", (*QUANTITIES, *(LEARNED if training else ())))
    settings = table.changes("with", training if quantity in LEARNED else runs[pin])
    return Measure(
        quantity=quantity,
        t=table.whole("t", 0, high, 0),
        unit=table.whole("unit", 1, high, 1),
        loss=table.whole("loss", 0, high, 0),
        token=table.text("token", ""),
        other=table.whole("other", 0, high, 0),
        gate=table.text("gate", ""),
        weight=table.text("weight", ""),
        row=table.whole("row", 1, high, 1),
        column=table.whole("column", 1, high, 1),
        pin=pin,
        settings=tuple(settings.items()),
    )


def value_of(trace: Trace, measure: Measure) -> float:
    """Return the value of a measure; raises ``UnreadError`` if there is none."""
    _check(measure, trace)
    timestep = measure.t or len(trace.tokens)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            value = float(QUANTITIES[measure.quantity](trace, measure, timestep - 1))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        value = np.nan
    if np.isnan(value):
        raise UnreadError("", "lesson_measure", value=str(measure))
    return value


def _check(measure: Measure, trace: Trace) -> None:
    """Raise ``UnreadError`` on an index that the run does not have."""
    T, H, network = len(trace.tokens), trace.hidden.shape[1], trace.network
    most = len(trace.vocabulary) if measure.quantity in OF_TOKENS else H
    for name, low, high in (("t", 0, T), ("loss", 0, T), ("other", 0, T), ("unit", 1, most)):
        if not low <= (value := getattr(measure, name)) <= high:
            raise UnreadError(name, "lesson_whole", low=low, high=high, value=value)
    weights = network.state_dict() if measure.quantity in ENTRIES else ()
    for name, choices, optional in (
        ("gate", network.cell.gates, measure.quantity not in OF_GATES),
        ("weight", weights, not weights),
        ("token", trace.vocabulary, True),
    ):
        value = getattr(measure, name)
        if value not in choices and not (optional and (not value or not choices)):
            if not choices:
                raise UnreadError("", "lesson_measure", value=str(measure))
            known = shortened(", ".join(choices))
            raise UnreadError(name, "lesson_choice", choices=known, value=quote(value))


@dataclass(frozen=True, slots=True)
class Claim:
    """A measure, and the bounds within which the words hold; a number in the words needs none."""

    measure: Measure
    below: float | None
    above: float | None
    equals: float | None
    digits: int
    """Decimals to which it is compared."""

    @classmethod
    def read(
        cls, table: Table, runs: Sequence[Experiment], training: Training | None = None
    ) -> "Claim":
        claim = cls(
            measure=measure_of(table, runs, training),
            below=table.optional("below"),
            above=table.optional("above"),
            equals=table.optional("equals"),
            digits=table.whole("digits", 0, 12, DIGITS),
        )
        table.done()
        return claim

    def holds(self, value: float) -> bool:
        return (
            (self.below is None or value < self.below)
            and (self.above is None or value > self.above)
            and (self.equals is None or abs(value - self.equals) <= 0.5 * 10.0**-self.digits)
        )

    def as_table(self) -> dict[str, Any]:
        """Return the table that it is read from, without what is left out."""
        measure, own = self.measure, {"equals": self.equals, "below": self.below}
        named = {each.name: getattr(measure, each.name) for each in fields(measure)}
        given = {
            each.name: named[each.name]
            for each in fields(measure)
            if each.default != named[each.name]
        }
        bounds = {**own, "above": self.above}
        digits = {} if self.digits == DIGITS else {"digits": self.digits}
        return given | {name: bound for name, bound in bounds.items() if bound is not None} | digits


@dataclass
class Runs:
    """The runs of one step, each computed on first use."""

    experiments: tuple[Experiment, ...]
    """The step's own, then those of its pins."""
    training: Training | None = None
    trains: Trains = learned

    def __post_init__(self) -> None:
        self._traces: dict[tuple[Experiment, Training | None], Trace] = {}

    def value(self, measure: Measure) -> float:
        if measure.quantity in LEARNED and self.training:
            wanted = Training.of({**asdict(self.training), **dict(measure.settings)})
            return value_of_training(wanted, measure.quantity, self.trains)
        return value_of(self.trace(measure), measure)

    def trace(self, measure: Measure) -> Trace:
        """Return a trace, on the step's trained network if it has one.

        Pins are untrained, and so is a run with a setting that a trained network cannot change.
        """
        wanted = measure.run(self.experiments)
        fixed = measure.pin or set(dict(measure.settings)) - set(FREE)
        trained = None if fixed else self.training
        if (wanted, trained) not in self._traces:
            run = wanted
            if trained:
                own = {name: getattr(wanted, name) for name in FREE}
                run = network_of(trained, self.trains).experiment(**own)
            self._traces[wanted, trained] = trace_of(run)
        return self._traces[wanted, trained]
