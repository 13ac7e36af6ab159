"""Tables that a spreadsheet reads as they were written."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_BOM = "\ufeff"
"""So that Excel reads Chinese as UTF-8. LibreOffice, pandas and Python's ``utf-8-sig`` drop it."""
_NUMBER = re.compile(r"(?!-0$)-?(0|[1-9][0-9]{0,14})(\.[0-9]*[1-9])?")
"""A number that a spreadsheet writes as it was read."""
_RUNS = re.compile(r"(^|[;\"\t\r\n])(?='*[=+\-@\t\r＝＋－＠])")
"""Where a spreadsheet would read a formula, though it cut the line at semicolons or tabs."""
_BEGINS = re.compile(r"(?<=\")['=+\-@＝＋－＠]|;")
_MONTH = (
    r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?"
    r"|oct(ober)?|nov(ember)?|dec(ember)?)"
)
_READ = re.compile(
    r"(?=[^0-9]*[0-9])[0-9\s,.:/+\-()%$¢£¥\u20ac\u20a9\u20b9年月日时分秒]+([ap]m?|e[+-]?[0-9]+)?"
    rf"|{_MONTH}[-\s./,]*[0-9][0-9\s,.:/-]*|[0-9]+[-\s./]*{_MONTH}[0-9\s,.:/-]*|true|false",
    re.I,
)
"""What a spreadsheet reads as a date, a time, a share, an amount or a truth, and so writes in
another way: 1/2, 12:30, 50%, 0123, 1e5, Mar1. LibreOffice 7.4 keeps every text that is marked."""


def table_of(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """Return columns of numbers and texts as CSV with a byte order mark, so Excel reads UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    for row in zip(*columns.values(), strict=True):  # ``writerows`` would block other threads
        table.writerow(row)
    return (_BOM + text.getvalue()).encode()


def numbers(values: Any) -> list[float | str | None]:
    """Return numbers in full precision; ``-inf`` without a path, empty if undefined."""
    return [None if np.isnan(value) else repr(float(value)) for value in values]


def harmless(text: str) -> str:
    """Return a text that a spreadsheet will not run as a formula; numbers stay as they are."""
    if _NUMBER.fullmatch(text):
        return text
    if _READ.fullmatch(text.lstrip("'")) and not _RUNS.match(text):
        text = f"'{text}"
    return _RUNS.sub(r"\1'", text)


def inert_json(value: object) -> str:
    """Return JSON in which no text starts like a spreadsheet formula."""
    text = json.dumps(value, ensure_ascii=False)
    return _BEGINS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
