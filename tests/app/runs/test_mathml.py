"""Formulas, and that no formula ends the process."""

import json
import re
import subprocess
import sys

import pytest

from unrolled.app.i18n.catalog import translator
from unrolled.app.runs.mathml import _MARKS, MOST_CHARACTERS, MOST_MARKS, FormulaError, mathml

DEEP = {
    "groups": ("{", "}"),
    "groups that are never closed": ("{", ""),
    "roots": (r"\sqrt", ""),
    "roots of an order": (r"\sqrt[", "]{y}"),
    "fractions": (r"\frac1", ""),
    "indices": ("_{x", "}"),
    "powers": ("^", ""),
    "brackets": (r"\left(", r"\right)"),
    "parentheses": ("(", ")"),
    "letters": (r"\mathrm{", "}"),
    "bold": (r"\mathbf", ""),
    "words": (r"\text{", "}"),
    "one above another": (r"\overset{x}{", "}"),
    "matrices": (r"\begin{matrix}", r"\end{matrix}"),
    "primes": ("x'", ""),
    "hats": (r"\hat", ""),
    "braces under": (r"\underbrace{", "}_y"),
    "sums": (r"\sum_", ""),
    "colours": (r"{\color{red}", "}"),
}
SMALL = """
import json, sys, threading
from unrolled.app.runs.mathml import FormulaError, mathml
def run():
    for name, latex in json.load(sys.stdin).items():
        print(name, end=": ", flush=True)
        try:
            mathml(latex)
        except FormulaError as error:
            print(error.code)
        else:
            print("set")
threading.stack_size(2**19)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def deepest(opening, closing):
    """The deepest nesting within the bounds."""
    marks = len(_MARKS.findall(opening + closing)) or 1
    levels = min(MOST_MARKS // marks, (MOST_CHARACTERS - 1) // len(opening + closing))
    return opening * levels + "x" + closing * levels


def test_no_formula_within_the_bounds_overflows_the_stack_of_a_small_thread():
    given = {name: deepest(*ends) for name, ends in DEEP.items()}
    ran = subprocess.run(
        [sys.executable, "-c", SMALL],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"the process ended at the last of these:\n{ran.stdout}"
    outcomes = [line.rpartition(": ")[2] for line in ran.stdout.splitlines()]
    assert len(outcomes) == len(DEEP) and {*outcomes} <= {
        "set",
        "lesson_formula",
        "lesson_formula_ends",
    }


@pytest.mark.parametrize("name", DEEP)
def test_a_formula_that_would_end_the_process_is_refused_before_it_is_parsed(name):
    opening, closing = DEEP[name]
    with pytest.raises(FormulaError) as caught:
        mathml(opening * 20_000 + "x" + closing * 20_000)
    assert caught.value.code == "lesson_formula_long"


def test_a_formula_of_too_many_groups_says_how_many_there_may_be():
    with pytest.raises(FormulaError) as caught:
        mathml("{" * 400 + "}" * 400)
    assert caught.value.code == "lesson_formula_marks"
    assert caught.value.details == {"count": 400, "most": MOST_MARKS}


def test_an_unknown_command_is_an_error_and_not_a_blank():
    with pytest.raises(FormulaError):
        mathml(r"\nosuchcommand h")


@pytest.mark.parametrize(
    ("latex", "rest"),
    [(r"云云\nosuch h", r"\nosuch h"), ("x^2^3", "^3"), ("a}" + "b" * 30, "}" + "b" * 19)],
)
def test_a_formula_that_cannot_be_set_is_quoted(latex, rest):
    with pytest.raises(FormulaError) as caught:
        mathml(latex)
    assert (caught.value.code, caught.value.details) == ("lesson_formula", {"rest": rest})


def test_a_formula_that_ends_too_soon_is_told_so():
    with pytest.raises(FormulaError) as caught:
        mathml(r"云\frac{1}{2")
    assert (caught.value.code, caught.value.details) == ("lesson_formula_ends", {})


@pytest.mark.parametrize("latex", [r"\nosuchcommand h", r"\frac{1}{2"])
def test_a_refusal_of_a_formula_is_chinese_in_chinese(latex):
    with pytest.raises(FormulaError) as caught:
        mathml(latex)
    blanks = {"where": "", "value": "", **dict.fromkeys(caught.value.details, "")}
    said = translator("zh-CN")(f"error.{caught.value.code}", **blanks)
    assert not re.search("[A-Za-z]", said)


def test_a_symbol_is_written_as_it_was_when_this_was_checked_by_eye():
    assert mathml("h_{17}") == "<math><msub><mi>h</mi><mn>17</mn></msub></math>"
