import asyncio
import json
import threading

import httpx
import numpy as np
import pytest
from fastapi import Request

from unrolled import engine
from unrolled.app.exports.trace_json import answer
from unrolled.app.figures import FIGURES
from unrolled.app.main import create_app
from unrolled.app.routes import lab
from unrolled.app.routes.models import EXPERIMENT
from unrolled.app.runs.limits import trace_numbers
from unrolled.app.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client():
    async with opened() as client:
        yield client


def asking():
    """The request of a client that waits."""
    return Request({"type": "http", "client": None}, asyncio.Event().wait)


def opened(**fields):
    app = create_app(Settings(**fields))
    return _Client(app)


class _Client(httpx.AsyncClient):
    """A client of an application that has started."""

    def __init__(self, app):
        super().__init__(transport=httpx.ASGITransport(app), base_url="http://lab")
        self._started = app.router.lifespan_context(app)

    async def __aenter__(self):
        await self._started.__aenter__()
        return await super().__aenter__()

    async def __aexit__(self, *exception):
        await super().__aexit__(*exception)
        await self._started.__aexit__(*exception)


def finite(array):
    return [None if not np.isfinite(x) else x for x in np.ravel(array)]


@pytest.mark.parametrize("cell", engine.CELLS)
async def test_a_trace_is_answered_in_the_words_of_the_contract(client, cell):
    response = await client.post("/api/trace", json={"cell": cell, "sequence": "abcab"})
    trace = engine.trace("abcab", cell=cell)
    body = response.json()
    assert response.status_code == 200
    for name in (
        "hidden",
        "hidden_gradient",
        "log10_gradient_norm",
        "log10_gradient_matrix",
        "losses",
        "probabilities",
        "inputs",
        "targets",
    ):
        assert list(np.ravel(np.array(body[name], dtype=object))) == finite(getattr(trace, name)), (
            name
        )
    assert body["tokens"] == list(trace.tokens)
    assert body["experiment"]["cell"] == cell
    assert set(body["weight_gradients"]) == set(body["network"]) == set(trace.network.state_dict())
    assert set(body["gates"]) == set(trace.gates)
    assert (body["cell_state"] is None) == ("c" not in engine.CELLS[cell].states)


async def test_infinities_are_null(client):
    response = await client.post("/api/trace", json={"cell": "feedforward"})
    assert "Infinity" not in response.text
    assert "NaN" not in response.text
    body = response.json()
    assert body["log10_gradient_norm"][0] is None
    assert body["losses"][0] is None


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ('{"sequence": ""}', 422, "sequence"),
        ('{"recurrent_scale": NaN}', 422, "recurrent_scale"),
        ('{"cell": "perceptron"}', 422, "cell"),
        ('{"colour": "red"}', 422, "colour"),
        ('{"sequence": "\\ud800b"}', 422, "sequence"),
        ("not json", 422, None),
        (b"\xff\xfe\x00", 422, None),
        ("[]", 422, None),
        ('{"sequence": "' + "a" * 10_000_000 + '"}', 413, None),
        ('{"sequence": "' + "ab" * 1000 + '", "hidden_size": 512, "cell": "lstm"}', 413, None),
    ],
)
async def test_wrong_input_names_the_field_and_the_remedy(client, body, status, field):
    response = await client.post("/api/trace", content=body)
    answer = response.json()
    assert (response.status_code, answer["field"]) == (status, field)
    assert answer["message"]
    assert "Traceback" not in response.text


async def test_a_busy_server_says_when_to_come_back():
    async with opened(runs=1, patience=0) as client:
        runs = client._transport.app.state.runs
        async with runs.slot():
            response = await client.post("/api/trace", json={})
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert (await client.post("/api/trace", json={})).status_code == 200


async def test_a_second_whole_trace_waits_and_the_streams_runs_do_not():
    async with opened(answers=1, patience=0) as client:
        runs = client._transport.app.state.runs
        async with runs.answer_slot(asking()):
            response = await client.post("/api/trace", json={})
            assert (response.status_code, response.json()["code"]) == (503, "busy")
            async with runs.slot():
                assert await runs.compute(lambda: "computed") == "computed"
        assert (await client.post("/api/trace", json={})).status_code == 200


TOLD = {"experiment", "made_by", "tokens", "vocabulary", "input_vocabulary"}
"""What an answer says in words."""


@pytest.mark.parametrize("cell", engine.CELLS)
@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_an_answer_holds_no_more_numbers_than_were_foreseen(cell, architecture):
    wanted = engine.Experiment(cell=cell, architecture=architecture, hidden_size=64)
    body = json.loads(answer(wanted))
    held = sum(_count(body[name]) for name in set(body) - TOLD)
    held -= sum(not isinstance(value, dict | list) for value in body.values())
    assert held <= trace_numbers(wanted)


def _count(value):
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, list) else 1


@pytest.mark.parametrize("cell", engine.CELLS)
async def test_a_step_is_answered_in_mathematics_and_numbers(client, cell):
    asked = {"experiment": {"cell": cell, "sequence": "abcab"}, "timestep": 3}
    response = await client.post("/api/step", json=asked)
    body, trace = response.json(), engine.trace("abcab", cell=cell)
    assert response.status_code == 200
    assert (body["timestep"], body["token"]) == (3, "c")
    assert body["arrays"]["h_t"]["values"] == trace.hidden[2].tolist()
    assert body["forward"]["lines"][0]["terms"][0]["math"].startswith("<math>")


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"experiment": {}, "timestep": 0}, 422, "timestep"),
        ({"experiment": {}, "timestep": 25}, 422, "timestep"),
        ({"experiment": {}, "timestep": "1"}, 422, "timestep"),
        ({"experiment": {"cell": "perceptron"}, "timestep": 1}, 422, "cell"),
        ({"experiment": {"hidden_size": 513}, "timestep": 1}, 422, "hidden_size"),
        ({"experiment": {}}, 422, "timestep"),
        ({"experiment": [], "timestep": 1}, 422, "experiment"),
        ({"experiment": {}, "timestep": 1, "loss": 2}, 422, "loss"),
        ({"experiment": {"sequence": "ab" * 1000, "hidden_size": 512}, "timestep": 1}, 413, None),
        ({"experiment": {"sequence": "a" * 1_000_000}, "timestep": 1}, 413, None),
    ],
)
async def test_a_step_that_cannot_be_shown_is_refused_in_words(client, asked, status, field):
    response = await client.post("/api/step", json=asked)
    assert (response.status_code, response.json()["field"]) == (status, field)
    assert response.json()["message"]


async def test_a_step_past_an_overflow_says_where_it_was(client):
    fields = {"activation": "relu", "recurrent_scale": 10, "sequence": "ab" * 250}
    response = await client.post("/api/step", json={"experiment": fields, "timestep": 499})
    assert (response.status_code, response.json()["code"]) == (422, "overflowed")
    assert "overflowed at t = 369" in response.json()["message"]


async def test_a_busy_server_refuses_steps_too():
    async with opened(runs=1, patience=0) as client:
        async with client._transport.app.state.runs.slot():
            response = await client.post("/api/step", json={"experiment": {}, "timestep": 1})
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_a_health_check_is_answered(client, path):
    response = await client.get(path)
    assert response.status_code == 200
    assert "status" in response.json()


async def test_the_api_describes_itself_as_the_engine_is(client):
    schema = (await client.get("/openapi.json")).json()
    body = schema["paths"]["/api/trace"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == json.loads(json.dumps(EXPERIMENT))
    properties = EXPERIMENT["properties"].items()
    defaults = {name: each["default"] for name, each in properties if "default" in each}
    assert engine.Experiment.of(defaults) == engine.Experiment()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_figures_come_without_numbers_and_without_other_hosts(client, theme):
    response = await client.get("/api/figures", params={"theme": theme})
    figures = response.json()
    assert set(figures) == set(FIGURES)
    assert "http" not in response.text
    for figure in figures.values():
        assert figure["config"]["showSendToCloud"] is False
        assert all({"x", "y", "z"}.isdisjoint(trace) for trace in figure["data"])


async def test_an_unknown_theme_is_refused(client):
    assert (await client.get("/api/figures", params={"theme": "sepia"})).status_code == 422


async def test_words_that_no_dictionary_here_has_are_refused_by_the_name_of_their_script(client):
    response = await client.post("/api/trace", json={"sequence": "a ᥖᥭᥰ", "tokens": "words"})
    body = response.json()
    assert response.status_code == 422
    assert (body["field"], body["code"]) == ("tokens", "no_dictionary")
    assert "Tai Le" in body["message"]
    assert "choose characters" in body["message"]


async def test_a_server_whose_threads_do_not_come_back_says_that_it_is_not_well(monkeypatch):
    monkeypatch.setattr(lab, "READY_SECONDS", 0.05)
    monkeypatch.setattr(lab, "STUCK_SECONDS", 0.05)
    async with opened(workers=1) as client:
        runs = client._transport.app.state.runs
        assert (await client.get("/healthz")).status_code == 200
        begun, end = threading.Event(), threading.Event()

        def stuck():
            begun.set()
            end.wait()

        running = asyncio.create_task(runs.compute(stuck))
        await asyncio.to_thread(begun.wait)
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).json() == {"status": "stuck"}
        end.set()
        await running
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        assert (await client.get("/healthz")).json() == {"status": "ok"}
