"""LaTeX as MathML, with bounds on nesting that protect a thread's stack.

The MathML needs no mathematical font: its letters are plain, and the style sheet slants them.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from math_core import LatexError, LatexToMathML

MOST_CHARACTERS = 1000
"""Characters of one formula, at most."""
MOST_MARKS = 150
r"""Marks of one formula that can nest (``\ { ( [ ^ _``), at most.

The parser descends once for each level of nesting, and each level takes a mark. A mark takes some
2 KB of stack, so a formula takes at most 0.3 MB; the smallest usual stack of a thread has 0.5 MB.
A stack that overflows ends the process, and nothing can catch that.
"""
_SHOWN = 20
"""Characters that are shown of what cannot be set."""
_MARKS = re.compile(r"[\\{(\[^_]")
_SIGNS = {
    "\N{CIRCLED DOT OPERATOR}": ' class="product">·<',
    "\N{DOWN TACK}": ' class="name">T<',
    "\N{DOT OPERATOR}": ">·<",
    "\N{DOUBLE VERTICAL LINE}": ">||<",
}
"""What stands for signs that many fonts lack; the circle around a product's dot is drawn."""
_NAME = re.compile(r"<mi>(?=\w\w)")
_LETTER = re.compile("[\u2102-\u2138\U0001d400-\U0001d7ff]")


class FormulaError(ValueError):
    """An invalid formula; ``code`` is one of ``app.errors.MESSAGES``."""

    def __init__(self, latex: str, code: str, **details: Any) -> None:
        super().__init__(code)
        self.latex, self.code, self.details = latex, code, details


@lru_cache(maxsize=4096)
def mathml(latex: str) -> str:
    """Return LaTeX as MathML Core; raises ``FormulaError`` on an invalid formula."""
    if len(latex) > MOST_CHARACTERS:
        raise FormulaError(latex, "lesson_formula_long", most=MOST_CHARACTERS, count=len(latex))
    if (marks := len(_MARKS.findall(latex))) > MOST_MARKS:
        raise FormulaError(latex, "lesson_formula_marks", most=MOST_MARKS, count=marks)
    try:
        found = LatexToMathML(fancy_error=False).convert_with_local_state(latex, displaystyle=False)
    except LatexError as error:
        raise _refusal(latex, str(error)) from None
    for sign, common in _SIGNS.items():
        found = found.replace(f">{sign}<", common)
    return _LETTER.sub(_plain, _NAME.sub('<mi class="name">', found))


def _refusal(latex: str, reason: str) -> FormulaError:
    """Return the error for a parser's message, which begins with a position."""
    at, _, _ = reason.partition(":")
    rest = latex[int(at) :][:_SHOWN]
    if not rest:
        return FormulaError(latex, "lesson_formula_ends")
    return FormulaError(latex, "lesson_formula", rest=rest)


def _plain(styled: re.Match[str]) -> str:
    """Return the plain letter of a bold, italic or double-struck mathematical letter."""
    return unicodedata.normalize("NFKC", styled[0])
