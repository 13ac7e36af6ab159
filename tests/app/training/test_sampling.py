"""Texts that a trained network writes, over HTTP."""

import json

import numpy as np
import pytest

from tests.app.routes.test_lab import asking, opened
from tests.app.training.test_checkpoint_store import checkpoints_of
from unrolled import engine
from unrolled.app.routes.models import SAMPLE
from unrolled.app.training.sampling import MOST_WRITTEN, Wanted, writes

pytestmark = pytest.mark.anyio

TEXT = "to be or not to be, that is the question. 你好，世界。\n" * 3
LEARNT = {"task": "text", "examples": TEXT}


@pytest.fixture
async def lab():
    """A client, and the networks of a text that its server keeps, by name."""
    async with opened(most_tokens=50) as client:
        yield client, kept_by(client, **LEARNT)


def kept_by(client, run="run", **fields):
    store = client._transport.app.state.checkpoints
    networks = {}
    for checkpoint in checkpoints_of(**fields):
        store.keep(run, checkpoint)
        networks[f"{run}-{checkpoint.step}"] = checkpoint
    return networks


async def written(client, name, **fields):
    response = await client.post("/api/sample", json={"checkpoint": name, **fields})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["made_by"]["sample"].items() >= {**fields}.items()
    return answer["text"]


def expected(checkpoint, start="", n=120, temperature=1.0, seed=0):
    rng = np.random.default_rng(seed)
    return engine.sample(checkpoint.network, checkpoint.task, start, n, temperature, rng)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"start": "to be"},
        {"start": "你好", "n": 7},
        {"temperature": 0},
        {"temperature": 10, "seed": 3},
        {"n": 0},
        {"n": MOST_WRITTEN},
    ],
)
async def test_the_sampled_text_is_the_engines(lab, fields):
    client, networks = lab
    for name in ("run-0", "run-5"):
        assert await written(client, name, **fields) == expected(networks[name], **fields)


async def test_it_depends_on_the_weights_the_temperature_and_the_seed(lab):
    client, _ = lab
    asked = [{}, {"temperature": 0}, {"temperature": 0.3}, {"seed": 1}]
    texts = [await written(client, "run-5", **fields) for fields in asked]
    texts.append(await written(client, "run-0"))
    assert len({*texts}) == len(texts)


@pytest.mark.parametrize(
    ("body", "status", "field", "words"),
    [
        ('{"checkpoint": "run-99"}', 404, "checkpoint", "run-99"),
        ("{}", 404, "checkpoint", "train it again"),
        ('{"checkpoint": ["run-5"]}', 422, "checkpoint", "text"),
        (
            '{"checkpoint": "run-5", "start": "xz"}',
            422,
            "start",
            "start has x, which this task does not know; it knows t o",
        ),
        ('{"checkpoint": "run-5", "start": "\\ud800"}', 422, "start", "half a character"),
        ('{"checkpoint": "run-5", "start": 7}', 422, "start", "must be text"),
        (json.dumps({"checkpoint": "run-5", "start": "to" * 26}), 422, "start", "most is 50"),
        ('{"checkpoint": "run-5", "temperature": NaN}', 422, "temperature", "got nan"),
        ('{"checkpoint": "run-5", "temperature": -0.1}', 422, "temperature", "from 0 to 10"),
        ('{"checkpoint": "run-5", "temperature": 1e999}', 422, "temperature", "got inf"),
        ('{"checkpoint": "run-5", "temperature": "hot"}', 422, "temperature", '"hot"'),
        ('{"checkpoint": "run-5", "temperature": null}', 422, "temperature", "null"),
        ('{"checkpoint": "run-5", "n": 1001}', 422, "n", "from 0 to 1000, got 1001"),
        ('{"checkpoint": "run-5", "n": 1.5}', 422, "n", "whole number"),
        ('{"checkpoint": "run-5", "n": true}', 422, "n", "whole number"),
        ('{"checkpoint": "run-5", "seed": -1}', 422, "seed", "whole number"),
        ('{"checkpoint": "run-5", "colour": "red"}', 422, "colour", "the fields are"),
        ("[]", 422, None, "object"),
        ("not json", 422, None, "JSON"),
        ('{"start": "' + "a" * 1_000_000 + '"}', 413, None, "bytes"),
    ],
)
async def test_a_refused_sample_names_the_value_and_the_remedy(lab, body, status, field, words):
    client, _ = lab
    response = await client.post("/api/sample", content=body)
    answer = response.json()
    assert (response.status_code, answer["field"]) == (status, field)
    assert words in answer["message"]


@pytest.mark.parametrize("task", engine.TASKS)
async def test_only_a_network_whose_target_is_its_next_input_writes(task):
    async with opened() as client:
        kept_by(client, steps=1, task=task, length=0, batch_size=2)
        response = await client.post("/api/sample", json={"checkpoint": "run-1", "n": 3})
    if task == "text":
        assert len(response.json()["text"]) == 3
    else:
        assert (response.status_code, response.json()["code"]) == (422, "writes_nothing")
        assert task in response.json()["message"]
    assert writes(engine.task(task)) == (task == "text")


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("temperature", [0, 1])
async def test_a_network_whose_state_overflows_writes_all_the_same(cell, temperature):
    gated = "activation" not in engine.CELLS[cell].hyperparameters()
    activation = "tanh" if gated else "identity"
    fields = {**LEARNT, "cell": cell, "activation": activation}
    async with opened() as client:
        (*_, checkpoint) = checkpoints_of(steps=1, **fields)
        for array in checkpoint.network.state_dict().values():
            array.flags.writeable = True
            array[...] = 1e200
        client._transport.app.state.checkpoints.keep("run", checkpoint)
        assert len(await written(client, "run-1", temperature=temperature)) == 120


async def test_it_takes_a_slot_of_those_for_answers():
    async with opened(answers=1, patience=0) as client:
        kept_by(client, **LEARNT)
        async with client._transport.app.state.runs.answer_slot(asking()):
            response = await client.post("/api/sample", json={"checkpoint": "run-5"})
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        assert await written(client, "run-5")


async def test_the_api_describes_what_it_takes(lab):
    client, _ = lab
    schema = (await client.get("/openapi.json")).json()
    body = schema["paths"]["/api/sample"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == json.loads(json.dumps(SAMPLE))
    defaults = {name: each["default"] for name, each in SAMPLE["properties"].items()}
    assert Wanted.of(defaults) == Wanted()
