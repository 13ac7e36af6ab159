"""Files and links of an earlier version, in `tests/kept`, still open."""

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


SAID = {
    "sentiment-zh": (1.1076748380357175, ["差评"]),
    "tags": (4.70481458937542, ["DET", "NOUN", "VERB", "DET", "NOUN"]),
    "glyph": (6.899244063135878, ["c", "o", "e", "</s>"]),
}
"""The loss of each network, and what it said, in the version that trained it."""


@pytest.mark.parametrize("task", SAID)
def test_a_network_reads_and_answers_with_the_words_that_it_was_trained_on(task, tmp_path):
    loss, said = SAID[task]
    kept = Checkpoint.load(KEPT / f"{task}.npz")
    kept.save(tmp_path / "again.npz")
    for checkpoint in (kept, Checkpoint.load(tmp_path / "again.npz")):
        trace = engine.trace_of(checkpoint.experiment())
        predictions = [each.argmax() for each in trace.probabilities if not np.isnan(each).any()]
        assert [trace.vocabulary[each] for each in predictions] == said
        assert np.nansum(trace.losses) == pytest.approx(loss, rel=1e-9)


def test_a_network_whose_words_are_others_today_is_not_trained_again():
    made_by = Checkpoint.load(KEPT / "tags.npz").experiment().made_by()
    with pytest.raises(ValueError, match="tags has other words in this version: open"):
        engine.experiment_of(json.loads(json.dumps(made_by)))


def test_a_sentence_whose_label_has_another_name_today_needs_a_target():
    kept = Checkpoint.load(KEPT / "sentiment-zh.npz")
    with pytest.raises(engine.ExperimentError, match="好评") as missing:
        kept.experiment(sequence="音乐真好听")
    assert missing.value.field == "target"
    assert kept.experiment(sequence="音乐真好听", target="好评").target == "好评"


def test_the_numbers_of_a_run_that_was_taken_away_are_those_of_its_settings():
    kept = json.loads((KEPT / "run.json").read_text())
    trace = engine.trace(**kept["experiment"])
    norms = np.array(kept["log10_gradient_norm"], float)
    np.testing.assert_allclose(trace.log10_gradient_norm, norms, rtol=1e-9)
    np.testing.assert_allclose(trace.hidden, np.array(kept["hidden"], float), rtol=1e-9)
