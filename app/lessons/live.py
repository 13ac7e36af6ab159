"""Answers of a run to the claims of the words beside it, which the page sends with its experiment.

The numbers are those of ``app.lessons.quantities``: the page computes none.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from unrolled.app.lessons.changed_runs import state_pair
from unrolled.app.lessons.claims import Claim, UnreadError, value_of
from unrolled.app.lessons.markdown import phrases, raised, words
from unrolled.app.lessons.quantities import CUBIC
from unrolled.app.lessons.schema import Step
from unrolled.app.lessons.table import Table
from unrolled.app.lessons.trained import LEARNED
from unrolled.app.runs.frame_kinds import Claimed, StatePair
from unrolled.app.runs.limits import cubic_work
from unrolled.app.settings import Settings
from unrolled.engine import Experiment, Trace

MOST_CLAIMS = 64
"""Claims of one request, at most."""
MOST_SHOWN = 64
"""Units of a pair of states that is shown."""
LARGEST_PART = 9
"""log10 of the largest n of 1/n that is written out."""
SMALLEST_SHARE = 1e-4
"""Of the gradient, in percent; a smaller one is a part."""
TWICE = 2
"""The largest share in percent; larger ones are given as factors."""
LARGEST_TIMES = 1_000_000
LARGEST_LOSS = 1000
NEARLY = 0.9995
"""A share from which one digit after the point would make it 100 %."""
_NUMBER = re.compile(r"[−-]?\d+(?:\.(\d+))?(%?)")
_PART = re.compile(r"1/(?:[\d,]+|10\^\d+)")


def can_live(phrase: str) -> bool:
    """Return whether the words of a claim are a number alone, which can follow the run."""
    return bool(_NUMBER.fullmatch(phrase) or _PART.fullmatch(phrase))


def written(value: float, like: str, quantity: str = "") -> str:
    """Return a number as words write one like it: 0.83, 20%, −7, 1/3,000, 1/10^13.

    A quantity that the page tells as well has the page's digits. What is less than 1 is a part,
    where the words have a whole number.
    """
    if found := _NUMBER.fullmatch(like):
        decimals, percent = len(found[1] or ""), found[2]
        if form := _ON_PAGE.get((quantity, percent)):
            return form(value)
        if not decimals and not percent and 0 < value < 1:
            return written(value, "1/2")
        if not decimals and not percent and quantity == "ratio":
            return _times(value)
        plain = f"{value * 100 if percent else value:.{decimals}f}"
        return (plain if float(plain) else plain.lstrip("-")).replace("-", "−") + percent
    if quantity == "ratio" and value >= SMALLEST_SHARE:
        return _arriving(value) if value <= TWICE else _times(value)
    if value <= 0:
        return "0"
    if value >= 1:
        return _two_digits(value)
    log10 = -math.log10(value)
    if log10 >= LARGEST_PART:
        return f"1/10^{round(log10)}"
    return f"1/{_two_digits(1 / value)}"


def _two_digits(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.15g}"


def _times(value: float) -> str:
    """Return how many times as large: format.js, ``share``."""
    return _two_digits(value) if value <= LARGEST_TIMES else f"10^{round(math.log10(value))}"


def _three_digits(value: float) -> str:
    """Return what has no unit, as a loss is written: format.js, ``lossAmount``."""
    if value < LARGEST_LOSS:
        return f"{value:#.3g}".rstrip(".")
    if value < 10 * LARGEST_LOSS:
        return _two_digits(value)
    mantissa, exponent = f"{value:.1e}".split("e+")
    return f"{mantissa} × 10^{int(exponent)}"


def _percent(share: float) -> str:
    """Return a share in percent; 100 % is all of it, and nothing less: format.js, ``percent``."""
    if 0 < share < 1 - NEARLY:
        return _tiny(share)
    nearly = NEARLY < share < 1
    digits = min(4, math.ceil(-math.log10(1 - share)) - 2) if nearly else 1
    return f"{round(100 * share, digits):g}%"


def _tiny(share: float) -> str:
    """Return a share that is not 0 %, though little is left of it."""
    return f"{100 * share:.{1 - math.floor(math.log10(100 * share))}f}".rstrip("0") + "%"


def _arriving(share: float) -> str:
    """Return a share of the gradient: format.js, ``share``."""
    if 0 < share < SMALLEST_SHARE:
        return written(share, "1/2")
    return f"{float(f'{100 * share:.2g}'):g}%"


def _setting(value: float) -> str:
    """Return the value of a slider."""
    return f"{value:g}".replace("-", "−")


_ON_PAGE: dict[tuple[str, str], Callable[[float], str]] = {
    ("probability", "%"): _percent,
    ("ratio", "%"): _arriving,
    ("loss", ""): _three_digits,
    ("weight_gradient_norm", ""): _three_digits,
    ("half_life", ""): lambda steps: f"{float(f'{steps:.2g}'):g}",
    ("recurrent_scale", ""): _setting,
    ("forget_bias", ""): _setting,
}
"""How the page writes a quantity that a class finds on the stage as well."""


def live(step: Step, texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the claims in texts that follow the run on the stage, as the page sends them."""
    asked_for = {name: "" for text in texts for name in words(text).conditions}
    marked = {name: each for text in texts for name, (each, *_) in phrases(text).items()}
    return {
        name: step.claims[name].as_table() | ({"like": like} if like else {})
        for name, like in (asked_for | marked).items()
        if name in step.claims and follows(step.claims[name]) and (not like or can_live(like))
    }


def follows(claim: Claim) -> bool:
    """Return whether it speaks of the run on the stage, not of a pin, a training or others."""
    measure = claim.measure
    return not measure.pin and not measure.settings and measure.quantity not in LEARNED


def told(
    claims: Mapping[str, Any], settings: Settings
) -> Callable[[Trace], dict[str, Claimed]] | None:
    """Return what computes the answer of a run to claims; raises ``LessonError`` on a wrong one."""
    if not claims:
        return None
    table = Table(claims, "claims")
    if len(claims) > MOST_CLAIMS:
        raise table.refuse("lesson_claims", most=MOST_CLAIMS, count=len(claims))
    read = {name: _read(table.table(name)) for name in table.names()}

    def answer(trace: Trace) -> dict[str, Claimed]:
        return {name: _answer(trace, claim, like, settings) for name, (claim, like) in read.items()}

    return answer


def _read(table: Table) -> tuple[Claim, str]:
    like = table.text("like", "")
    if like and not can_live(like):
        raise table.refuse("lesson_like", "like", value=like[:60])
    claim = Claim.read(table, (Experiment(),))
    if not follows(claim):
        raise table.refuse("lesson_follows")
    return claim, like


def _answer(trace: Trace, claim: Claim, like: str, settings: Settings) -> Claimed:
    quantity = claim.measure.quantity
    dear = quantity in CUBIC
    try:
        if dear and cubic_work(trace.experiment) > settings.analysis_work:
            return {"text": None, "holds": None, "pair": None}
        value = value_of(trace, claim.measure)
    except UnreadError:
        return {"text": None, "holds": None, "pair": None}
    text = raised(written(value, like, quantity)) if like and math.isfinite(value) else None
    return {"text": text, "holds": claim.holds(value), "pair": _pair(trace, claim)}


def _pair(trace: Trace, claim: Claim) -> StatePair | None:
    """Return the states that a claim compares, where they are few enough to be looked at."""
    if claim.measure.quantity != "swapped" or trace.hidden.shape[1] > MOST_SHOWN:
        return None
    return state_pair(trace, claim.measure, (claim.measure.t or len(trace.tokens)) - 1)
