"""The bytes of all runs together."""

import subprocess
import sys

import pytest

from app.memory import BYTES_A_NUMBER, Memory
from app.messages import MessageError
from engine import Experiment

SMALL, LARGE = Experiment(), Experiment(sequence="ab" * 200, hidden_size=256)


def test_a_run_waits_for_room():
    memory = Memory(BYTES_A_NUMBER * 400 * 3000)
    with memory.room(LARGE), pytest.raises(MessageError) as refused, memory.room(LARGE):
        pass
    assert refused.value.code == "busy"
    with memory.room(LARGE):
        pass


def test_a_run_that_is_larger_than_the_budget_has_it_to_itself():
    memory = Memory(1)
    with memory.room(LARGE), pytest.raises(MessageError), memory.room(SMALL):
        pass


MEASURE = """
import numpy as np
from pathlib import Path
from app.memory import Memory
from engine import Experiment

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def run():
    pieces = [np.ones(12_000) for _ in range(2_000)]  # too small to be mapped
    pinned.append(np.ones(12_000))  # above them all, so that they cannot be cut off

pinned, memory = [], Memory(2**30)
run()
before = resident()
with memory.room(Experiment(sequence="ab" * 300, hidden_size=256)):
    run()
print(before - resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_free_memory_goes_back_to_the_system():
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) > 50_000_000, ran.stdout
