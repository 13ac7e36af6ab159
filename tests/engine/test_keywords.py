"""A type checker finds a misspelt keyword and a wrong choice, and nothing in right code."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

from docs.keywords import PATH, written
from unrolled import engine
from unrolled.engine.description import keywords
from unrolled.engine.training import IN_FLIGHT
from unrolled.engine.validation import values_of

ROOT = Path(__file__).parents[2]
RIGHT = """
import unrolled

trace = unrolled.trace("abc", hidden_size=3, cell="lstm", loss="all")
experiment = unrolled.Experiment("abc", cell="gru")
run = unrolled.TrainingRun(unrolled.Training("adding", cell="lstm"))
run.change(learning_rate=0.1)
again: unrolled.Trace = unrolled.trace_of(run.checkpoint().experiment(recurrent_scale=0.5))
version: str = unrolled.__version__
"""
WRONG = {
    'unrolled.trace("abc", hiden_size=3)': 'keyword argument "hiden_size"',
    'unrolled.trace("abc", cell="lstmm")': '"cell"',
    'unrolled.Experiment("abc", cell="lstmm")': '"cell"',
    "unrolled.Experiment(hiden_size=3)": 'keyword argument "hiden_size"',
    'unrolled.Training(initialization="none")': '"initialization"',
    'run.change(cell="gru")': 'keyword argument "cell"',
    "run.checkpoint().experiment(hidden_size=3)": 'keyword argument "hidden_size"',
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return mypy's messages for each line."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "right.py").write_text(RIGHT)
    (folder / "wrong.py").write_text(RIGHT + "\n".join(WRONG) + "\n")
    files = [str(folder / name) for name in ("right.py", "wrong.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", "--config-file=", *files]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache/tests")]
    ran = subprocess.run([*command, *cache], capture_output=True, text=True, cwd=ROOT)
    return [line for line in ran.stdout.splitlines() if ": error:" in line]


def test_right_code_has_no_error(found):
    assert not [line for line in found if "wrong.py" not in line]


@pytest.mark.parametrize("line", WRONG)
def test_a_misspelt_keyword_and_a_wrong_choice_are_found(found, line):
    number = len(RIGHT.splitlines()) + [*WRONG].index(line) + 1
    (error,) = [each for each in found if f"wrong.py:{number}:" in each]
    assert WRONG[line] in error


def test_the_choices_are_the_keys_of_the_registries():
    text = PATH.read_text()
    assert written(text) == text, "run: python -m docs.keywords"


def test_a_new_cell_is_written_among_the_choices(monkeypatch):
    monkeypatch.setitem(engine.CELLS, "minimal", engine.CELLS["gru"])
    assert re.search(r'"ln-gru",\s*"minimal",?\s*\]', written(PATH.read_text()))


def test_the_keywords_are_the_fields():
    network = {each.name: each.type for each in fields(engine.NetworkConfig)}
    assert get_type_hints(keywords.NetworkFields) == network
    experiment = {each.name: each.type for each in values_of(engine.Experiment)}
    assert get_type_hints(keywords.RunFields) | {"sequence": str} == experiment
    assert set(get_type_hints(keywords.InFlight)) == set(IN_FLIGHT)
    assert set(get_type_hints(keywords.GoingOn)) == {"steps", *IN_FLIGHT}
    assert set(get_type_hints(keywords.OfProblem)) == set(engine.training.FREE)
