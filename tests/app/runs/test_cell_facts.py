"""What the page is told of the cells."""

import json
from pathlib import Path

from unrolled.app.runs.cell_facts import cell_facts


def test_the_tests_in_javascript_are_told_what_the_page_is_told():
    told = Path("tests/js/cells.json")
    assert json.loads(told.read_text(encoding="utf-8")) == cell_facts(), f"write it to {told}"
