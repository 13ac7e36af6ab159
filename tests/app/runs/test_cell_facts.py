"""The facts about the cells that the page gets."""

import json
from pathlib import Path

from unrolled.app.runs.cell_facts import cell_facts


def test_the_javascript_tests_have_the_facts_of_the_page():
    told = Path("tests/js/cells.json")
    assert json.loads(told.read_text(encoding="utf-8")) == cell_facts(), f"write it to {told}"
