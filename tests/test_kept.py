"""What was made by an earlier version, in `tests/kept`, still opens."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.app.routes.test_lab import opened
from unrolled import engine
from unrolled.engine.training import Checkpoint

pytestmark = pytest.mark.anyio
KEPT = Path(__file__).parent / "kept"
ADDRESSES = (KEPT / "addresses.txt").read_text().split()


async def test_an_address_leads_where_it_led():
    async with opened(public_address="http://lab.example") as client:
        statuses = {address: (await client.get(address)).status_code for address in ADDRESSES}
    assert statuses == dict.fromkeys(ADDRESSES, 200)


async def test_a_lesson_file_is_a_lesson():
    async with opened() as client:
        response = await client.post("/api/lesson", content=(KEPT / "lesson.json").read_bytes())
    assert response.status_code == 200, response.text
    assert response.json()["title"] == "First steps"


async def test_a_checkpoint_is_the_network_that_it_was():
    checkpoint = Checkpoint.load(KEPT / "network.npz")
    assert (checkpoint.step, checkpoint.training.task) == (5, "text")
    with np.load(KEPT / "network.npz") as file:
        kept = {name: file[name] for name in file.files}
    own = checkpoint.network.state_dict()
    assert any(np.array_equal(array, each) for each in kept.values() for array in own.values())
    async with opened() as client:
        client._transport.app.state.checkpoints.keep("run", checkpoint)
        wanted = {"checkpoint": "run-5", "sequence": "to be"}
        response = await client.post("/api/trace", json=wanted)
    assert response.status_code == 200, response.text


def test_the_numbers_of_a_run_that_was_taken_away_are_those_of_its_settings():
    kept = json.loads((KEPT / "run.json").read_text())
    trace = engine.trace(**kept["experiment"])
    norms = np.array(kept["log10_gradient_norm"], float)
    np.testing.assert_allclose(trace.log10_gradient_norm, norms, rtol=1e-9)
    np.testing.assert_allclose(trace.hidden, np.array(kept["hidden"], float), rtol=1e-9)
