import json
import time

import httpx
import numpy as np
import pytest

from tests.app.routes.test_lab import opened
from unrolled import engine
from unrolled.app.runs import analyses

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client():
    async with opened() as client:
        yield client


async def ask(client: httpx.AsyncClient, name: str, **fields: object):
    response = await client.post(f"/api/analysis/{name}", json=fields)
    return response.status_code, response.json()


def finite(values):
    return [None if not np.isfinite(x) else x for x in np.ravel(values)]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
async def test_every_analysis_is_the_engines(client, cell):
    trace = engine.trace(cell=cell)
    answers = {name: (await ask(client, name, cell=cell))[1] for name in analyses.ANALYSES}
    blocks = answers["spectrum"]["blocks"]
    assert [block["gate"] for block in blocks] == list(trace.network.cell.gates or [None])
    for block in blocks:
        assert block["radius"] == engine.spectral_radius(trace.network, block["gate"])
        found = np.array(block["real"]) + 1j * np.array(block["imaginary"])
        np.testing.assert_array_equal(found, engine.eigenvalues(trace.network, block["gate"]))
    factors, expected = answers["step_factors"], engine.step_factors(trace)
    assert factors["log10_ratio"] == finite(expected.log10_ratio)
    assert factors["timesteps"] == expected.timesteps.tolist()
    for name in ("log10_factors", "shares"):
        each = getattr(expected, name)
        assert factors[name] == {key: finite(values) for key, values in each.items()}
    assert answers["lyapunov"]["exponents"] == finite(engine.lyapunov_exponents(trace))
    singular = answers["singular_values"]
    for distance, values in zip(
        singular["distance"], singular["log10_singular_values"], strict=True
    ):
        assert values == finite(engine.singular_values(trace, len(trace.tokens) - distance))
    assert singular["distance"][-1] == len(trace.tokens) - 1


async def test_an_encoder_and_its_decoder_have_a_spectrum_each(client):
    _, answer = await ask(client, "spectrum", architecture="encoder-decoder")
    assert [block["part"] for block in answer["blocks"]] == ["encoder", "decoder"]


async def test_an_exponent_of_no_gradient_is_null(client):
    _, answer = await ask(client, "lyapunov", recurrent_scale=0)
    assert set(answer["exponents"]) == {None}


@pytest.mark.parametrize("name", analyses.ANALYSES)
async def test_two_tokens_have_every_analysis(client, name):
    status, _ = await ask(client, name, sequence="ab", target="c")
    assert status == 200


@pytest.mark.parametrize(
    ("name", "fields", "status", "field", "words"),
    [
        ("spectrum", {"cell": "feedforward"}, 422, "cell", "choose one of them"),
        ("lyapunov", {"cell": "perceptron"}, 422, "cell", "perceptron"),
        (
            "step_factors",
            {"activation": "relu", "recurrent_scale": 10, "sequence": "ab" * 500},
            422,
            "recurrent_scale",
            "lower it",
        ),
        ("step_factors", {"sequence": "a" * 2001}, 422, "sequence", "2001"),
        (
            "singular_values",
            {"hidden_size": 512, "sequence": "ab" * 1000},
            413,
            "hidden_size",
            str(1999 * 512**3),
        ),
        ("lyapunov", {"hidden_size": 512, "cell": "lstm"}, 413, "hidden_size", "lower hidden_size"),
    ],
)
async def test_a_refused_analysis_names_the_field_and_the_remedy_at_once(
    client, name, fields, status, field, words
):
    start = time.perf_counter()
    answered, problem = await ask(client, name, **fields)
    assert (answered, problem["field"]) == (status, field)
    assert words in problem["message"]
    assert time.perf_counter() - start < 5


async def test_a_spectrum_has_no_cubic_limit(client):
    status, _ = await ask(client, "spectrum", hidden_size=256, sequence="ab" * 10)
    assert status == 200
    async with opened(analysis_work=1) as strict:
        assert (await ask(strict, "spectrum"))[0] == 200
        assert (await ask(strict, "lyapunov"))[0] == 413


async def test_an_analysis_counts_as_a_run():
    async with opened(runs=1, patience=0) as client:
        async with client._transport.app.state.runs.slot():
            status, problem = await ask(client, "spectrum")
        assert (status, problem["code"]) == (503, "busy")
        assert (await ask(client, "spectrum"))[0] == 200


@pytest.mark.parametrize("body", ["not json", "[]", b"\xff"])
async def test_a_body_that_is_no_object_is_refused_in_words(client, body):
    response = await client.post("/api/analysis/spectrum", content=body)
    assert response.status_code == 422
    assert response.json()["message"]


async def test_an_unknown_analysis_is_refused(client):
    assert (await client.post("/api/analysis/astrology", json={})).status_code == 422


def test_every_answer_is_json_with_no_infinities():
    for name in analyses.ANALYSES:
        text = analyses.analysis(name, engine.Experiment(recurrent_scale=0)).decode()
        assert json.loads(text)
        assert "Infinity" not in text
        assert "NaN" not in text
